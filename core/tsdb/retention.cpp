// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/retention.h"

#include "core/base/log.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace watchfire::tsdb {

namespace {

constexpr std::chrono::minutes looksEvery{1};
constexpr int deletionsAtOnce = 256;
constexpr int transactionsAtOnce = 4;
// The record of the window goes last: until then the drop is taken up again after a crash.
constexpr std::array windowTables{Table::strips, Table::lines, Table::blocks,
                                  Table::live,   Table::tomb,  Table::wins};
// Freed pages are used again, but not all of them fit what comes: with so much of the limit in
// use the file stays about as large as the limit.
constexpr double usedShare = 0.80;

} // namespace

void Retention::setLimits(RetentionLimits limits)
{
    m_limits = limits;
    m_lookedAt.reset();
}

bool Retention::isTooLarge() const
{
    if (m_limits.bytes == 0) {
        return false;
    }
    return static_cast<double>(m_context.environment.size().usedBytes)
        > usedShare * static_cast<double>(m_limits.bytes);
}

bool Retention::needsCompaction() const
{
    if (m_limits.bytes == 0 || m_drop) {
        return false;
    }
    const EnvironmentSize size = m_context.environment.size();
    return size.fileBytes > m_limits.bytes
        && static_cast<double>(size.usedBytes) < usedShare * static_cast<double>(m_limits.bytes);
}

Result<std::optional<Window>> Retention::findOutdated()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    Cursor cursor(*txn, Table::wins);
    std::optional<WindowRecord> newest;
    if (cursor.last()) {
        newest = WindowRecord::parse(cursor.value());
    }
    const bool any = cursor.first() && cursor.key().size() == 4;
    if (auto read = cursor.result(m_context.environment); !read) {
        return std::unexpected(read.error());
    }
    if (!any || !newest) {
        return std::nullopt;
    }
    const Window oldest = be32At(cursor.key(), 0);
    const std::int64_t endMs = endOfWindow(oldest);
    // Age is counted from the newest sample: history that was brought here, or a store that
    // nothing wrote to for a while, stays until there is more to tell.
    const std::int64_t nowMs = unixMs(m_context.clock.now());
    const std::int64_t newestMs = std::min(nowMs, newest->maxMs);
    const bool isOld = m_limits.time.count() > 0 && endMs <= newestMs - m_limits.time.count();
    if (isOld || (endMs <= nowMs && isTooLarge())) {
        return oldest;
    }
    return std::nullopt;
}

Result<void> Retention::dropSome()
{
    for (int i = 0; i < transactionsAtOnce && m_drop; ++i) {
        const Table table = windowTables[m_drop->table];
        const Key prefix = Key().be32(m_drop->window);
        bool isClear = false;
        Result<void> walked;
        auto done = m_transact([&](WriteTxn& txn) {
            // What is damaged goes as well.
            Cursor cursor(txn, table, Cursor::Damage::isTold);
            bool there = cursor.seek(prefix) && startsWith(cursor.key(), prefix);
            for (int n = 0; there && n < deletionsAtOnce; ++n) {
                cursor.erase();
                there = cursor.seek(prefix) && startsWith(cursor.key(), prefix);
            }
            isClear = !there;
            walked = cursor.result(m_context.environment);
        });
        if (!done || !walked) {
            return done ? walked : done;
        }
        if (isClear && ++m_drop->table == windowTables.size()) {
            m_drop.reset();
        }
    }
    return {};
}

Result<bool> Retention::step(const std::function<void(Window window)>& dropping)
{
    if (!m_drop) {
        const Timestamp now = m_context.clock.now();
        if (m_lookedAt && now >= *m_lookedAt && now < *m_lookedAt + looksEvery) {
            return false;
        }
        const auto outdated = findOutdated();
        if (!outdated) {
            return std::unexpected(outdated.error());
        }
        if (!*outdated) {
            m_lookedAt = now;
            return false;
        }
        m_drop = Drop{**outdated, 0};
        dropping(m_drop->window);
        log(LogLevel::info, "tsdb", "dropping what is older than {:%Y-%m-%d %H:%M} UTC",
            std::chrono::floor<std::chrono::minutes>(fromUnixMs(endOfWindow(m_drop->window))));
    }
    if (auto done = dropSome(); !done) {
        return std::unexpected(done.error());
    }
    return true;
}

} // namespace watchfire::tsdb
