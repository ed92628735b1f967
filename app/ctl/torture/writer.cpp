// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/writer.h"

#include "core/tsdb/store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <limits>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace watchfire::torture {

namespace {

[[noreturn]] void stop(const std::string& message)
{
    std::fprintf(stderr, "torture: %s\n", message.c_str());
    std::_Exit(1);
}

/// Keeps groups together and tells the time, which is that of the row furthest ahead.
class Pace final : public Clock {
public:
    explicit Pace(const WriterOptions& options)
        : m_options(options)
        , m_next(options.from)
    {
        m_ms = options.plan.timeOf(std::ranges::max(m_next));
    }

    Timestamp now() const override { return fromUnixMs(m_ms); }

    /// Waits until the group may write that row.
    void await(int group, std::int64_t row)
    {
        std::unique_lock lock(m_mutex);
        m_next[static_cast<std::size_t>(group)] = row;
        m_moved.notify_all();
        m_moved.wait(lock, [&] { return row <= std::ranges::min(m_next) + m_options.mayLead; });
        m_ms = std::max<std::int64_t>(m_ms, m_options.plan.timeOf(row));
    }
    void end(int group) { await(group, std::numeric_limits<std::int64_t>::max() / 1'000'000); }
    /// False: no such row will come.
    bool awaitAll(std::int64_t row, std::int64_t last)
    {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [&] { return std::ranges::min(m_next) >= std::min(row, last); });
        return row < last;
    }

private:
    const WriterOptions& m_options;
    std::mutex m_mutex;
    std::condition_variable m_moved;
    Rows m_next;
    std::atomic<std::int64_t> m_ms = 0;
};

/// What one process does.
class Writer {
public:
    Writer(const WriterOptions& options, tsdb::Store& store, Pace& pace)
        : m_options(options)
        , m_plan(options.plan)
        , m_store(store)
        , m_pace(pace)
    {
    }

    void scrape(int group);
    void push();
    void tidy();

private:
    /// Whether it is done; else it may be tried again.
    bool isDone(const std::optional<Error>& error) const
    {
        if (error && !m_options.bearsFaults) {
            stop(error->message);
        }
        if (error) {
            std::this_thread::yield();
        }
        return !error;
    }
    template <class T> static std::optional<Error> errorOf(const Result<T>& result)
    {
        return result ? std::nullopt : std::optional(result.error());
    }
    void report(int group, Acknowledged::What what, std::int64_t row) const
    {
        const Acknowledged done{static_cast<std::uint16_t>(group), what,
                                static_cast<std::uint32_t>(row)};
        if (::write(m_options.pipe, &done, sizeof done) != sizeof done) {
            std::_Exit(0); // who asked for this is gone
        }
    }
    void acknowledge(int group, std::int64_t row) const
    {
        report(group, Acknowledged::What::row, row);
        if (m_options.durableEvery != 0 && row % m_options.durableEvery == group
            && isDone(errorOf(m_store.commitNow()))) {
            report(group, Acknowledged::What::durable, row);
        }
    }
    std::int64_t first(int group) const { return m_options.from[static_cast<std::size_t>(group)]; }
    void remove(int group, const Deletion& deletion) const;
    bool pushRow(std::int64_t row);

    const WriterOptions& m_options;
    const Plan& m_plan;
    tsdb::Store& m_store;
    Pace& m_pace;
    std::vector<storage::SeriesRef> m_refs; ///< of the pushed series
};

void Writer::remove(int group, const Deletion& deletion) const
{
    const Labels labels = labelsOf(m_plan, group, deletion.from, deletion.series);
    std::vector<Matcher> matchers;
    for (const auto& [name, value] : labels) {
        matchers.push_back(Matcher::equal(std::string(name), std::string(value)));
    }
    const TimeRange range{fromUnixMs(m_plan.timeOf(deletion.from)),
                          fromUnixMs(m_plan.timeOf(deletion.to))};
    while (!isDone(errorOf(m_store.deleteSamples({matchers}, range)))) { }
}

void Writer::scrape(int group)
{
    auto writer
        = m_store.openGroup(Labels{{"job", "torture"}, {"instance", std::to_string(group)}});
    if (!writer) {
        stop(writer.error().message);
    }
    // Cut off between a row and the deletion that follows it, it is made up for.
    if (const auto due = deletionAfter(m_plan, first(group) - 1); due) {
        remove(group, *due);
    }
    std::vector<double> values;
    std::vector<storage::Position> positions;
    std::int64_t epoch = -1;
    std::uint64_t version = 0;
    for (std::int64_t row = first(group); row < first(group) + m_options.rows; ++row) {
        m_pace.await(group, row);
        for (;;) {
            bool found = true;
            if (epoch != row / m_plan.churnRows || version != (*writer)->layoutVersion()) {
                epoch = row / m_plan.churnRows;
                version = (*writer)->layoutVersion();
                positions.clear();
                for (int series = 0; series < m_plan.seriesOfGroup() && found; ++series) {
                    const auto position = (*writer)->position(labelsOf(m_plan, group, row, series));
                    found = isDone(errorOf(position));
                    positions.push_back(position.value_or(0));
                }
            }
            if (!found) {
                epoch = -1;
                continue;
            }
            values.assign((*writer)->positions(), absentValue());
            for (int series = 0; series < m_plan.seriesOfGroup(); ++series) {
                values[positions[static_cast<std::size_t>(series)]] = valueOf(group, row, series);
            }
            std::vector<storage::PositionedExemplar> exemplars;
            if (auto planned = exemplarOf(m_plan, group, row)) {
                exemplars.push_back({positions[static_cast<std::size_t>(planned->series)],
                                     std::move(planned->exemplar)});
            }
            const auto stored = (*writer)->commit(
                {fromUnixMs(m_plan.timeOf(row)), values, {}, {}, exemplars, {}});
            if (!isDone(errorOf(stored))) {
                continue;
            }
            if (stored->stored != static_cast<std::uint64_t>(m_plan.seriesOfGroup())) {
                stop("a row was accepted in part");
            }
            break;
        }
        acknowledge(group, row);
        if (const auto due = deletionAfter(m_plan, row); due) {
            remove(group, *due);
        }
    }
    m_pace.end(group);
}

bool Writer::pushRow(std::int64_t row)
{
    const int group = m_plan.groups;
    const auto appender = m_store.appender();
    const auto add = [&](int number, const Labels& labels, std::int64_t at, double value) {
        auto& known = m_refs[static_cast<std::size_t>(number)];
        const auto ref
            = appender->append(known, labels, {fromUnixMs(m_plan.timeOf(at)), {}, value, nullptr});
        known = ref.value_or(0);
        return isDone(errorOf(ref));
    };
    for (int series = 0; series < m_plan.pushedSeries; ++series) {
        if (!add(series, pushedLabels(series), row, valueOf(group, row, series))) {
            return false;
        }
    }
    if (const auto planned = exemplarOf(m_plan, group, row)) {
        const auto ref = m_refs[static_cast<std::size_t>(planned->series)];
        if (!isDone(errorOf(appender->appendExemplars(ref, {&planned->exemplar, 1})))) {
            return false;
        }
    }
    if (hasLate(row)
        && !add(m_plan.pushedSeries, lateLabels(), lateRow(row),
                valueOf(group, lateRow(row), m_plan.pushedSeries))) {
        return false;
    }
    if (hasConflict(row) && !add(0, pushedLabels(0), row - 1, -1)) {
        return false;
    }
    const auto stored = appender->commit();
    if (!isDone(errorOf(stored))) {
        return false;
    }
    if (hasConflict(row) && stored->conflicts != 1) {
        stop(std::format(
            "row {}: a conflict went unnoticed: {} stored, {} duplicates, {} conflicts, "
            "{} too old",
            row, stored->stored, stored->duplicates, stored->conflicts, stored->tooOld));
    }
    return true;
}

void Writer::push()
{
    const int group = m_plan.groups;
    m_refs.resize(static_cast<std::size_t>(m_plan.pushedSeries) + 1);
    for (std::int64_t row = first(group); row < first(group) + m_options.rows; ++row) {
        m_pace.await(group, row);
        while (!pushRow(row)) { }
        acknowledge(group, row);
    }
    m_pace.end(group);
}

void Writer::tidy()
{
    const std::int64_t begin = std::ranges::min(m_options.from);
    const std::int64_t end = begin + m_options.rows;
    for (std::int64_t row = begin; m_pace.awaitAll(row, end); ++row) {
        if (row % m_options.sealEvery == m_options.sealEvery - 1) {
            isDone(errorOf(m_store.sealNow()));
        }
        if (row % m_options.compactEvery == m_options.compactEvery / 2) {
            isDone(errorOf(m_store.compactNow()));
        }
    }
}

} // namespace

std::vector<std::string> wordsOf(const WriterOptions& options)
{
    const Plan& plan = options.plan;
    std::vector<std::string> words{options.directory.string()};
    for (const std::int64_t number :
         {std::int64_t{options.pipe}, std::int64_t{plan.groups}, std::int64_t{plan.stableSeries},
          options.rows, options.durableEvery, options.sealEvery, options.compactEvery,
          options.mayLead, std::int64_t{options.bearsFaults},
          static_cast<std::int64_t>(options.end), std::int64_t{options.commitInterval.count()}}) {
        words.push_back(std::to_string(number));
    }
    for (const std::int64_t row : options.from) {
        words.push_back(std::to_string(row));
    }
    return words;
}

int write(std::span<const char* const> words)
{
    constexpr std::size_t fixed = 12;
    if (words.size() < fixed) {
        return 2;
    }
    const auto number = [&](std::size_t at) { return std::atoll(words[at]); };
    WriterOptions options;
    options.directory = words[0];
    options.pipe = static_cast<int>(number(1));
    options.plan.groups = static_cast<int>(number(2));
    options.plan.stableSeries = static_cast<int>(number(3));
    options.rows = number(4);
    options.durableEvery = number(5);
    options.sealEvery = number(6);
    options.compactEvery = number(7);
    options.mayLead = number(8);
    options.bearsFaults = number(9) != 0;
    options.end = static_cast<WriterOptions::End>(number(10));
    options.commitInterval = std::chrono::milliseconds(number(11));
    for (std::size_t i = fixed; i < words.size(); ++i) {
        options.from.push_back(number(i));
    }
    const Plan& plan = options.plan;
    if (options.from.size() != static_cast<std::size_t>(plan.groups) + 1) {
        return 2;
    }

    Pace pace(options);
    tsdb::OpenOptions open;
    open.directory = options.directory;
    open.commitInterval = options.commitInterval;
    // Small for few series, so that it fills and goes round often.
    open.ringBytes = std::uint64_t{plan.stableSeries * plan.groups > 10'000 ? 16U : 2U} << 20;
    open.pushLateWindow = std::chrono::milliseconds(plan.stepMs * 3 * lateRows);
    open.aheadLimit = {};
    open.retention.time = std::chrono::milliseconds(plan.keptMs);
    open.exemplarLimit = tsdb::OpenOptions::anyExemplars;
    open.clock = &pace;
    auto store = tsdb::Store::open(open);
    if (!store) {
        stop(store.error().message);
    }
    {
        Writer writer(options, **store, pace);
        std::vector<std::jthread> threads;
        for (int group = 0; group < plan.groups; ++group) {
            threads.emplace_back([&writer, group] { writer.scrape(group); });
        }
        threads.emplace_back([&] { writer.push(); });
        threads.emplace_back([&] { writer.tidy(); });
    }
    if (const auto stats = (*store)->stats()) {
        const Acknowledged longest{0, Acknowledged::What::longestCommit,
                                   static_cast<std::uint32_t>(stats->longestCommit.count())};
        static_cast<void>(::write(options.pipe, &longest, sizeof longest));
    }
    switch (options.end) {
    case WriterOptions::End::waits:
        for (;;) {
            ::pause();
        }
    case WriterOptions::End::closes:
        break;
    case WriterOptions::End::breaksOff:
        std::_Exit(0);
    }
    return 0;
}

} // namespace watchfire::torture
