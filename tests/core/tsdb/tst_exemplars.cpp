// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <cerrno>
#include <limits>
#include <string>
#include <vector>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'999'200'000;
constexpr std::int64_t stepMs = 15'000;

Labels seriesLabels(int series)
{
    return Labels{{"__name__", "latency_bucket"}, {"n", std::to_string(series)}};
}

const std::vector<Matchers>& everything()
{
    static const std::vector<Matchers> all{{*Matcher::make(MatchType::regex, "__name__", ".+")}};
    return all;
}

/// Without a time, or at so many ms after the start.
Exemplar traceOf(int trace, double value, std::optional<std::int64_t> afterMs = std::nullopt)
{
    Exemplar exemplar{Labels{{"trace_id", std::to_string(trace)}}, value, std::nullopt};
    if (afterMs) {
        exemplar.at = fromUnixMs(startMs + *afterMs);
    }
    return exemplar;
}

/// "trace@ms" of each, in order; the series after one another.
std::string textOf(const Result<std::vector<SeriesExemplars>>& found)
{
    if (!found) {
        return "error: " + found.error().message;
    }
    std::string text;
    for (const SeriesExemplars& series : *found) {
        text += text.empty() ? "" : "| ";
        for (const Exemplar& one : series.exemplars) {
            text += std::string(one.labels.get("trace_id")) + "@"
                + std::to_string(unixMs(*one.at) - startMs) + " ";
        }
    }
    return text;
}

/// What one scrape of series 0 shows.
using Shown = std::vector<Exemplar>;

} // namespace

Q_DECLARE_METATYPE(std::vector<Shown>)

class TestExemplars : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;

    OpenOptions options() const { return byHand(*m_dir, m_clock); }

    static std::unique_ptr<storage::GroupWriter> writerOf(Store& store, int series)
    {
        auto writer = store.openGroup(Labels{{"job", "demo"}});
        for (int s = 0; s < series; ++s) {
            if (!writer || !(*writer)->position(seriesLabels(s))) {
                return nullptr;
            }
        }
        return std::move(*writer);
    }
    static bool scrape(storage::GroupWriter& writer, int row,
                       std::span<const storage::PositionedExemplar> exemplars)
    {
        const std::vector<double> values(writer.positions(), row);
        return writer.commit({fromUnixMs(startMs + row * stepMs), values, {}, {}, exemplars, {}})
            .has_value();
    }
    /// One exemplar of that series in that row.
    static bool scrape(storage::GroupWriter& writer, int row, int series, const Exemplar& exemplar)
    {
        const std::array<storage::PositionedExemplar, 1> one{
            {{storage::Position(series), exemplar}}};
        return scrape(writer, row, one);
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(startMs + 3'600'000);
    }

    void whatIsNew_data()
    {
        QTest::addColumn<std::vector<Shown>>("scrapes");
        QTest::addColumn<bool>("reopens"); // after each
        QTest::addColumn<std::string>("kept");
        const auto row = [](const char* name, std::vector<Shown> scrapes, const char* kept) {
            for (const bool reopens : {false, true}) {
                QTest::addRow("%s%s", name, reopens ? ", reopened" : "")
                    << scrapes << reopens << std::string(kept);
            }
        };
        row("each has its time", {{traceOf(1, 1, 5)}, {traceOf(2, 1, 15'005)}}, "1@5 2@15005 ");
        row("without one: the sample's", {{traceOf(1, 1)}, {traceOf(2, 1)}}, "1@0 2@15000 ");
        row("shown again with its time", {{traceOf(1, 1, 5)}, {traceOf(1, 1, 5)}}, "1@5 ");
        row("shown again without one", {{traceOf(1, 1)}, {traceOf(1, 1)}, {traceOf(1, 1)}}, "1@0 ");
        row("the same event, another value", {{traceOf(1, 1)}, {traceOf(1, 2)}}, "1@0 1@15000 ");
        row("an older one", {{traceOf(1, 1, 9)}, {traceOf(2, 1, 8)}}, "1@9 ");
        row("an older one comes back", {{traceOf(1, 1, 1)}, {traceOf(2, 2, 2)}, {traceOf(1, 1, 1)}},
            "1@1 2@2 ");
        row("several of one histogram, in any order",
            {{traceOf(3, 0.3, 30), traceOf(1, 0.1, 10), traceOf(2, 0.2, 20)}}, "1@10 2@20 3@30 ");
        row("several at one moment", {{traceOf(3, 3, 7), traceOf(2, 2, 7), traceOf(1, 1, 7)}},
            "1@7 2@7 3@7 ");
        row("more of one moment later, by value", {{traceOf(2, 2, 7)}, {traceOf(3, 3, 7)}},
            "2@7 3@7 ");
        row("NaN twice",
            {{traceOf(1, std::numeric_limits<double>::quiet_NaN())},
             {traceOf(1, std::numeric_limits<double>::quiet_NaN())}},
            "1@0 ");
        row("from a time to come", {{traceOf(1, 1, 86'400'000)}, {traceOf(2, 1)}}, "2@15000 ");
    }

    void whatIsNew()
    {
        QFETCH(std::vector<Shown>, scrapes);
        QFETCH(bool, reopens);
        QFETCH(std::string, kept);
        auto store = openStore(options());
        QVERIFY(store);
        auto writer = writerOf(*store, 1);
        QVERIFY(writer);
        for (int r = 0; r < int(scrapes.size()); ++r) {
            std::vector<storage::PositionedExemplar> exemplars;
            for (const Exemplar& one : scrapes[std::size_t(r)]) {
                exemplars.push_back({0, one});
            }
            QVERIFY(scrape(*writer, r, exemplars));
            if (reopens) {
                writer.reset();
                store.reset();
                store = openStore(options());
                QVERIFY(store);
                writer = writerOf(*store, 1);
                QVERIFY(writer);
            } else if (r % 2 == 1) {
                QVERIFY(store->commitNow());
            }
        }
        QCOMPARE(textOf(store->exemplars(everything(), always())), kept);
        QVERIFY(store->commitNow());
        QCOMPARE(textOf(store->exemplars(everything(), always())), kept);
        QVERIFY(store->verify()->damage.empty());
    }

    void pushedOnes()
    {
        auto store = openStore(options());
        QVERIFY(store);
        const auto pusher = store->appender();
        const auto ref = pusher->append(0, seriesLabels(7), {fromUnixMs(startMs), {}, 1, nullptr});
        const auto other
            = pusher->append(0, seriesLabels(8), {fromUnixMs(startMs + 1), {}, 1, nullptr});
        QVERIFY(ref && other);
        const std::array timed{traceOf(2, 2, 20), traceOf(1, 1, 10)};
        QVERIFY(pusher->appendExemplars(*ref, timed));
        const std::array untimed{traceOf(3, 3)};
        QVERIFY(pusher->appendExemplars(*other, untimed));
        // Which sample would it be of?
        QCOMPARE(pusher->appendExemplars(*ref, untimed).error().kind, ErrorKind::invalid);
        QCOMPARE(pusher->appendExemplars(4'000'000, timed).error().kind, ErrorKind::notFound);
        QCOMPARE(*pusher->find(seriesLabels(7)), *ref); // though nobody else sees it yet
        QVERIFY(pusher->commit());
        QCOMPARE(textOf(store->exemplars(everything(), always())), std::string("1@10 2@20 | 3@1 "));

        // Without samples, of a series that is there.
        const auto later = store->appender();
        QCOMPARE(*later->find(seriesLabels(7)), *ref);
        QCOMPARE(*later->find(seriesLabels(9)), 0U);
        const std::array more{traceOf(4, 4, 30)};
        QVERIFY(later->appendExemplars(*ref, more));
        QCOMPARE(later->commit()->stored, 0U);
        QCOMPARE(textOf(store->exemplars(everything(), always())),
                 std::string("1@10 2@20 4@30 | 3@1 "));
    }

    void beforeNineteenSeventy()
    {
        m_clock.time = fromUnixMs(1'000);
        auto store = openStore(options());
        QVERIFY(store);
        const auto pusher = store->appender();
        for (const std::int64_t atMs : {-20, -10, 10}) {
            const auto ref = pusher->append(0, seriesLabels(1), {fromUnixMs(atMs), {}, 1, nullptr});
            QVERIFY(ref);
            const std::array one{traceOf(int(atMs), 1)};
            QVERIFY(pusher->appendExemplars(*ref, one));
        }
        QVERIFY(pusher->commit());
        for (int pass = 0; pass < 2; ++pass) {
            const auto found = store->exemplars(everything(), between(-10, 10));
            QVERIFY(found && found->size() == 1 && found->front().exemplars.size() == 2);
            QCOMPARE(unixMs(*found->front().exemplars[0].at), -10);
            QCOMPARE(unixMs(*found->front().exemplars[1].at), 10);
            QVERIFY(store->commitNow());
        }
    }

    void bySeriesAndTime()
    {
        auto store = openStore(options());
        QVERIFY(store);
        {
            const auto writer = writerOf(*store, 200);
            QVERIFY(writer);
            for (int r = 0; r < 4; ++r) {
                QVERIFY(scrape(*writer, r, 150, traceOf(r, r)));
                QVERIFY(scrape(*writer, r, 3, traceOf(10 + r, r, r * stepMs + 1)));
                if (r == 1) {
                    QVERIFY(store->commitNow());
                }
            }
        }
        const auto n = [](const char* value) { return Matchers{Matcher::equal("n", value)}; };
        const auto ask = [&](const std::vector<Matchers>& selections, std::int64_t from,
                             std::int64_t to) {
            return textOf(store->exemplars(selections, between(startMs + from, startMs + to)));
        };
        QCOMPARE(ask(everything(), 0, 60'000),
                 std::string("0@0 1@15000 2@30000 3@45000 | 10@1 11@15001 12@30001 13@45001 "));
        QCOMPARE(ask({n("3")}, 15'001, 30'001), std::string("11@15001 12@30001 "));
        QCOMPARE(ask({n("3")}, 15'002, 30'000), std::string());
        QCOMPARE(ask({n("150"), n("3"), n("150")}, 45'000, 45'001),
                 std::string("3@45000 | 13@45001 "));
        QCOMPARE(ask({n("4")}, 0, 60'000), std::string());
        QCOMPARE(ask({}, 0, 60'000), std::string());
    }

    /// The process dies between the acknowledgement and the commit: nothing is committed when
    /// the store goes.
    void nothingIsLostWithTheProcess()
    {
        bool isDying = false;
        OpenOptions with = options();
        with.commitFault = [&] { return isDying ? EIO : 0; };
        const std::string all("1@0 2@15000 | 9@20 ");
        {
            auto store = openStore(with);
            QVERIFY(store);
            const auto writer = writerOf(*store, 2);
            QVERIFY(writer);
            QVERIFY(scrape(*writer, 0, 0, traceOf(1, 1)));
            QVERIFY(store->commitNow());
            isDying = true;
            QVERIFY(scrape(*writer, 1, 0, traceOf(2, 1)));
            const auto pusher = store->appender(); // its series is in the hand-off file alone
            const auto ref
                = pusher->append(0, seriesLabels(7), {fromUnixMs(startMs), {}, 1, nullptr});
            QVERIFY(ref);
            const std::array pushed{traceOf(9, 2, 20)};
            QVERIFY(pusher->appendExemplars(*ref, pushed));
            QVERIFY(pusher->commit());
            QCOMPARE(textOf(store->exemplars(everything(), always())), all);
            // A tool beside it sees them as well.
            OpenOptions reading = options();
            reading.directory = m_dir->filePath(QStringLiteral("copy")).toStdString();
            std::filesystem::create_directory(reading.directory);
            for (const char* const file : {"store.mdb", "handoff"}) {
                std::filesystem::copy(with.directory / file, reading.directory / file);
            }
            reading.readOnly = true;
            const auto beside = openStore(reading);
            QVERIFY(beside);
            QCOMPARE(textOf(beside->exemplars(everything(), always())), all);
        }
        isDying = false;
        auto store = openStore(with);
        QVERIFY(store);
        QCOMPARE(textOf(store->exemplars(everything(), always())), all);
        QVERIFY(store->commitNow());
        QCOMPARE(textOf(store->exemplars(everything(), always())), all);
        store.reset();
        store = openStore(with);
        QVERIFY(store);
        QCOMPARE(textOf(store->exemplars(everything(), always())), all);
    }

    /// A commit of many takes several transactions; whichever is the last that succeeds, what it
    /// lacks is in the hand-off file.
    void aCommitCutShortLosesNone()
    {
        constexpr int series = 2'500;
        const std::string padding(1'200, 'x');
        for (int last = 0; last < 6; ++last) {
            m_dir = std::make_unique<QTemporaryDir>();
            bool isCut = false;
            int commits = 0;
            OpenOptions with = options();
            with.ringBytes = std::uint64_t{8} << 20;
            with.commitFault = [&] { return isCut && commits++ >= last ? EIO : 0; };
            {
                auto store = openStore(with);
                QVERIFY(store);
                const auto writer = writerOf(*store, series);
                QVERIFY(writer);
                QVERIFY(scrape(*writer, 0, {}));
                QVERIFY(store->commitNow());
                std::vector<storage::PositionedExemplar> exemplars;
                for (int s = 0; s < series; ++s) {
                    exemplars.push_back(
                        {storage::Position(s),
                         {Labels{{"trace_id", std::to_string(s) + padding}}, double(s), {}}});
                }
                QVERIFY(scrape(*writer, 1, exemplars));
                QVERIFY(scrape(*writer, 2, {})); // its number is the next one's behind them
                isCut = true;
                const bool isWhole = store->commitNow().has_value();
                QCOMPARE(isWhole, commits <= last);
            }
            isCut = false;
            auto store = openStore(with);
            QVERIFY(store);
            for (int pass = 0; pass < 2; ++pass) {
                const auto found = store->exemplars(everything(), always());
                QVERIFY(found);
                QCOMPARE(found->size(), std::size_t(series));
                for (const SeriesExemplars& one : *found) {
                    QCOMPARE(one.exemplars.size(), std::size_t(1));
                }
                QVERIFY(store->commitNow());
            }
        }
    }

    void afterAWeekTheyGo()
    {
        auto store = openStore(options());
        QVERIFY(store);
        {
            const auto writer = writerOf(*store, 2);
            QVERIFY(writer);
            for (int r = 0; r < 3; ++r) {
                QVERIFY(scrape(*writer, r, 0, traceOf(r, 1)));
            }
            QVERIFY(scrape(*writer, 3, 1, traceOf(9, 1, 5)));
        }
        const auto left = [&] {
            return store->commitNow() ? textOf(store->exemplars(everything(), always()))
                                      : std::string("no commit");
        };
        constexpr std::int64_t week = 7 * 86'400'000;
        QCOMPARE(left(), std::string("0@0 1@15000 2@30000 | 9@5 "));
        m_clock.time = fromUnixMs(startMs + week + 10'000); // to the moment
        QTRY_COMPARE(left(), std::string("1@15000 2@30000 "));
        m_clock.time = fromUnixMs(startMs + 2 * week);
        QTRY_COMPARE(left(), std::string());
    }

    void theOldestGoWhereThereAreTooMany()
    {
        OpenOptions with = options();
        with.exemplarLimit = 10;
        auto store = openStore(with);
        QVERIFY(store);
        const auto writer = writerOf(*store, 4);
        QVERIFY(writer);
        for (int r = 0; r < 40; ++r) {
            QVERIFY(scrape(*writer, r, r % 4, traceOf(r, 1)));
        }
        QVERIFY(store->commitNow());
        const auto count = [&] {
            std::size_t all = 0;
            if (store->commitNow()) {
                const auto kept = *store->exemplars(everything(), always());
                for (const SeriesExemplars& one : kept) {
                    all += one.exemplars.size();
                }
            }
            return all;
        };
        QTRY_COMPARE(count(), std::size_t(10));
        QCOMPARE(textOf(store->exemplars(everything(), between(startMs, startMs + 31 * stepMs))),
                 std::string("30@450000 | 31@465000 "));
        // A few too many are borne for a while.
        QVERIFY(scrape(*writer, 40, 0, traceOf(40, 1)));
        QCOMPARE(count(), std::size_t(11));
        store->setExemplarLimit(0);
        QVERIFY(scrape(*writer, 41, 0, traceOf(41, 1)));
        QTRY_COMPARE(count(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestExemplars)
#include "tst_exemplars.moc"
