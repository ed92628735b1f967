// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/page_count.h"

#include "core/tsdb/environment.h"

#include <cstring>
#include <format>
#include <lmdb.h>
#include <string>

namespace watchfire::tsdb {

namespace {

// LMDB's own tables have fixed handles.
constexpr MDB_dbi freeList = 0;
constexpr MDB_dbi tableOfTables = 1;

struct Counting {
    MDB_txn* txn;
    PageCount count;
    int code = MDB_SUCCESS;

    void addTable(MDB_dbi table)
    {
        MDB_stat stat{};
        if (code == MDB_SUCCESS) {
            code = mdb_stat(txn, table, &stat);
        }
        count.inTables += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    }
    template <class Take> void forEach(MDB_dbi table, Take take)
    {
        MDB_cursor* cursor = nullptr;
        if (code == MDB_SUCCESS) {
            code = mdb_cursor_open(txn, table, &cursor);
        }
        if (code != MDB_SUCCESS) {
            return;
        }
        MDB_val key{};
        MDB_val value{};
        int found = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
        while (found == MDB_SUCCESS) {
            take(key, value);
            found = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
        mdb_cursor_close(cursor);
        code = code == MDB_SUCCESS && found != MDB_NOTFOUND ? found : code;
    }
};

} // namespace

Result<PageCount> countPages(const std::filesystem::path& directory)
{
    EnvironmentOptions options;
    options.directory = directory;
    options.readOnly = true;
    auto environment = Environment::open(options);
    if (!environment) {
        return std::unexpected(environment.error());
    }
    auto txn = (*environment)->read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    Counting counting{txn->raw(), {}};
    MDB_envinfo info{};
    mdb_env_info(mdb_txn_env(txn->raw()), &info);
    counting.count.file = info.me_last_pgno + 1;
    counting.count.inTables = 2;
    counting.addTable(freeList);
    counting.addTable(tableOfTables);
    counting.forEach(tableOfTables, [&](const MDB_val& key, const MDB_val&) {
        const std::string name(static_cast<const char*>(key.mv_data), key.mv_size);
        MDB_dbi table = 0;
        if (counting.code == MDB_SUCCESS) {
            // The environment has opened it, so this only looks the handle up.
            counting.code = mdb_dbi_open(counting.txn, name.c_str(), 0, &table);
            counting.addTable(table);
        }
    });
    // Each entry of the free list is a list of page numbers with its length in front.
    counting.forEach(freeList, [&](const MDB_val&, const MDB_val& value) {
        std::size_t pages = 0;
        std::memcpy(&pages, value.mv_data, std::min(sizeof pages, value.mv_size));
        counting.count.free += pages;
    });
    if (counting.code != MDB_SUCCESS) {
        return fail(ErrorKind::corrupt,
                    std::format("cannot count the pages of {}: {}", (*environment)->file().string(),
                                mdb_strerror(counting.code)));
    }
    return counting.count;
}

} // namespace watchfire::tsdb
