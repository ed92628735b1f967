// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

namespace watchfire::promql {

/// 1 at the steps at which the inner vector has no sample at all.
class Absent final : public Materialized {
public:
    Absent(OperatorPtr inner, Labels labels);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    OperatorPtr m_inner;
    Labels m_labels;
    bool m_looked = false;
};

/// The labels that the series looked for would have: those matched by equality, once each.
Labels labelsOfAbsent(const Matchers& matchers);

} // namespace watchfire::promql
