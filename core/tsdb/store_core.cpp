// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store_core.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/tsdb/replay.h"
#include "core/tsdb/set_aside.h"
#include "core/tsdb/store_querier.h"
#include "core/tsdb/verify.h"

#include <algorithm>
#include <condition_variable>
#include <format>
#include <limits>
#include <sys/mman.h>
#include <unistd.h>

namespace watchfire::tsdb {

namespace {

/// Samples take no longer than that from their time to the store, unless they are late.
constexpr std::chrono::minutes settling{5};
constexpr std::chrono::milliseconds leastInterval{200};
constexpr std::chrono::milliseconds greatestInterval{60'000};
constexpr std::size_t verifiedSlots = std::size_t{1} << 14;
// So many strips of one group may wait for their commit before its writer waits too.
constexpr std::size_t manyStrips = 128;
// Less is what a clock that is corrected does all the time.
constexpr std::chrono::seconds noticeableStep{1};
constexpr std::chrono::minutes stepMargin{1};

/// Another one each time the machine is started; "?" where it is not told.
std::string bootId()
{
    const auto text = readFile("/proc/sys/kernel/random/boot_id");
    return text ? text->substr(0, text->find('\n')) : std::string("?");
}

/// The mapping is told to read nothing ahead, which suits the tables; a value of several pages is
/// asked of the disk at once instead of page by page.
void willReadAll(ByteView value)
{
    static const auto pageBytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (value.size() > pageBytes) {
        const std::size_t before = reinterpret_cast<std::uintptr_t>(value.data()) % pageBytes;
        ::madvise(const_cast<std::uint8_t*>(value.data()) - before, value.size() + before,
                  MADV_WILLNEED);
    }
}

} // namespace

std::vector<std::atomic<std::uint64_t>> StoreCore::makeVerified()
{
    return std::vector<std::atomic<std::uint64_t>>(verifiedSlots);
}

Result<std::unique_ptr<StoreCore>> StoreCore::open(const OpenOptions& options)
{
    bool isDamaged = false;
    auto core = openOnce(options, isDamaged);
    if (core || !isDamaged || options.readOnly) {
        return core;
    }
    const std::string damage = core.error().message;
    log(LogLevel::error, "tsdb", "{}", damage);
    const auto aside = setAside(options.directory);
    if (!aside) {
        return std::unexpected(aside.error());
    }
    core = openOnce(options, isDamaged);
    if (core) {
        (*core)->m_writer->setLastingProblem(
            {ErrorKind::corrupt,
             std::format("the store was damaged ({}); it is kept as {}, and a new one was begun: "
                         "\"watchfirectl tsdb salvage\" brings back what can be read",
                         damage, aside->string())});
    }
    return core;
}

/// `isDamaged` becomes true where the store is one of ours and damaged.
Result<std::unique_ptr<StoreCore>> StoreCore::openOnce(const OpenOptions& options, bool& isDamaged)
{
    std::unique_ptr<StoreCore> core(new StoreCore);
    const auto judge = [&](const Error& error) {
        isDamaged = error.kind == ErrorKind::corrupt;
        return std::unexpected(error);
    };
    if (options.clock != nullptr) {
        core->m_clock = options.clock;
    }
    core->m_aheadLimit = options.aheadLimit;
    core->m_exemplars.setLimit(options.exemplarLimit);
    core->setLateWindows(options.pushLateWindow, options.scrapeLateWindow);

    EnvironmentOptions opening;
    opening.directory = options.directory;
    opening.readOnly = options.readOnly;
    opening.mapSize = options.mapSize;
    opening.commitFault = options.commitFault;
    opening.space = options.space;
    opening.bootId = options.bootId.empty() ? bootId() : options.bootId;
    auto environment = Environment::open(std::move(opening));
    if (!environment) {
        // A file that is not ours has no hand-off file beside it, and stays where it is.
        std::error_code failed;
        return std::filesystem::exists(options.directory / "handoff", failed)
            ? judge(environment.error())
            : std::unexpected(environment.error());
    }
    core->m_environment = std::move(*environment);
    auto index = Index::open(*core->m_environment);
    if (!index) {
        return judge(index.error());
    }
    core->m_index = std::move(*index);
    core->m_index->setSeriesLimit(options.seriesLimit);
    if (core->m_environment->needsCheck()) {
        if (auto sound = core->checkIndex(); !sound) {
            return judge(sound.error());
        }
    }
    if (!options.readOnly) {
        auto ring = Ring::open(options.directory, core->m_environment->id(), options.ringBytes);
        if (!ring) {
            return std::unexpected(ring.error());
        }
        core->m_ring = std::move(*ring);
    }
    core->m_context.reset(new HeadContext{*core->m_environment,
                                          *core->m_index,
                                          core->m_epochs,
                                          *core->m_clock,
                                          core->m_ring.get(),
                                          {}});
    core->m_head = std::make_unique<Head>(*core->m_context);
    if (!options.readOnly) {
        StorageWriter::Options writing;
        writing.interval = std::clamp(options.commitInterval, leastInterval, greatestInterval);
        writing.commitsByTime = options.commitsByTime;
        writing.heldBytesLimit = options.heldBytesLimit;
        writing.workers = options.workers;
        writing.retention = options.retention;
        writing.readerAge = options.readerAge;
        writing.scrubBytes = options.scrubBytes;
        writing.lateWindow = [raw = core.get()] {
            return std::max(raw->pushLateWindow(), raw->scrapeLateWindow());
        };
        writing.expireReaders = [raw = core.get()](std::chrono::steady_clock::duration older) {
            raw->expireReaders(older);
        };
        core->m_writer = std::make_unique<StorageWriter>(*core->m_head, core->m_metadata,
                                                         core->m_exemplars, std::move(writing));
    }
    if (auto replayed = core->replay(); !replayed) {
        return judge(replayed.error());
    }
    if (options.readOnly) {
        // Who reads may be stopped in the middle, such as by a pager it writes to.
        core->m_expirer = std::jthread(
            [raw = core.get(), age = options.readerAge](const std::stop_token& stop) {
                std::mutex mutex;
                std::condition_variable_any wakeUp;
                std::unique_lock lock(mutex);
                while (!stop.stop_requested()) {
                    wakeUp.wait_for(lock, stop, age / 2, [] { return false; });
                    raw->expireReaders(age);
                }
            });
    }
    if (core->m_writer != nullptr) {
        if (!core->m_ring->isDurable()) {
            core->m_writer->setLastingProblem(
                {ErrorKind::io,
                 "the disk has no room for the hand-off file: until the next start, a crash "
                 "loses what the last commit did not hold"});
        }
        core->m_context->wake = [writer = core->m_writer.get()] { writer->wake(); };
        if (auto started = core->m_writer->start(); !started) {
            return judge(started.error());
        }
    }
    return core;
}

StoreCore::~StoreCore()
{
    m_writer.reset(); // its thread calls back here
    m_expirer = {};
}

/// The index and the journal, after a power loss.
Result<void> StoreCore::checkIndex()
{
    const auto report = verifyStore(*this, VerifyDepth::index);
    if (!report) {
        return std::unexpected(report.error());
    }
    if (!report->damage.empty()) {
        return fail(
            ErrorKind::corrupt,
            std::format("{}: {}", report->damage.front().where, report->damage.front().what));
    }
    m_environment->foundSound();
    return {};
}

Result<void> StoreCore::replay()
{
    Replay replay(*m_head, m_metadata, m_exemplars);
    if (auto done = replay.journal(*m_environment); !done) {
        return done;
    }
    const auto apply = [&](const Ring::Batch& batch) { replay.apply(batch.payload, batch.seq); };
    if (m_ring != nullptr) {
        m_ring->recover(replay.nextSeq(), countNumbered, apply);
    } else {
        Ring::peek(m_environment->directory(), m_environment->id(), replay.nextSeq(), countNumbered,
                   apply);
    }
    m_context->heldBytes = 0; // all of it is in the ring or in LMDB
    std::string problem = replay.damage();
    if (problem.empty() && m_environment->mayLackLast()) {
        problem = std::format("the last write to {} failed, or its mark is damaged: samples of a "
                              "few seconds before the store was opened may be missing",
                              m_environment->file().string());
        log(LogLevel::warning, "tsdb", "{}", problem);
    }
    if (!problem.empty() && m_writer != nullptr) {
        m_writer->setLastingProblem({ErrorKind::corrupt, problem});
    }
    return {};
}

void StoreCore::setLateWindows(std::chrono::milliseconds push, std::chrono::milliseconds scrape)
{
    m_pushLateMs = std::max<std::int64_t>(push.count(), 0);
    m_scrapeLateMs = std::max<std::int64_t>(scrape.count(), 0);
}

std::chrono::milliseconds StoreCore::scrapeLateWindow()
{
    const std::int64_t now = unixMs(m_clock->now());
    const std::chrono::milliseconds usual(m_scrapeLateMs.load(std::memory_order_relaxed));
    std::int64_t seen = m_latestSeenMs.load(std::memory_order_relaxed);
    while (seen < now
           && !m_latestSeenMs.compare_exchange_weak(seen, now, std::memory_order_relaxed)) { }
    // Before the first look `seen` is so far back that the difference does not exist.
    const std::chrono::milliseconds back(seen <= now ? 0 : seen - now);
    if (back < noticeableStep) {
        if (m_isBehind.exchange(false)) {
            log(LogLevel::info, "tsdb", "the clock has caught up");
        }
        return usual;
    }
    if (!m_isBehind.exchange(true)) {
        log(LogLevel::warning, "tsdb",
            "the clock went back by {} s: samples count as late until it has caught up",
            std::chrono::duration_cast<std::chrono::seconds>(back).count());
    }
    return std::max(usual, back + stepMargin);
}

storage::History StoreCore::history() const
{
    // What is older than that by the latest clock ever seen changes the epoch when it comes.
    const std::int64_t now
        = std::max(unixMs(m_clock->now()), m_latestSeenMs.load(std::memory_order_relaxed));
    return {m_context->historyEpoch.load(), fromUnixMs(now) - settling};
}

void StoreCore::noteStored(std::int64_t oldestMs)
{
    if (oldestMs <= unixMs(history().settledUntil)) {
        ++m_context->historyEpoch;
    }
}

std::int64_t StoreCore::latestMs() const
{
    if (m_aheadLimit == std::chrono::milliseconds::zero()) {
        return std::numeric_limits<std::int64_t>::max();
    }
    return unixMs(m_clock->now() + m_aheadLimit);
}

void StoreCore::count(const storage::CommitReport& report)
{
    const std::array all{report.stored, report.duplicates, report.conflicts, report.tooOld,
                         report.tooNew, report.refused,    report.newSeries};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] != 0) {
            m_outcomes[i].fetch_add(all[i], std::memory_order_relaxed);
        }
    }
}

storage::CommitReport StoreCore::outcomes() const
{
    const auto at = [this](std::size_t i) { return m_outcomes[i].load(std::memory_order_relaxed); };
    return {at(0), at(1), at(2), at(3), at(4), at(5), at(6)};
}

Result<void> StoreCore::mayAppend() const
{
    if (m_writer == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_writer->mayAppend();
}

void StoreCore::letCommitsPass(Group& group)
{
    bool waits = m_ring->isDurable() && m_ring->hasSpilled();
    if (!waits) {
        const std::lock_guard lock(group.mutex);
        waits = group.waitingStrips() > manyStrips;
    }
    if (waits && !m_writer->problem()) {
        // Should it fail, the next append says so.
        static_cast<void>(m_writer->commitNow());
    }
}

void StoreCore::addExemplars(std::span<const ExemplarTable::Arrival> arrivals)
{
    Bytes frames;
    m_exemplars.add(*m_environment, arrivals, frames);
    if (frames.empty()) {
        return;
    }
    // In the table's memory already: a commit that takes this batch from the ring writes them.
    m_ring->push(frames, 0);
    if (m_ring->isHalfFull()) {
        m_writer->wake();
    }
    if (m_ring->isDurable() && m_ring->hasSpilled() && !m_writer->problem()) {
        static_cast<void>(m_writer->commitNow());
    }
}

template <class View>
Result<View> StoreCore::openOnce(std::uint64_t kind, std::uint64_t id, std::uint32_t seq,
                                 ByteView value)
{
    std::uint64_t tag = (id + kind) * 0x9E37'79B9'7F4A'7C15;
    tag = (tag ^ (tag >> 29) ^ seq) * 0xBF58'476D'1CE4'E5B9;
    tag = (tag ^ (tag >> 32)) | 1; // never 0, which is an empty slot
    std::atomic<std::uint64_t>& slot = m_verified[(tag >> 1) % verifiedSlots];
    if (slot.load(std::memory_order_relaxed) == tag) {
        return View::open(value, Verify::no);
    }
    willReadAll(value);
    auto view = View::open(value, Verify::yes);
    if (view) {
        slot.store(tag, std::memory_order_relaxed);
    }
    return view;
}

Result<StripView> StoreCore::openStrip(Window window, Gid gid, std::uint32_t seq, ByteView value)
{
    return openOnce<StripView>(0, std::uint64_t{window} << 32 | gid, seq, value);
}

Result<TimelineView> StoreCore::openLine(Window window, Gid gid, ByteView value)
{
    return openOnce<TimelineView>(0x1111'1111, std::uint64_t{window} << 32 | gid, 0, value);
}

Result<BlockView> StoreCore::openBlock(Window window, Sid firstSid, ByteView value)
{
    return openOnce<BlockView>(0x2222'2222, std::uint64_t{window} << 32 | firstSid, 0, value);
}

void StoreCore::add(StoreQuerier* querier)
{
    const std::lock_guard lock(m_queriersMutex);
    m_queriers.insert(querier);
}

void StoreCore::remove(StoreQuerier* querier)
{
    const std::lock_guard lock(m_queriersMutex);
    m_queriers.erase(querier);
}

void StoreCore::expireReaders(std::chrono::steady_clock::duration older)
{
    const std::lock_guard lock(m_queriersMutex);
    for (StoreQuerier* const querier : m_queriers) {
        querier->expire(older);
    }
}

} // namespace watchfire::tsdb
