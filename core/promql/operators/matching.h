// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"
#include "core/promql/syntax/ast.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace watchfire::promql {

/// Sorts the series of both sides of a vector operation into match groups: those whose
/// matching labels are equal. Stops halfway when the query is cancelled: whoever makes one asks
/// the context then.
class MatchGroups {
public:
    MatchGroups(EvalContext& context, const VectorMatching& matching, const Schema& left,
                const Schema& right);

    /// By row of the side: its group.
    const std::vector<std::uint32_t>& left() const { return m_left; }
    const std::vector<std::uint32_t>& right() const { return m_right; }
    std::size_t size() const { return m_labels.size(); }
    /// The matching labels of a group.
    const Labels& labels(std::size_t group) const { return *m_labels[group]; }
    /// Which of them have series on one side only.
    MatchReport report() const;
    const Labels* labelsPtr(std::size_t group) const { return m_labels[group]; }

private:
    std::vector<std::uint32_t> m_left;
    std::vector<std::uint32_t> m_right;
    std::vector<const Labels*> m_labels;
};

/// The labels of a result of matching one series of the "many" side (left, when one-to-one)
/// with one of the other side.
class ResultLabels {
public:
    ResultLabels(const VectorMatching& matching, bool dropsName);
    Labels of(const Labels& many, const Labels& one) const;

private:
    bool keeps(std::string_view name) const;

    bool m_oneToOne;
    bool m_on;
    bool m_dropsName;
    std::vector<std::string> m_matching; ///< sorted
    std::vector<std::string> m_include; ///< sorted
};

/// How many pairs match groups make, by the rows of both sides in each, beyond one for every row
/// of the larger side: what grows with the square of what matches the same.
std::uint64_t extraPairs(std::span<const std::uint64_t> many, std::span<const std::uint64_t> one);

std::vector<std::string> sorted(std::vector<std::string> names);

} // namespace watchfire::promql
