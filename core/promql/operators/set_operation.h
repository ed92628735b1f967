// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/matching.h"

namespace watchfire::promql {

/// and, or, unless: series pass or not by whether the other side has one of their match group
/// at that step. Of the side that is only looked at, nothing is kept but a bitmap a group.
///
/// `or` may yield several series with equal labels, never at one step: wrap it in MergeEqual.
class SetOperation final : public Operator {
public:
    SetOperation(OperatorPtr left, OperatorPtr right, const VectorMatching& matching, BinaryOp op);
    /// Tells `usage` who met whom; null: nobody asked.
    void observeMatching(NodeUsage* usage) { m_matchingUsage = usage; }

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    /// Reads the side to its end and notes which groups are there when.
    Result<void> look(Operator& side, const std::vector<std::uint32_t>& groups);
    void note(const Batch& batch, std::size_t row, std::size_t group);
    /// Keeps the cells of the row at steps at which the group is there, or is not.
    void filter(Batch& batch, std::size_t row, std::size_t group, bool keepThere);
    Bits there(std::size_t group)
    {
        const std::size_t words = wordsFor(grid().count);
        return Bits(m_there).subspan(group * words, words);
    }

    OperatorPtr m_left;
    OperatorPtr m_right;
    const VectorMatching& m_matching;
    NodeUsage* m_matchingUsage = nullptr;
    BinaryOp m_op;
    std::vector<std::uint32_t> m_leftGroup;
    std::vector<std::uint32_t> m_rightGroup;
    std::vector<std::uint64_t> m_there; ///< bits by group
    std::vector<std::uint64_t> m_row;
    bool m_looked = false;
    bool m_leftDone = false;
};

} // namespace watchfire::promql
