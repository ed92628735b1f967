// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace watchfire::promql {

/// Functions whose result depends on the time of evaluation though their arguments do not.
bool asksForTime(std::string_view name);

/// What can be said of the parts of a query before it is planned.
class QueryFacts {
public:
    explicit QueryFacts(const Node& root);

    /// The part yields the same at every step: all its selectors are fixed by @, and none of
    /// its functions asks for the time. It is evaluated once.
    bool isStepInvariant(const Node& node) const { return m_invariant.contains(&node); }
    /// Only the count and the sum of histograms this selector finds are looked at, so that
    /// unknown counter resets are settled while it reads.
    bool isStatisticsOnly(const VectorSelector& selector) const
    {
        return m_statisticsOnly.contains(&selector);
    }

    /// The canonical text of a part that stands in the query several times, to be evaluated
    /// over the same steps; null: of any other.
    const std::string* sharedText(const Node& node) const;

private:
    struct Path {
        const Path* outer = nullptr;
        const Node* node = nullptr;
    };

    bool visit(const Node& node, const Path* outer);
    bool visitCall(const Call& call, const Path* path);
    void judgeSelector(const VectorSelector& selector, const Path* path);
    bool canBeShared(const Node& node) const;
    void findShared(const Node& root);

    std::unordered_set<const Node*> m_invariant;
    std::unordered_set<const VectorSelector*> m_statisticsOnly;
    std::unordered_map<const Node*, std::string> m_shared;
};

} // namespace watchfire::promql
