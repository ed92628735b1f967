// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/alert_trace_causes.h"
#include "ui/models/alert_spans_model.h"
#include "ui/models/alert_trace_lines.h"
#include "ui/models/format.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using engine::TraceOutcome;
using engine::TraceStage;
using engine::TraceStep;
namespace cause = engine::trace_cause;

namespace {

constexpr Timestamp now(1'795'003'200s); // noon UTC, so that a few hours are the same day

const Labels disk{{"alertname", "DiskFull"}, {"host", "db1"}};

engine::AlertsSnapshot alertsNow()
{
    engine::AlertsSnapshot out;
    engine::AlertStatus node;
    node.id = 7;
    node.rule = "NodeDown";
    node.labels = {{"alertname", "NodeDown"}, {"host", "db1"}};
    out.alerts = {node};
    engine::SilenceStatus silence;
    silence.id = "quiet";
    silence.createdBy = "ops";
    silence.comment = "deploy";
    silence.endsAt = now + 2h;
    out.silences = {silence};
    return out;
}

TraceStep fires()
{
    return {TraceStage::rule, TraceOutcome::passed, {"DiskFull"}, {}, now - 10min};
}

/// A way to ops whose last step is `last`, after the others passed.
engine::AlertTrace endsWith(TraceStep last, std::optional<TraceStep> group = {})
{
    engine::AlertTrace trace;
    trace.labels = disk;
    trace.rule = fires();
    engine::RouteTrace route;
    route.receiver = "ops";
    const std::vector<TraceStep> all{
        {TraceStage::route, TraceOutcome::passed, {"{team=\"db\"}"}, {}, {}},
        group.value_or(
            TraceStep{TraceStage::group, TraceOutcome::passed, {"{host=\"db1\"}"}, {}, now + 1min}),
        {TraceStage::inhibition, TraceOutcome::passed, {}, {}, {}},
        {TraceStage::silence, TraceOutcome::passed, {}, {}, {}},
        {TraceStage::timeInterval, TraceOutcome::passed, {}, {}, {}}};
    for (const TraceStep& step : all) {
        if (step.stage < last.stage) {
            route.steps.push_back(step);
        }
    }
    route.steps.push_back(std::move(last));
    trace.routes = {route};
    return trace;
}

const std::vector<TraceRouteTimes> times{{30s, 5min, 4h}};

QString plain(QString text)
{
    return text.replace(QChar(0x00a0), u' ');
}

} // namespace

Q_DECLARE_METATYPE(engine::AlertTrace)

class TestAlertTraceLines : public QObject {
    Q_OBJECT

private slots:
    void namesTheCause_data()
    {
        QTest::addColumn<engine::AlertTrace>("trace");
        QTest::addColumn<QString>("says");
        engine::AlertTrace pending;
        pending.rule = {TraceStage::rule, TraceOutcome::waiting, {"DiskFull"}, "", now + 132s};
        QTest::newRow("pending") << pending
                                 << u"Pending: its condition must hold until %1, 2 min 12 s left."_s
                                        .arg(clockText(now + 132s));
        engine::AlertTrace gone;
        gone.rule = {TraceStage::rule, TraceOutcome::stopped, {}, std::string(cause::gone), {}};
        QTest::newRow("gone") << gone << u"There is no such alert now."_s;
        QTest::newRow("group_wait")
            << endsWith(
                   {TraceStage::notification, TraceOutcome::waiting, {"webhook/0"}, "", now + 12s},
                   TraceStep{TraceStage::group,
                             TraceOutcome::waiting,
                             {"{}"},
                             std::string(cause::groupWait),
                             now + 12s})
            << u"Its group waits for more alerts: group_wait of 30 s, 12 s left."_s;
        QTest::newRow("group_interval")
            << endsWith({TraceStage::notification,
                         TraceOutcome::waiting,
                         {"webhook/0"},
                         std::string(cause::groupInterval),
                         now + 3min})
            << u"Will be sent to ops (webhook/0) at the group’s next turn: group_interval of 5 min, 3 min left."_s;
        QTest::newRow("inhibited") << endsWith({TraceStage::inhibition,
                                                TraceOutcome::stopped,
                                                {"{alertname=\"NodeDown\", host=\"db1\"}"},
                                                std::string(cause::inhibited),
                                                {}})
                                   << u"Inhibited by NodeDown {host=\"db1\"}."_s;
        QTest::newRow("silenced") << endsWith({TraceStage::silence,
                                               TraceOutcome::stopped,
                                               {"quiet"},
                                               std::string(cause::silenced),
                                               {}})
                                  << u"Silenced by ops until %1: deploy"_s.arg(clockText(now + 2h));
        QTest::newRow("muted") << endsWith({TraceStage::timeInterval,
                                            TraceOutcome::stopped,
                                            {"nights"},
                                            std::string(cause::mutedNow),
                                            {}})
                               << u"Muted by the time interval nights."_s;
        QTest::newRow("inactive") << endsWith({TraceStage::timeInterval,
                                               TraceOutcome::stopped,
                                               {"office"},
                                               std::string(cause::inactiveNow),
                                               {}})
                                  << u"Outside the active time interval office."_s;
        QTest::newRow("nobody") << endsWith({TraceStage::notification,
                                             TraceOutcome::stopped,
                                             {},
                                             std::string(cause::noIntegration),
                                             {}})
                                << u"The receiver ops has no integration: nothing tells it."_s;
        QTest::newRow("refused")
            << endsWith({TraceStage::notification,
                         TraceOutcome::failed,
                         {"slack/0"},
                         "channel_not_found",
                         now + 4s})
            << u"Could not be sent to ops (slack/0): channel_not_found — next try at %1, 4 s left"_s
                   .arg(clockText(now + 4s));
        QTest::newRow("not repeated")
            << endsWith({TraceStage::notification,
                         TraceOutcome::passed,
                         {"webhook/0"},
                         std::string(cause::notRepeated),
                         now - 1h})
            << u"Sent to ops (webhook/0) at %1. Not repeated yet: repeat_interval of 4 h, over at %2."_s
                   .arg(clockText(now - 1h), clockText(now + 3h));
        QTest::newRow("sent") << endsWith(
            {TraceStage::notification, TraceOutcome::passed, {"webhook/0"}, "", now - 1h})
                              << u"Sent to ops (webhook/0) at %1."_s.arg(clockText(now - 1h));
    }

    void namesTheCause()
    {
        QFETCH(engine::AlertTrace, trace);
        QFETCH(QString, says);
        QCOMPARE(plain(traceVerdict(traceSections(trace, times, alertsNow(), now))), says);
    }

    void hasAllStagesWithAWord()
    {
        const auto sections = traceSections(
            endsWith({TraceStage::silence, TraceOutcome::stopped, {"quiet"}, "", {}}), times,
            alertsNow(), now);
        QCOMPARE(sections.size(), 2);
        QStringList words;
        for (const TraceLine& line : sections[1].lines) {
            words << line.stage + u' ' + line.outcome;
        }
        QCOMPARE(words,
                 (QStringList{u"Route Passed"_s, u"Group Passed"_s, u"Inhibition Passed"_s,
                              u"Silences Stopped"_s, u"Times Not reached"_s,
                              u"Notification Not reached"_s}));
        QVERIFY(sections[1].lines[3].state == ItemState::silenced);
        QVERIFY(!sections[1].lines[4].isReached);
    }

    void leadsToTheCause()
    {
        const auto linksOf = [](const engine::AlertTrace& trace) {
            return traceSections(trace, times, alertsNow(), now)[1].lines.back().links;
        };
        const auto line = [&](TraceStage stage, const char* subject, int at) {
            const auto sections
                = traceSections(endsWith({stage, TraceOutcome::stopped, {subject}, "", {}}), times,
                                alertsNow(), now);
            return sections[1].lines[at].links;
        };
        const auto silence = line(TraceStage::silence, "quiet", 3);
        QCOMPARE(silence.size(), 1);
        QVERIFY(silence[0].to == TraceLink::To::silence);
        QCOMPARE(silence[0].target, u"quiet"_s);
        const auto source
            = line(TraceStage::inhibition, "{alertname=\"NodeDown\", host=\"db1\"}", 2);
        QCOMPARE(source.size(), 1);
        QVERIFY(source[0].to == TraceLink::To::alert);
        QCOMPARE(source[0].target, u"7"_s);
        QVERIFY2(line(TraceStage::inhibition, "{alertname=\"Elsewhere\"}", 2).isEmpty(),
                 "an alert of another program is in no list here");
        const auto sections
            = traceSections(endsWith({TraceStage::notification, TraceOutcome::passed, {}, "", now}),
                            times, alertsNow(), now);
        QCOMPARE(sections[0].lines[0].links[0].target, u"DiskFull"_s);
        QCOMPARE(sections[1].lines[0].links[0].target, u"alertname=DiskFull, host=db1"_s);
        QVERIFY(linksOf(endsWith({TraceStage::notification, TraceOutcome::passed, {}, "", now}))
                    .isEmpty());
    }

    void leavesOutFiguresThatAreNotKnown()
    {
        const auto trace = endsWith({TraceStage::notification,
                                     TraceOutcome::passed,
                                     {"webhook/0"},
                                     std::string(cause::notRepeated),
                                     now});
        QVERIFY(traceVerdict(traceSections(trace, {}, alertsNow(), now))
                    .endsWith(u"Not repeated yet: repeat_interval is not over."_s));
    }

    void theBestOfTwoRoutesDecides()
    {
        engine::AlertTrace trace = endsWith({TraceStage::timeInterval,
                                             TraceOutcome::stopped,
                                             {"nights"},
                                             std::string(cause::mutedNow),
                                             {}});
        trace.routes.push_back(
            endsWith({TraceStage::notification, TraceOutcome::passed, {"webhook/0"}, "", now})
                .routes[0]);
        QVERIFY(
            traceVerdict(traceSections(trace, {}, alertsNow(), now)).startsWith(u"Sent to ops"_s));
    }

    void stretchesSayHowTheyEnded()
    {
        const auto span = [](AlertState state, Timestamp from, Timestamp to, bool open = false,
                             bool unknown = false) {
            return engine::AlertSpan{disk, state, unknown, from, to, open};
        };
        const std::vector<engine::AlertSpan> spans{
            span(AlertState::pending, now - 9h, now - 8h),
            span(AlertState::firing, now - 8h, now - 7h),
            span(AlertState::pending, now - 6h, now - 5h),
            span(AlertState::firing, now - 4h, now - 3h),
            span(AlertState::firing, now - 2h, now - 1h),
            span(AlertState::firing, now - 1h, now - 30min, false, true),
            span(AlertState::firing, now - 10min, now, true)};
        std::vector<engine::AlertEvent> history;
        history.push_back({now - 9min, disk, "told ops (webhook/0)"});
        history.push_back({now - 100min, disk, "could not tell ops (slack/0): go: away"});
        history.push_back({now - 100min, disk, "firing"});
        history.push_back({now - 10h, disk, "told ops (webhook/0)"});
        const AlertSpanRows rows = spanRows(spans, history, now - 6h);
        QList<SpanEnd> ends;
        for (const AlertSpanRow& row : rows) {
            ends << row.end;
        }
        QCOMPARE(ends,
                 (QList{SpanEnd::fired, SpanEnd::unsure, SpanEnd::cleared, SpanEnd::resolved,
                        SpanEnd::unseen, SpanEnd::resolved, SpanEnd::open}));
        QCOMPARE(rows[6].news.size(), std::size_t(1));
        QCOMPARE(newsText(rows[6].news[0]), u"ops (webhook/0) at %1"_s.arg(clockText(now - 9min)));
        QCOMPARE(rows[4].news.size(), std::size_t(1));
        QCOMPARE(rows[4].news[0].failure, std::string("go: away"));
        QVERIFY2(rows[1].news.empty(), "what came before it is not of it");
    }

    void stretchesAreRowsByDay()
    {
        std::vector<engine::AlertSpan> spans;
        for (int i = 0; i < 4; ++i) {
            spans.push_back({disk, i == 0 ? AlertState::pending : AlertState::firing, false,
                             now - i * 24h, now - i * 24h + 22min, false});
        }
        AlertSpansModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto rows = std::make_shared<const AlertSpanRows>(spanRows(spans, {}, Timestamp{}));
        model.setRows(rows);
        QCOMPARE(model.rowCount(), 4);
        const QModelIndex first = model.index(0, 0, model.index(0, 0));
        QCOMPARE(first.data().toString(), u"Pending"_s);
        QCOMPARE(plain(first.siblingAtColumn(AlertSpansModel::duration).data().toString()),
                 u"22 min"_s);
        QCOMPARE(first.siblingAtColumn(AlertSpansModel::labels).data().toString(),
                 u"host=\"db1\""_s);
        model.setFilter(u"state:firing db1"_s);
        QCOMPARE(model.shownCount(), 3);
        model.setFilter(u"host:web"_s);
        QCOMPARE(model.shownCount(), 0);
        model.setFilter({});
        model.setRows(rows);
        QCOMPARE(model.shownCount(), 4);
    }
};

QTEST_GUILESS_MAIN(TestAlertTraceLines)
#include "tst_alert_trace_lines.moc"
