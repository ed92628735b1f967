// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rules that are not in force, tried out through the engine's door.
#include "core/discovery/null_ports.h"
#include "core/model/sample.h"
#include "core/rules/expand.h"
#include "core/rules/group.h"
#include "core/rules/manager.h"
#include "core/rules/query_answer.h"
#include "core/runtime/local_engine.h"
#include "core/storage/memory_store.h"
#include "tests/support/fake_watcher.h"
#include "tests/support/qt_test.h"

#include <future>
#include <map>
#include <random>

#include <QElapsedTimer>
#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct NoFetcher final : HttpFetcher {
    Ticket fetch(HttpRequest, Reply<HttpResponse> reply) override
    {
        reply(fail(ErrorKind::unavailable, "there is no network here"));
        return {};
    }
};

struct NoNotifier final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

struct StillClock final : Clock {
    Timestamp at = fromUnixMs(1'700'000'000'000);
    Timestamp now() const override { return at; }
};

constexpr auto interval = 1min;
constexpr auto span = 24h * 7;

config::RuleGroupConfig groupWith(const std::string& expr, config::Duration hold)
{
    config::RuleConfig rule;
    rule.alert = "Full";
    rule.expr = expr;
    rule.forDuration = hold;
    rule.labels = {{"severity", "warning"}};
    rule.annotations = {{"summary", "{{ $labels.instance }} is at {{ $value }}"}};
    config::RuleGroupConfig group;
    group.name = "g";
    group.file = "g.yml";
    group.interval = interval;
    group.rules = {rule};
    return group;
}

/// The states that a live group recorded in ALERTS: "alert -> time -> state".
using States = std::map<QByteArray, std::map<std::int64_t, AlertState>>;

QByteArray nameOf(const Labels& labels)
{
    return QByteArray::fromStdString(labels.toString());
}

States recorded(storage::Store& store)
{
    States out;
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
            for (std::size_t k = 0; k < timeline.size(); ++k) {
                if (column.isPresent(k) && !isStaleMarker(column.values[k])) {
                    out[nameOf(series.without("__name__").without("alertstate"))][timeline[k]]
                        = series.get("alertstate") == "firing" ? AlertState::firing
                                                               : AlertState::pending;
                }
            }
        }
    }
    return out;
}

} // namespace

class TestRuleTrials : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    StillClock m_clock;
    NoFetcher m_fetcher;
    NoNotifier m_notifier;
    discovery::NullDns m_dns;
    test::FakeWatcher m_watcher;
    client::Registry m_registry;
    std::unique_ptr<runtime::LocalEngine> m_engine;
    std::vector<WriteSeries> m_series; ///< what the store holds

    template <class T, class Ask> Result<T> answer(Ask ask)
    {
        const auto promise = std::make_shared<std::promise<Result<T>>>();
        auto future = promise->get_future();
        const Ticket ticket
            = ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
        if (future.wait_for(120s) != std::future_status::ready) {
            return fail(ErrorKind::timeout, "no reply came");
        }
        return future.get();
    }
    Result<engine::BacktestReport> backtest(engine::BacktestRequest request)
    {
        return answer<engine::BacktestReport>([&](Reply<engine::BacktestReport> reply) {
            return m_engine->backtest(std::move(request), std::move(reply));
        });
    }
    Result<engine::RulePreview> preview(engine::RulePreviewRequest request)
    {
        return answer<engine::RulePreview>([&](Reply<engine::RulePreview> reply) {
            return m_engine->previewRule(std::move(request), std::move(reply));
        });
    }

    engine::BacktestRequest request(const std::string& expr, config::Duration hold) const
    {
        engine::BacktestRequest out;
        out.group = groupWith(expr, hold);
        out.range = {m_clock.at - span, m_clock.at};
        out.curveStep = 10min;
        return out;
    }

private slots:
    /// A week of ten series, a sample a minute; the same at every run.
    void initTestCase()
    {
        runtime::EngineOptions options;
        options.store.directory = m_dir.path().toStdString() + "/store";
        options.store.ringBytes = std::uint64_t{1} << 20;
        options.registry = &m_registry;
        options.scrapeItself = false;
        options.files.load = [] { return runtime::LoadedConfig{}; };
        options.files.loadLastGood = options.files.load;
        auto started = runtime::LocalEngine::start(
            std::move(options), {m_fetcher, m_dns, m_watcher, m_notifier, m_clock, nullptr, {}});
        QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
        m_engine = std::move(*started);

        std::mt19937 random(11);
        for (int i = 0; i < 10; ++i) {
            WriteSeries series;
            series.labels = Labels{{"__name__", "used"}, {"instance", "db" + std::to_string(i)}};
            double value = 50;
            for (Timestamp at = m_clock.at - span - 1h; at <= m_clock.at; at += interval) {
                value = std::clamp(value + static_cast<double>(random() % 21) - 10, 0.0, 100.0);
                series.samples.push_back({unixMs(at), value});
            }
            m_series.push_back(std::move(series));
        }
        WriteRequest write;
        write.series = m_series;
        write.isHistory = true;
        const auto stored = answer<storage::CommitReport>([&](Reply<storage::CommitReport> reply) {
            return m_engine->write(std::move(write), std::move(reply));
        });
        QVERIFY2(stored.has_value(), stored ? "" : stored.error().message.c_str());
    }

    void aWeekOfTenSeriesIsWhatAlertsRecorded()
    {
        QElapsedTimer watch;
        watch.start();
        const auto timed = backtest(request("used > 90", 5min));
        const qint64 took = watch.elapsed();
        qInfo("%lld ms", static_cast<long long>(took));
        QVERIFY2(timed.has_value(), timed ? "" : timed.error().message.c_str());
        QVERIFY(timed->evaluations > 10'000);
        // What is not optimised, or watched, takes longer.
#ifdef NDEBUG
        QVERIFY2(took <= 2'000, qPrintable(u"%1 ms"_s.arg(took)));
#else
        QVERIFY2(took <= 20'000, qPrintable(u"%1 ms"_s.arg(took)));
#endif
        // A live group over the same samples, in a store of its own; less often, since it asks
        // its question each time.
        constexpr auto pace = 5min;
        engine::BacktestRequest asked = request("used > 90", 10min);
        asked.group.interval = pace;
        const auto report = backtest(asked);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        const auto store = std::make_shared<storage::MemoryStore>();
        const auto appender = store->appender();
        for (const WriteSeries& series : m_series) {
            for (const Sample& sample : series.samples) {
                SampleView view;
                view.at = fromUnixMs(sample.atMs);
                view.value = sample.value;
                QVERIFY(appender->append(0, series.labels, view).has_value());
            }
        }
        QVERIFY(appender->commit().has_value());
        rules::Surroundings around;
        around.store = store;
        around.query = [&store](const std::string& expr, Timestamp at) {
            return rules::vectorOf(
                promql::evaluate(expr, *store, promql::QueryTimes::instant(at), {}));
        };
        around.expand = rules::makeExpandText({});
        around.send = [](const std::vector<Alert>&) { };
        rules::Group live(asked.group, {pace}, around);
        std::vector<Timestamp> moments;
        for (Timestamp at = rules::nextTurn(asked.group, pace, asked.range.from - 30min);
             at <= asked.range.to; at += pace) {
            live.evaluate(at);
            if (at >= asked.range.from) {
                moments.push_back(at);
            }
        }
        States expected = recorded(*store);
        States got;
        std::size_t firings = 0;
        for (const engine::BacktestAlert& alert : report->alerts) {
            AlertState before = AlertState::inactive;
            for (const Timestamp at : moments) {
                const AlertState state = alert.stateAt(at);
                if (state != AlertState::inactive) {
                    got[nameOf(alert.labels)][unixMs(at)] = state;
                }
                firings += state == AlertState::firing && before != AlertState::firing ? 1 : 0;
                before = state;
            }
        }
        for (auto& [name, states] : expected) {
            std::erase_if(states,
                          [&](const auto& each) { return each.first < unixMs(moments.front()); });
        }
        std::erase_if(expected, [](const auto& alert) { return alert.second.empty(); });
        QVERIFY(firings > 10);
        QCOMPARE(report->evaluations, moments.size());
        QCOMPARE(report->fired, firings);
        QVERIFY2(got == expected, "the states differ from what ALERTS recorded");
    }

    void figuresAndCurvesComeWithIt()
    {
        const auto report = backtest(request("used{instance=\"db3\"} > 90", 0min));
        QVERIFY(report.has_value());
        QCOMPARE(report->threshold, std::optional(90.0));
        QVERIFY(report->curves != nullptr);
        QCOMPARE(report->curves->size(), std::size_t(1));
        QVERIFY2(report->curves->front().values.size() > 1'000, "not only what passes is drawn");
        QCOMPARE(report->interval, config::Duration(interval));
        // One alert: what fires altogether is the sum of its episodes.
        QCOMPARE(report->alerts.size(), std::size_t(1));
        std::chrono::milliseconds sum{};
        std::chrono::milliseconds longest{};
        for (const engine::AlertEpisode& episode : report->alerts[0].episodes) {
            QVERIFY(episode.end - episode.to <= interval && episode.end <= m_clock.at);
            sum += episode.end - episode.from;
            longest = std::max(longest, episode.end - episode.from);
        }
        QCOMPARE(report->firingTime, sum);
        QCOMPARE(report->longest, longest);
        QVERIFY(report->pending.empty());
    }

    void withoutAThresholdTheExpressionIsDrawn()
    {
        const auto report = backtest(request("absent(nothing)", 0min));
        QVERIFY(report.has_value());
        QVERIFY(!report->threshold.has_value());
        QCOMPARE(report->curves->size(), std::size_t(1));
        QCOMPARE(report->firing.size(), std::size_t(1));
        QVERIFY(report->alerts[0].episodes[0].isOpen);
    }

    void aDroppedTicketGetsNoReply()
    {
        const auto replied = std::make_shared<std::atomic<bool>>(false);
        {
            const Ticket ticket = m_engine->backtest(
                request("used > 1", 0min),
                [replied](const Result<engine::BacktestReport>&) { *replied = true; });
        }
        // What is asked later is answered, and the first one is not.
        QVERIFY(backtest(request("absent(nothing)", 0min)).has_value());
        QVERIFY(!*replied);
    }

    void refusesWhatDoesNotParse()
    {
        const auto report = backtest(request("used >", 0min));
        QVERIFY(!report && report.error().kind == ErrorKind::invalid);
    }

    void aPreviewReadsAsTheAlertWould()
    {
        engine::RulePreviewRequest asked;
        asked.groups = {groupWith("used >= 0", 5min)};
        asked.limit = 3;
        const auto preview = this->preview(asked);
        QVERIFY2(preview.has_value(), preview ? "" : preview.error().message.c_str());
        QCOMPARE(preview->total, std::uint64_t(10));
        QCOMPARE(preview->examples.size(), std::size_t(3));
        QVERIFY(!preview->isHypothetical);
        QVERIFY(preview->findings.empty());
        const engine::RuleExample& first = preview->examples[0];
        QCOMPARE(std::string(first.labels.get("alertname")), std::string("Full"));
        QCOMPARE(std::string(first.labels.get("severity")), std::string("warning"));
        QVERIFY(first.annotations.get("summary").starts_with("db"));
    }

    void whatHoldsForNothingIsShownOnWhatItCompares()
    {
        engine::RulePreviewRequest asked;
        asked.groups = {groupWith("used > 1000", 5min)};
        const auto preview = this->preview(asked);
        QVERIFY(preview.has_value());
        QCOMPARE(preview->total, std::uint64_t(0));
        QVERIFY(preview->isHypothetical);
        QCOMPARE(preview->examples.size(), std::size_t(10));
    }

    void findingsAreThoseOfTheRuleInQuestion()
    {
        engine::RulePreviewRequest asked;
        auto group = groupWith("nothing > 1", 30s);
        group.rules.insert(group.rules.begin(), group.rules.front()); // the same name and labels
        group.rules[0].expr = "neither > 1";
        group.rules[1].annotations = {{"summary", "{{ $labels.instance"}};
        asked.groups = {group};
        asked.rule = 1;
        asked.requiredLabels = {"severity", "team"};
        const auto preview = this->preview(asked);
        QVERIFY(preview.has_value());
        using Kind = engine::RuleFinding::Kind;
        std::vector<Kind> kinds;
        QByteArray messages;
        for (const engine::RuleFinding& finding : preview->findings) {
            kinds.push_back(finding.kind);
            messages += QByteArray::fromStdString(finding.message) + '\n';
        }
        QVERIFY2((kinds
                  == std::vector{Kind::duplicateRule, Kind::forBelowInterval, Kind::missingLabel,
                                 Kind::deadSelector}),
                 messages.constData());
        QVERIFY2(!messages.contains("neither"), messages.constData());
        QCOMPARE(preview->templateFaults.size(), std::size_t(1));
        QCOMPARE(preview->templateFaults[0].name, std::string("summary"));
    }

    void aRecordingRuleShowsWhatItRecords()
    {
        engine::RulePreviewRequest asked;
        config::RuleConfig rule;
        rule.record = "used:max";
        rule.expr = "max(used)";
        rule.labels = {{"site", "here"}};
        config::RuleGroupConfig group;
        group.rules = {rule};
        asked.groups = {group};
        asked.requiredLabels = {"severity"};
        const auto preview = this->preview(asked);
        QVERIFY(preview.has_value());
        QVERIFY(preview->findings.empty());
        QCOMPARE(nameOf(preview->examples.at(0).labels), "used:max{site=\"here\"}"_ba);
    }

    void unitTestsRunOverTheRulesGiven()
    {
        engine::RuleTestRequest asked;
        asked.groups = {groupWith("used > 90", 2min)};
        asked.name = "the editor";
        asked.tests = R"(
evaluation_interval: 1m
tests:
  - name: fires after two minutes
    interval: 1m
    input_series:
      - series: used{instance="a"}
        values: 95x10
    alert_rule_test:
      - eval_time: 3m
        alertname: Full
        exp_alerts:
          - exp_labels: {severity: warning, instance: a}
            exp_annotations: {summary: a is at 95}
  - name: is expected too early
    interval: 1m
    input_series:
      - series: used{instance="a"}
        values: 95x10
    alert_rule_test:
      - eval_time: 1m
        alertname: Full
        exp_alerts:
          - exp_labels: {severity: warning, instance: a}
            exp_annotations: {summary: a is at 95}
)";
        const auto run = [&] {
            return answer<engine::RuleTestReport>([&](Reply<engine::RuleTestReport> reply) {
                return m_engine->testRules(asked, std::move(reply));
            });
        };
        const auto report = run();
        QVERIFY(report.has_value());
        QVERIFY(report->faults.empty());
        QCOMPARE(report->tests.size(), std::size_t(2));
        QVERIFY2(report->tests[0].failures.empty(),
                 report->tests[0].failures.empty() ? "" : report->tests[0].failures[0].c_str());
        QCOMPARE(report->tests[1].failures.size(), std::size_t(1));
        asked.tests = "tests:\n  - intervall: 1m\n";
        const auto faulty = run();
        QVERIFY(faulty.has_value());
        QVERIFY(!faulty->faults.empty());
        QCOMPARE(faulty->faults[0].line, 2U);
        QVERIFY(faulty->tests.empty());
    }
};

QTEST_GUILESS_MAIN(TestRuleTrials)
#include "tst_rule_trials.moc"
