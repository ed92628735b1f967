// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store.h"
#include "tests/core/tsdb/store_reading.h"
#include "tests/crash/crash_plan.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::crash;
using namespace watchfire::tsdb;

namespace {

constexpr int rounds = 50;
constexpr qint64 reopenLimitMs = 2'000;

using Rows = std::array<std::int64_t, groups + 1>;

/// Runs the child for a while, kills it, and raises `acknowledged` by what it reported.
bool runAndKill(const QString& directory, const Rows& from, int forMs, Rows& acknowledged)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), 0) != 0) {
        return false;
    }
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    const std::string program
        = (QCoreApplication::applicationDirPath() + QStringLiteral("/crash_child")).toStdString();
    std::vector<std::string> words{program, directory.toStdString(), std::to_string(ends[1])};
    for (const std::int64_t row : from) {
        words.push_back(std::to_string(row));
    }
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int spawned
        = ::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments.data(), environ);
    ::close(ends[1]);
    if (spawned != 0) {
        ::close(ends[0]);
        return false;
    }
    QElapsedTimer timer;
    timer.start();
    bool killed = false;
    std::array<Acknowledged, 512> batch{};
    std::size_t held = 0; // bytes of a report cut in two
    for (;;) {
        if (!killed && timer.elapsed() >= forMs) {
            ::kill(child, SIGKILL);
            killed = true;
        }
        ::pollfd waiting{ends[0], POLLIN, 0};
        const int left = killed ? 1'000 : int(std::max<qint64>(0, forMs - timer.elapsed()));
        if (::poll(&waiting, 1, left) == 0) {
            continue;
        }
        auto* const bytes = reinterpret_cast<char*>(batch.data());
        const ssize_t got = ::read(ends[0], bytes + held, sizeof batch - held);
        if (got <= 0) {
            break; // the child is gone, and all it reported has been read
        }
        held += std::size_t(got);
        const std::size_t whole = held / sizeof(Acknowledged);
        for (std::size_t i = 0; i < whole; ++i) {
            acknowledged[batch[i].group]
                = std::max(acknowledged[batch[i].group], std::int64_t(batch[i].row));
        }
        held -= whole * sizeof(Acknowledged);
        std::memmove(bytes, bytes + whole * sizeof(Acknowledged), held);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return killed && WIFSIGNALED(status);
}

/// Rows `from` to `to` of a scraped group are whole; those after are whole or not there.
/// Returns the number of rows there are, or −1 with `fault` set.
std::int64_t checkScraped(Store& store, int group, std::int64_t from, std::int64_t to,
                          std::string& fault)
{
    const std::vector<Matcher> matchers{Matcher::equal("job", "crash"),
                                        Matcher::equal("instance", std::to_string(group))};
    const StoreBits bits = readBits(store, matchers, between(timeOf(from), timeOf(1'000'000'000)));
    std::map<std::int64_t, int> samplesAt;
    for (const auto& [name, series] : bits) {
        if (name.starts_with("error")) {
            fault = name;
            return -1;
        }
        for (const auto& [at, value] : series) {
            ++samplesAt[at];
        }
    }
    std::array<const SeriesBits*, stableSeries + churnSeries> columns{};
    std::int64_t epoch = -1;
    std::int64_t row = from;
    for (; samplesAt.contains(timeOf(row)) || row <= to; ++row) {
        if (samplesAt[timeOf(row)] != stableSeries + churnSeries) {
            fault = "group " + std::to_string(group) + " row " + std::to_string(row) + " has "
                + std::to_string(samplesAt[timeOf(row)]) + " samples; acknowledged up to "
                + std::to_string(to);
            return -1;
        }
        if (epoch != row / churnRows) {
            epoch = row / churnRows;
            for (int series = 0; series < stableSeries + churnSeries; ++series) {
                const auto found = bits.find(labelsOf(group, row, series).toString());
                columns[std::size_t(series)] = found == bits.end() ? nullptr : &found->second;
            }
        }
        for (int series = 0; series < stableSeries + churnSeries; ++series) {
            const SeriesBits* const column = columns[std::size_t(series)];
            const auto sample
                = column == nullptr ? SeriesBits::const_iterator() : column->find(timeOf(row));
            if (column == nullptr || sample == column->end()
                || sample->second != std::bit_cast<std::uint64_t>(valueOf(group, row, series))) {
                fault
                    = "group " + std::to_string(group) + " row " + std::to_string(row) + " differs";
                return -1;
            }
        }
        samplesAt.erase(timeOf(row));
    }
    if (!samplesAt.empty()) {
        fault = "group " + std::to_string(group) + " has rows after a gap";
        return -1;
    }
    return row;
}

std::int64_t checkPushed(Store& store, std::int64_t from, std::int64_t to, std::string& fault)
{
    const Matcher matcher = Matcher::equal("job", "push");
    const StoreBits bits
        = readBits(store, {&matcher, 1}, between(timeOf(from), timeOf(1'000'000'000)));
    std::vector<SeriesBits> columns; // the last one is the late series
    for (int series = 0; series <= pushedSeries; ++series) {
        const auto found
            = bits.find((series == pushedSeries ? lateLabels() : pushedLabels(series)).toString());
        columns.push_back(found == bits.end() ? SeriesBits() : found->second);
    }
    const auto has = [&](std::int64_t row, int series) {
        const SeriesBits& column = columns[std::size_t(series)];
        const auto sample = column.find(timeOf(row));
        return sample != column.end()
            && sample->second == std::bit_cast<std::uint64_t>(valueOf(pushGroup, row, series));
    };
    std::int64_t row = from;
    for (;; ++row) {
        int there = 0;
        for (int series = 0; series < pushedSeries; ++series) {
            there += has(row, series) ? 1 : 0;
        }
        if (there == 0 && row > to) {
            return row;
        }
        if (there != pushedSeries) {
            fault = "pushed row " + std::to_string(row) + " has " + std::to_string(there)
                + " samples; acknowledged up to " + std::to_string(to);
            return -1;
        }
        if (row <= to && hasLate(row) && lateRow(row) >= from && !has(lateRow(row), pushedSeries)) {
            fault = "pushed row " + std::to_string(row) + " lacks its late sample";
            return -1;
        }
    }
}

} // namespace

class TestCrash : public QObject {
    Q_OBJECT

private slots:
    void acknowledgedRowsSurviveKills()
    {
        const QTemporaryDir dir;
        QVERIFY(dir.isValid());
        OpenOptions options;
        options.directory = dir.path().toStdString();
        options.commitsByTime = false;
        options.ringBytes = std::uint64_t{2} << 20;
        std::mt19937 random(20261122);
        Rows next{};
        Rows acknowledged;
        acknowledged.fill(-1);
        qint64 slowest = 0;
        std::int64_t total = 0;
        for (int round = 0; round < rounds; ++round) {
            const Rows before = next;
            const int forMs = 20 + int(random() % 230);
            QVERIFY2(runAndKill(dir.path(), next, forMs, acknowledged), "the child ended early");
            QElapsedTimer timer;
            timer.start();
            // Read-only leaves journal and hand-off file for the next child to recover from; the
            // other rounds recover here, and commit when they close.
            options.readOnly = round % 2 == 1;
            auto store = Store::open(options);
            slowest = std::max(slowest, timer.elapsed());
            QVERIFY2(store, store ? "" : store.error().message.c_str());
            QVERIFY2(timer.elapsed() < reopenLimitMs, "reopening takes too long");
            QVERIFY(!(*store)->problem());
            std::string fault;
            for (int group = 0; group <= groups; ++group) {
                const auto g = std::size_t(group);
                // This round's rows each time, all of them at the end.
                const std::int64_t from = round + 1 == rounds ? 0 : before[g];
                const std::int64_t to = acknowledged[g];
                next[g] = group == pushGroup ? checkPushed(**store, from, to, fault)
                                             : checkScraped(**store, group, from, to, fault);
                QVERIFY2(next[g] >= 0,
                         qPrintable(QStringLiteral("round %1: %2")
                                        .arg(round)
                                        .arg(QString::fromStdString(fault))));
                total += next[g] - before[g];
            }
        }
        qInfo("%d kills, %lld rows there, slowest reopening %lld ms", rounds,
              static_cast<long long>(total), static_cast<long long>(slowest));
        QVERIFY(total > rounds);
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
