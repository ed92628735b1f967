// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/container.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t containerHeader = 5;

std::uint16_t u16At(ByteView data, std::size_t at)
{
    std::uint16_t value = 0;
    std::memcpy(&value, data.data() + at, sizeof value);
    return value;
}

/// Sets the bits of the run, whose last is not before its first.
void setBits(std::span<std::uint64_t> words, IdRun run)
{
    constexpr std::uint64_t all = ~std::uint64_t{0};
    const std::size_t first = run.first / 64U;
    const std::size_t last = run.last / 64U;
    const std::uint64_t fromFirst = all << (run.first % 64U);
    const std::uint64_t upToLast = all >> (63U - run.last % 64U);
    if (first == last) {
        words[first] |= fromFirst & upToLast;
        return;
    }
    words[first] |= fromFirst;
    std::ranges::fill(words.subspan(first + 1, last - first - 1), all);
    words[last] |= upToLast;
}

} // namespace

ContainerView::ContainerView(ByteView value)
{
    ByteReader reader(value);
    const auto kind = reader.le<std::uint8_t>();
    m_cardinality = reader.le<std::uint32_t>();
    m_data = reader.rest();
    m_kind = static_cast<ContainerKind>(kind);
    bool fits = reader.ok() && kind <= 2;
    if (fits) {
        switch (m_kind) {
        case ContainerKind::runs:
            fits = m_data.size() % 4 == 0;
            break;
        case ContainerKind::array:
            fits = m_data.size() == std::size_t{m_cardinality} * 2;
            break;
        case ContainerKind::bitmap:
            fits = m_data.size() == Container::bitmapWords * 8;
            break;
        }
    }
    if (!fits) {
        m_broken = true;
        m_kind = ContainerKind::runs;
        m_cardinality = 0;
        m_data = {};
    }
}

std::size_t ContainerView::entries() const
{
    switch (m_kind) {
    case ContainerKind::runs:
        return m_data.size() / 4;
    case ContainerKind::array:
        return m_data.size() / 2;
    case ContainerKind::bitmap:
        return Container::bitmapWords;
    }
    return 0;
}

IdRun ContainerView::run(std::size_t index) const
{
    return {u16At(m_data, index * 4), u16At(m_data, index * 4 + 2)};
}

std::uint16_t ContainerView::at(std::size_t index) const
{
    return u16At(m_data, index * 2);
}

std::uint64_t ContainerView::word(std::size_t index) const
{
    std::uint64_t value = 0;
    std::memcpy(&value, m_data.data() + index * 8, sizeof value);
    return value;
}

Container::Container(const ContainerView& view)
{
    switch (view.kind()) {
    case ContainerKind::runs: {
        if (view.cardinality() > greatestArray) {
            m_words.assign(bitmapWords, 0);
        } else {
            m_ids.reserve(view.cardinality());
        }
        for (std::size_t i = 0; i < view.entries(); ++i) {
            const IdRun run = view.run(i);
            if (run.last < run.first) {
                continue; // a broken one
            }
            if (!m_words.empty()) {
                setBits(m_words, run);
                continue;
            }
            for (std::uint32_t id = run.first; id <= run.last && m_ids.size() < view.cardinality();
                 ++id) {
                m_ids.push_back(static_cast<std::uint16_t>(id)); // a broken one does not swell
            }
        }
        break;
    }
    case ContainerKind::array:
        m_ids.resize(view.entries());
        for (std::size_t i = 0; i < m_ids.size(); ++i) {
            m_ids[i] = view.at(i);
        }
        break;
    case ContainerKind::bitmap:
        m_words.resize(bitmapWords);
        for (std::size_t i = 0; i < bitmapWords; ++i) {
            m_words[i] = view.word(i);
        }
        break;
    }
    settle();
}

Container Container::fromSorted(std::span<const std::uint16_t> ids)
{
    Container container;
    container.m_ids.assign(ids.begin(), ids.end());
    container.settle();
    return container;
}

void Container::toBitmap()
{
    if (m_words.empty()) {
        m_words.assign(bitmapWords, 0);
        for (const std::uint16_t id : m_ids) {
            m_words[id / 64] |= std::uint64_t{1} << (id % 64);
        }
        m_ids.clear();
        m_ids.shrink_to_fit();
    }
}

/// Counts, and takes the form that fits the number.
void Container::settle()
{
    if (m_words.empty()) {
        m_cardinality = m_ids.size();
        if (m_cardinality > greatestArray) {
            toBitmap();
        }
        return;
    }
    m_cardinality = 0;
    for (const std::uint64_t word : m_words) {
        m_cardinality += static_cast<std::size_t>(std::popcount(word));
    }
    if (m_cardinality <= greatestArray) {
        std::vector<std::uint16_t> ids;
        ids.reserve(m_cardinality);
        forEach([&](std::uint16_t id) { ids.push_back(id); });
        m_ids = std::move(ids);
        m_words.clear();
    }
}

bool Container::contains(std::uint16_t id) const
{
    return m_words.empty() ? std::ranges::binary_search(m_ids, id)
                           : (m_words[id / 64] >> (id % 64) & 1) != 0;
}

void Container::unite(const Container& other)
{
    if (m_words.empty() && other.m_words.empty()) {
        std::vector<std::uint16_t> merged;
        merged.reserve(m_ids.size() + other.m_ids.size());
        std::ranges::set_union(m_ids, other.m_ids, std::back_inserter(merged));
        m_ids = std::move(merged);
    } else {
        toBitmap();
        if (other.m_words.empty()) {
            for (const std::uint16_t id : other.m_ids) {
                m_words[id / 64] |= std::uint64_t{1} << (id % 64);
            }
        } else {
            for (std::size_t i = 0; i < bitmapWords; ++i) {
                m_words[i] |= other.m_words[i];
            }
        }
    }
    settle();
}

void Container::intersect(const Container& other)
{
    if (m_words.empty()) {
        if (other.m_words.empty()) {
            std::vector<std::uint16_t> common;
            std::ranges::set_intersection(m_ids, other.m_ids, std::back_inserter(common));
            m_ids = std::move(common);
        } else {
            std::erase_if(m_ids, [&](std::uint16_t id) { return !other.contains(id); });
        }
    } else if (other.m_words.empty()) {
        std::vector<std::uint16_t> common;
        for (const std::uint16_t id : other.m_ids) {
            if (contains(id)) {
                common.push_back(id);
            }
        }
        m_words.clear();
        m_ids = std::move(common);
    } else {
        for (std::size_t i = 0; i < bitmapWords; ++i) {
            m_words[i] &= other.m_words[i];
        }
    }
    settle();
}

void Container::subtract(const Container& other)
{
    if (m_words.empty()) {
        if (other.m_words.empty()) {
            std::vector<std::uint16_t> kept;
            std::ranges::set_difference(m_ids, other.m_ids, std::back_inserter(kept));
            m_ids = std::move(kept);
        } else {
            std::erase_if(m_ids, [&](std::uint16_t id) { return other.contains(id); });
        }
    } else if (other.m_words.empty()) {
        for (const std::uint16_t id : other.m_ids) {
            m_words[id / 64] &= ~(std::uint64_t{1} << (id % 64));
        }
    } else {
        for (std::size_t i = 0; i < bitmapWords; ++i) {
            m_words[i] &= ~other.m_words[i];
        }
    }
    settle();
}

bool Container::intersects(const Container& other) const
{
    if (!m_words.empty() && !other.m_words.empty()) {
        for (std::size_t i = 0; i < bitmapWords; ++i) {
            if ((m_words[i] & other.m_words[i]) != 0) {
                return true;
            }
        }
        return false;
    }
    const bool mineIsSmall
        = other.m_words.empty() ? m_words.empty() && m_ids.size() < other.m_ids.size() : true;
    const Container& small = mineIsSmall ? *this : other;
    const Container& large = mineIsSmall ? other : *this;
    return std::ranges::any_of(small.m_ids, [&](std::uint16_t id) { return large.contains(id); });
}

void Container::add(std::uint16_t id)
{
    if (m_words.empty()) {
        const auto at = std::ranges::lower_bound(m_ids, id);
        if (at == m_ids.end() || *at != id) {
            m_ids.insert(at, id);
            settle();
        }
    } else if (!contains(id)) {
        m_words[id / 64] |= std::uint64_t{1} << (id % 64);
        ++m_cardinality;
    }
}

void Container::remove(std::uint16_t id)
{
    if (!contains(id)) {
        return;
    }
    if (m_words.empty()) {
        m_ids.erase(std::ranges::lower_bound(m_ids, id));
    } else {
        m_words[id / 64] &= ~(std::uint64_t{1} << (id % 64));
    }
    settle();
}

Bytes Container::serialize() const
{
    std::vector<IdRun> runs;
    forEach([&](std::uint16_t id) {
        if (!runs.empty() && runs.back().last + 1 == id) {
            runs.back().last = id;
        } else {
            runs.push_back({id, id});
        }
    });
    const std::size_t asRuns = runs.size() * 4;
    const std::size_t asArray = m_cardinality * 2;
    constexpr std::size_t asBitmap = bitmapWords * 8;
    Bytes out;
    out.reserve(containerHeader + std::min({asRuns, asArray, asBitmap}));
    ByteWriter writer(out);
    ContainerKind kind = ContainerKind::runs;
    if (asRuns > asArray || asRuns > asBitmap) {
        kind = asArray <= asBitmap ? ContainerKind::array : ContainerKind::bitmap;
    }
    writer.le(static_cast<std::uint8_t>(kind));
    writer.le(static_cast<std::uint32_t>(m_cardinality));
    switch (kind) {
    case ContainerKind::runs:
        for (const IdRun run : runs) {
            writer.le(run.first);
            writer.le(run.last);
        }
        break;
    case ContainerKind::array:
        forEach([&](std::uint16_t id) { writer.le(id); });
        break;
    case ContainerKind::bitmap:
        if (m_words.empty()) {
            Container copy = *this;
            copy.toBitmap();
            for (const std::uint64_t word : copy.m_words) {
                writer.le(word);
            }
        } else {
            for (const std::uint64_t word : m_words) {
                writer.le(word);
            }
        }
        break;
    }
    return out;
}

bool operator==(const Container& a, const Container& b)
{
    return a.m_cardinality == b.m_cardinality && a.m_ids == b.m_ids && a.m_words == b.m_words;
}

} // namespace watchfire::tsdb
