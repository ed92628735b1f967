// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// sort and its kin. An order is something only an instant result has: over more than one step
/// it warns and hands on.
class Sort final : public Materialized {
public:
    enum class By { value, label };

    /// `labels` in order of weight, for By::label; `call` is the place in the query.
    Sort(OperatorPtr inner, By by, bool descending, std::vector<std::string> labels, Span call);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    bool before(std::size_t a, std::size_t b, const Batch& rows, const Schema& schema) const;

    OperatorPtr m_inner;
    By m_by;
    bool m_descending;
    std::vector<std::string> m_labels;
    Span m_call;
};

/// Natural order: runs of digits compare as numbers.
bool naturallyBefore(std::string_view a, std::string_view b);

} // namespace watchfire::promql
