// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/series_deletion.h"

#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/index/select.h"
#include "core/tsdb/seal/sealed_window.h"

#include <algorithm>
#include <format>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t recordsAtOnce = 1024;

/// Whether the group has samples in that window's tables.
bool hasPart(Cursor& strips, Txn& txn, Window window, Gid gid)
{
    const Key prefix = Key().be32(window).be32(gid);
    return sealedLine(txn, window, gid)
        || (strips.seek(prefix) && startsWith(strips.key(), prefix));
}

} // namespace

Result<void> SeriesDeletion::matching()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    SidSet all;
    for (const Matchers& selection : m_request.selections) {
        auto some = Selection(*txn, m_context.index.names()).series(selection);
        if (!some) {
            return std::unexpected(some.error());
        }
        for (const auto& [high, part] : some->parts()) {
            all.unite(high, part);
        }
    }
    LabelReader reader(*txn, m_context.index.names());
    std::optional<Error> failed;
    all.forEach([&](Sid sid) {
        if (failed) {
            return;
        }
        const auto gid = reader.groupOf(sid);
        if (!gid) {
            failed = gid.error();
            return;
        }
        m_groups[*gid].series.add(sid);
        ++m_series;
    });
    return failed ? std::unexpected(*failed) : Result<void>{};
}

Result<void> SeriesDeletion::endStrips(Gid gid, Owner& owner)
{
    if (const std::shared_ptr<Group> group = m_head.loaded(gid)) {
        const std::lock_guard lock(group->mutex);
        owner.beforeSeq = group->endStrips();
        return {};
    }
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto value = txn->get(Table::groups, Key().native32(gid));
    if (auto read = txn->result(m_context.environment); !read) {
        return read;
    }
    const auto record = GroupRecord::parse(value.value_or(ByteView{}));
    if (!record) {
        return std::unexpected(record.error().within(std::format("group {}", gid)));
    }
    owner.beforeSeq = record->nextStripSeq;
    return {};
}

Result<void> SeriesDeletion::find()
{
    if (auto found = matching(); !found) {
        return found;
    }
    for (auto& [gid, owner] : m_groups) {
        if (auto ended = endStrips(gid, owner); !ended) {
            return ended;
        }
    }
    return {};
}

Result<std::vector<std::pair<Window, Gid>>> SeriesDeletion::places()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<std::pair<Window, Gid>> places;
    Cursor windows(*txn, Table::wins);
    Cursor strips(*txn, Table::strips);
    const Window last = windowOf(m_request.toMs);
    for (bool more = windows.seek(Key().be32(windowOf(m_request.fromMs)));
         more && windows.key().size() == 4 && be32At(windows.key(), 0) <= last;
         more = windows.next()) {
        const Window window = be32At(windows.key(), 0);
        for (const auto& [gid, owner] : m_groups) {
            if (hasPart(strips, *txn, window, gid)) {
                places.emplace_back(window, gid);
            }
        }
    }
    for (const TxnStatus* const status :
         {static_cast<const TxnStatus*>(&windows), static_cast<const TxnStatus*>(&strips),
          static_cast<const TxnStatus*>(&*txn)}) {
        if (auto read = status->result(m_context.environment); !read) {
            return std::unexpected(read.error());
        }
    }
    return places;
}

Result<DeleteReport> SeriesDeletion::write(const Transact& transact)
{
    auto found = places();
    if (!found) {
        return std::unexpected(found.error());
    }
    std::map<Gid, Bytes> records;
    for (auto& [gid, owner] : m_groups) {
        Deletion deletion{owner.beforeSeq, m_request.fromMs, m_request.toMs, {}};
        owner.series.forEach([&](Sid sid) {
            if (!deletion.series.empty() && deletion.series.back().second + 1 == sid) {
                deletion.series.back().second = sid;
            } else {
                deletion.series.emplace_back(sid, sid);
            }
        });
        records.emplace(gid, deletion.serialize());
    }
    for (std::size_t from = 0; from < found->size(); from += recordsAtOnce) {
        const auto some
            = std::span(*found).subspan(from, std::min(recordsAtOnce, found->size() - from));
        auto done = transact([&](WriteTxn& txn) {
            Cursor cursor(txn, Table::tomb);
            for (const auto& [window, gid] : some) {
                const Key prefix = Key().be32(window).be32(gid);
                std::uint32_t number = 0;
                if (cursor.seekBefore(Key().be32(window).be32(gid).be32(~std::uint32_t{0}))
                    && startsWith(cursor.key(), prefix)) {
                    number = be32At(cursor.key(), 8) + 1;
                }
                txn.put(Table::tomb, Key().be32(window).be32(gid).be32(number), records[gid]);
            }
        });
        if (!done) {
            return std::unexpected(done.error());
        }
    }
    return DeleteReport{m_series, std::move(*found)};
}

} // namespace watchfire::tsdb
