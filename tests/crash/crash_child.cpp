// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Appends rows as fast as it can and reports each accepted one, until it is killed.
// crash_child DIR PIPE ROW… (the row each group goes on from)

#include "core/tsdb/store.h"
#include "tests/crash/crash_plan.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>
#include <unistd.h>

using namespace watchfire;
using namespace watchfire::crash;

namespace {

// A little below what a machine can do, so that fifty rounds stay small.
constexpr std::int64_t rowsARound = 4'000;

[[noreturn]] void stop(const Error& error)
{
    std::fprintf(stderr, "crash_child: %s\n", error.message.c_str());
    std::_Exit(1);
}

void acknowledge(int pipe, int group, std::int64_t row)
{
    const Acknowledged done{static_cast<std::uint32_t>(group), static_cast<std::uint32_t>(row)};
    if (::write(pipe, &done, sizeof done) != sizeof done) {
        std::_Exit(2);
    }
}

void scrape(tsdb::Store& store, int pipe, int group, std::int64_t from)
{
    auto writer = store.openGroup(Labels{{"job", "crash"}, {"instance", std::to_string(group)}});
    if (!writer) {
        stop(writer.error());
    }
    std::vector<double> values;
    std::vector<storage::Position> positions;
    std::int64_t epoch = -1;
    std::uint64_t version = 0;
    for (std::int64_t row = from; row < from + rowsARound; ++row) {
        if (epoch != row / churnRows || version != (*writer)->layoutVersion()) {
            epoch = row / churnRows;
            version = (*writer)->layoutVersion();
            positions.clear();
            for (int series = 0; series < stableSeries + churnSeries; ++series) {
                const auto position = (*writer)->position(labelsOf(group, row, series));
                if (!position) {
                    stop(position.error());
                }
                positions.push_back(*position);
            }
        }
        values.assign((*writer)->positions(), absentValue());
        for (int series = 0; series < stableSeries + churnSeries; ++series) {
            values[positions[static_cast<std::size_t>(series)]] = valueOf(group, row, series);
        }
        const auto report = (*writer)->commit({fromUnixMs(timeOf(row)), values, {}, {}, {}, {}});
        if (!report) {
            stop(report.error());
        }
        acknowledge(pipe, group, row);
    }
}

void push(tsdb::Store& store, int pipe, std::int64_t from)
{
    std::map<int, storage::SeriesRef> known;
    for (std::int64_t row = from; row < from + rowsARound / 4; ++row) {
        const auto appender = store.appender();
        const auto add = [&](int number, const Labels& labels, std::int64_t at, double value) {
            const auto ref
                = appender->append(known[number], labels, {fromUnixMs(at), {}, value, nullptr});
            if (!ref) {
                stop(ref.error());
            }
            known[number] = *ref;
        };
        for (int series = 0; series < pushedSeries; ++series) {
            add(series, pushedLabels(series), timeOf(row), valueOf(pushGroup, row, series));
        }
        if (hasLate(row)) {
            add(pushedSeries, lateLabels(), timeOf(lateRow(row)),
                valueOf(pushGroup, lateRow(row), pushedSeries));
        }
        if (const auto report = appender->commit(); !report) {
            stop(report.error());
        }
        acknowledge(pipe, pushGroup, row);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3 + groups + 1) {
        return 3;
    }
    tsdb::OpenOptions options;
    options.directory = argv[1];
    options.commitInterval = std::chrono::milliseconds(200);
    options.ringBytes = std::uint64_t{2} << 20;
    auto store = tsdb::Store::open(options);
    if (!store) {
        stop(store.error());
    }
    const int pipe = std::atoi(argv[2]);
    {
        std::vector<std::jthread> threads;
        for (int group = 0; group < groups; ++group) {
            threads.emplace_back(
                [&, group] { scrape(**store, pipe, group, std::atoll(argv[3 + group])); });
        }
        threads.emplace_back([&] { push(**store, pipe, std::atoll(argv[3 + pushGroup])); });
    }
    ::pause(); // done early: wait for the kill
    return 0;
}
