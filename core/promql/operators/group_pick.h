// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/grouping.h"

namespace watchfire::promql {

/// topk, bottomk, limitk, limit_ratio: passes some series of each group at each step, with all
/// their labels. It is worked out while it is opened, so that only the series that pass make up
/// its schema; those of an instant topk or bottomk come by group and value.
class GroupPick final : public Materialized {
public:
    /// `parameter` by step: k, or the ratio. `call` and `parameterSpan` are places in the query.
    GroupPick(OperatorPtr inner, const Aggregate& aggregate, std::vector<double> parameter,
              Span call, Span parameterSpan);

private:
    struct Entry {
        double value = 0;
        std::uint32_t row = 0;
    };

    Result<void> prepare() override;
    Result<bool> checkCount() const;
    Result<bool> checkRatio();
    Result<void> rank();
    Result<void> limit();
    void offer(const Batch& batch, std::size_t row);
    void offerTo(std::vector<Entry>& heap, std::size_t k, Entry entry) const;
    bool better(double a, double b) const;
    Result<void> takeBest(const std::vector<std::vector<Entry>>& heaps);
    void admit(const Batch& batch, std::size_t row, std::vector<std::uint32_t>& counts,
               Bits out) const;
    std::size_t count(std::size_t step) const;

    OperatorPtr m_inner;
    const Aggregate& m_aggregate;
    std::vector<double> m_parameter;
    Span m_call;
    Span m_parameterSpan;
    Grouping m_grouping;
    std::vector<std::vector<Entry>> m_heaps; ///< by group and step; the worst on top
};

/// count_values: the number of series of each group that have each value, told apart by a label.
class CountValues final : public Materialized {
public:
    CountValues(OperatorPtr inner, const Aggregate& aggregate, std::string label);

private:
    Result<void> prepare() override;
    OperatorPtr m_inner;
    const Aggregate& m_aggregate;
    std::string m_label;
};

} // namespace watchfire::promql
