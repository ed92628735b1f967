// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/entry_check.h"

#include "core/tsdb/codec/block.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/codec/timeline.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/container.h"
#include "core/tsdb/index/index.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/journal.h"
#include "core/tsdb/seal/sealed_window.h"
#include "core/tsdb/table_forms.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::tsdb {

namespace {

constexpr const char* otherKey = "it stands under the key of another";

} // namespace

void EntryCheck::look(ReadTxn& txn, Table table, const Cursor& cursor, std::vector<Damage>& damage)
{
    m_damage = &damage;
    m_where = entryName(table, cursor.key());
    if (cursor.isDamaged()) {
        note(m_where, "its checksum is wrong");
    } else if (!hasKeyOf(table, cursor.key())) {
        note(m_where, "its key has the wrong length");
    } else {
        lookInto(txn, table, cursor.key(), cursor.value());
    }
}

void EntryCheck::lookInto(ReadTxn& txn, Table table, ByteView key, ByteView value)
{
    switch (table) {
    case Table::groups:
        return group(value);
    case Table::series:
        return page(txn, key, value);
    case Table::hash:
        return hash(value);
    case Table::post:
    case Table::live:
        return container(value);
    case Table::journal:
        return journal(key, value);
    case Table::wins:
        return window(value);
    case Table::strips:
        return strip(key, value);
    case Table::lines:
        return line(key, value);
    case Table::blocks:
        return block(txn, key, value);
    case Table::tomb:
        return deletion(value);
    case Table::meta:
    case Table::names:
    case Table::lval:
    case Table::vstr:
    case Table::gkey:
    case Table::mdata:
    case Table::exem:
    case Table::state:
        return;
    }
}

void EntryCheck::note(std::string where, std::string what)
{
    m_damage->push_back({std::move(where), std::move(what)});
}

void EntryCheck::group(ByteView value)
{
    if (const auto record = GroupRecord::parse(value); !record) {
        note(m_where, record.error().message);
    }
}

void EntryCheck::page(ReadTxn& txn, ByteView key, ByteView value)
{
    const auto parsed = SeriesPage::parse(value);
    if (!parsed) {
        note(m_where, parsed.error().message);
        return;
    }
    LabelReader reader(txn, m_index.names());
    Cursor hashes(txn, Table::hash, Cursor::Damage::isTold);
    for (std::uint32_t slot = 0; slot < extentSize; ++slot) {
        const Sid sid = (native32At(key, 0) << extentBits) + slot;
        if (parsed->has(slot)) {
            series(txn, reader, hashes, sid);
        }
    }
}

/// That it is found by its labels. Damage of other entries is told where that is.
void EntryCheck::series(ReadTxn& txn, LabelReader& reader, Cursor& hashes, Sid sid)
{
    const std::string where = std::format("series {}", sid);
    const auto read = reader.labels(sid);
    if (!read) {
        if (txn.ok()) {
            note(where, read.error().message);
        }
        return;
    }
    const std::optional<Labels>& labels = *read;
    if (!labels) {
        note(where, "it has no labels");
        return;
    }
    const auto hash = labels->hash128().first;
    for (bool more = hashes.find(Key().native64(hash)); more; more = hashes.nextDuplicate()) {
        if (hashes.value().size() == 4 && native32At(hashes.value(), 0) == sid) {
            return;
        }
    }
    if (txn.ok()) {
        note(where, "it is not found by its labels");
    }
}

/// Whether there is a series of that number does not matter: a commit that was cut off may
/// have left it.
void EntryCheck::hash(ByteView value)
{
    if (value.size() != 4) {
        note(m_where, "it is no number of a series");
    }
}

void EntryCheck::container(ByteView value)
{
    if (ContainerView(value).isBroken()) {
        note(m_where, "it is no container");
    }
}

void EntryCheck::deletion(ByteView value)
{
    if (!Deletion::parse(value)) {
        note(m_where, "it cannot be read");
    }
}

void EntryCheck::window(ByteView value)
{
    if (!WindowRecord::parse(value)) {
        note(m_where, "its record cannot be read");
    }
}

void EntryCheck::journal(ByteView key, ByteView value)
{
    const auto record = parseJournalRecord(value);
    if (!record) {
        note(m_where, record.error().message);
        return;
    }
    if (record->firstSeq != native64At(key, 0)) {
        note(m_where, otherKey);
    }
    FrameReader frames(record->frames);
    while (!frames.atEnd()) {
        if (const auto frame = frames.next(); !frame) {
            note(m_where, frame.error().message);
            return;
        }
    }
}

void EntryCheck::strip(ByteView key, ByteView value)
{
    const auto view = StripView::open(value, Verify::yes);
    if (!view) {
        note(m_where, view.error().message);
        return;
    }
    m_times.resize(view->rows());
    if (const auto read = view->timestamps(m_times); !read) {
        note(m_where, read.error().message);
    } else if (view->gid() != be32At(key, 4) || windowOf(m_times.front()) != be32At(key, 0)) {
        note(m_where, otherKey);
    }
    m_values.resize(view->rows());
    for (std::size_t i = 0; i < view->series(); ++i) {
        ColumnExtras extras;
        if (const auto read = view->read(i, m_values, extras); !read) {
            note(std::format("series {} in {}", view->sid(i), m_where), read.error().message);
        }
    }
}

void EntryCheck::line(ByteView key, ByteView value)
{
    const auto view = TimelineView::open(value, Verify::yes);
    if (!view) {
        note(m_where, view.error().message);
        return;
    }
    m_times.resize(view->rows());
    if (const auto read = view->read(m_times); !read) {
        note(m_where, read.error().message);
    } else if (view->gid() != be32At(key, 4) || windowOf(m_times.front()) != be32At(key, 0)) {
        note(m_where, otherKey);
    } else if (std::ranges::adjacent_find(m_times, std::ranges::greater_equal()) != m_times.end()) {
        note(m_where, "its moments do not ascend");
    }
}

void EntryCheck::block(ReadTxn& txn, ByteView key, ByteView value)
{
    const Window window = be32At(key, 0);
    const Sid first = be32At(key, 4);
    const auto view = BlockView::open(value, Verify::yes);
    if (!view) {
        note(m_where, view.error().message);
        return;
    }
    if (view->window() != window || view->sid(0) != first) {
        note(m_where, otherKey);
        return;
    }
    const auto gid = LabelReader(txn, m_index.names()).groupOf(first);
    const auto line = gid ? sealedLine(txn, window, *gid) : std::nullopt;
    if (!line) {
        return; // an interrupted seal left it; the next one removes it
    }
    const auto timeline = TimelineView::open(*line, Verify::no);
    if (!timeline) {
        return; // told there
    }
    if (view->gid() != *gid || view->lineCrc() != crcOfChecked(*line)
        || timeline->segments() != view->segments()) {
        note(m_where, "it does not belong to its group's timeline");
        return;
    }
    for (std::size_t i = 0; i < view->series(); ++i) {
        for (std::size_t segment = 0; segment < view->segments(); ++segment) {
            m_values.resize(timeline->segmentRows(segment));
            ColumnExtras extras;
            if (const auto read = view->read(i, segment, m_values, extras); !read) {
                note(std::format("series {} in {}", view->sid(i), m_where), read.error().message);
                break;
            }
        }
    }
}

} // namespace watchfire::tsdb
