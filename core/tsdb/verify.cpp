// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/verify.h"

#include "core/tsdb/entry_check.h"
#include "core/tsdb/store_core.h"

#include <algorithm>
#include <chrono>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds renewsAfter{5};

/// Goes to the next key, past further values of the same.
bool nextKey(Cursor& cursor)
{
    const Bytes before(cursor.key().begin(), cursor.key().end());
    bool more = cursor.next();
    while (more && std::ranges::equal(cursor.key(), before)) {
        more = cursor.next();
    }
    return more;
}

/// All entries of a table, in transactions that do not live long.
Result<void> verifyTable(StoreCore& core, Table table, VerifyReport& report)
{
    EntryCheck check(core.index());
    Bytes last;
    bool isFirst = true;
    for (bool more = true; more;) {
        auto txn = core.environment().read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        const auto begun = steady_clock::now();
        Cursor cursor(*txn, table, Cursor::Damage::isTold);
        more = isFirst ? cursor.first() : cursor.seek(last);
        if (more && !isFirst && std::ranges::equal(cursor.key(), last)) {
            more = nextKey(cursor);
        }
        isFirst = false;
        while (more) {
            ++report.values;
            report.bytes += cursor.value().size();
            check.look(*txn, table, cursor, report.damage);
            last.assign(cursor.key().begin(), cursor.key().end());
            if (!txn->ok() || steady_clock::now() - begun > renewsAfter) {
                break;
            }
            more = cursor.next();
        }
        if (auto read = cursor.result(core.environment()); !read) {
            return read;
        }
    }
    return {};
}

} // namespace

Result<VerifyReport> verifyStore(StoreCore& core, VerifyDepth depth)
{
    VerifyReport report;
    auto pages = core.environment().checkPages();
    if (!pages) {
        return std::unexpected(pages.error());
    }
    report.damage = std::move(pages->damage);
    if (!report.damage.empty()) {
        return report; // LMDB would follow it
    }
    for (const Table table : allTables) {
        const bool isMetWhenRead
            = table == Table::strips || table == Table::lines || table == Table::blocks;
        if (depth == VerifyDepth::index && isMetWhenRead) {
            continue;
        }
        if (auto done = verifyTable(core, table, report); !done) {
            return std::unexpected(done.error());
        }
    }
    return report;
}

} // namespace watchfire::tsdb
