// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/series_page.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t pageVersion = 1;

/// Reads varints as ByteReader does, a page's hundreds of them in half the time: most have one
/// byte.
class VarintReader {
public:
    explicit VarintReader(ByteView bytes)
        : m_at(bytes.data())
        , m_end(bytes.data() + bytes.size())
    {
    }
    bool ok() const { return m_ok; }
    std::size_t left() const { return static_cast<std::size_t>(m_end - m_at); }
    std::uint64_t next()
    {
        if (m_at != m_end && *m_at < 0x80) {
            return *m_at++;
        }
        return nextLong();
    }
    LabelPair nextPair()
    {
        const auto nid = static_cast<Nid>(next());
        const auto vid = static_cast<Vid>(next());
        return {nid, vid};
    }

private:
    std::uint64_t nextLong()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && m_at != m_end; shift += 7) {
            const std::uint8_t byte = *m_at++;
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        m_ok = false;
        return 0;
    }

    const std::uint8_t* m_at;
    const std::uint8_t* m_end;
    bool m_ok = true;
};

} // namespace

Result<SeriesPage> SeriesPage::parse(ByteView value)
{
    const std::uint8_t version = value.empty() ? std::uint8_t{0} : value.front();
    VarintReader reader(value.empty() ? value : value.subspan(1));
    SeriesPage page(static_cast<Gid>(reader.next()));
    const std::uint64_t slots = reader.next();
    const std::uint64_t common = reader.next();
    if (!reader.ok() || version != pageVersion || slots > extentSize || common > reader.left()) {
        return fail(ErrorKind::corrupt, "broken series page");
    }
    page.m_slots = static_cast<std::uint32_t>(slots);
    page.m_common.reserve(common);
    for (std::uint64_t i = 0; i < common; ++i) {
        page.m_common.push_back(reader.nextPair());
    }
    page.m_own.reserve(reader.left() / 2); // a pair has two bytes at least
    for (std::uint32_t slot = 0; slot < page.m_slots; ++slot) {
        const std::uint64_t count = reader.next();
        if (count == 0) {
            continue;
        }
        if (count - 1 > reader.left()) {
            return fail(ErrorKind::corrupt, "broken series page");
        }
        const auto begin = static_cast<std::uint32_t>(page.m_own.size());
        for (std::uint64_t i = 1; i < count; ++i) {
            page.m_own.push_back(reader.nextPair());
        }
        page.m_ranges[slot] = {begin, static_cast<std::uint32_t>(page.m_own.size()), true};
        page.m_present |= std::uint64_t{1} << slot;
    }
    if (!reader.ok()) {
        return fail(ErrorKind::corrupt, "broken series page");
    }
    return page;
}

Gid SeriesPage::gidOf(ByteView value)
{
    ByteReader reader(value);
    const auto version = reader.le<std::uint8_t>();
    const auto gid = static_cast<Gid>(reader.varint());
    return reader.ok() && version == pageVersion ? gid : 0;
}

bool SeriesPage::values(ByteView value, Nid nid, std::uint64_t slots, std::vector<Vid>& out)
{
    if (value.empty() || value.front() != pageVersion) {
        return false;
    }
    VarintReader reader(value.subspan(1));
    reader.next(); // the group
    const std::uint64_t slotCount = reader.next();
    const std::uint64_t commonCount = reader.next();
    if (!reader.ok() || slotCount > extentSize || commonCount > reader.left()) {
        return false;
    }
    Vid common = 0;
    for (std::uint64_t i = 0; i < commonCount; ++i) {
        const LabelPair pair = reader.nextPair();
        common = pair.nid == nid ? pair.vid : common;
    }
    for (std::uint32_t slot = 0; slot < slotCount && slots >> slot != 0; ++slot) {
        const std::uint64_t count = reader.next();
        const bool isWanted = count > 0 && (slots >> slot & 1) != 0;
        if (isWanted && common != 0) {
            out.push_back(common);
            break;
        }
        if (count > reader.left() + 1) {
            return false;
        }
        for (std::uint64_t i = 1; i < count; ++i) {
            const LabelPair pair = reader.nextPair();
            if (isWanted && pair.nid == nid) {
                out.push_back(pair.vid);
            }
        }
    }
    return reader.ok();
}

void SeriesPage::pairs(std::uint32_t slot, std::vector<LabelPair>& out) const
{
    const Range range = m_ranges[slot];
    if (range.hasCommon) {
        out.insert(out.end(), m_common.begin(), m_common.end());
    }
    out.insert(out.end(), m_own.begin() + range.begin, m_own.begin() + range.end);
}

void SeriesPage::set(std::uint32_t slot, std::span<const LabelPair> pairs)
{
    const auto begin = static_cast<std::uint32_t>(m_own.size());
    m_own.insert(m_own.end(), pairs.begin(), pairs.end());
    m_ranges[slot] = {begin, static_cast<std::uint32_t>(m_own.size()), false};
    m_present |= std::uint64_t{1} << slot;
    m_slots = std::max(m_slots, slot + 1);
}

Bytes SeriesPage::serialize() const
{
    std::vector<std::vector<LabelPair>> slots(m_slots);
    std::vector<LabelPair> common;
    bool isFirst = true;
    for (std::uint32_t slot = 0; slot < m_slots; ++slot) {
        if (!has(slot)) {
            continue;
        }
        pairs(slot, slots[slot]);
        std::ranges::sort(slots[slot]);
        if (isFirst) {
            common = slots[slot];
            isFirst = false;
        } else {
            std::erase_if(common, [&](const LabelPair& pair) {
                return !std::ranges::binary_search(slots[slot], pair);
            });
        }
    }
    Bytes out;
    ByteWriter writer(out);
    writer.le(pageVersion);
    writer.varint(m_gid);
    writer.varint(m_slots);
    writer.varint(common.size());
    for (const LabelPair& pair : common) {
        writer.varint(pair.nid);
        writer.varint(pair.vid);
    }
    for (std::uint32_t slot = 0; slot < m_slots; ++slot) {
        if (!has(slot)) {
            writer.varint(0);
            continue;
        }
        writer.varint(slots[slot].size() - common.size() + 1);
        for (const LabelPair& pair : slots[slot]) {
            if (!std::ranges::binary_search(common, pair)) {
                writer.varint(pair.nid);
                writer.varint(pair.vid);
            }
        }
    }
    return out;
}

} // namespace watchfire::tsdb
