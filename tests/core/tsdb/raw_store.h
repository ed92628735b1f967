// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <lmdb.h>
#include <random>
#include <string>

#include <QtLogging>

namespace watchfire::tsdb {

/// The tables of a store, opened with LMDB alone.
class RawStore {
public:
    explicit RawStore(const std::string& directory)
    {
        mdb_env_create(&m_env);
        mdb_env_set_maxdbs(m_env, 32);
        const int code = mdb_env_open(m_env, (directory + "/store.mdb").c_str(),
                                      MDB_NOSUBDIR | MDB_NOSYNC, 0644);
        if (code != 0) {
            qFatal("%s", mdb_strerror(code));
        }
    }
    ~RawStore() { mdb_env_close(m_env); }
    RawStore(const RawStore&) = delete;
    RawStore& operator=(const RawStore&) = delete;

    /// Flips one bit of one value of the table; false: the table is empty.
    bool flipBit(const char* table, std::mt19937& random)
    {
        MDB_txn* txn = nullptr;
        mdb_txn_begin(m_env, nullptr, 0, &txn);
        MDB_dbi dbi = 0;
        MDB_stat stat{};
        if (mdb_dbi_open(txn, table, 0, &dbi) != 0 || mdb_stat(txn, dbi, &stat) != 0
            || stat.ms_entries == 0) {
            mdb_txn_abort(txn);
            return false;
        }
        MDB_cursor* cursor = nullptr;
        mdb_cursor_open(txn, dbi, &cursor);
        MDB_val key{};
        MDB_val value{};
        mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
        for (std::size_t skip = random() % stat.ms_entries; skip > 0; --skip) {
            mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        }
        std::string bytes(static_cast<const char*>(value.mv_data), value.mv_size);
        std::string place(static_cast<const char*>(key.mv_data), key.mv_size);
        const std::size_t bit = random() % (bytes.size() * 8);
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        // Deleted and put again: a table of many values a key changes none in place.
        mdb_cursor_del(cursor, 0);
        mdb_cursor_close(cursor);
        key = {place.size(), place.data()};
        value = {bytes.size(), bytes.data()};
        mdb_put(txn, dbi, &key, &value, 0);
        return mdb_txn_commit(txn) == 0;
    }

    void removeFirst(const char* table)
    {
        MDB_txn* txn = nullptr;
        mdb_txn_begin(m_env, nullptr, 0, &txn);
        MDB_dbi dbi = 0;
        mdb_dbi_open(txn, table, 0, &dbi);
        MDB_cursor* cursor = nullptr;
        mdb_cursor_open(txn, dbi, &cursor);
        MDB_val key{};
        MDB_val value{};
        mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
        mdb_cursor_del(cursor, 0);
        mdb_cursor_close(cursor);
        mdb_txn_commit(txn);
    }

private:
    MDB_env* m_env = nullptr;
};

} // namespace watchfire::tsdb
