// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/strip.h"

#include "core/base/check.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/directory.h"

#include <cstring>

namespace watchfire::tsdb {

namespace {

constexpr std::string_view magic = "WS";
constexpr std::uint8_t lateFlag = 1; ///< On disk: do not renumber.
constexpr std::uint8_t wideFlag = 2; ///< On disk: do not renumber.

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("strip: ") + what);
}

template <class T> T load(const std::uint8_t* at)
{
    T value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

} // namespace

StripBuilder::StripBuilder(std::uint32_t gid, std::span<const std::int64_t> timestamps, bool late)
    : m_gid(gid)
    , m_late(late)
    , m_timestamps(timestamps.begin(), timestamps.end())
{
    WF_CHECK(!timestamps.empty() && timestamps.size() <= maxStripRows);
}

void StripBuilder::add(std::uint32_t sid, const ColumnInput& column, EncodeHint& hint)
{
    WF_CHECK(m_sids.empty() || sid > m_sids.back());
    WF_CHECK(column.values.size() == m_timestamps.size());
    encodeColumn(column, m_segments, hint);
    m_sids.push_back(sid);
    m_ends.push_back(static_cast<std::uint32_t>(m_segments.size()));
}

Bytes StripBuilder::finish()
{
    constexpr std::uint32_t narrow = 0xFFFF;
    const bool wide = !m_sids.empty()
        && (m_sids.back() - m_sids.front() > narrow || m_segments.size() > narrow);
    Bytes value;
    value.reserve(64 + m_sids.size() * (wide ? 8 : 4) + m_timestamps.size() * 2
                  + m_segments.size());
    beginChecked(magic, stripVersion,
                 static_cast<std::uint8_t>((m_late ? lateFlag : 0U) | (wide ? wideFlag : 0U)),
                 value);
    ByteWriter writer(value);
    writer.le(m_gid);
    writer.le(static_cast<std::uint16_t>(m_timestamps.size()));
    writer.le(static_cast<std::uint32_t>(m_sids.size()));
    Bytes times;
    encodeIntegers(m_timestamps, times);
    writer.varint(times.size());
    writer.bytes(times);
    if (!m_sids.empty()) {
        writer.le(m_sids.front());
    }
    for (std::size_t i = 0; i < m_sids.size(); ++i) {
        const std::uint32_t delta = m_sids[i] - m_sids.front();
        if (wide) {
            writer.le(delta);
            writer.le(m_ends[i]);
        } else {
            writer.le(static_cast<std::uint16_t>(delta));
            writer.le(static_cast<std::uint16_t>(m_ends[i]));
        }
    }
    writer.bytes(m_segments);
    sealChecked(value);
    return value;
}

Result<StripView> StripView::open(ByteView value, Verify verify)
{
    const auto flags = openChecked(value, magic, stripVersion, verify, "strip");
    if (!flags) {
        return std::unexpected(flags.error());
    }
    StripView view;
    view.m_late = (*flags & lateFlag) != 0;
    view.m_wide = (*flags & wideFlag) != 0;
    ByteReader reader(value.subspan(checkedHeaderBytes));
    view.m_gid = reader.le<std::uint32_t>();
    view.m_rows = reader.le<std::uint16_t>();
    view.m_series = reader.le<std::uint32_t>();
    view.m_timestamps = reader.bytes(static_cast<std::size_t>(reader.varint()));
    if (!reader.ok() || view.m_rows == 0 || view.m_rows > maxStripRows) {
        return broken("its head does not fit");
    }
    if (view.m_series == 0) {
        return view;
    }
    view.m_firstSid = reader.le<std::uint32_t>();
    const std::size_t entry = view.m_wide ? 8 : 4;
    if (view.m_series > reader.left() / entry) {
        return broken("its directory does not fit");
    }
    view.m_directory = reader.bytes(view.m_series * entry);
    view.m_segments = reader.rest();
    if (view.end(view.m_series - 1) != view.m_segments.size()) {
        return broken("its segments end elsewhere");
    }
    return view;
}

Result<void> StripView::timestamps(std::span<std::int64_t> out) const
{
    WF_CHECK(out.size() == m_rows);
    const auto bytes = decodeIntegers(m_timestamps, out);
    if (!bytes) {
        return std::unexpected(bytes.error().within("timestamps of a strip"));
    }
    return {};
}

std::uint32_t StripView::sid(std::size_t index) const
{
    WF_CHECK(index < m_series);
    return m_firstSid
        + (m_wide ? load<std::uint32_t>(m_directory.data() + index * 8)
                  : load<std::uint16_t>(m_directory.data() + index * 4));
}

std::uint32_t StripView::end(std::size_t index) const
{
    return m_wide ? load<std::uint32_t>(m_directory.data() + index * 8 + 4)
                  : load<std::uint16_t>(m_directory.data() + index * 4 + 2);
}

std::optional<std::size_t> StripView::find(std::uint32_t wanted) const
{
    return findInDirectory(*this, wanted);
}

ByteView StripView::segment(std::size_t index) const
{
    WF_CHECK(index < m_series);
    const std::size_t begin = index == 0 ? 0 : end(index - 1);
    return begin < m_segments.size() ? m_segments.subspan(begin) : ByteView{};
}

Result<SegmentFacts> StripView::read(std::size_t index, std::span<double> out,
                                     ColumnExtras& extras) const
{
    WF_CHECK(out.size() == m_rows);
    const ByteView from = segment(index);
    auto facts = decodeColumn(from, out, extras);
    if (facts && facts->bytes != end(index) - (m_segments.size() - from.size())) {
        return broken("a segment is not as long as its directory says");
    }
    return facts;
}

} // namespace watchfire::tsdb
