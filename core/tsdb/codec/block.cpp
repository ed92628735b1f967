// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/block.h"

#include "core/base/check.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/directory.h"

#include <array>
#include <cstring>
#include <limits>

namespace watchfire::tsdb {

namespace {

constexpr std::string_view magic = "WB";
constexpr std::size_t greatestNarrow = std::numeric_limits<std::uint16_t>::max();

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("block: ") + what);
}

template <class T> T load(const std::uint8_t* at)
{
    T value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

} // namespace

BlockBuilder::BlockBuilder(std::uint32_t window, std::uint32_t gid, std::uint32_t lineCrc,
                           std::size_t segments)
    : m_window(window)
    , m_gid(gid)
    , m_lineCrc(lineCrc)
    , m_segments(segments)
{
    WF_CHECK(segments > 0 && segments <= greatestNarrow);
}

bool BlockBuilder::fits(std::uint32_t sid, std::size_t segmentBytes) const
{
    if (m_sids.empty()) {
        return true;
    }
    const std::size_t bodies = m_bodies.size() + (m_segments - 1) * 2 + segmentBytes;
    return !m_isWide && sid - m_sids.front() <= greatestNarrow && m_sids.size() < greatestNarrow
        && blockHeaderBytes + (m_sids.size() + 1) * 4 + bodies <= maxBlockBytes;
}

void BlockBuilder::add(std::uint32_t sid, ByteView bytes, std::span<const std::uint32_t> ends)
{
    WF_CHECK(m_sids.empty() || (sid > m_sids.back() && fits(sid, bytes.size())));
    WF_CHECK(ends.size() == m_segments && ends.back() == bytes.size());
    m_isWide = blockHeaderBytes + 4 + (m_segments - 1) * 2 + bytes.size() > maxBlockBytes
        && m_sids.empty();
    ByteWriter writer(m_bodies);
    std::uint32_t begin = 0;
    for (const std::uint32_t end : ends.first(m_segments - 1)) {
        if (m_isWide) {
            writer.le(end - begin);
        } else {
            writer.le(static_cast<std::uint16_t>(end - begin));
        }
        begin = end;
    }
    writer.bytes(bytes);
    m_sids.push_back(sid);
    m_bodyEnds.push_back(static_cast<std::uint32_t>(m_bodies.size()));
}

Bytes BlockBuilder::finish()
{
    WF_CHECK(!m_sids.empty());
    Bytes value;
    value.reserve(blockHeaderBytes + m_sids.size() * (m_isWide ? 6 : 4) + m_bodies.size());
    beginChecked(magic, blockVersion, m_isWide ? wideBlock : 0, value);
    ByteWriter writer(value);
    writer.le(m_window);
    writer.le(m_sids.front());
    writer.le(static_cast<std::uint16_t>(m_sids.size()));
    writer.le(static_cast<std::uint16_t>(m_segments));
    writer.le(static_cast<std::uint32_t>(m_bodies.size()));
    writer.le(m_gid);
    writer.le(m_lineCrc);
    for (std::size_t i = 0; i < m_sids.size(); ++i) {
        writer.le(static_cast<std::uint16_t>(m_sids[i] - m_sids.front()));
        if (m_isWide) {
            writer.le(m_bodyEnds[i]);
        } else {
            writer.le(static_cast<std::uint16_t>(m_bodyEnds[i]));
        }
    }
    writer.bytes(m_bodies);
    sealChecked(value);
    m_sids.clear();
    m_bodyEnds.clear();
    m_bodies.clear();
    m_isWide = false;
    return value;
}

Result<BlockView> BlockView::open(ByteView value, Verify verify)
{
    const auto flags = openChecked(value, magic, blockVersion, verify, "block");
    if (!flags) {
        return std::unexpected(flags.error());
    }
    BlockView view;
    view.m_wide = (*flags & wideBlock) != 0;
    ByteReader reader(value.subspan(checkedHeaderBytes));
    view.m_window = reader.le<std::uint32_t>();
    view.m_firstSid = reader.le<std::uint32_t>();
    view.m_series = reader.le<std::uint16_t>();
    view.m_segments = reader.le<std::uint16_t>();
    const auto bodyBytes = reader.le<std::uint32_t>();
    view.m_gid = reader.le<std::uint32_t>();
    view.m_lineCrc = reader.le<std::uint32_t>();
    if (!reader.ok() || view.m_series == 0 || view.m_segments == 0) {
        return broken("its head does not fit");
    }
    const std::size_t entry = view.m_wide ? 6 : 4;
    if (view.m_series > reader.left() / entry) {
        return broken("its directory does not fit");
    }
    view.m_directory = reader.bytes(view.m_series * entry);
    view.m_bodies = reader.rest();
    if (view.m_bodies.size() != bodyBytes || view.bodyEnd(view.m_series - 1U) != bodyBytes) {
        return broken("its bodies end elsewhere");
    }
    const std::size_t leastBody
        = (view.m_segments - 1U) * (view.m_wide ? 4U : 2U) + view.m_segments;
    if (view.m_series > view.m_bodies.size() / leastBody) {
        return broken("its segments do not fit");
    }
    return view;
}

std::uint32_t BlockView::sid(std::size_t index) const
{
    WF_CHECK(index < m_series);
    return m_firstSid + load<std::uint16_t>(m_directory.data() + index * (m_wide ? 6 : 4));
}

std::uint32_t BlockView::bodyEnd(std::size_t index) const
{
    return m_wide ? load<std::uint32_t>(m_directory.data() + index * 6 + 2)
                  : load<std::uint16_t>(m_directory.data() + index * 4 + 2);
}

std::optional<std::size_t> BlockView::find(std::uint32_t wanted) const
{
    return findInDirectory(*this, wanted);
}

ByteView BlockView::segment(std::size_t index, std::size_t segment) const
{
    WF_CHECK(index < m_series && segment < m_segments);
    const std::size_t begin = index == 0 ? 0 : bodyEnd(index - 1);
    const std::size_t end = bodyEnd(index);
    if (begin > end || end > m_bodies.size()) {
        return {};
    }
    ByteReader body(m_bodies.subspan(begin, end - begin));
    std::size_t skip = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i + 1 < m_segments; ++i) {
        const std::size_t one = m_wide ? body.le<std::uint32_t>() : body.le<std::uint16_t>();
        skip += i < segment ? one : 0;
        length = i == segment ? one : length;
    }
    const ByteView segments = body.rest();
    if (!body.ok() || skip > segments.size()) {
        return {};
    }
    if (segment + 1 == m_segments) {
        length = segments.size() - skip;
    }
    return length <= segments.size() - skip ? segments.subspan(skip, length) : ByteView{};
}

bool BlockView::isChained(std::size_t index, std::size_t segment) const
{
    const ByteView bytes = this->segment(index, segment);
    return !bytes.empty() && isChainedSegment(bytes.front());
}

Result<SegmentFacts> BlockView::readOne(std::size_t index, std::size_t segment,
                                        std::span<double> out, ColumnExtras& extras,
                                        std::span<const double> previous, std::size_t rows) const
{
    const ByteView bytes = this->segment(index, segment);
    if (bytes.empty()) {
        return broken("a segment does not fit");
    }
    // Decoding is quicker where it may look beyond the end.
    const std::size_t after = static_cast<std::size_t>(m_bodies.data() + m_bodies.size()
                                                       - (bytes.data() + bytes.size()));
    auto facts = decodeColumn({bytes.data(), bytes.size() + after}, out, extras, previous, rows);
    if (facts && facts->bytes != 0 && facts->bytes != bytes.size()) {
        return broken("a segment is not as long as it says");
    }
    return facts;
}

Result<SegmentFacts> BlockView::read(std::size_t index, std::size_t segment, std::span<double> out,
                                     ColumnExtras& extras, std::span<const double> previous,
                                     std::size_t rows) const
{
    std::size_t first = index;
    while (previous.empty() && first > 0 && isChained(first, segment)) {
        --first;
        if (index - first >= maxChainLength) {
            return broken("a chain is too long");
        }
    }
    if (first == index) {
        return readOne(index, segment, out, extras, previous, rows);
    }
    std::vector<double> before;
    std::vector<double> current(out.size());
    ColumnExtras none;
    for (std::size_t i = first; i < index; ++i) {
        const auto facts = readOne(i, segment, current, none, before, rows);
        if (!facts) {
            return facts;
        }
        before.resize(out.size());
        std::swap(before, current);
    }
    return readOne(index, segment, out, extras, before, rows);
}

} // namespace watchfire::tsdb
