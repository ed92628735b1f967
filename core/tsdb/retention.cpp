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
// On a full disk a transaction has only the few pages that are free in the file.
constexpr int deletionsWhenFull = 8;
constexpr int transactionsAtOnce = 4;
// On a full disk so much of the file is to be free, within those bounds.
constexpr double spareShare = 0.10;
constexpr std::uint64_t leastSpare = std::uint64_t{1} << 20;
constexpr std::uint64_t greatestSpare = std::uint64_t{256} << 20;
// The record of the window goes last: until then the drop is taken up again after a crash.
constexpr std::array windowTables{Table::strips, Table::lines, Table::blocks,
                                  Table::live,   Table::tomb,  Table::wins};
// Freed pages are used again, but not all of them fit what comes: with so much of the limit in
// use the file stays about as large as the limit.
constexpr double usedShare = 0.80;

} // namespace

std::uint64_t fileBytesLimit(const RetentionLimits& limits, const Environment& environment)
{
    if (limits.share <= 0) {
        return limits.bytes;
    }
    const std::uintmax_t capacity = environment.space().capacity;
    if (capacity == 0 || capacity == static_cast<std::uintmax_t>(-1)) {
        return limits.bytes; // it does not tell
    }
    const auto ofShare = static_cast<std::uint64_t>(limits.share * static_cast<double>(capacity));
    return limits.bytes == 0 ? std::max<std::uint64_t>(ofShare, 1)
                             : std::min(limits.bytes, std::max<std::uint64_t>(ofShare, 1));
}

void Retention::setLimits(RetentionLimits limits)
{
    m_limits = limits;
    m_lookedAt.reset();
}

bool Retention::isTooLarge() const
{
    const std::uint64_t limit = fileBytesLimit(m_limits, m_context.environment);
    return limit != 0
        && static_cast<double>(m_context.environment.size().usedBytes)
        > usedShare * static_cast<double>(limit);
}

bool Retention::needsCompaction() const
{
    const std::uint64_t limit = fileBytesLimit(m_limits, m_context.environment);
    if (limit == 0 || m_drop) {
        return false;
    }
    const EnvironmentSize size = m_context.environment.size();
    return size.fileBytes > limit
        && static_cast<double>(size.usedBytes) < usedShare * static_cast<double>(limit);
}

/// Only where there is a limit of size: without one, nothing goes for the disk's sake. It ends
/// once there are pages to be used, so that a disk that stays full costs a tenth at a time.
bool Retention::lacksRoom(bool isDiskFull) const
{
    const bool hasLimit = m_limits.bytes != 0 || m_limits.share > 0;
    if (!hasLimit || (!isDiskFull && !m_context.environment.isLowOnSpace())) {
        return false;
    }
    const EnvironmentSize size = m_context.environment.size();
    const std::uint64_t spare = size.fileBytes - std::min(size.fileBytes, size.usedBytes);
    const auto wanted
        = static_cast<std::uint64_t>(spareShare * static_cast<double>(size.usedBytes));
    return spare < std::clamp(wanted, leastSpare, greatestSpare);
}

Result<std::optional<Window>> Retention::findOutdated(bool lacksRoom)
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
    if (isOld || (endMs <= nowMs && (lacksRoom || isTooLarge()))) {
        return oldest;
    }
    return std::nullopt;
}

Result<void> Retention::dropSome(int deletions)
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
            for (int n = 0; there && n < deletions; ++n) {
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

Result<bool> Retention::step(bool isDiskFull, const std::function<void(Window window)>& dropping)
{
    if (!m_drop) {
        const Timestamp now = m_context.clock.now();
        const bool isUrgent = lacksRoom(isDiskFull);
        if (!isUrgent && m_lookedAt && now >= *m_lookedAt && now < *m_lookedAt + looksEvery) {
            return false;
        }
        const auto outdated = findOutdated(isUrgent);
        if (!outdated) {
            return std::unexpected(outdated.error());
        }
        if (!*outdated) {
            m_lookedAt = now;
            return false;
        }
        m_drop = Drop{**outdated, 0};
        dropping(m_drop->window);
        log(isUrgent ? LogLevel::warning : LogLevel::info, "tsdb",
            "{}dropping what is older than {:%Y-%m-%d %H:%M} UTC",
            isUrgent ? "the disk has no more room: " : "",
            std::chrono::floor<std::chrono::minutes>(fromUnixMs(endOfWindow(m_drop->window))));
    }
    if (auto done = dropSome(isDiskFull ? deletionsWhenFull : deletionsAtOnce); !done) {
        return std::unexpected(done.error());
    }
    return true;
}

} // namespace watchfire::tsdb
