// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/name_index.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace watchfire::ui::editor {

namespace {

using Tier = NameIndex::Tier;

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return lowered(c); });
    return out;
}

/// A set of characters as bits: what lacks a bit of the query cannot match it.
std::uint64_t lettersOf(std::string_view lower)
{
    std::uint64_t bits = 0;
    for (const char c : lower) {
        bits |= std::uint64_t(1) << (static_cast<unsigned char>(c) & 63U);
    }
    return bits;
}

bool isWordStart(std::string_view name, std::size_t at)
{
    const char before = name[at - 1];
    return !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
}

struct Found {
    Tier tier;
    std::size_t at; ///< not for Tier::letters
};

/// Both lower case, `typed` not empty.
std::optional<Found> find(std::string_view name, std::string_view typed)
{
    const std::size_t first = name.find(typed);
    if (first == 0) {
        return Found{Tier::prefix, 0};
    }
    if (first != std::string_view::npos) {
        for (std::size_t at = first; at != std::string_view::npos; at = name.find(typed, at + 1)) {
            if (isWordStart(name, at)) {
                return Found{Tier::word, at};
            }
        }
        return Found{Tier::part, first};
    }
    std::size_t next = 0;
    for (const char c : name) {
        next += c == typed[next] ? 1 : 0;
        if (next == typed.size()) {
            return Found{Tier::letters, 0};
        }
    }
    return std::nullopt;
}

// A rank from its most significant bits: tier 2, recency 8, fitness 1, length or order 20.
constexpr unsigned tierShift = 62;
constexpr unsigned recencyShift = 54;
constexpr unsigned fitnessShift = 53;
constexpr unsigned sizeShift = 32;
constexpr std::uint64_t notRecent = 255;
constexpr std::uint64_t mostSize = (1U << 20U) - 1;

} // namespace

NameIndex::NameIndex(std::vector<std::string> names, Order order, std::vector<bool> fitting)
    : m_names(std::move(names))
    , m_fitting(std::move(fitting))
    , m_order(order)
{
    m_fitting.resize(m_names.size());
    m_ends.reserve(m_names.size());
    m_letters.reserve(m_names.size());
    for (const std::string& name : m_names) {
        const std::size_t begin = m_lower.size();
        m_lower += name;
        std::transform(m_lower.begin() + std::ptrdiff_t(begin), m_lower.end(),
                       m_lower.begin() + std::ptrdiff_t(begin), [](char c) { return lowered(c); });
        m_ends.push_back(static_cast<std::uint32_t>(m_lower.size()));
        m_letters.push_back(lettersOf(std::string_view(m_lower).substr(begin)));
    }
}

NameIndex::Ranking NameIndex::rank(const Wish& wish) const
{
    const std::string typed = lowered(wish.typed);
    const std::uint64_t letters = lettersOf(typed);
    const std::string_view all = m_lower;
    Ranking ranking;
    std::vector<Hit>& hits = ranking.best;
    std::uint32_t begin = 0;
    for (std::uint32_t i = 0; i < m_names.size(); ++i) {
        const std::uint32_t end = m_ends[i];
        const std::string_view name = all.substr(begin, end - begin);
        begin = end;
        if ((letters & ~m_letters[i]) != 0) {
            continue;
        }
        Tier tier = Tier::prefix;
        if (!typed.empty()) {
            const auto found = find(name, typed);
            if (!found) {
                continue;
            }
            tier = found->tier;
        }
        const std::uint64_t size = m_order == Order::asGiven ? i
            : typed.empty()                                  ? 0
                                                             : std::uint64_t(name.size());
        const bool fits = wish.preferFitting && m_fitting[i];
        hits.push_back({i,
                        std::uint64_t(tier) << tierShift | notRecent << recencyShift
                            | std::uint64_t(fits ? 0 : 1) << fitnessShift
                            | std::min(size, mostSize) << sizeShift});
    }
    ranking.matching = hits.size();
    if (!wish.recent.empty()) {
        std::unordered_map<std::string_view, std::uint64_t> ages;
        for (const std::string& name :
             wish.recent.first(std::min<std::size_t>(wish.recent.size(), notRecent))) {
            ages.emplace(name, ages.size());
        }
        for (Hit& hit : hits) {
            if (const auto age = ages.find(m_names[hit.name]); age != ages.end()) {
                hit.rank ^= (notRecent ^ age->second) << recencyShift;
            }
        }
    }
    const auto before = [](const Hit& a, const Hit& b) {
        return a.rank != b.rank ? a.rank < b.rank : a.name < b.name;
    };
    const std::size_t kept = std::min(wish.most, hits.size());
    std::ranges::partial_sort(hits, hits.begin() + std::ptrdiff_t(kept), before);
    hits.resize(kept);
    return ranking;
}

std::vector<std::pair<std::size_t, std::size_t>> matchedRuns(std::string_view name,
                                                             std::string_view typed)
{
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    if (typed.empty()) {
        return runs;
    }
    const std::string lowerName = lowered(name);
    const std::string lowerTyped = lowered(typed);
    const auto found = find(lowerName, lowerTyped);
    if (!found) {
        return runs;
    }
    if (found->tier != Tier::letters) {
        runs.emplace_back(found->at, typed.size());
        return runs;
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < lowerName.size() && next < lowerTyped.size(); ++i) {
        if (lowerName[i] != lowerTyped[next]) {
            continue;
        }
        ++next;
        if (!runs.empty() && runs.back().first + runs.back().second == i) {
            ++runs.back().second;
        } else {
            runs.emplace_back(i, 1);
        }
    }
    return runs;
}

} // namespace watchfire::ui::editor
