// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/tsdb/codec/column.h"
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/codec/timeline.h"

#include <cstddef>
#include <cstdint>
#include <vector>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

void readSegments(ByteView bytes, std::size_t rows)
{
    std::vector<double> out(rows);
    const auto facts = decodeSegment(bytes, out);
    WF_CHECK(!facts || facts->bytes <= bytes.size());
    const std::vector<double> previous(rows, 7);
    (void)decodeSegment(bytes, out, previous);
    ColumnExtras extras;
    (void)decodeColumn(bytes, out, extras);
    if (rows > frameValues) {
        (void)decodeColumn(bytes, std::span(out).first(frameValues), extras, {}, rows);
    }
    std::vector<std::int64_t> integers(rows);
    (void)decodeIntegers(bytes, integers);
    (void)decodeHistogram(bytes);
}

void readStrip(ByteView bytes)
{
    const auto strip = StripView::open(bytes, Verify::no);
    if (!strip) {
        return;
    }
    std::vector<std::int64_t> times(strip->rows());
    (void)strip->timestamps(times);
    std::vector<double> out(strip->rows());
    for (std::size_t i = 0; i < strip->series() && i < 64; ++i) {
        (void)strip->find(strip->sid(i));
        ColumnExtras extras;
        (void)strip->read(i, out, extras);
    }
}

void readTimeline(ByteView bytes)
{
    const auto timeline = TimelineView::open(bytes, Verify::no);
    if (!timeline || timeline->rows() > 1U << 20) {
        return;
    }
    std::vector<std::int64_t> out(timeline->rows());
    (void)timeline->read(out);
}

void readFrames(ByteView bytes)
{
    FrameReader frames(bytes);
    while (!frames.atEnd()) {
        const auto frame = frames.next();
        if (!frame) {
            return;
        }
        (void)frameGid(frame->body);
        if (const auto row = parseRow(frame->body); row && row->positions <= 1U << 16) {
            std::vector<double> values(row->positions);
            (void)decodeRow(*row, values, values);
        }
        (void)parseSparse(frame->body);
        (void)parseSeries(frame->body);
        (void)parseHistogram(frame->body);
        (void)parseExemplar(frame->body);
        (void)parseMetadata(frame->body);
        (void)parseStarts(frame->body);
        (void)parseGroup(frame->body);
    }
}

} // namespace

// Whatever a damaged store holds is read, or refused as corrupt; nothing beyond it is read.
// The first byte chooses how many values a segment is asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const ByteView bytes(data + 1, size - 1);
    readSegments(bytes, 1 + (std::size_t{data[0]} * 2 + 1) % maxSegmentValues);
    readStrip(bytes);
    readTimeline(bytes);
    readFrames(bytes);
    (void)parseJournalRecord(bytes);
    return 0;
}
