// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/scrub.h"

#include "core/base/log.h"
#include "core/tsdb/entry_check.h"
#include "core/tsdb/table_forms.h"

#include <algorithm>
#include <format>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::string_view recordKey = "scrub";
constexpr std::chrono::hours looksEvery{30 * 24};
constexpr std::chrono::hours looksAgainAfter{24}; // where something was found
constexpr std::chrono::seconds pause{1}; // at least, between two pieces
constexpr std::chrono::minutes writesEvery{5};
// A piece holds its transaction no longer than about that, whatever it costs to read.
constexpr std::chrono::milliseconds longestPiece{100};
constexpr std::size_t findingsInLog = 20;

/// Of the calling thread: other threads go first, and other readers of the disk. Not so low that
/// it would keep a lock for long on a busy machine.
void lowerPriority()
{
    constexpr int nice = 10;
    constexpr int ioPriorityOfThread = 1; // IOPRIO_WHO_PROCESS
    constexpr int bestEffortLast = 2 << 13 | 7; // IOPRIO_CLASS_BE, ioprio_set(2)
    // Refused, it goes on as it is.
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<::id_t>(::gettid()), nice));
    static_cast<void>(::syscall(SYS_ioprio_set, ioPriorityOfThread, 0, bestEffortLast));
}

std::size_t numberOf(std::string_view table)
{
    const auto at = std::ranges::find(allTables, table,
                                      [](Table one) { return std::string_view(formOf(one).name); });
    return static_cast<std::size_t>(at - allTables.begin());
}

/// Where the pass goes on; false: the table is at its end. The keys there may have gone meanwhile.
bool seekAfter(Cursor& cursor, const Bytes& last)
{
    if (last.empty()) {
        return cursor.first();
    }
    bool more = cursor.seek(last);
    while (more && std::ranges::equal(cursor.key(), last)) {
        more = cursor.next();
    }
    return more;
}

} // namespace

/// What a piece has looked at; it begins as a copy of the record.
struct Scrub::Piece {
    ScrubRecord record;
    std::vector<Damage> damage;
    bool isAtEnd = false;

    /// From where the record says to where the piece is full.
    void look(Environment& environment, Index& index, std::size_t mostBytes);
    /// Of one table, in `txn`; false: the piece is full.
    bool lookAtTable(ReadTxn& txn, Table table, EntryCheck& check, std::size_t mostBytes,
                     steady_clock::time_point until);
};

bool Scrub::Piece::lookAtTable(ReadTxn& txn, Table table, EntryCheck& check, std::size_t mostBytes,
                               steady_clock::time_point until)
{
    const std::uint64_t bytesBefore = record.bytes;
    Cursor cursor(txn, table, Cursor::Damage::isTold);
    bool more = seekAfter(cursor, record.last);
    while (more) {
        check.look(txn, table, cursor, damage);
        ++record.values;
        record.bytes += cursor.key().size() + cursor.value().size();
        const bool isFull = record.bytes - bytesBefore >= mostBytes || steady_clock::now() >= until;
        // Values of one key stay together: the key is all that is remembered.
        const Bytes key(cursor.key().begin(), cursor.key().end());
        more = cursor.next();
        if ((isFull || !txn.ok()) && (!more || !std::ranges::equal(cursor.key(), key))) {
            record.last = key;
            return false;
        }
        record.last = key;
    }
    if (const auto read = cursor.result(txn.environment()); !read) {
        damage.push_back({std::format("table {}", formOf(table).name), read.error().message});
    }
    return true;
}

void Scrub::Piece::look(Environment& environment, Index& index, std::size_t mostBytes)
{
    const auto until = steady_clock::now() + longestPiece;
    const std::uint64_t bytesBefore = record.bytes;
    EntryCheck check(index);
    auto txn = environment.read();
    if (!txn) {
        return; // all readers are taken: another time
    }
    for (std::size_t number = numberOf(record.table); number < allTables.size();) {
        const std::size_t looked = record.bytes - bytesBefore;
        if (looked >= mostBytes
            || !lookAtTable(*txn, allTables[number], check, mostBytes - looked, until)) {
            return;
        }
        record.last.clear();
        isAtEnd = ++number == allTables.size();
        record.table = isAtEnd ? std::string() : formOf(allTables[number]).name;
    }
}

Scrub::Scrub(HeadContext& context, Transact transact, std::size_t bytesAtOnce)
    : m_context(context)
    , m_transact(std::move(transact))
    , m_bytesAtOnce(bytesAtOnce)
{
}

Scrub::~Scrub() = default;

Result<void> Scrub::begin()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto value = txn->get(Table::meta, asBytes(recordKey));
    auto record = value ? ScrubRecord::parse(*value) : std::nullopt;
    const std::lock_guard lock(m_mutex);
    m_isWritten = record.has_value();
    m_record = record ? std::move(*record) : ScrubRecord();
    m_writtenFindings = m_record.found.count;
    m_writtenAt = m_context.clock.now();
    if (!record) { // a new store, or one that no pass knows yet
        m_record.finishedAt = m_writtenAt;
    }
    return {};
}

bool Scrub::isDue(Timestamp now) const
{
    const auto after = m_record.known.count > 0 ? looksAgainAfter : looksEvery;
    return now - m_record.finishedAt >= after;
}

void Scrub::run(Piece piece)
{
    lowerPriority();
    piece.look(m_context.environment, m_context.index, m_bytesAtOnce);
    const std::lock_guard lock(m_mutex);
    for (Damage& damage : piece.damage) {
        if (piece.record.found.count++ == 0) {
            piece.record.found.first = damage;
        }
        if (piece.record.found.count <= findingsInLog) {
            log(LogLevel::error, "tsdb", "the check of stored values: {}: {}", damage.where,
                damage.what);
        }
    }
    m_record = std::move(piece.record);
    m_isAtEnd = piece.isAtEnd;
    m_isRunning = false;
}

void Scrub::finish(Timestamp now)
{
    log(LogLevel::info, "tsdb", "all {} values that are stored were looked at, {} are damaged",
        m_record.values, m_record.found.count);
    ScrubRecord next;
    next.finishedAt = now;
    next.known = std::move(m_record.found);
    next.values = m_record.values;
    next.bytes = m_record.bytes;
    m_record = std::move(next);
    m_isAtEnd = false;
}

Result<void> Scrub::step(bool stops)
{
    if (stops && m_thread.joinable()) {
        m_thread.join();
    }
    const Timestamp now = m_context.clock.now();
    ScrubRecord record;
    bool writes = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_isRunning) {
            return {};
        }
        writes = m_isAtEnd;
        if (m_isAtEnd) {
            finish(now);
        } else if (!m_record.begunAt && isDue(now) && !stops) {
            m_record.begunAt = now;
            m_record.table = formOf(allTables.front()).name;
            m_record.last.clear();
            m_record.values = 0;
            m_record.bytes = 0;
            writes = true;
        } else if (m_record.finishedAt > now + looksEvery) {
            m_record.finishedAt = now; // the clock was wrong then
            writes = true;
        }
        const bool isOld = now < m_writtenAt || now - m_writtenAt >= writesEvery;
        writes = writes || m_record.found.count != m_writtenFindings
            || ((m_record.begunAt || !m_isWritten) && (stops || isOld));
        const bool isRested = !m_lastPiece || now < *m_lastPiece || now - *m_lastPiece >= pause;
        if (m_record.begunAt && isRested && !stops) {
            m_lastPiece = now;
            m_isRunning = true;
            m_thread = std::jthread(
                [this, record = m_record]() mutable { run({std::move(record), {}, false}); });
        }
        record = m_record;
    }
    return writes ? write(record) : Result<void>();
}

Result<void> Scrub::write(const ScrubRecord& record)
{
    const Bytes value = record.serialize();
    auto done
        = m_transact([&value](WriteTxn& txn) { txn.put(Table::meta, asBytes(recordKey), value); });
    if (done) {
        m_isWritten = true;
        m_writtenAt = m_context.clock.now();
        m_writtenFindings = record.found.count;
    }
    return done;
}

std::optional<Error> Scrub::problem() const
{
    const std::lock_guard lock(m_mutex);
    const ScrubRecord::Findings& findings
        = m_record.found.count > 0 ? m_record.found : m_record.known;
    if (findings.count == 0) {
        return {};
    }
    return Error{ErrorKind::corrupt,
                 std::format("{} of the stored values are damaged, the first: {}: {}; queries go "
                             "without them",
                             findings.count, findings.first.where, findings.first.what),
                 {}};
}

ScrubRecord Scrub::record() const
{
    const std::lock_guard lock(m_mutex);
    return m_record;
}

} // namespace watchfire::tsdb
