// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/torture.h"

#include "app/ctl/torture/check.h"
#include "core/tsdb/page_check.h"
#include "core/tsdb/store.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <poll.h>
#include <random>
#include <set>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace watchfire::torture {

namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int fullCheckEvery = 10; ///< kills; between them only what is new is compared
constexpr std::int64_t overlap = 60; ///< rows compared once more

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> all;
    for (std::string& word : words) {
        all.push_back(word.data());
    }
    all.push_back(nullptr);
    return all;
}

Error systemError(const std::string& doing, int code)
{
    return {ErrorKind::io,
            std::format("cannot {}: {}", doing, std::generic_category().message(code))};
}

/// Shows what was written last, so that nothing of it is old.
class FixedClock final : public Clock {
public:
    explicit FixedClock(std::int64_t ms)
        : m_now(fromUnixMs(ms))
    {
    }
    Timestamp now() const override { return m_now; }

private:
    Timestamp m_now;
};

/// The rounds of one `torture`.
class Campaign {
public:
    explicit Campaign(const TortureOptions& options)
        : m_options(options)
        , m_random(options.seed)
        , m_next(static_cast<std::size_t>(options.plan.groups) + 1, 0)
        , m_acknowledged(m_next.size(), -1)
    {
    }
    Result<TortureReport> run();

private:
    Result<void> kill();
    Result<void> look(int round);
    Result<void> lookAtExemplars(tsdb::Store& store, int round, const Rows& from);
    void note(const std::string& text);

    const TortureOptions& m_options;
    std::mt19937_64 m_random;
    Rows m_next;
    Rows m_acknowledged;
    /// Group and row of those that were there without having been promised.
    std::set<std::pair<int, std::int64_t>> m_unpromised;
    TortureReport m_report;
};

void Campaign::note(const std::string& text)
{
    if (m_report.faults.size() < 20) {
        m_report.faults.push_back(text);
    }
    if (m_options.say) {
        m_options.say(text);
    }
}

Result<void> Campaign::kill()
{
    WriterOptions writer;
    writer.directory = m_options.directory;
    writer.plan = m_options.plan;
    writer.from = m_next;
    auto process = WriterProcess::start(m_options.program, writer);
    if (!process) {
        return std::unexpected(process.error());
    }
    const auto atMost = std::max<std::int64_t>(2, 2 * m_options.writing.count() / m_options.kills);
    const Milliseconds after(
        1 + static_cast<std::int64_t>(m_random() % static_cast<std::uint64_t>(atMost)));
    const int status = process->await(after, m_acknowledged);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        return fail(ErrorKind::internal,
                    std::format("the writer ended by itself, status {:#x}", status));
    }
    ++m_report.kills;
    return {};
}

Result<void> Campaign::lookAtExemplars(tsdb::Store& store, int round, const Rows& from)
{
    const auto findings = checkExemplars(store, m_options.plan, from, m_acknowledged);
    if (!findings) {
        return std::unexpected(findings.error());
    }
    m_report.exemplars += findings->compared;
    m_report.wrong += findings->wrong.size();
    for (const std::string& fault : findings->wrong) {
        note(std::format("kill {}: {}", round + 1, fault));
    }
    for (const auto& [group, row] : findings->missing) {
        if (!m_unpromised.contains({group, row})) {
            ++m_report.lost;
            note(std::format("kill {}: group {} row {} lacks its exemplar", round + 1, group, row));
        }
    }
    return {};
}

Result<void> Campaign::look(int round)
{
    const std::int64_t last = std::ranges::max(m_acknowledged);
    const FixedClock clock(m_options.plan.timeOf(std::max<std::int64_t>(last, 0)));
    tsdb::OpenOptions open;
    open.directory = m_options.directory;
    open.commitsByTime = false;
    // Every other time journal and hand-off file are left for the next writer to recover from;
    // else that happens here, and closing commits.
    open.readOnly = round % 2 == 1;
    open.exemplarLimit = tsdb::OpenOptions::anyExemplars;
    open.clock = &clock;
    const auto begin = SteadyClock::now();
    auto store = tsdb::Store::open(open);
    const auto took
        = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin);
    if (!store) {
        // Killed before there was anything: nothing was promised either.
        const bool nothing
            = std::ranges::max(m_acknowledged) < 0 && store.error().kind == ErrorKind::notFound;
        return nothing ? Result<void>() : std::unexpected(store.error());
    }
    m_report.recoveries.push_back(took);
    if (const auto problem = (*store)->problem()) {
        ++m_report.wrong;
        note(problem->message);
    }
    const bool isFull
        = round % fullCheckEvery == fullCheckEvery - 1 || round + 1 == m_options.kills;
    const std::int64_t kept = firstKept(m_options.plan, std::ranges::max(m_acknowledged) + 2);
    Rows from = m_next;
    for (std::int64_t& row : from) {
        row = isFull ? kept : std::max(kept, row - overlap);
    }
    const Findings findings = check(**store, m_options.plan, from, m_acknowledged);
    m_report.samples += findings.samples;
    m_report.lost += findings.lost;
    m_report.halfVisible += findings.halfVisible;
    m_report.wrong += findings.wrong + findings.errors;
    for (const std::string& fault : findings.faults) {
        note(std::format("kill {}: {}", round + 1, fault));
    }
    if (auto done = lookAtExemplars(**store, round, from); !done) {
        return done;
    }
    for (std::size_t group = 0; group < m_next.size(); ++group) {
        const std::int64_t next = std::max(m_next[group], findings.next[group]);
        m_report.rows += static_cast<std::uint64_t>(next - m_next[group]);
        m_next[group] = next;
        for (std::int64_t row = m_acknowledged[group] + 1; row < next; ++row) {
            m_unpromised.emplace(static_cast<int>(group), row);
        }
        m_acknowledged[group] = next - 1; // what is there now stays
    }
    if (const auto verified = (*store)->verify(); !verified) {
        ++m_report.damaged;
        note(verified.error().message);
    } else {
        m_report.damaged += verified->damage.size();
        for (const auto& [where, what] : verified->damage) {
            note(std::format("kill {}: {}: {}", round + 1, where, what));
        }
    }
    store->reset();
    const auto pages = tsdb::checkPages(m_options.directory / "store.mdb");
    if (!pages) {
        return std::unexpected(pages.error());
    }
    m_report.damaged += pages->damage.size();
    for (const auto& [where, what] : pages->damage) {
        note(std::format("kill {}: {}: {}", round + 1, where, what));
    }
    if (pages->isWhole && pages->leaked() != 0) {
        note(std::format("kill {}: of {} pages {} are in tables and {} free", round + 1,
                         pages->file, pages->inTables, pages->free));
        m_report.leakedPages = std::max(m_report.leakedPages, pages->leaked());
    }
    if (m_options.say && isFull) {
        m_options.say(std::format("kill {}: {} rows, {} samples compared, {} pages, {} free",
                                  round + 1, m_report.rows, m_report.samples, pages->file,
                                  pages->free));
    }
    return {};
}

Result<TortureReport> Campaign::run()
{
    std::error_code failed;
    if (std::filesystem::exists(m_options.directory / "store.mdb", failed)) {
        return fail(ErrorKind::conflict,
                    std::format("there is a store in {} already", m_options.directory.string()));
    }
    for (int round = 0; round < m_options.kills; ++round) {
        if (auto done = kill(); !done) {
            return std::unexpected(done.error());
        }
        if (auto done = look(round); !done) {
            return fail(done.error().kind,
                        std::format("after kill {}: {}", round + 1, done.error().message));
        }
        if (!m_report.isFine()) {
            break; // what is there is no longer what the next writer would go on from
        }
    }
    m_report.fileBytes = std::filesystem::file_size(m_options.directory / "store.mdb", failed);
    std::ranges::sort(m_report.recoveries);
    return m_report;
}

} // namespace

Result<WriterProcess> WriterProcess::start(std::vector<std::string> program, WriterOptions options,
                                           const std::vector<std::string>& environment)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), 0) != 0) {
        return std::unexpected(systemError("make a pipe", errno));
    }
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    options.pipe = ends[1];
    for (std::string& word : wordsOf(options)) {
        program.push_back(std::move(word));
    }
    std::vector<std::string> variables = environment;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    pid_t child = 0;
    const int code = ::posix_spawn(&child, program.front().c_str(), nullptr, nullptr,
                                   pointers(program).data(), pointers(variables).data());
    ::close(ends[1]);
    if (code != 0) {
        ::close(ends[0]);
        return std::unexpected(systemError("start " + program.front(), code));
    }
    return WriterProcess(child, ends[0]);
}

WriterProcess::WriterProcess(WriterProcess&& other) noexcept
    : m_child(std::exchange(other.m_child, -1))
    , m_pipe(std::exchange(other.m_pipe, -1))
{
}

WriterProcess::~WriterProcess()
{
    if (m_pipe >= 0) {
        ::close(m_pipe);
    }
    if (m_child > 0) {
        ::kill(m_child, SIGKILL);
        ::waitpid(m_child, nullptr, 0);
    }
}

int WriterProcess::await(Milliseconds killAfter, Rows& acknowledged)
{
    const auto deadline = SteadyClock::now() + killAfter;
    bool killed = false;
    std::array<Acknowledged, 512> batch{};
    std::size_t held = 0; // bytes of a report that the buffer's end cut in two
    for (;;) {
        const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now()).count();
        if (!killed && left <= 0) {
            ::kill(m_child, SIGKILL);
            killed = true;
        }
        ::pollfd waiting{m_pipe, POLLIN, 0};
        if (::poll(&waiting, 1, killed ? -1 : static_cast<int>(std::max<std::int64_t>(0, left)))
            <= 0) {
            continue;
        }
        auto* const bytes = reinterpret_cast<char*>(batch.data());
        const ssize_t got = ::read(m_pipe, bytes + held, sizeof batch - held);
        if (got <= 0) {
            break; // it is gone, and all it reported has been read
        }
        held += static_cast<std::size_t>(got);
        const std::size_t whole = held / sizeof(Acknowledged);
        for (std::size_t i = 0; i < whole; ++i) {
            if (batch[i].what == Acknowledged::What::longestCommit) {
                continue;
            }
            auto& row
                = acknowledged[std::min<std::size_t>(batch[i].group, acknowledged.size() - 1)];
            row = std::max(row, static_cast<std::int64_t>(batch[i].row));
        }
        held -= whole * sizeof(Acknowledged);
        std::memmove(bytes, bytes + whole * sizeof(Acknowledged), held);
    }
    int status = 0;
    ::waitpid(m_child, &status, 0);
    m_child = -1;
    return status;
}

std::string TortureReport::closingLine() const
{
    const auto at = [&](std::size_t part) {
        return recoveries.empty()
            ? 0.0
            : static_cast<double>(recoveries[(recoveries.size() - 1) * part / 100].count()) / 1'000;
    };
    return std::format("{} kills, {} lost, {} half visible, {} wrong, {} damaged, {} pages leaked; "
                       "{} rows, {} samples and {} exemplars compared, recovery p50 {:.1f} ms, max "
                       "{:.1f} ms, file "
                       "{:.1f} MiB",
                       kills, lost, halfVisible, wrong, damaged, leakedPages, rows, samples,
                       exemplars, at(50), at(100), static_cast<double>(fileBytes) / (1 << 20));
}

Result<TortureReport> torture(const TortureOptions& options)
{
    return Campaign(options).run();
}

} // namespace watchfire::torture
