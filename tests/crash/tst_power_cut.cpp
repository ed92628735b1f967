// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/check.h"
#include "app/ctl/torture/torture.h"
#include "core/base/log.h"
#include "core/tsdb/store.h"
#include "tests/crash/disk_replay.h"

#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <sys/wait.h>

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::crash;
using torture::Acknowledged;
using torture::Rows;

namespace {

constexpr std::uint64_t seed = 20261123;
// Of a thread whose turn has come, on a machine that does other things too.
constexpr std::uint64_t schedulingMicroseconds = 100'000;

std::string beside(const char* name)
{
    return (QCoreApplication::applicationDirPath() + QLatin1Char('/') + QLatin1String(name))
        .toStdString();
}

std::vector<std::uint8_t> contents(const QString& path)
{
    std::vector<std::uint8_t> bytes(std::size_t(QFileInfo(path).size()));
    std::ifstream(path.toStdString(), std::ios::binary)
        .read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size()));
    return bytes;
}

/// What was promised at a cut, and when each row was accepted.
struct Promises {
    Rows durable;
    std::vector<std::map<std::int64_t, std::uint64_t>> acceptedAt;

    void apply(const DiskReplay::Entry& entry)
    {
        Acknowledged report;
        std::memcpy(&report, entry.bytes, sizeof report);
        if (report.what == Acknowledged::What::longestCommit) {
            return;
        }
        if (report.what == Acknowledged::What::durable) {
            durable[report.group] = report.row;
        } else {
            acceptedAt[report.group][report.row] = entry.event.microseconds;
        }
    }
    /// How long before the cut the first row was accepted that is not there.
    std::uint64_t loss(const Rows& next, std::uint64_t cutAt) const
    {
        std::uint64_t longest = 0;
        for (std::size_t group = 0; group < next.size(); ++group) {
            const auto lost = acceptedAt[group].lower_bound(next[group]);
            if (lost != acceptedAt[group].end()) {
                longest = std::max(longest, cutAt - lost->second);
            }
        }
        return longest;
    }
};

} // namespace

/// Cuts the power of a machine that is writing: what was done to the files is recorded, and the
/// files are made again as they may be found after any moment of it.
class TestPowerCut : public QObject {
    Q_OBJECT

private slots:
    void whatIsSyncedSurvives_data()
    {
        QTest::addColumn<int>("intervalMs");
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<qint64>("durableEvery");
        QTest::addColumn<qint64>("compactEvery");
        QTest::addColumn<qint64>("cuts");
        // Past a deletion each, a window's end, seals and a compaction.
        QTest::newRow("commits that are asked for")
            << 200 << qint64(900) << qint64(40) << qint64(700) << qint64(240);
        // Nothing but time makes anything durable; a compaction would keep commits waiting.
        QTest::newRow("commits by time alone")
            << 300 << qint64(1'400) << qint64(0) << qint64(1'000'000) << qint64(40);
    }
    void whatIsSyncedSurvives()
    {
        QFETCH(int, intervalMs);
        QFETCH(qint64, rows);
        QFETCH(qint64, durableEvery);
        QFETCH(qint64, compactEvery);
        QFETCH(qint64, cuts);
        setLogLevel(LogLevel::error); // each opening would tell what the hand-off file lacks
        const QTemporaryDir dir;
        QVERIFY(dir.isValid());
        torture::WriterOptions writer;
        writer.directory = dir.filePath(QStringLiteral("written")).toStdString();
        writer.plan.stableSeries = 15;
        writer.from = Rows(std::size_t(writer.plan.groups) + 1, 0);
        writer.rows = rows;
        writer.commitInterval = std::chrono::milliseconds(intervalMs);
        writer.durableEvery = durableEvery;
        writer.compactEvery = compactEvery;
        writer.mayLead = 30;
        writer.end = torture::WriterOptions::End::breaksOff;
        const QString log = dir.filePath(QStringLiteral("record"));
        auto process = torture::WriterProcess::start(
            {beside("crash_child")}, writer,
            {"LD_PRELOAD=" + beside("libdisk_shim.so"), "WF_DISK_LOG=" + log.toStdString()});
        QVERIFY2(process, process ? "" : process.error().message.c_str());
        Rows acknowledged(writer.from.size(), -1);
        const int status = process->await(std::chrono::minutes(2), acknowledged);
        QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                 "the writer did not come to its end");

        const std::vector<std::uint8_t> record = contents(log);
        const auto entries = DiskReplay::read(record);
        QVERIFY2(entries, entries ? "" : entries.error().message.c_str());
        std::mt19937_64 random(seed);
        std::vector<std::size_t> points;
        std::uint64_t longestCommit = 0;
        for (const DiskReplay::Entry& entry : *entries) {
            Acknowledged report;
            if (entry.event.kind == DiskEvent::Kind::report) {
                std::memcpy(&report, entry.bytes, sizeof report);
                if (report.what == Acknowledged::What::longestCommit) {
                    longestCommit = report.row;
                }
            }
        }
        QVERIFY(longestCommit > 0);
        for (std::size_t i = 0; i < std::size_t(cuts); ++i) {
            // Every fourth early on, where the store is made.
            points.push_back(
                random()
                % (i % 4 == 0 ? std::min<std::size_t>(400, entries->size()) : entries->size()));
        }
        std::ranges::sort(points);

        DiskReplay disk;
        Promises promises{Rows(writer.from.size(), -1), {}};
        promises.acceptedAt.resize(writer.from.size());
        std::size_t done = 0;
        std::uint64_t longest = 0;
        std::uint64_t samples = 0;
        for (std::size_t number = 0; number < points.size(); ++number) {
            for (; done <= points[number]; ++done) {
                const auto& entry = (*entries)[done];
                if (entry.event.kind == DiskEvent::Kind::report) {
                    promises.apply(entry);
                } else {
                    disk.apply(entry);
                }
            }
            const auto how = DiskReplay::Unsynced(number % 4);
            const auto ring = DiskReplay::Unsynced(random() % 4);
            const std::string what = "cut " + std::to_string(number) + " after event "
                + std::to_string(points[number]) + " of " + std::to_string(entries->size())
                + ", unsynced " + std::to_string(int(how)) + ", ring " + std::to_string(int(ring));
            const QTemporaryDir folder;
            if (!disk.write(folder.path().toStdString(), how, ring, random)) {
                continue;
            }
            tsdb::OpenOptions open;
            open.directory = folder.path().toStdString();
            open.commitsByTime = false;
            open.ringBytes = std::uint64_t{2} << 20;
            auto store = tsdb::Store::open(open);
            QVERIFY2(store,
                     qPrintable(QString::fromStdString(
                         what + ": " + (store ? std::string() : store.error().message))));
            const auto found = torture::check(**store, writer.plan, writer.from, promises.durable);
            QVERIFY2(
                found.isFine(),
                qPrintable(QString::fromStdString(
                    what + ": " + (found.faults.empty() ? std::string() : found.faults.front()))));
            samples += found.samples;
            const auto verified = (*store)->verify();
            std::string damage;
            if (!verified) {
                damage = verified.error().message;
            } else if (!verified->damage.empty()) {
                damage = verified->damage.front().where + ": " + verified->damage.front().what;
            }
            QVERIFY2(damage.empty(), qPrintable(QString::fromStdString(what + ": " + damage)));
            longest = std::max(
                longest, promises.loss(found.next, (*entries)[points[number]].event.microseconds));
        }
        // What was accepted just after a commit began waits for the next, and for its end.
        const std::uint64_t mayLose
            = std::uint64_t(intervalMs) * 1'000 + 2 * longestCommit + schedulingMicroseconds;
        qInfo("%zu cuts of %zu events in %.1f s, %llu samples compared, none wrong; at most the "
              "last %.0f ms "
              "are lost; they are committed every %d ms, which takes up to %.0f",
              points.size(), entries->size(),
              double(entries->back().event.microseconds - entries->front().event.microseconds)
                  / 1e6,
              static_cast<unsigned long long>(samples), double(longest) / 1'000, intervalMs,
              double(longestCommit) / 1'000);
        QVERIFY(samples > 0);
        QVERIFY2(longest < mayLose, "more than the commit interval is lost");
    }
};

QTEST_GUILESS_MAIN(TestPowerCut)
#include "tst_power_cut.moc"
