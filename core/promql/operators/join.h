// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/cell_operations.h"
#include "core/promql/operators/matching.h"

#include <optional>

namespace watchfire::promql {

/// An arithmetic or comparison operator between two vectors. Who pairs with whom is settled
/// once, from the labels; of the side of which one series may match (the right one, but with
/// group_right) the rows that pair are read first, and the other side is streamed against
/// them. Several series of one match group are fine as long as no step sees two of them where
/// one is wanted.
///
/// May yield several series with equal labels, never at one step: wrap it in MergeEqual.
class Join final : public Operator {
public:
    Join(OperatorPtr left, OperatorPtr right, const VectorMatching& matching, BinaryCall call);
    /// Tells `usage` who met whom; null: nobody asked.
    void observeMatching(NodeUsage* usage) { m_matchingUsage = usage; }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// One row of the result: which rows it is made of, `none` standing for a fill value.
    struct Pair {
        std::uint32_t many = none;
        std::uint32_t one = none;
        std::uint32_t group = 0;
        /// Rows of one class must not match at one step; none: it is alone in its class.
        std::uint32_t exclusive = none;
    };
    /// Two series of the one side that match the same at a step.
    struct Duplicate {
        std::uint32_t first = 0;
        std::uint32_t second = 0;
        std::size_t step = 0;
    };

    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    Result<void> checkPairs() const;
    Result<void> planPairs();
    Result<void> planExclusion();
    Result<void> readOneSide();
    void noteOneRow(std::size_t row, const Batch& batch, std::size_t at);
    Result<void> computePair(const Pair& pair, std::size_t manyRow, Batch& out, std::size_t row);
    void computeNumbers(std::span<const double> many, std::span<const double> one, Batch& out,
                        std::size_t row);
    void computeCells(const Pair& pair, std::size_t manyRow, Batch& out, std::size_t row);
    Result<void> noteMatches(const Pair& pair);
    Result<void> checkDuplicates() const;
    bool swapped() const { return m_matching.cardinality == Cardinality::oneToMany; }
    bool oneToOne() const { return m_matching.cardinality == Cardinality::oneToOne; }
    std::size_t words() const { return wordsFor(grid().count); }
    Bits bitsOf(std::vector<std::uint64_t>& bits, std::size_t index) const
    {
        return Bits(bits).subspan(index * words(), words());
    }

    OperatorPtr m_many;
    OperatorPtr m_one;
    const VectorMatching& m_matching;
    NodeUsage* m_matchingUsage = nullptr;
    BinaryCall m_call;
    std::optional<double> m_fillMany;
    std::optional<double> m_fillOne;

    std::vector<std::uint32_t> m_manyGroup; ///< by row
    std::vector<std::uint32_t> m_oneGroup;
    std::size_t m_groups = 0;
    std::vector<Pair> m_pairs; ///< by the many row; those without one at the end
    std::size_t m_nextPair = 0;
    std::size_t m_classes = 0;

    bool m_oneSideRead = false;
    bool m_manySideRead = false;
    std::vector<std::uint32_t> m_slot; ///< by one row: its row in m_oneRows; none: it never pairs
    Batch m_oneRows;
    Batch m_manyRows;
    std::vector<double> m_constant; ///< a fill value at every step
    std::vector<std::uint64_t> m_matched; ///< steps at which the pair at hand matched
    std::vector<std::uint64_t> m_taken; ///< bits by class: steps with a match
    std::vector<std::uint64_t> m_onePresent; ///< bits by group: steps with a series of the one side
    std::vector<std::uint32_t> m_oneLast; ///< by group and step: that series
    std::vector<std::uint64_t> m_groupMatched; ///< bits by group: steps with a match
    std::vector<std::uint64_t> m_manyAny; ///< steps at which the many side has any series
    std::vector<Duplicate> m_duplicates;
};

} // namespace watchfire::promql
