// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/matcher.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/index/sid_set.h"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace watchfire::tsdb {

/// Evaluates matchers on the persisted index, within one transaction. Positive matchers
/// intersect, the one with the fewest series first; those that match an absent label subtract,
/// last.
class Selection {
public:
    Selection(Txn& txn, NameTablePtr names)
        : m_txn(txn)
        , m_names(std::move(names))
    {
    }

    Result<SidSet> series(std::span<const Matcher> matchers);
    /// Adds the values that label has among all series.
    Result<void> values(std::string_view name, std::set<std::string>& out);
    /// Adds the values that label has among `series`; those of an extent follow one another.
    Result<void> valuesAmong(std::string_view name, std::span<const Sid> series,
                             std::set<std::string>& out);
    /// Adds the names of labels among `series`, or (null) among all.
    Result<void> names(const SidSet* series, std::set<std::string>& out);

private:
    struct Term {
        const Matcher* matcher = nullptr;
        std::vector<Vid> vids;
        Nid nid = 0;
        bool subtracts = false;
        std::uint64_t cardinality = 0;
    };
    Result<Term> resolve(const Matcher& matcher);
    Result<void> resolveScan(Term& term, std::string_view prefix, bool wanted);
    Vid vidOf(Nid nid, std::string_view value);
    std::uint64_t cardinality(Nid nid, Vid vid);
    /// Unites postings into `out`; only containers that `within` has, where given.
    Result<void> gather(Nid nid, std::span<const Vid> vids, const SidSet* within, SidSet& out);
    /// The values of the label that some of `within` has, or (null) that any series has.
    Result<void> addValues(Nid nid, const SidSet* within, std::set<std::string>& out);
    Result<void> addValuesOfFew(Nid nid, std::span<const Sid> series, std::set<std::string>& out);
    Result<void> status();

    Txn& m_txn;
    NameTablePtr m_names;
};

} // namespace watchfire::tsdb
