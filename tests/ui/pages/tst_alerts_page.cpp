// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/alert_trace_causes.h"
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/chart/time_chart.h"
#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/models/silences_model.h"
#include "ui/pages/alert_chart.h"
#include "ui/pages/alert_detail.h"
#include "ui/pages/alert_history_tab.h"
#include "ui/pages/alert_timeline_view.h"
#include "ui/pages/alerts_page.h"
#include "ui/pages/item_tree.h"
#include "ui/theme/theme.h"

#include <cmath>
#include <memory>

#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QWheelEvent>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using engine::TraceOutcome;
using engine::TraceStage;
namespace cause = engine::trace_cause;

namespace {

enum Tab { activeTab, silencesTab, routingTab };

const Labels diskLabels{
    {"alertname", "DiskFull"}, {"device", "/srv"}, {"host", "db1"}, {"severity", "warning"}};
const Labels nodeLabels{{"alertname", "NodeDown"}, {"host", "db1"}, {"severity", "critical"}};

engine::ConfigSnapshot world()
{
    engine::ConfigSnapshot snapshot;
    snapshot.file = "/etc/watchfire/prometheus.yml";
    config::RouteConfig route;
    route.receiver = "ops";
    snapshot.config.alertmanager.route = route;
    return snapshot;
}

engine::AlertStatus alert(std::uint64_t id, const char* rule, const Labels& labels, Timestamp now)
{
    engine::AlertStatus status;
    status.id = id;
    status.rule = rule;
    status.group = "hosts";
    status.labels = labels;
    status.annotations = {{"runbook_url", "https://runbooks.example/disk (read it first)"},
                          {"summary", "it is nearly full"}};
    status.state = AlertState::firing;
    status.activeAt = now - 14min;
    status.firedAt = now - 9min;
    status.value = 97.2;
    status.expr = "100 * disk_used_ratio > 90";
    return status;
}

engine::SilenceStatus silence(const char* id, const char* host, Timestamp from, Timestamp to)
{
    engine::SilenceStatus status;
    status.id = id;
    status.matchers = {Matcher::equal("host", host)};
    status.startsAt = from;
    status.endsAt = to;
    status.createdBy = "ops";
    status.comment = "deploy";
    status.matched = 1;
    return status;
}

engine::AlertsSnapshot alertsNow(Timestamp now)
{
    engine::AlertsSnapshot snapshot;
    snapshot.alerts = {alert(1, "DiskFull", diskLabels, now),
                       alert(2, "DiskFull", diskLabels.with("device", "/var"), now),
                       alert(3, "NodeDown", nodeLabels, now)};
    snapshot.alerts[0].inhibited = true;
    snapshot.firing = 3;
    snapshot.silences = {silence("over", "db1", now - 5h, now - 2h),
                         silence("ends", "web1", now - 2h, now + 8min),
                         silence("long", "db7", now - 2h, now + 4h)};
    snapshot.history
        = {{now - 8min, diskLabels, "told ops (webhook/0)"}, {now - 9min, diskLabels, "firing"}};
    return snapshot;
}

engine::AlertTrace traceOf(const Labels& labels, Timestamp now)
{
    engine::AlertTrace trace;
    trace.labels = labels;
    trace.rule = {TraceStage::rule, TraceOutcome::passed, {"DiskFull"}, {}, now - 9min};
    engine::RouteTrace route;
    route.receiver = "ops";
    route.steps = {{TraceStage::route, TraceOutcome::passed, {"{}"}, {}, {}},
                   {TraceStage::group, TraceOutcome::passed, {"{host=\"db1\"}"}, {}, now + 2min},
                   {TraceStage::inhibition,
                    TraceOutcome::stopped,
                    {nodeLabels.toString()},
                    std::string(cause::inhibited),
                    {}}};
    trace.routes = {route};
    return trace;
}

engine::AlertTrace silencedTraceOf(const Labels& labels, Timestamp now)
{
    engine::AlertTrace trace = traceOf(labels, now);
    auto& steps = trace.routes[0].steps;
    steps[2] = {TraceStage::inhibition, TraceOutcome::passed, {}, {}, {}};
    steps.push_back(
        {TraceStage::silence, TraceOutcome::stopped, {"long"}, std::string(cause::silenced), {}});
    return trace;
}

std::vector<engine::AlertSpan> spansOf(Timestamp now)
{
    std::vector<engine::AlertSpan> spans;
    const auto add = [&](const Labels& labels, AlertState state, auto from, auto to, bool open) {
        spans.push_back({labels, state, false, now - from, now - to, open});
    };
    add(diskLabels, AlertState::pending, 14min, 9min, false);
    add(diskLabels, AlertState::firing, 9min, 0min, true);
    add(nodeLabels, AlertState::pending, 12min, 11min, false);
    add(nodeLabels, AlertState::firing, 11min, 6min, false);
    add(nodeLabels, AlertState::firing, 3min, 0min, true);
    return spans;
}

Matrix curves(const engine::QueryRequest& request)
{
    Matrix matrix;
    for (const char* const device : {"/srv", "/var"}) {
        MatrixSeries series;
        series.labels = {{"device", device}, {"host", "db1"}};
        for (Timestamp at = request.start; at <= request.end; at += request.step) {
            series.atMs.push_back(unixMs(at));
            series.values.push_back(85 + 12 * std::sin(double(unixMs(at)) / 300'000));
        }
        matrix.push_back(std::move(series));
    }
    return matrix;
}

QString plain(QString text)
{
    return text.replace(QChar(0x00a0), u' ');
}

} // namespace

/// Drives the Alerts page as a person would. With WATCHFIRE_SHOTS=DIR its tabs are saved there as
/// PNG, light, dark and narrow.
class TestAlertsPage : public QObject {
    Q_OBJECT

    std::unique_ptr<DialogWorld> m_world;
    std::unique_ptr<AlertsPage> m_page;

    FakeEngine& engine() { return m_world->engine; }
    Timestamp now() const { return m_world->clock.now(); }
    QTabWidget* tabs() const { return find<QTabWidget>(m_page.get(), "alerts.tabs"); }
    QTabWidget* detailTabs() const { return find<QTabWidget>(m_page.get(), "alerts.detail.tabs"); }
    ItemTree* tree(const char* name) const { return find<ItemTree>(m_page.get(), name); }
    AlertTimelineView* timeline() const
    {
        return find<AlertTimelineView>(m_page.get(), "alerts.timeline");
    }
    QString text(const char* name) const
    {
        const auto* const label = find<QLabel>(m_page.get(), name);
        return label == nullptr ? QString() : plain(label->text());
    }
    void openHistory() const { tabs()->setCurrentIndex(tabs()->count() - 1); }

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_world = std::make_unique<DialogWorld>(world());
        engine().onTraceAlert = [this](const Labels& labels) {
            return Result<engine::AlertTrace>(traceOf(labels, now()));
        };
        engine().onAlertTimeline = [this](const engine::AlertTimelineRequest&) {
            return Result<std::vector<engine::AlertSpan>>(spansOf(now()));
        };
        engine().onQuery = [](const engine::QueryRequest& request) -> Result<QueryResult> {
            return QueryResult{curves(request), {}, {}, {}};
        };
        engine().publish(alertsNow(now()));
        QTRY_VERIFY(m_world->bridge->hasConfig() && !m_world->bridge->alerts()->alerts.empty());
        m_page = std::make_unique<AlertsPage>(*m_world->context);
        m_page->resize(1100, 720);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup()
    {
        m_page.reset();
        m_world.reset();
    }

    void whyLeadsToTheAlertThatInhibits()
    {
        tree("alerts.tree")->select(1);
        QTRY_COMPARE(text("alerts.why.3"),
                     u"Inhibited by NodeDown {host=\"db1\", severity=\"critical\"}."_s);
        const auto* const line = find<QLabel>(m_page.get(), "alerts.why.3");
        QVERIFY2(line->accessibleName().startsWith(u"Inhibition: Stopped. "_s),
                 qPrintable(line->accessibleName()));
        QVERIFY2(text("alerts.why.2").contains(u"{host=\"db1\"}"_s), "the group is told, too");
        click(m_page.get(), "alerts.why.3.link.0");
        QTRY_COMPARE(tree("alerts.tree")->currentId(), std::uint64_t(3));
    }

    void whyLeadsToTheSilenceRuleAndRoute()
    {
        engine().onTraceAlert = [this](const Labels& labels) {
            return Result<engine::AlertTrace>(silencedTraceOf(labels, now()));
        };
        tree("alerts.tree")->select(2);
        QTRY_COMPARE(text("alerts.why.4"),
                     u"Silenced by ops until %1: deploy"_s.arg(clockText(now() + 4h)));
        QSignalSpy gone(m_page.get(), &Page::navigate);
        click(m_page.get(), "alerts.why.0.link.0");
        QCOMPARE(gone.takeFirst(), (QVariantList{u"rules"_s, u"DiskFull"_s}));
        click(m_page.get(), "alerts.why.1.link.0");
        QCOMPARE(tabs()->currentIndex(), int(routingTab));
        QVERIFY(find<QLineEdit>(m_page.get(), "alerts.routing.labels")
                    ->text()
                    .contains(u"device=/var"_s));
        tabs()->setCurrentIndex(activeTab);
        click(m_page.get(), "alerts.why.4.link.0");
        QCOMPARE(tabs()->currentIndex(), int(silencesTab));
        QCOMPARE(tree("alerts.silences")->currentId(), SilencesModel::idOf("long"));
    }

    void whyIsRenewedWhileItIsSeen()
    {
        tree("alerts.tree")->select(1);
        QTRY_COMPARE(
            text("alerts.why.2"),
            plain(u"In the group {host=\"db1\"}; next turn at %1."_s.arg(clockText(now() + 2min))));
        const auto* const before = find<QLabel>(m_page.get(), "alerts.why.2");
        engine().onTraceAlert = [this](const Labels& labels) {
            engine::AlertTrace trace = traceOf(labels, now());
            trace.routes[0].steps[1].at = now() + 5min;
            return Result<engine::AlertTrace>(std::move(trace));
        };
        engine().publish(alertsNow(now()));
        QTRY_VERIFY(text("alerts.why.2").endsWith(clockText(now() + 5min) + u'.'));
        QVERIFY2(find<QLabel>(m_page.get(), "alerts.why.2") == before, "the row stays");
        engine().onTraceAlert = [](const Labels&) -> Result<engine::AlertTrace> {
            return fail(ErrorKind::unavailable, "the engine is ending");
        };
        engine().publish(alertsNow(now()));
        QTRY_COMPARE(text("alerts.why.message"), u"the engine is ending"_s);
        QVERIFY2(!text("alerts.why.2").isEmpty(), "what was shown stays");
        detailTabs()->setCurrentIndex(1);
        std::size_t asked = 0;
        engine().onTraceAlert = [&asked](const Labels&) {
            ++asked;
            return Result<engine::AlertTrace>(engine::AlertTrace());
        };
        engine().publish(alertsNow(now()));
        QTRY_VERIFY(m_world->bridge->alerts().get() == &engine().alerts());
        QCOMPARE(asked, std::size_t(0));
        // The lambda goes out of scope before the page does.
        engine().onTraceAlert
            = [](const Labels&) { return Result<engine::AlertTrace>(engine::AlertTrace()); };
    }

    void linksAreAddressesOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("links");
        QTest::newRow("one") << u"https://a.example/x"_s << QStringList{u"https://a.example/x"_s};
        QTest::newRow("in a sentence")
            << u"See https://a.example/x?y=1, then (http://b.example)."_s
            << QStringList{u"https://a.example/x?y=1"_s, u"http://b.example"_s};
        QTest::newRow("brackets of its own")
            << u"https://a.example/x_(y)"_s << QStringList{u"https://a.example/x_(y)"_s};
        QTest::newRow("no host") << u"https:// is nothing"_s << QStringList();
        QTest::newRow("not for a browser")
            << u"file:///etc/passwd javascript:alert(1)"_s << QStringList();
    }

    void linksAreAddressesOnly()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, links);
        QStringList found;
        for (const QUrl& url : linksIn(text)) {
            found << url.toString();
        }
        QCOMPARE(found, links);
    }

    void theDetailHasLinksAndPastSilences()
    {
        tree("alerts.tree")->select(1);
        detailTabs()->setCurrentIndex(1);
        auto* const detail = find<AlertDetail>(m_page.get(), "alerts.detail");
        QSignalSpy wanted(detail, &AlertDetail::addressWanted);
        QVERIFY(disconnect(detail, &AlertDetail::addressWanted, m_page.get(), nullptr));
        click(m_page.get(), "alerts.link.0");
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toUrl(), QUrl(u"https://runbooks.example/disk"_s));
        QCOMPARE(detailTabs()->tabText(3), u"Past silences (1)"_s);
        detailTabs()->setCurrentIndex(3);
        click(m_page.get(), "alerts.past.0");
        auto* const dialog = m_page->window()->findChild<QWidget*>(u"silence.dialog"_s);
        QVERIFY(dialog != nullptr);
        QCOMPARE(find<QLineEdit>(dialog, "silence.dialog.comment")->text(), u"deploy"_s);
        QCOMPARE(find<QLineEdit>(dialog, "silence.dialog.author")->text(), u"ops"_s);
        delete dialog;
    }

    void theChartShowsItsSeriesThresholdAndBands()
    {
        tree("alerts.tree")->select(1);
        detailTabs()->setCurrentIndex(2);
        QTRY_VERIFY(!engine().queries.empty());
        QCOMPARE(engine().queries.back().expr, std::string("100 * disk_used_ratio"));
        auto* const chart = find<chart::TimeChart>(m_page.get(), "alerts.chart");
        QTRY_VERIFY(chart->view() != nullptr && !chart->isDrawing());
        QCOMPARE(engine().queries.back().end - engine().queries.back().start,
                 std::chrono::milliseconds(15min));
        Matrix all = curves(engine().queries.back());
        QCOMPARE(seriesOfAlert(all, diskLabels).size(), std::size_t(1));
        QVERIFY2(seriesOfAlert(std::move(all), {{"alertname", "A"}, {"device", "x"}}).size() == 2,
                 "labels of the rule's own hide which");
    }

    void historyHasLanesAndRows()
    {
        openHistory();
        QTRY_COMPARE(timeline()->laneCount(), 2);
        QTRY_VERIFY(timeline()->painted() > 0);
        QCOMPARE(timeline()->painted(), 5);
        auto* const model = qobject_cast<AlertSpansModel*>(tree("alerts.spans")->model());
        QCOMPARE(model->totalCount(), 5);
        const QModelIndex newest = model->index(0, 0, model->index(0, 0));
        QCOMPARE(newest.siblingAtColumn(AlertSpansModel::alert).data().toString(), u"NodeDown"_s);
        const auto* const row = model->itemAt(newest);
        QVERIFY(row->end == SpanEnd::open);
        const auto place = timeline()->placeOf(row->id);
        QVERIFY(place.has_value());
        QTest::mouseClick(timeline()->viewport(), Qt::LeftButton, {}, place->center());
        QCOMPARE(tree("alerts.spans")->currentId(), row->id);
        QSignalSpy gone(m_page.get(), &Page::navigate);
        click(m_page.get(), "alerts.history.rule");
        QCOMPARE(gone.takeFirst(), (QVariantList{u"rules"_s, u"NodeDown"_s}));
        click(m_page.get(), "alerts.history.explore");
        QVERIFY2(gone.takeFirst()[1].toString().startsWith(u"ALERTS{"_s),
                 "its rule is in no snapshot here");
        type(m_page.get(), "alerts.history.filter", u"state:firing DiskFull"_s);
        QCOMPARE(timeline()->laneCount(), 1);
        QCOMPARE(model->shownCount(), 1);
        QCOMPARE(text("alerts.history.note"), u"1 of 5 stretches"_s);
        const auto* const told = model->itemAt(model->index(0, 0, model->index(0, 0)));
        QCOMPARE(told->news.size(), std::size_t(1));
    }

    void zoomingTheTimelineChangesTheSharedRange()
    {
        openHistory();
        QTRY_COMPARE(timeline()->laneCount(), 2);
        QWidget* const target = timeline()->viewport();
        const QPoint from(target->width() / 2, 60);
        const QPoint to(target->width() - 60, 60);
        QTest::mousePress(target, Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, target->mapToGlobal(QPointF(to)), Qt::NoButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(target, &move);
        QTest::mouseRelease(target, Qt::LeftButton, {}, to);
        const ViewRange zoomed = m_world->view.range();
        QVERIFY(!zoomed.isLive());
        QVERIFY(zoomed.fixed.to - zoomed.fixed.from < 15min);
        QTest::keyClick(timeline(), Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(m_world->view.range().fixed.from < zoomed.fixed.from);
        QTest::keyClick(timeline(), Qt::Key_Home);
        QVERIFY(m_world->view.range().isLive());
        QWheelEvent turn(QPointF(from), target->mapToGlobal(QPointF(from)), {}, {0, 120},
                         Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(target, &turn);
        QVERIFY(!m_world->view.range().isLive());
    }

    void historyTellsFaultsAndKeepsWhatItHas()
    {
        openHistory();
        QTRY_COMPARE(timeline()->laneCount(), 2);
        engine().onAlertTimeline
            = [](const engine::AlertTimelineRequest&) -> Result<std::vector<engine::AlertSpan>> {
            return fail(ErrorKind::io, "the store cannot be read");
        };
        m_world->view.setRange(ViewRange::ofLast(1h));
        QTRY_COMPARE(text("alerts.history.note"), u"Not renewed: the store cannot be read"_s);
        QCOMPARE(timeline()->laneCount(), 2);
    }

    void thousandsOfStretchesCostNoMoreThanAScreenful()
    {
        engine().onAlertTimeline = [this](const engine::AlertTimelineRequest& request) {
            std::vector<engine::AlertSpan> spans;
            for (int lane = 0; lane < 100; ++lane) {
                for (int i = 0; i < 100; ++i) {
                    const Timestamp at = request.range.from + i * 9s;
                    spans.push_back({{{"alertname", "A"}, {"host", std::to_string(1000 + lane)}},
                                     AlertState::firing,
                                     false,
                                     at,
                                     at + 4s,
                                     false});
                }
            }
            return Result<std::vector<engine::AlertSpan>>(std::move(spans));
        };
        openHistory();
        QTRY_COMPARE(timeline()->laneCount(), 100);
        QVERIFY2(text("alerts.history.note").startsWith(u"The newest 10,000 stretches"_s),
                 qPrintable(text("alerts.history.note")));
        timeline()->viewport()->repaint();
        const int lanesSeen = timeline()->height() / 24 + 1;
        QVERIFY2(timeline()->painted() <= 100 * lanesSeen,
                 qPrintable(QString::number(timeline()->painted())));
        // All of a lane within a few pixels: one rectangle for those that share a pixel.
        timeline()->setRange({now() - 24h * 30, now()});
        timeline()->viewport()->repaint();
        QVERIFY2(timeline()->painted() <= 3 * lanesSeen,
                 qPrintable(QString::number(timeline()->painted())));
    }

    void aSilenceAboutToEndIsExtended()
    {
        QVERIFY2(
            text("alerts.ending.text").startsWith(u"The silence of host=\"web1\" ends in 8 min"_s),
            qPrintable(text("alerts.ending.text")));
        click(m_page.get(), "alerts.ending.extend");
        QTRY_COMPARE(engine().silenceChanges.size(), std::size_t(1));
        QVERIFY(engine().silenceChanges[0].endsAt == now() + 8min + 1h);
        QTRY_VERIFY(!find<QWidget>(m_page.get(), "alerts.ending")->isVisible());
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
        QTRY_VERIFY(find<QWidget>(m_page.get(), "alerts.ending")->isVisible());
        click(m_page.get(), "alerts.ending.show");
        QCOMPARE(tree("alerts.silences")->currentId(), SilencesModel::idOf("ends"));
        click(m_page.get(), "alerts.ending.close");
        QVERIFY(!find<QWidget>(m_page.get(), "alerts.ending")->isVisible());
    }

    void aSilenceIsExpiredAndComesBack()
    {
        tabs()->setCurrentIndex(silencesTab);
        tree("alerts.silences")->select(SilencesModel::idOf("long"));
        click(m_page.get(), "alerts.silences.expire");
        QTRY_COMPARE(engine().silenceChanges.size(), std::size_t(1));
        QVERIFY(engine().silenceChanges[0].expire);
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
        QTRY_COMPARE(engine().silenceChanges.size(), std::size_t(2));
        QVERIFY(!engine().silenceChanges[1].expire);
    }

    void everyControlHasAName()
    {
        tree("alerts.tree")->select(1);
        QTRY_VERIFY(!text("alerts.why.3").isEmpty());
        for (int tab = 0; tab < tabs()->count(); ++tab) {
            tabs()->setCurrentIndex(tab);
            QCOMPARE(unnamedControls(m_page.get()), QStringList());
        }
        tabs()->setCurrentIndex(activeTab);
        for (int tab = 0; tab < detailTabs()->count(); ++tab) {
            detailTabs()->setCurrentIndex(tab);
            QCOMPARE(unnamedControls(m_page.get()), QStringList());
        }
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the page as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            const QString suffix = mode == theme::Mode::dark ? u"-dark.png"_s : u"-light.png"_s;
            for (const auto& [width, name] :
                 {std::pair(1100, u"alerts-%1"_s), std::pair(728, u"alerts-narrow-%1"_s)}) {
                m_page->resize(width, 720);
                const auto shoot = [&](const QString& what) {
                    QTest::qWait(300);
                    for (const auto* const each : m_page->findChildren<chart::TimeChart*>()) {
                        QTRY_VERIFY(!each->isVisible() || !each->isDrawing());
                    }
                    QTest::qWait(200);
                    QVERIFY(m_page->grab().save(into + u'/' + name.arg(what) + suffix));
                };
                tabs()->setCurrentIndex(activeTab);
                tree("alerts.tree")->select(1);
                for (int tab = 0; tab < detailTabs()->count(); ++tab) {
                    detailTabs()->setCurrentIndex(tab);
                    shoot(u"detail-%1"_s.arg(tab));
                }
                tabs()->setCurrentIndex(silencesTab);
                shoot(u"silences"_s);
                openHistory();
                QTRY_COMPARE(timeline()->laneCount(), 2);
                tree("alerts.spans")
                    ->setCurrentIndex(
                        tree("alerts.spans")
                            ->model()
                            ->index(1, 0, tree("alerts.spans")->model()->index(0, 0)));
                shoot(u"history"_s);
            }
        }
    }
};

QTEST_MAIN(TestAlertsPage)
#include "tst_alerts_page.moc"
