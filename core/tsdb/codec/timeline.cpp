// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/timeline.h"

#include "core/base/check.h"
#include "core/tsdb/codec/checked_value.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

constexpr std::string_view magic = "WL";

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("timeline: ") + what);
}

} // namespace

Bytes encodeTimeline(std::uint32_t gid, std::span<const std::int64_t> timestamps)
{
    WF_CHECK(!timestamps.empty() && timestamps.size() <= UINT32_MAX);
    Bytes segments;
    std::vector<std::uint16_t> lengths;
    for (std::size_t from = 0; from < timestamps.size(); from += maxSegmentValues) {
        const std::size_t before = segments.size();
        encodeIntegers(
            timestamps.subspan(from, std::min(maxSegmentValues, timestamps.size() - from)),
            segments);
        lengths.push_back(static_cast<std::uint16_t>(segments.size() - before));
    }
    Bytes value;
    value.reserve(16 + lengths.size() * 2 + segments.size());
    beginChecked(magic, timelineVersion, 0, value);
    ByteWriter writer(value);
    writer.le(gid);
    writer.le(static_cast<std::uint32_t>(timestamps.size()));
    for (const std::uint16_t length : lengths) {
        writer.le(length);
    }
    writer.bytes(segments);
    sealChecked(value);
    return value;
}

Result<TimelineView> TimelineView::open(ByteView value, Verify verify)
{
    const auto flags = openChecked(value, magic, timelineVersion, verify, "timeline");
    if (!flags) {
        return std::unexpected(flags.error());
    }
    TimelineView view;
    ByteReader reader(value.subspan(checkedHeaderBytes));
    view.m_gid = reader.le<std::uint32_t>();
    view.m_rows = reader.le<std::uint32_t>();
    view.m_lengths = reader.bytes(view.segments() * 2);
    view.m_segments = reader.rest();
    if (!reader.ok() || view.m_rows == 0) {
        return broken("its head does not fit");
    }
    std::size_t total = 0;
    for (ByteReader lengths(view.m_lengths); !lengths.atEnd();) {
        total += lengths.le<std::uint16_t>();
    }
    if (total != view.m_segments.size()) {
        return broken("its segments end elsewhere");
    }
    return view;
}

std::size_t TimelineView::segmentRows(std::size_t i) const
{
    WF_CHECK(i < segments());
    return std::min(maxSegmentValues, m_rows - i * maxSegmentValues);
}

Result<void> TimelineView::readSegment(std::size_t i, std::span<std::int64_t> out) const
{
    WF_CHECK(out.size() == segmentRows(i));
    std::size_t begin = 0;
    ByteReader lengths(m_lengths);
    for (std::size_t k = 0; k < i; ++k) {
        begin += lengths.le<std::uint16_t>();
    }
    const std::size_t length = lengths.le<std::uint16_t>();
    const auto bytes = decodeIntegers(m_segments.subspan(begin), out);
    if (!bytes) {
        return std::unexpected(bytes.error().within("timeline"));
    }
    if (*bytes != length) {
        return broken("a segment is not as long as it says");
    }
    return {};
}

Result<void> TimelineView::read(std::span<std::int64_t> out) const
{
    WF_CHECK(out.size() == m_rows);
    ByteReader lengths(m_lengths);
    ByteView rest = m_segments;
    for (std::size_t i = 0; i < segments(); ++i) {
        const std::size_t length = lengths.le<std::uint16_t>();
        const auto bytes = decodeIntegers(rest, out.subspan(i * maxSegmentValues, segmentRows(i)));
        if (!bytes) {
            return std::unexpected(bytes.error().within("timeline"));
        }
        if (*bytes != length) {
            return broken("a segment is not as long as it says");
        }
        rest = rest.subspan(length);
    }
    return {};
}

} // namespace watchfire::tsdb
