// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/model/sample.h"
#include "core/runtime/alert_timeline.h"
#include "core/runtime/alert_trace.h"
#include "core/storage/memory_store.h"

#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr Timestamp start(1'700'000'000s);

constexpr std::string_view routing = R"(route:
  receiver: root
  group_by: [alertname]
  group_wait: 30s
  routes:
  - {matchers: [way="quiet"], receiver: quiet, mute_time_intervals: [always]}
  - {matchers: [way="day"], receiver: day, active_time_intervals: [never]}
  - {matchers: [way="broken"], receiver: broken}
  - {matchers: [way="nobody"], receiver: nobody}
  - {matchers: [way="away"], receiver: away}
  - {matchers: [way="two"], receiver: root, continue: true}
  - {matchers: [way="two"], receiver: quiet}
time_intervals:
- {name: always, time_intervals: [{}]}
- {name: never, time_intervals: [{years: ['1999']}]}
receivers: [{name: root}, {name: quiet}, {name: day}, {name: broken}, {name: nobody}, {name: away}]
inhibit_rules: [{source_matchers: [severity="page"], target_matchers: [severity="warn"], equal: [dc]}]
)";

/// Answers at once: no to the receiver `broken`, and to `away` that it is to try again.
struct Tries final : alerting::Receiver {
    Ticket send(Notification notification, Reply<void> reply) override
    {
        if (notification.receiver == "broken") {
            reply(fail(ErrorKind::invalid, "the server answered 404"));
        } else if (notification.receiver == "away") {
            reply(fail(ErrorKind::unavailable, "connection refused"));
        } else {
            reply({});
        }
        return {};
    }
};

Labels named(const char* name,
             std::initializer_list<std::pair<std::string_view, std::string_view>> more = {})
{
    LabelsBuilder labels{Labels(more)};
    labels.set("alertname", name);
    return labels.build();
}

/// "group waiting: …" for each step.
QStringList textOf(const engine::AlertTrace& trace)
{
    static constexpr std::array stages{"rule",    "route",        "group",       "inhibition",
                                       "silence", "timeInterval", "notification"};
    static constexpr std::array outcomes{"passed", "waiting", "stopped", "failed"};
    const auto text = [](const engine::TraceStep& step) {
        return QString::fromLatin1(stages.at(std::size_t(step.stage))) + u' '
            + QString::fromLatin1(outcomes.at(std::size_t(step.outcome)))
            + (step.cause.empty() ? QString() : u": "_s + QString::fromStdString(step.cause));
    };
    QStringList out{text(trace.rule)};
    for (const engine::RouteTrace& route : trace.routes) {
        for (const engine::TraceStep& step : route.steps) {
            out << text(step);
        }
    }
    return out;
}

} // namespace

class TestAlertTrace : public QObject {
    Q_OBJECT

    InlineExecutor m_owner;
    std::unique_ptr<alerting::Silences> m_silences;
    std::unique_ptr<alerting::NotificationLog> m_log;
    std::unique_ptr<alerting::Dispatcher> m_dispatcher;

    void post(const Labels& labels, Timestamp endsAt = start + 1h)
    {
        Alert alert;
        alert.labels = labels;
        alert.startsAt = start;
        alert.endsAt = endsAt;
        m_dispatcher->put({alert}, start);
    }
    engine::AlertTrace trace(const Labels& labels, Timestamp now,
                             const std::vector<rules::Manager::Picture>& groups = {}) const
    {
        return runtime::alertTrace(labels, groups, *m_dispatcher, now);
    }

    static std::vector<rules::Manager::Picture> pictureOf(rules::ActiveAlert alert)
    {
        rules::RuleReport rule;
        rule.rule.alert = "A";
        rule.rule.forDuration = 5min;
        rule.rule.keepFiringFor = 10min;
        rule.alerts = {std::move(alert)};
        auto report = std::make_shared<rules::GroupReport>();
        report->rules = {std::move(rule)};
        return {{report, {}, 0}};
    }

private slots:
    void init()
    {
        m_dispatcher.reset();
        m_silences = std::make_unique<alerting::Silences>(nullptr, [] { return "the-silence"; });
        m_log = std::make_unique<alerting::NotificationLog>(nullptr);
        m_dispatcher = std::make_unique<alerting::Dispatcher>(
            *m_silences, *m_log,
            [](const config::ReceiverConfig& receiver) {
                return receiver.name == "nobody"
                    ? std::vector<alerting::Integration>()
                    : std::vector<alerting::Integration>{
                          {"webhook/0", std::make_shared<Tries>(), true}};
            },
            m_owner, [](Timestamp, const Labels&, const std::string&) {});
        config::Findings findings;
        const auto config
            = config::readAlertmanager(std::string(routing), "alertmanager.yml", findings);
        QVERIFY2(findings.faults.empty(),
                 findings.faults.empty() ? "" : findings.faults.front().toString().c_str());
        m_dispatcher->apply(config, "http://w.example", start);
    }

    void namesEachCause_data()
    {
        QTest::addColumn<QByteArray>("way"); // of the alert; inhibited, silenced: muted so
        QTest::addColumn<QStringList>("steps"); // after the group has waited
        const QStringList begin{u"rule passed: another program posted it"_s, u"route passed"_s,
                                u"group passed: 1 alerts are told together"_s};
        QTest::newRow("told") << "plain"_ba
                              << begin
                + QStringList{u"inhibition passed"_s, u"silence passed"_s, u"timeInterval passed"_s,
                              u"notification passed"_s};
        QTest::newRow("inhibited")
            << "inhibited"_ba
            << begin + QStringList{u"inhibition stopped: another alert inhibits it"_s};
        QTest::newRow("silenced") << "silenced"_ba
                                  << begin
                + QStringList{u"inhibition passed"_s, u"silence stopped: a silence mutes it"_s};
        QTest::newRow("quiet") << "quiet"_ba
                               << begin
                + QStringList{u"inhibition passed"_s, u"silence passed"_s,
                              u"timeInterval stopped: its route is mute at this time"_s};
        QTest::newRow("day") << "day"_ba
                             << begin
                + QStringList{u"inhibition passed"_s, u"silence passed"_s,
                              u"timeInterval stopped: its route is active at other times only"_s};
        QTest::newRow("away") << "away"_ba
                              << begin
                + QStringList{u"inhibition passed"_s, u"silence passed"_s, u"timeInterval passed"_s,
                              u"notification failed: connection refused"_s};
        QTest::newRow("broken") << "broken"_ba
                                << begin
                + QStringList{u"inhibition passed"_s, u"silence passed"_s, u"timeInterval passed"_s,
                              u"notification failed: the server answered 404"_s};
        QTest::newRow("nobody") << "nobody"_ba
                                << begin
                + QStringList{
                    u"inhibition passed"_s, u"silence passed"_s, u"timeInterval passed"_s,
                    u"notification stopped: the receiver has nothing that it could be told through"_s};
    }

    void namesEachCause()
    {
        QFETCH(QByteArray, way);
        QFETCH(QStringList, steps);
        Labels labels = named("A", {{"way", way.constData()}});
        if (way == "inhibited") {
            labels = labels.with("severity", "warn").with("dc", "1");
            post(named("Page", {{"severity", "page"}, {"dc", "1"}}));
        }
        if (way == "silenced") {
            alerting::Silence silence;
            silence.matchers = {Matcher::equal("way", "silenced")};
            silence.startsAt = start;
            silence.endsAt = start + 1h;
            QVERIFY(m_silences->set(silence, start).has_value());
        }
        post(labels);
        m_dispatcher->advance(start + 30s);
        QCOMPARE(textOf(trace(labels, start + 31s)), steps);
    }

    void tellsWhatMutesIt()
    {
        const Labels source = named("Page", {{"severity", "page"}, {"dc", "1"}});
        const Labels target = named("A", {{"severity", "warn"}, {"dc", "1"}});
        post(source);
        post(target);
        const auto steps = trace(target, start).routes.at(0).steps;
        QVERIFY(steps.back().stage == engine::TraceStage::inhibition);
        QCOMPARE(steps.back().subjects, std::vector{source.toString()});
        const auto quiet = named("A", {{"way", "quiet"}});
        post(quiet);
        QCOMPARE(trace(quiet, start).routes.at(0).steps.back().subjects,
                 std::vector<std::string>{"always"});
    }

    void waitsWithItsGroup()
    {
        const Labels labels = named("A");
        post(labels);
        const engine::AlertTrace before = trace(labels, start);
        QCOMPARE(textOf(before),
                 (QStringList{u"rule passed: another program posted it"_s, u"route passed"_s,
                              u"group waiting: the group waits for more alerts (group_wait)"_s,
                              u"inhibition passed"_s, u"silence passed"_s, u"timeInterval passed"_s,
                              u"notification waiting"_s}));
        const auto& steps = before.routes.at(0).steps;
        QVERIFY(steps.at(1).at == start + 30s);
        QVERIFY(steps.back().at == start + 30s);
        QCOMPARE(steps.back().subjects, std::vector<std::string>{"webhook/0"});
        m_dispatcher->advance(start + 30s);
        const auto told = trace(labels, start + 40s).routes.at(0).steps.back();
        QVERIFY(told.outcome == engine::TraceOutcome::passed && told.at == start + 30s);
    }

    void saysWhenItIsTriedAgain()
    {
        const Labels labels = named("A", {{"way", "away"}});
        post(labels);
        m_dispatcher->advance(start + 30s);
        const auto step = trace(labels, start + 30s).routes.at(0).steps.back();
        QVERIFY2(step.at == start + 30'500ms, "after the first pause, not at the next flush");
        m_dispatcher->advance(start + 30s + 6min);
        const auto given = trace(labels, start + 30s + 6min).routes.at(0).steps.back();
        QVERIFY(given.outcome == engine::TraceOutcome::failed);
        QVERIFY(given.at > start + 30s + 6min);
    }

    void isNotRepeatedBeforeItsTime()
    {
        const Labels labels = named("A");
        post(labels, start + 10h);
        m_dispatcher->advance(start + 30s);
        const auto last = [&](Timestamp now) {
            m_dispatcher->advance(now);
            return trace(labels, now).routes.at(0).steps.back();
        };
        QCOMPARE(last(start + 1min).cause, std::string());
        const auto after = last(start + 6min);
        QVERIFY(after.outcome == engine::TraceOutcome::passed && after.at == start + 30s);
        QCOMPARE(after.cause, std::string("it was told before, and repeat_interval is not over"));
        // What comes to the group meanwhile waits for its next turn.
        post(named("A", {{"late", "yes"}}), start + 10h);
        const auto late = trace(named("A", {{"late", "yes"}}), start + 7min).routes.at(0).steps;
        QCOMPARE(late.back().cause,
                 std::string("the group tells what is new at its next turn (group_interval)"));
    }

    void goesSeveralWays()
    {
        const Labels labels = named("A", {{"way", "two"}});
        post(labels);
        const engine::AlertTrace both = trace(labels, start);
        QCOMPARE(both.routes.size(), size_t(2));
        QCOMPARE(both.routes[0].receiver, std::string("root"));
        QCOMPARE(both.routes[1].receiver, std::string("quiet"));
        QCOMPARE(both.routes[1].steps[0].subjects, std::vector<std::string>{"{way=\"two\"}"});
    }

    void startsAtTheRule()
    {
        rules::ActiveAlert alert;
        alert.labels = named("A");
        alert.activeAt = start;
        const auto ruleOf = [&] { return trace(alert.labels, start, pictureOf(alert)).rule; };
        QVERIFY(trace(alert.labels, start).rule.outcome == engine::TraceOutcome::stopped);
        QVERIFY(trace(alert.labels, start).routes.empty());

        QVERIFY(ruleOf().outcome == engine::TraceOutcome::waiting);
        QVERIFY(ruleOf().at == start + 5min);
        QCOMPARE(ruleOf().cause, std::string("its condition must hold for 5m"));
        alert.state = AlertState::firing;
        alert.firedAt = start + 5min;
        QVERIFY(ruleOf().outcome == engine::TraceOutcome::passed);
        QVERIFY(ruleOf().at == start + 5min);
        QCOMPARE(ruleOf().cause, std::string());
        alert.keepFiringSince = start + 6min;
        QCOMPARE(ruleOf().cause,
                 std::string("its condition holds no more; it is kept firing for 10m"));
        alert.unknownSince = start + 6min;
        QCOMPARE(ruleOf().cause,
                 std::string("its target cannot be scraped; it fired when that was last seen"));
    }

    void saysThatItIsOver()
    {
        post(named("A"), start - 1s);
        QCOMPARE(trace(named("A"), start).rule.cause, std::string("it is resolved"));
    }

    void timelineIsCutWhereStatesEnd_data()
    {
        // One letter each 15 s: what is stored of the alert's firing series.
        QTest::addColumn<QByteArray>("samples"); // 1, s: stale, -: nothing; 'g': 10 minutes nothing
        QTest::addColumn<QByteArray>("spans"); // begin-end in steps of 15 s, + where it goes on
        QTest::newRow("ends with its marker") << "111s-"_ba << "0-3"_ba;
        QTest::newRow("goes on") << "-111"_ba << "1-3+"_ba;
        QTest::newRow("twice") << "11s-11s"_ba << "0-2 4-6"_ba;
        QTest::newRow("a missed turn is none") << "11-11s"_ba << "0-5"_ba;
        QTest::newRow("the program was away") << "11g11s"_ba << "0-1 42-44"_ba;
        QTest::newRow("only a marker") << "s"_ba << ""_ba;
    }

    void timelineIsCutWhereStatesEnd()
    {
        QFETCH(QByteArray, samples);
        QFETCH(QByteArray, spans);
        storage::MemoryStore store;
        const Labels series{
            {"__name__", "ALERTS"}, {"alertname", "A"}, {"alertstate", "firing"}, {"i", "1"}};
        const auto appender = store.appender();
        Timestamp at = start;
        for (const char letter : samples) {
            if (letter == '1' || letter == 's') {
                SampleView sample;
                sample.at = at;
                sample.value = letter == '1' ? 1 : staleMarker();
                QVERIFY(appender->append(0, series, sample).has_value());
            }
            at += letter == 'g' ? 600s : 15s;
        }
        QVERIFY(appender->commit().has_value());
        engine::AlertTimelineRequest request;
        request.range = {start, at - 15s};
        const auto querier = store.querier();
        const auto found = runtime::alertTimeline(**querier, request, {});
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QByteArray text;
        for (const engine::AlertSpan& span : *found) {
            QCOMPARE(span.labels, (Labels{{"alertname", "A"}, {"i", "1"}}));
            QVERIFY(span.state == AlertState::firing && !span.unknown);
            text += (text.isEmpty() ? "" : " ") + QByteArray::number((span.from - start) / 15s)
                + '-' + QByteArray::number((span.to - start) / 15s) + (span.isOpen ? "+" : "");
        }
        QCOMPARE(text, spans);
    }

    void timelineKnowsStatesAndFilters()
    {
        storage::MemoryStore store;
        const auto appender = store.appender();
        for (const char* const state : {"pending", "firing", "unknown"}) {
            for (const char* const name : {"A", "B"}) {
                SampleView sample;
                sample.at = start;
                sample.value = 1;
                QVERIFY(appender
                            ->append(0,
                                     Labels{{"__name__", "ALERTS"},
                                            {"alertname", name},
                                            {"alertstate", state}},
                                     sample)
                            .has_value());
            }
        }
        QVERIFY(appender->commit().has_value());
        engine::AlertTimelineRequest request;
        request.range = {start - 1min, start + 1min};
        request.filter = {Matcher::equal("alertname", "A")};
        const auto querier = store.querier();
        const auto found = runtime::alertTimeline(**querier, request, {});
        QVERIFY(found.has_value());
        QCOMPARE(found->size(), size_t(3));
        QCOMPARE(std::ranges::count(*found, AlertState::pending, &engine::AlertSpan::state), 1);
        QCOMPARE(std::ranges::count(*found, true, &engine::AlertSpan::unknown), 1);
        request.limit = 2;
        QCOMPARE(runtime::alertTimeline(**querier, request, {})->size(), size_t(2));
    }
};

QTEST_GUILESS_MAIN(TestAlertTrace)
#include "tst_alert_trace.moc"
