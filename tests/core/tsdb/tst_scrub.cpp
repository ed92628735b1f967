// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The monthly look at everything that is stored.
#include "tests/core/tsdb/raw_store.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <cerrno>
#include <thread>

#include <QDeadlineTimer>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::chrono::hours day{24};

Labels labelsOf(int n)
{
    return Labels{{"__name__", "metric"}, {"n", std::to_string(n)}};
}

} // namespace

class TestScrub : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    std::unique_ptr<Store> m_store;
    bool m_isDying = false;

    bool open()
    {
        OpenOptions options = byHand(*m_dir, m_clock);
        options.scrubBytes = 1'000;
        options.commitFault = [this] { return m_isDying ? EIO : 0; };
        // A disk with little room: nothing is sealed by itself.
        options.space = [] { return std::filesystem::space_info{std::uintmax_t{1} << 30, 0, 0}; };
        m_store = openStore(options);
        return m_store != nullptr;
    }
    void close() { m_store.reset(); }

    /// A sealed window, strips of the next one, a journal, exemplars and metadata.
    bool fill()
    {
        auto writer = m_store->openGroup(Labels{{"job", "a"}});
        std::array<double, 20> values{};
        for (int n = 0; n < int(values.size()); ++n) {
            if (!writer || !(*writer)->position(labelsOf(n))) {
                return false;
            }
        }
        for (int row = 0; row < 700; ++row) {
            for (std::size_t n = 0; n < values.size(); ++n) {
                values[n] = row / (double(n) + 3);
            }
            const Timestamp at = fromUnixMs(startMs + row * 60'000);
            m_clock.time = at;
            const FamilyMetadata family{"metric", {MetricType::gauge, "Some help.", "seconds"}};
            const storage::PositionedExemplar exemplar{
                3, {Labels{{"trace_id", std::to_string(row)}}, 1, {}}};
            if (!(*writer)->commit({at, values, {}, {}, {&exemplar, 1}, {&family, 1}})) {
                return false;
            }
        }
        m_clock.time += 20min; // what is in memory is old enough to become a strip
        return m_store->commitNow() && m_store->sealNow();
    }

    ScrubStats stats() const { return m_store->stats()->scrub; }

    /// The writer's next turns, until what it has begun is done.
    bool turn() const
    {
        const bool done = m_store->commitNow() && m_store->commitNow();
        std::this_thread::yield();
        return done;
    }
    /// Lets time go by until a pass is done that was due.
    bool finishPass()
    {
        const QDeadlineTimer deadline(30'000);
        const Timestamp before = stats().finishedAt;
        do {
            m_clock.time += 1s;
            if (!turn() || deadline.hasExpired()) {
                return false;
            }
        } while (stats().isUnderWay || stats().finishedAt == before);
        return true;
    }
    /// Until so many values more were looked at.
    bool goOn(std::uint64_t values)
    {
        const QDeadlineTimer deadline(30'000);
        do {
            // One second at a time: a thread that is late would look at many seconds' worth.
            const std::uint64_t before = stats().bytes;
            m_clock.time += 1s;
            do {
                if (!turn() || deadline.hasExpired()) {
                    return false;
                }
            } while (stats().isUnderWay && stats().bytes == before);
        } while (!stats().isUnderWay || stats().values < values);
        return true;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_isDying = false;
        m_clock.time = fromUnixMs(startMs);
        QVERIFY(open());
        QVERIFY(fill());
    }
    void cleanup() { close(); }

    void onceAMonth()
    {
        const Timestamp made = stats().finishedAt;
        QCOMPARE(made, fromUnixMs(startMs)); // a new store needs none at once
        m_clock.time = made + 29 * day;
        for (int i = 0; i < 20; ++i) {
            m_clock.time += 1s;
            QVERIFY(turn());
        }
        QVERIFY(!stats().isUnderWay);
        QCOMPARE(stats().values, std::uint64_t(0));
        m_clock.time = made + 30 * day;
        QVERIFY(finishPass());
        const ScrubStats done = stats();
        QVERIFY(done.finishedAt >= made + 30 * day && done.finishedAt <= m_clock.now());
        QCOMPARE(done.damaged, std::uint64_t(0));
        QVERIFY(!m_store->problem());
        // Everything there is; the pass's own record may have come behind it.
        const std::uint64_t all = m_store->verify()->values;
        QVERIFY2(done.values == all || done.values + 1 == all,
                 qPrintable(QStringLiteral("%1 of %2").arg(done.values).arg(all)));
        // And not again before another month, whatever is restarted in between.
        close();
        m_clock.time = done.finishedAt + 30 * day - 1min;
        QVERIFY(open());
        for (int i = 0; i < 20; ++i) {
            m_clock.time += 1s;
            QVERIFY(turn());
        }
        QVERIFY(!stats().isUnderWay);
        QCOMPARE(stats().finishedAt, done.finishedAt);
        m_clock.time = done.finishedAt + 30 * day;
        QVERIFY(finishPass());
    }

    void aPieceASecond()
    {
        m_clock.time = fromUnixMs(startMs) + 31 * day;
        QVERIFY(goOn(1));
        for (int i = 0; i < 5; ++i) {
            QVERIFY(turn());
        }
        const std::uint64_t before = stats().bytes;
        for (int i = 0; i < 50; ++i) { // time stands still
            QVERIFY(turn());
        }
        QCOMPARE(stats().bytes, before);
        m_clock.time += 1s;
        QTRY_VERIFY(turn() && stats().bytes > before);
        // A value is looked at as a whole, and no more than is wanted.
        QVERIFY(stats().bytes - before < 70'000);
    }

    void aRestartGoesOnWhereItWas()
    {
        m_clock.time = fromUnixMs(startMs) + 31 * day;
        QVERIFY(goOn(30));
        close();
        QVERIFY(open());
        QVERIFY(stats().isUnderWay);
        const std::uint64_t afterClosing = stats().values;
        QVERIFY(afterClosing >= 30);
        QVERIFY(goOn(afterClosing + 30));
        // A process that dies is behind by what it did not write down.
        m_isDying = true;
        close();
        m_isDying = false;
        QVERIFY(open());
        QVERIFY(stats().isUnderWay && stats().values >= afterClosing);
        QVERIFY(finishPass());
        const std::uint64_t all = m_store->verify()->values;
        QVERIFY2(stats().values >= all - 1 && stats().values <= all + 1,
                 qPrintable(QStringLiteral("%1 of %2").arg(stats().values).arg(all)));
        QVERIFY(!m_store->problem());
    }

    void howFarIsWrittenNowAndThen()
    {
        m_clock.time = fromUnixMs(startMs) + 31 * day;
        QVERIFY(goOn(20));
        m_clock.time += 5min;
        QVERIFY(goOn(stats().values + 1));
        m_isDying = true;
        close();
        m_isDying = false;
        QVERIFY(open());
        QVERIFY(stats().isUnderWay && stats().values >= 20);
    }

    void aFlippedBitIsAProblem_data()
    {
        QTest::addColumn<QString>("named");
        QTest::newRow("blocks") << QStringLiteral("block from series ");
        QTest::newRow("lines") << QStringLiteral("timeline of group ");
        QTest::newRow("strips") << QStringLiteral("strip ");
        QTest::newRow("live") << QStringLiteral("series of window ");
        QTest::newRow("mdata") << QStringLiteral("metadata \"metric\" of group ");
        QTest::newRow("vstr") << QStringLiteral("label value ");
        QTest::newRow("gkey") << QStringLiteral("group hash ");
    }
    void aFlippedBitIsAProblem()
    {
        QFETCH(QString, named);
        const auto flip = [&] {
            close();
            std::mt19937 random(7); // the same bit of the same value each time
            const bool done = [&] { // closed again before the store opens the file
                RawStore raw(m_dir->path().toStdString());
                return raw.flipBit(QTest::currentDataTag(), random);
            }();
            return done && open();
        };
        QVERIFY(flip());
        QVERIFY(!m_store->problem()); // nobody has looked yet
        m_clock.time = fromUnixMs(startMs) + 31 * day;
        QVERIFY(finishPass());
        const auto problem = m_store->problem();
        QVERIFY(problem);
        QCOMPARE(problem->kind, ErrorKind::corrupt);
        const QString text = QString::fromStdString(problem->message);
        QVERIFY2(text.contains(u"stored values are damaged") && text.contains(named),
                 qPrintable(text));
        QVERIFY(stats().damaged >= 1);
        // It stays one over a restart, and while it is looked at again the day after.
        close();
        QVERIFY(open());
        QCOMPARE(m_store->problem()->message, problem->message);
        const Timestamp first = stats().finishedAt;
        m_clock.time = first + day - 1min;
        QVERIFY(turn());
        QVERIFY(!stats().isUnderWay);
        m_clock.time = first + day;
        QVERIFY(goOn(1));
        QVERIFY(m_store->problem());
        QVERIFY(finishPass());
        QVERIFY(m_store->problem());
        // Once it is sound again, that is noticed too.
        QVERIFY(flip());
        QVERIFY(m_store->problem());
        m_clock.time = stats().finishedAt + day;
        QVERIFY(finishPass());
        QVERIFY(!m_store->problem());
        QCOMPARE(stats().damaged, std::uint64_t(0));
    }

    void aClockThatWasWrong()
    {
        m_clock.time = fromUnixMs(startMs) + 31 * day + std::chrono::years(50);
        QVERIFY(finishPass());
        m_clock.time = fromUnixMs(startMs) + 31 * day;
        QVERIFY(turn());
        m_clock.time = fromUnixMs(startMs) + 62 * day;
        QVERIFY(finishPass());
    }
};

QTEST_GUILESS_MAIN(TestScrub)
#include "tst_scrub.moc"
