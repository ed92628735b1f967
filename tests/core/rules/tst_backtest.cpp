// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sample.h"
#include "core/rules/backtest/backtest.h"
#include "core/rules/expand.h"
#include "core/rules/group.h"
#include "core/rules/manager.h"
#include "core/rules/query_answer.h"
#include "core/storage/memory_store.h"

#include <map>
#include <random>
#include <set>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

namespace {

constexpr auto interval = 15s;
const Timestamp begin = fromUnixMs(1'700'000'000'000);

config::RuleGroupConfig groupWith(config::RuleConfig rule)
{
    config::RuleGroupConfig group;
    group.name = "g";
    group.file = "test.yml";
    group.interval = interval;
    group.labels = {{"site", "here"}};
    rule.alert = "A";
    group.rules = {std::move(rule)};
    return group;
}

/// Three series that are 1 now and then, for an hour, with gaps; the same at every run.
void fill(storage::Store& store)
{
    std::mt19937 random(7);
    const auto appender = store.appender();
    for (const char* const instance : {"a", "b", "c"}) {
        int value = 0;
        for (int i = 0; i < 240; ++i) {
            if (random() % 6 == 0) {
                value = 1 - value;
            }
            if (random() % 20 == 0) {
                continue;
            }
            SampleView sample;
            sample.at = begin + i * 15s + 1s;
            sample.value = value == 0 ? 0 : 1 + static_cast<double>(random() % 2);
            QVERIFY(appender->append(0, Labels{{"__name__", "m"}, {"instance", instance}}, sample)
                        .has_value());
        }
    }
    QVERIFY(appender->commit().has_value());
}

/// What a live group has recorded.
struct Recorded {
    std::set<std::int64_t> evaluated; ///< the sample times of evaluations that did not fail
    std::vector<rules::AlertEpisodes> alerts;
};

/// The samples of ALERTS in the store as episodes: the reading of a person who looks at them.
std::vector<rules::AlertEpisodes> episodesOf(storage::Store& store,
                                             const std::set<std::int64_t>& evaluated)
{
    std::map<Labels, std::map<std::int64_t, AlertState>> states;
    const auto querier = store.querier();
    const auto groups = (*querier)->select(std::vector{Matcher::equal("__name__", "ALERTS")},
                                           {fromUnixMs(0), fromUnixMs(4'000'000'000'000)});
    for (const auto& reader : *groups) {
        const auto timeline = *reader->timeline();
        for (std::size_t i = 0; i < reader->size(); ++i) {
            storage::Column column;
            if (!reader->read(i, column)) {
                continue;
            }
            const Labels series = reader->labels(i);
            const auto state
                = series.get("alertstate") == "firing" ? AlertState::firing : AlertState::pending;
            for (std::size_t k = 0; k < timeline.size(); ++k) {
                if (column.isPresent(k) && !isStaleMarker(column.values[k])
                    && evaluated.contains(timeline[k])) {
                    states[series.without("__name__").without("alertstate")][timeline[k]] = state;
                }
            }
        }
    }
    std::vector<rules::AlertEpisodes> out;
    for (const auto& [labels, samples] : states) {
        rules::AlertEpisodes alert{labels, {}};
        for (const auto& [at, state] : samples) {
            auto& episodes = alert.episodes;
            const auto here = evaluated.find(at);
            const bool goesOn = !episodes.empty() && here != evaluated.begin()
                && episodes.back().state == state && unixMs(episodes.back().to) == *std::prev(here);
            if (goesOn) {
                episodes.back().to = fromUnixMs(at);
            } else {
                episodes.push_back({state, fromUnixMs(at), fromUnixMs(at), false});
            }
        }
        alert.episodes.back().isOpen = unixMs(alert.episodes.back().to) == *evaluated.rbegin();
        out.push_back(std::move(alert));
    }
    return out;
}

QByteArray toText(const std::vector<rules::AlertEpisodes>& alerts)
{
    QByteArray out;
    for (const rules::AlertEpisodes& alert : alerts) {
        out += QByteArray::fromStdString(alert.labels.toString()) + ":";
        for (const rules::Episode& episode : alert.episodes) {
            out += episode.state == AlertState::firing ? " firing " : " pending ";
            out += QByteArray::number((episode.from - begin).count() / 1'000) + "-"
                + QByteArray::number((episode.to - begin).count() / 1'000)
                + (episode.isOpen ? "+" : "");
        }
        out += "\n";
    }
    return out;
}

} // namespace

class TestBacktest : public QObject {
    Q_OBJECT

    std::shared_ptr<storage::MemoryStore> m_store;

    /// Evaluates the group live, at its turns from `from` to `to`.
    Recorded record(const config::RuleGroupConfig& group, Timestamp from, Timestamp to,
                    Timestamp countFrom)
    {
        rules::Surroundings around;
        around.store = m_store;
        around.query = [this](const std::string& expr, Timestamp at) {
            return rules::vectorOf(
                promql::evaluate(expr, *m_store, promql::QueryTimes::instant(at), {}));
        };
        around.expand = rules::makeExpandText({});
        around.send = [](const std::vector<Alert>&) { };
        rules::Group live(group, {interval}, around);
        Recorded out;
        for (Timestamp at = rules::nextTurn(group, interval, from - 1ms); at <= to;
             at += interval) {
            live.evaluate(at);
            if (live.report()->rules[0].health == rules::RuleHealth::good && at >= countFrom) {
                out.evaluated.insert(unixMs(at - live.queryOffset()));
            }
        }
        out.alerts = episodesOf(*m_store, out.evaluated);
        return out;
    }

private slots:
    void init()
    {
        m_store = std::make_shared<storage::MemoryStore>();
        fill(*m_store);
    }

    void isWhatAlertsWouldHaveRecorded_data()
    {
        QTest::addColumn<QByteArray>("expr");
        QTest::addColumn<int>("forSeconds");
        QTest::addColumn<int>("keepSeconds");
        QTest::addColumn<int>("offsetSeconds");
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<int>("limit");
        QTest::newRow("no for") << "m > 0"_ba << 0 << 0 << 0 << "x"_ba << 0;
        QTest::newRow("for") << "m > 0"_ba << 60 << 0 << 0 << "x"_ba << 0;
        QTest::newRow("for and keep_firing_for") << "m > 0"_ba << 45 << 60 << 0 << "x"_ba << 0;
        QTest::newRow("query offset") << "m > 0"_ba << 30 << 30 << 40 << "x"_ba << 0;
        QTest::newRow("a label that changes")
            << "m > 0"_ba << 15 << 0 << 0 << "{{ $value }}"_ba << 0;
        QTest::newRow("limit that is exceeded now and then")
            << "m > 0"_ba << 30 << 0 << 0 << "x"_ba << 2;
        QTest::newRow("moments that fail")
            << "m and on() (count(m > 0) > 0) + on() (m > 0)"_ba << 15 << 0 << 0 << "x"_ba << 0;
        QTest::newRow("a scalar") << "vector(scalar(sum(m))) > 1"_ba << 30 << 0 << 0 << "x"_ba << 0;
        QTest::newRow("start() is the moment")
            << "m @ start() > 0"_ba << 30 << 0 << 0 << "x"_ba << 0;
        QTest::newRow("a range") << "changes(m[1m]) > 1"_ba << 30 << 45 << 0 << "x"_ba << 0;
        QTest::newRow("absent") << "absent(m{instance=\"a\"} > 0)"_ba << 30 << 0 << 0 << "x"_ba
                                << 0;
    }

    void isWhatAlertsWouldHaveRecorded()
    {
        QFETCH(QByteArray, expr);
        QFETCH(int, forSeconds);
        QFETCH(int, keepSeconds);
        QFETCH(int, offsetSeconds);
        QFETCH(QByteArray, label);
        QFETCH(int, limit);
        config::RuleConfig rule;
        rule.expr = expr.toStdString();
        rule.forDuration = std::chrono::seconds(forSeconds);
        rule.keepFiringFor = std::chrono::seconds(keepSeconds);
        rule.labels = {{"l", label.toStdString()}};
        rules::BacktestRequest request;
        request.group = groupWith(rule);
        request.group.limit = static_cast<std::uint64_t>(limit);
        if (offsetSeconds > 0) {
            request.group.queryOffset = std::chrono::seconds(offsetSeconds);
        }
        request.range = {begin - 10min, begin + 50min};
        const auto tested = rules::backtest(request, *m_store);
        QVERIFY2(tested.has_value(), tested ? "" : tested.error().message.c_str());
        const Recorded recorded = record(request.group, request.range.from - 20min,
                                         request.range.to, request.range.from);
        QCOMPARE(toText(tested->alerts), toText(recorded.alerts));
        QVERIFY(!tested->alerts.empty());
        QCOMPARE(tested->evaluations - tested->failures, recorded.evaluated.size());
    }

    void failuresAreTold()
    {
        config::RuleConfig rule;
        rule.expr = "(m > 1) + on() (m > 0)";
        rules::BacktestRequest request;
        request.group = groupWith(rule);
        request.range = {begin, begin + 50min};
        const auto tested = rules::backtest(request, *m_store);
        QVERIFY(tested.has_value());
        QVERIFY(tested->failures > 0 && tested->failures < tested->evaluations);
        QVERIFY(!tested->firstFailure.empty());
    }

    void knowsAlertsThatBeganBeforeTheRange()
    {
        config::RuleConfig rule;
        rule.expr = "absent(nothing)";
        rule.forDuration = 10min;
        rules::BacktestRequest request;
        request.group = groupWith(rule);
        request.range = {begin + 20min, begin + 40min};
        const auto tested = rules::backtest(request, *m_store);
        QVERIFY(tested.has_value());
        const Recorded recorded
            = record(request.group, begin, request.range.to, request.range.from);
        QCOMPARE(toText(tested->alerts), toText(recorded.alerts));
        QCOMPARE(tested->alerts.at(0).episodes.size(), size_t(1));
        QVERIFY(tested->alerts[0].episodes[0].state == AlertState::firing);
        QVERIFY(tested->alerts[0].episodes[0].isOpen);
    }

    void smallLimitsOfSamplesDo()
    {
        config::RuleConfig rule;
        rule.expr = "m > 0";
        rules::BacktestRequest request;
        request.group = groupWith(rule);
        request.range = {begin, begin + 50min};
        const auto whole = rules::backtest(request, *m_store);
        request.query.maxSamples = 50;
        const auto piecemeal = rules::backtest(request, *m_store);
        QVERIFY2(piecemeal.has_value(), piecemeal ? "" : piecemeal.error().message.c_str());
        QCOMPARE(toText(piecemeal->alerts), toText(whole->alerts));
        QCOMPARE(piecemeal->failures, size_t(0));
    }

    void tellsProgressAndCanBeCancelled()
    {
        config::RuleConfig rule;
        rule.expr = "m > 0";
        rules::BacktestRequest request;
        request.group = groupWith(rule);
        request.range = {begin, begin + 24h * 7};
        std::stop_source stop;
        double done = 0;
        request.progress = [&](double part) {
            done = part;
            stop.request_stop();
        };
        const auto tested = rules::backtest(request, *m_store, stop.get_token());
        QVERIFY(!tested && tested.error().kind == ErrorKind::cancelled);
        QVERIFY(done > 0 && done < 0.5);
    }

    void refusesWhatIsNoAlertingRule()
    {
        rules::BacktestRequest request;
        request.group = groupWith({});
        request.rule = 1;
        QVERIFY(rules::backtest(request, *m_store).error().kind == ErrorKind::invalid);
        request.rule = 0;
        request.group.rules[0].alert.clear();
        request.group.rules[0].record = "r";
        QVERIFY(rules::backtest(request, *m_store).error().kind == ErrorKind::invalid);
    }
};

QTEST_GUILESS_MAIN(TestBacktest)
#include "tst_backtest.moc"
