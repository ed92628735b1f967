// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/select.h"

#include <algorithm>
#include <optional>

namespace watchfire::tsdb {

namespace {

// Up to so many series their pages are read; above, each value's postings are intersected.
constexpr std::size_t fewSeries = 4096;

} // namespace

Result<void> Selection::status()
{
    return m_txn.result(m_txn.environment());
}

Vid Selection::vidOf(Nid nid, std::string_view value)
{
    const auto there = m_txn.get(Table::lval, valueKey(nid, value));
    return there && there->size() >= 4 ? native32At(*there, 0) : 0;
}

std::uint64_t Selection::cardinality(Nid nid, Vid vid)
{
    const Key prefix = Key().be32(nid).be32(vid);
    std::uint64_t count = 0;
    Cursor cursor(m_txn, Table::post);
    for (bool more = cursor.seek(Key().be32(nid).be32(vid).be16(0));
         more && startsWith(cursor.key(), prefix); more = cursor.next()) {
        count += ContainerView(cursor.value()).cardinality();
    }
    return count;
}

Result<void> Selection::gather(Nid nid, std::span<const Vid> vids, const SidSet* within,
                               SidSet& out)
{
    Cursor cursor(m_txn, Table::post);
    for (const Vid vid : vids) {
        const Key prefix = Key().be32(nid).be32(vid);
        for (bool more = cursor.seek(Key().be32(nid).be32(vid).be16(0));
             more && cursor.key().size() == 10 && startsWith(cursor.key(), prefix);
             more = cursor.next()) {
            const std::uint16_t high = be16At(cursor.key(), 8);
            if (within != nullptr && !within->parts().contains(high)) {
                continue;
            }
            const ContainerView view(cursor.value());
            if (view.isBroken()) {
                return fail(ErrorKind::corrupt, "broken posting container");
            }
            out.unite(high, Container(view));
        }
    }
    return cursor.result(m_txn.environment());
}

/// Finds the values that do (`wanted`) or do not match, among those with that prefix.
Result<void> Selection::resolveScan(Term& term, std::string_view prefix, bool wanted)
{
    // A prefix longer than what a key holds is looked for by what the key does hold.
    const Key from = Key().be32(term.nid).text(prefix.substr(0, 464));
    Cursor cursor(m_txn, Table::lval);
    for (bool more = cursor.seek(from); more && startsWith(cursor.key(), from);
         more = cursor.next()) {
        if (cursor.value().size() < 4) {
            return fail(ErrorKind::corrupt, "broken label value");
        }
        const Vid vid = native32At(cursor.value(), 0);
        std::string_view text = asText(cursor.key().subspan(4));
        if (isCut(text)) {
            const auto full = m_txn.get(Table::vstr, Key().native32(vid));
            if (!full || full->size() < 4) {
                return fail(ErrorKind::corrupt, "the index lacks a label value");
            }
            text = asText(full->subspan(4));
        }
        if (term.matcher->matches(text) == wanted) {
            term.vids.push_back(vid);
        }
    }
    return cursor.result(m_txn.environment());
}

Result<Selection::Term> Selection::resolve(const Matcher& matcher)
{
    Term term;
    term.matcher = &matcher;
    term.nid = m_names->find(matcher.name());
    term.subtracts = matcher.matchesEmpty();
    if (term.nid == 0) {
        return term; // nobody has the label: all match, or none
    }
    // A matcher that the absent label satisfies subtracts the values it does not match.
    const bool wanted = !term.subtracts;
    const auto addVid = [&](std::string_view value) {
        if (const Vid vid = vidOf(term.nid, value); vid != 0) {
            term.vids.push_back(vid);
        }
    };
    switch (matcher.type()) {
    case MatchType::equal:
        if (wanted) {
            addVid(matcher.value());
        } else if (auto done = resolveScan(term, "", wanted); !done) {
            return std::unexpected(done.error());
        }
        break;
    case MatchType::notEqual:
        if (!wanted) {
            addVid(matcher.value());
        } else if (auto done = resolveScan(term, "", wanted); !done) {
            return std::unexpected(done.error());
        }
        break;
    case MatchType::regex:
    case MatchType::notRegex: {
        const text::Regex& regex = *matcher.regex();
        // What is looked for is what the regex itself matches: literals or a prefix help.
        const bool byRegex = (matcher.type() == MatchType::regex) == wanted;
        if (byRegex && !regex.literals().empty()) {
            for (const std::string& literal : regex.literals()) {
                if (!literal.empty()) {
                    addVid(literal);
                }
            }
        } else if (auto done = resolveScan(term, byRegex ? regex.prefix() : std::string(), wanted);
                   !done) {
            return std::unexpected(done.error());
        }
        break;
    }
    }
    std::ranges::sort(term.vids);
    const auto repeated = std::ranges::unique(term.vids);
    term.vids.erase(repeated.begin(), repeated.end());
    if (auto read = status(); !read) {
        return std::unexpected(read.error());
    }
    return term;
}

Result<SidSet> Selection::series(std::span<const Matcher> matchers)
{
    std::vector<Term> terms;
    for (const Matcher& matcher : matchers) {
        auto term = resolve(matcher);
        if (!term) {
            return std::unexpected(term.error());
        }
        if (!term->subtracts && term->vids.empty()) {
            return SidSet();
        }
        if (!term->subtracts || !term->vids.empty()) {
            if (!term->subtracts) {
                // Summing up thousands of values would cost what it saves.
                if (term->vids.size() <= 64) {
                    for (const Vid vid : term->vids) {
                        term->cardinality += cardinality(term->nid, vid);
                    }
                } else {
                    term->cardinality = ~std::uint64_t{0} - 1;
                }
            } else {
                term->cardinality = ~std::uint64_t{0};
            }
            terms.push_back(std::move(*term));
        }
    }
    std::ranges::stable_sort(terms, {}, &Term::cardinality);

    SidSet result;
    bool isFirst = true;
    if (terms.empty() || terms.front().subtracts) {
        const Vid all = allSeriesVid;
        if (auto done = gather(allSeriesNid, {&all, 1}, nullptr, result); !done) {
            return std::unexpected(done.error());
        }
        isFirst = false;
    }
    for (const Term& term : terms) {
        SidSet part;
        if (auto done = gather(term.nid, term.vids, isFirst ? nullptr : &result, part); !done) {
            return std::unexpected(done.error());
        }
        if (isFirst) {
            result = std::move(part);
            isFirst = false;
        } else if (term.subtracts) {
            result.subtract(part);
        } else {
            result.intersect(part);
        }
        if (result.empty()) {
            break;
        }
    }
    return result;
}

Result<void> Selection::values(std::string_view name, std::set<std::string>& out)
{
    const Nid nid = m_names->find(name);
    return nid == 0 ? Result<void>() : addValues(nid, nullptr, out);
}

Result<void> Selection::valuesAmong(std::string_view name, std::span<const Sid> series,
                                    std::set<std::string>& out)
{
    const Nid nid = m_names->find(name);
    if (nid == 0) {
        return {};
    }
    if (series.size() <= fewSeries) {
        return addValuesOfFew(nid, series, out);
    }
    SidSet all;
    for (const Sid sid : series) {
        all.add(sid);
    }
    return addValues(nid, &all, out);
}

/// Reads of their pages what the one label has, and nothing else.
Result<void> Selection::addValuesOfFew(Nid nid, std::span<const Sid> series,
                                       std::set<std::string>& out)
{
    std::vector<Vid> vids;
    for (auto at = series.begin(); at != series.end();) {
        const std::uint32_t extent = *at >> extentBits;
        std::uint64_t slots = 0;
        for (; at != series.end() && *at >> extentBits == extent; ++at) {
            slots |= std::uint64_t{1} << (*at % extentSize);
        }
        const auto page = m_txn.get(Table::series, Key().native32(extent));
        if (page && !SeriesPage::values(*page, nid, slots, vids)) {
            return fail(ErrorKind::corrupt, "broken series page");
        }
    }
    if (auto read = status(); !read) {
        return read;
    }
    std::ranges::sort(vids);
    const auto repeated = std::ranges::unique(vids);
    vids.erase(repeated.begin(), repeated.end());
    LabelReader reader(m_txn, m_names);
    for (const Vid vid : vids) {
        const auto text = reader.value(vid);
        if (!text) {
            return std::unexpected(text.error());
        }
        out.emplace(*text);
    }
    return {};
}

Result<void> Selection::addValues(Nid nid, const SidSet* within, std::set<std::string>& out)
{
    const Key prefix = Key().be32(nid);
    Cursor cursor(m_txn, Table::lval);
    for (bool more = cursor.seek(prefix); more && startsWith(cursor.key(), prefix);
         more = cursor.next()) {
        if (cursor.value().size() < 4) {
            return fail(ErrorKind::corrupt, "broken label value");
        }
        const Vid vid = native32At(cursor.value(), 0);
        if (within != nullptr) {
            SidSet having;
            if (auto done = gather(nid, {&vid, 1}, within, having); !done) {
                return done;
            }
            having.intersect(*within);
            if (having.empty()) {
                continue;
            }
        }
        std::string_view text = asText(cursor.key().subspan(4));
        if (isCut(text)) {
            const auto full = m_txn.get(Table::vstr, Key().native32(vid));
            if (!full || full->size() < 4) {
                return fail(ErrorKind::corrupt, "the index lacks a label value");
            }
            text = asText(full->subspan(4));
        }
        out.emplace(text);
    }
    return cursor.result(m_txn.environment());
}

Result<void> Selection::names(const SidSet* series, std::set<std::string>& out)
{
    if (series == nullptr) {
        // A name is published a moment before the first series that has it.
        for (const auto& [name, nid] : m_names->all()) {
            Cursor cursor(m_txn, Table::post);
            const Key prefix = Key().be32(nid);
            if (cursor.seek(prefix) && startsWith(cursor.key(), prefix)) {
                out.insert(name);
            }
        }
        return status();
    }
    LabelReader reader(m_txn, m_names);
    std::set<Nid> nids;
    std::optional<Error> failed;
    series->forEach([&](Sid sid) {
        if (failed) {
            return;
        }
        const auto pairs = reader.pairs(sid);
        if (!pairs) {
            failed = pairs.error();
            return;
        }
        for (const LabelPair& pair : *pairs) {
            nids.insert(pair.nid);
        }
    });
    for (const Nid nid : nids) {
        out.emplace(m_names->name(nid));
    }
    return failed ? std::unexpected(*failed) : Result<void>{};
}

} // namespace watchfire::tsdb
