// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/replay.h"

#include "core/base/log.h"

#include <format>
#include <optional>

namespace watchfire::tsdb {

struct Replay::Held {
    FrameType type = FrameType::row;
    RowFrame row;
    SparseFrame sparse;
    Group::Attached with;
    bool isHeld = false;
    Gid gid() const { return type == FrameType::row ? row.gid : sparse.gid; }
    std::int64_t atMs() const { return type == FrameType::row ? row.atMs : sparse.atMs; }
};

void Replay::gap(std::string what)
{
    log(LogLevel::error, "tsdb", "{}", what);
    m_damage = std::move(what);
    for (const auto& group : m_head.all()) {
        const std::lock_guard lock(group->mutex);
        group->replayGap();
    }
}

void Replay::flush(Held& held)
{
    if (!held.isHeld) {
        return;
    }
    held.isHeld = false;
    const auto group = m_head.group(held.gid());
    if (!group || *group == nullptr) {
        return; // its first frames were lost, which has been told
    }
    const std::lock_guard lock((*group)->mutex);
    if (held.type == FrameType::row) {
        (*group)->replayRow(held.row, held.with);
    } else if (held.type == FrameType::sparse) {
        (*group)->replaySparse(held.sparse, held.with);
    } else {
        (*group)->replayLate(held.sparse, held.with);
    }
}

void Replay::applyPlain(const Frame& frame, std::uint64_t nextSeq)
{
    if (frame.type == FrameType::group) {
        if (const auto parsed = parseGroup(frame.body)) {
            if (const auto group = m_head.restoreGroup(parsed->gid, parsed->identity); !group) {
                gap(group.error().message);
            }
        }
    } else if (frame.type == FrameType::series) {
        const auto parsed = parseSeries(frame.body);
        if (!parsed) {
            return;
        }
        Sid sid = parsed->sid;
        Index& index = m_head.context().index;
        if (!parsed->labels.empty()) {
            const auto there = index.find(parsed->labels);
            if (there && *there) {
                sid = (*there)->sid;
            } else if (there) {
                index.restore(parsed->labels, parsed->gid, sid);
            }
        }
        const auto group = m_head.group(parsed->gid);
        if (group && *group != nullptr) {
            const std::lock_guard lock((*group)->mutex);
            (*group)->replaySeries(sid, parsed->position, nextSeq);
        }
    } else if (frame.type == FrameType::metadata) {
        if (const auto parsed = parseMetadata(frame.body)) {
            m_metadata.add(parsed->gid, parsed->metadata);
        }
    } else if (frame.type == FrameType::exemplar) {
        if (const auto parsed = parseExemplar(frame.body)) {
            m_exemplars.restore(*parsed);
        }
    }
}

void Replay::apply(ByteView frames, std::uint64_t seq)
{
    Held held;
    FrameReader reader(frames);
    while (!reader.atEnd()) {
        const auto frame = reader.next();
        if (!frame) {
            gap("the journal has a frame that cannot be read");
            break;
        }
        const auto isOfHeld = [&held](const auto& parsed) {
            return parsed && held.isHeld && parsed->gid == held.gid()
                && parsed->atMs == held.atMs();
        };
        if (frame->type == FrameType::histogram) {
            if (auto parsed = parseHistogram(frame->body); isOfHeld(parsed)) {
                held.with.histograms.emplace_back(parsed->position, std::move(parsed->histogram));
                held.with.lastSeq = seq;
            }
            ++seq;
            continue;
        }
        if (frame->type == FrameType::starts) {
            if (auto parsed = parseStarts(frame->body); isOfHeld(parsed)) {
                held.with.starts = std::move(parsed->starts);
                held.with.lastSeq = seq;
            }
            ++seq;
            continue;
        }
        flush(held);
        if (!isNumbered(frame->type)) {
            applyPlain(*frame, seq);
            continue;
        }
        const std::uint64_t number = seq++;
        if (frame->type == FrameType::row) {
            if (auto parsed = parseRow(frame->body)) {
                held = {FrameType::row, *parsed, {}, {{}, {}, number, number}, true};
            }
        } else if (frame->type == FrameType::sparse || frame->type == FrameType::late) {
            if (auto parsed = parseSparse(frame->body)) {
                held = {frame->type, {}, std::move(*parsed), {{}, {}, number, number}, true};
            }
        } else if (frame->type == stripFrame) {
            if (const auto parsed = parseStripFrame(frame->body)) {
                const auto group = m_head.group(parsed->gid);
                if (group && *group != nullptr) {
                    const std::lock_guard lock((*group)->mutex);
                    (*group)->replayStrip(*parsed, number);
                }
            }
        }
    }
    flush(held);
}

Result<void> Replay::journal(Environment& environment)
{
    // The records are copied out: replay looks up groups in transactions of its own.
    std::vector<Bytes> records;
    {
        auto txn = environment.read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        if (const auto value = txn->get(Table::meta, asBytes(nextSeqKey));
            value && value->size() >= 8) {
            m_nextSeq = native64At(*value, 0);
        }
        if (auto read = txn->result(environment); !read) {
            return std::unexpected(read.error());
        }
        Cursor cursor(*txn, Table::journal);
        for (bool more = cursor.first(); more; more = cursor.next()) {
            records.emplace_back(cursor.value().begin(), cursor.value().end());
        }
        if (auto read = cursor.result(environment); !read) {
            return std::unexpected(read.error());
        }
    }
    std::optional<std::uint64_t> expected;
    for (const Bytes& value : records) {
        const auto record = parseJournalRecord(value);
        if (!record) {
            gap(std::format("{}: a journal record is damaged ({}); rows it holds are lost",
                            environment.file().string(), record.error().message));
            expected.reset();
            continue;
        }
        if (expected && record->firstSeq != *expected) {
            gap(std::format("{}: the journal lacks frames {} to {}", environment.file().string(),
                            *expected, record->firstSeq - 1));
        }
        apply(record->frames, record->firstSeq);
        expected = record->firstSeq + record->frameCount;
    }
    return {};
}

} // namespace watchfire::tsdb
