// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/grouping.h"

namespace watchfire::promql {

/// quantile(φ, …) by …: gathers the numbers of each group and step.
class GroupQuantile final : public Materialized {
public:
    GroupQuantile(OperatorPtr inner, const Aggregate& aggregate, std::vector<double> phi,
                  Span argument, Span parameter);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    Result<void> compute();
    void remarkOnPhi();

    OperatorPtr m_inner;
    const Aggregate& m_aggregate;
    std::vector<double> m_phi; ///< by step
    Span m_argument;
    Span m_parameter;
    Grouping m_grouping;
    bool m_computed = false;
};

} // namespace watchfire::promql
