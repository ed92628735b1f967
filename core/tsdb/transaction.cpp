// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Transactions and cursors: entries on their way into and out of LMDB.

#include "core/tsdb/environment.h"
#include "core/tsdb/lmdb_value.h"
#include "core/tsdb/table_forms.h"

#include <cerrno>
#include <format>

namespace watchfire::tsdb {

void TxnStatus::note(int code)
{
    if (m_code == 0 && code != MDB_SUCCESS && code != MDB_NOTFOUND) {
        m_code = code;
    }
}

bool TxnStatus::isMapFull() const
{
    return m_code == MDB_MAP_FULL;
}

bool TxnStatus::isDiskRefusal() const
{
    return m_code == ENOSPC || m_code == EIO || m_code == EDQUOT || m_code == EFBIG;
}

std::optional<ByteView> TxnStatus::checked(Table table, ByteView key, ByteView value)
{
    if (!formOf(table).isChecked) {
        return value;
    }
    if (value.size() >= entryCheckBytes) {
        const ByteView plain = value.first(value.size() - entryCheckBytes);
        if (native32At(value, plain.size()) == entryCheck(table, key, plain)) {
            return plain;
        }
    }
    if (m_code == 0) {
        m_damaged = entryName(table, key);
        m_code = MDB_CORRUPTED;
    }
    return {};
}

Result<void> TxnStatus::result(const Environment& environment) const
{
    if (m_code == 0) {
        return {};
    }
    if (!m_damaged.empty()) {
        return fail(ErrorKind::corrupt,
                    std::format("{}: {} is damaged: its checksum is wrong",
                                environment.file().string(), m_damaged));
    }
    const bool damaged
        = m_code == MDB_CORRUPTED || m_code == MDB_PAGE_NOTFOUND || m_code == MDB_PANIC;
    return fail(damaged ? ErrorKind::corrupt : ErrorKind::io,
                std::format("{}: {}", environment.file().string(), mdb_strerror(m_code)));
}

ReadTxn::~ReadTxn()
{
    if (m_txn != nullptr) {
        m_environment->endRead(m_txn);
    }
}

std::optional<ByteView> Txn::get(Table table, ByteView key)
{
    if (!ok()) {
        return {};
    }
    MDB_val k = toVal(key);
    MDB_val v{};
    const int code = mdb_get(m_txn, m_environment->dbi(table), &k, &v);
    note(code);
    return code == MDB_SUCCESS ? checked(table, key, toView(v)) : std::nullopt;
}

std::uint64_t Txn::entries(Table table)
{
    MDB_stat stat{};
    note(mdb_stat(m_txn, m_environment->dbi(table), &stat));
    return stat.ms_entries;
}

ByteView WriteTxn::toStore(Table table, ByteView key, ByteView value)
{
    if (!formOf(table).isChecked) {
        return value;
    }
    m_checked.assign(value.begin(), value.end());
    ByteWriter(m_checked).le(entryCheck(table, key, value));
    return m_checked;
}

void WriteTxn::put(Table table, ByteView key, ByteView value)
{
    if (!ok()) {
        return;
    }
    MDB_val k = toVal(key);
    MDB_val v = toVal(toStore(table, key, value));
    const int code = mdb_put(m_txn, m_environment->dbi(table), &k, &v, 0);
    note(code == MDB_KEYEXIST ? MDB_SUCCESS : code); // a duplicate that is there already
    m_dirty += key.size() + value.size() + 64;
}

void WriteTxn::append(Table table, ByteView key, ByteView value)
{
    if (!ok()) {
        return;
    }
    MDB_val k = toVal(key);
    MDB_val v = toVal(toStore(table, key, value));
    const int code = mdb_put(m_txn, m_environment->dbi(table), &k, &v, MDB_APPEND);
    if (code == MDB_KEYEXIST) {
        put(table, key, value);
        return;
    }
    note(code);
    m_dirty += key.size() + value.size() + 64;
}

void WriteTxn::remove(Table table, ByteView key)
{
    if (!ok()) {
        return;
    }
    MDB_val k = toVal(key);
    note(mdb_del(m_txn, m_environment->dbi(table), &k, nullptr));
    m_dirty += 128;
}

void WriteTxn::remove(Table table, ByteView key, ByteView value)
{
    if (!ok()) {
        return;
    }
    MDB_val k = toVal(key);
    MDB_val v = toVal(toStore(table, key, value));
    note(mdb_del(m_txn, m_environment->dbi(table), &k, &v));
    m_dirty += 128;
}

void WriteTxn::commit()
{
    if (!ok()) {
        abort();
        return;
    }
    if (m_environment->m_options.commitFault) {
        if (const int fault = m_environment->m_options.commitFault(); fault != 0) {
            note(fault);
            abort();
            return;
        }
    }
    note(mdb_txn_commit(std::exchange(m_txn, nullptr)));
    m_environment->m_gate.leave();
}

void WriteTxn::abort()
{
    if (m_txn != nullptr) {
        mdb_txn_abort(std::exchange(m_txn, nullptr));
        m_environment->m_gate.leave();
    }
}

Cursor::Cursor(const Txn& txn, Table table, Damage damage)
    : m_table(table)
    , m_damage(damage)
{
    note(mdb_cursor_open(txn.raw(), txn.environment().dbi(table), &m_cursor));
}

Cursor::~Cursor()
{
    if (m_cursor != nullptr) {
        mdb_cursor_close(m_cursor);
    }
}

bool Cursor::get(ByteView key, int operation)
{
    if (!ok()) {
        return false;
    }
    MDB_val k = toVal(key);
    MDB_val v{};
    const int code = mdb_cursor_get(m_cursor, &k, &v, static_cast<MDB_cursor_op>(operation));
    note(code);
    if (code != MDB_SUCCESS) {
        return false;
    }
    m_key = toView(k);
    const auto value = checked(m_table, m_key, toView(v));
    m_isDamaged = !value;
    if (m_isDamaged && m_damage == Damage::isTold) {
        m_code = MDB_SUCCESS;
    }
    m_value = value.value_or(ByteView{});
    return ok();
}

bool Cursor::first()
{
    return get({}, MDB_FIRST);
}
bool Cursor::last()
{
    return get({}, MDB_LAST);
}
bool Cursor::next()
{
    return get({}, MDB_NEXT);
}
bool Cursor::previous()
{
    return get({}, MDB_PREV);
}
bool Cursor::seek(ByteView key)
{
    return get(key, MDB_SET_RANGE);
}
bool Cursor::seekBefore(ByteView key)
{
    return seek(key) ? previous() : ok() && last();
}
bool Cursor::find(ByteView key)
{
    return get(key, MDB_SET_KEY);
}
bool Cursor::nextDuplicate()
{
    return get({}, MDB_NEXT_DUP);
}
void Cursor::erase()
{
    if (ok()) {
        note(mdb_cursor_del(m_cursor, 0));
    }
}

} // namespace watchfire::tsdb
