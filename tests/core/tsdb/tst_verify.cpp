// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bit that flips in what is stored is found and named, and never served as data.
#include "core/promql/query.h"
#include "tests/core/tsdb/raw_store.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <algorithm>
#include <array>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t windowMs = 28'800'000;

Labels labelsOf(int n)
{
    return Labels{{"__name__", "metric"}, {"n", std::to_string(n)}};
}

} // namespace

class TestVerify : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    StoreBits m_model;

    std::unique_ptr<Store> open(bool readOnly) const
    {
        OpenOptions options = byHand(*m_dir, m_clock);
        options.readOnly = readOnly;
        // A disk with little room: what is deleted is not followed up.
        options.space = [] { return std::filesystem::space_info{std::uintmax_t{1} << 30, 0, 0}; };
        return openStore(options);
    }

    /// A sealed window, strips of the next one, and a journal.
    bool fill()
    {
        m_clock.time = fromUnixMs(startMs + 2 * windowMs);
        const auto store = open(false);
        const auto write = [&](std::int64_t from, int rows) {
            auto writer = store->openGroup(Labels{{"job", "a"}});
            std::array<double, 5> values{};
            for (int n = 0; n < 5; ++n) {
                if (!(*writer)->position(labelsOf(n))) {
                    return false;
                }
            }
            for (int r = 0; r < rows; ++r) {
                for (int n = 0; n < 5; ++n) {
                    values[std::size_t(n)] = r * 1.5 + n;
                    m_model[labelsOf(n).toString()][from + r * 15'000]
                        = std::bit_cast<std::uint64_t>(values[std::size_t(n)]);
                }
                const FamilyMetadata family{"metric", {MetricType::gauge, "Some help.", "seconds"}};
                if (!(*writer)->commit(
                        {fromUnixMs(from + r * 15'000), values, {}, {}, {}, {&family, 1}})) {
                    return false;
                }
            }
            return store->commitNow().has_value();
        };
        if (!write(startMs, 600)) {
            return false;
        }
        m_clock.time += std::chrono::minutes(20);
        const std::array<std::uint8_t, 3> note{1, 2, 3};
        if (!store->commitNow() || !store->sealNow()) {
            return false;
        }
        auto& deleted = m_model[labelsOf(4).toString()];
        deleted.erase(deleted.begin(), deleted.lower_bound(startMs + 1'500'000));
        const TimeRange range{fromUnixMs(startMs), fromUnixMs(startMs + 1'499'999)};
        return store->deleteSamples({{Matcher::equal("n", "4")}}, range)
            && write(startMs + windowMs, 100) && store->put("silences", "one", note);
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_model.clear();
        QVERIFY(fill());
    }

    void aSoundStoreHasNoDamage()
    {
        const auto store = open(true);
        QVERIFY(store);
        const auto report = store->verify();
        QVERIFY(report);
        QVERIFY2(report->damage.empty(),
                 report->damage.empty() ? "" : report->damage.front().where.c_str());
        QVERIFY(report->values > 10 && report->bytes > 1'000);
        QCOMPARE(QString::fromStdString(difference(readAll(*store), m_model)), QString());
    }

    void aFlippedBitIsFoundAndNotServed_data()
    {
        QTest::addColumn<QString>("named");
        QTest::addColumn<bool>("opens"); // in any case
        QTest::newRow("strips") << QStringLiteral("strip ") << true;
        QTest::newRow("lines") << QStringLiteral("timeline of group ") << true;
        QTest::newRow("blocks") << QStringLiteral("block from series ") << true;
        QTest::newRow("journal") << QStringLiteral("journal record ") << true;
        QTest::newRow("lval") << QStringLiteral("label value ") << true;
        QTest::newRow("vstr") << QStringLiteral("label value ") << true;
        QTest::newRow("series") << QStringLiteral("series page ") << true;
        QTest::newRow("hash") << QStringLiteral("series hash ") << true;
        QTest::newRow("post") << QStringLiteral("posting of label ") << true;
        QTest::newRow("gkey") << QStringLiteral("group hash ") << true;
        QTest::newRow("live") << QStringLiteral("series of window ") << true;
        QTest::newRow("state") << QStringLiteral("state \"silences") << true;
        QTest::newRow("meta") << QStringLiteral("record \"") << false;
        QTest::newRow("names") << QStringLiteral("label name ") << false;
        QTest::newRow("groups") << QStringLiteral("group ") << false;
        QTest::newRow("wins") << QStringLiteral("window ") << true;
        QTest::newRow("tomb") << QStringLiteral("deletion 0 of group ") << true;
        QTest::newRow("mdata") << QStringLiteral("metadata \"metric\" of group ") << true;
    }

    void aFlippedBitIsFoundAndNotServed()
    {
        QFETCH(QString, named);
        QFETCH(bool, opens);
        const QByteArray table = QTest::currentDataTag();
        std::mt19937 random(7);
        for (int round = 0; round < 12; ++round) {
            m_dir = std::make_unique<QTemporaryDir>();
            m_model.clear();
            QVERIFY(fill());
            QVERIFY(RawStore(m_dir->path().toStdString()).flipBit(table.constData(), random));
            OpenOptions options = byHand(*m_dir, m_clock);
            options.readOnly = true;
            const auto opened = Store::open(options);
            if (!opens && !opened) {
                QCOMPARE(opened.error().kind, ErrorKind::corrupt);
                QVERIFY2(QString::fromStdString(opened.error().message).contains(named),
                         opened.error().message.c_str());
                continue;
            }
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
            const auto report = (*opened)->verify();
            QVERIFY(report);
            QVERIFY(!report->damage.empty());
            const bool isNamed = std::ranges::any_of(report->damage, [&](const Damage& damage) {
                return QString::fromStdString(damage.where).startsWith(named);
            });
            QVERIFY2(isNamed, report->damage.front().where.c_str());
            for (const auto& [series, samples] : readAll(**opened)) {
                for (const auto& [at, bits] : samples) {
                    QVERIFY2(m_model[series].contains(at) && m_model[series][at] == bits,
                             (series + " at " + std::to_string(at)).c_str());
                }
            }
        }
    }

    void aSeriesThatIsNotFoundByItsLabelsIsTold()
    {
        RawStore(m_dir->path().toStdString()).removeFirst("hash");
        const auto store = open(true);
        QVERIFY(store);
        const auto report = store->verify();
        QVERIFY(report);
        QCOMPARE(report->damage.size(), std::size_t(1));
        QVERIFY2(report->damage.front().where.starts_with("series "),
                 report->damage.front().where.c_str());
        QCOMPARE(report->damage.front().what, std::string("it is not found by its labels"));
    }

    void aQueryTellsWhatItLacks()
    {
        std::mt19937 random(7);
        QVERIFY(RawStore(m_dir->path().toStdString()).flipBit("strips", random));
        const auto store = open(true);
        QVERIFY(store);
        promql::QueryTimes times;
        times.start = fromUnixMs(startMs + windowMs);
        times.end = times.start + std::chrono::minutes(20);
        times.step = std::chrono::seconds(15);
        const auto result = promql::evaluate("metric", *store, times, {}, {});
        QVERIFY(result);
        QCOMPARE(result->annotations.size(), std::size_t(1));
        QVERIFY2(result->annotations.front().message.contains("strip "),
                 result->annotations.front().message.c_str());
    }

    void aQueryWithoutItsLabelsFails()
    {
        std::mt19937 random(7);
        QVERIFY(RawStore(m_dir->path().toStdString()).flipBit("vstr", random));
        const auto store = open(true);
        QVERIFY(store);
        promql::QueryTimes times;
        times.start = times.end = fromUnixMs(startMs + windowMs);
        const auto result = promql::evaluate("metric", *store, times, {}, {});
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::corrupt);
        QVERIFY2(result.error().message.contains("label value "), result.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
