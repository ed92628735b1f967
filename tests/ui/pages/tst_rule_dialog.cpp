// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/canned_rules.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/chart/chart_view.h"
#include "ui/chart/time_chart.h"
#include "ui/editor/promql_editor.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/rule_dialog.h"
#include "ui/pages/rule_group_dialog.h"
#include "ui/pages/rule_preview.h"
#include "ui/pages/rules_page.h"
#include "ui/pages/starter_banner.h"
#include "ui/pages/starter_dialog.h"
#include "ui/theme/theme.h"

#include <memory>
#include <optional>

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

enum Tab { form, yaml, test };

config::RuleConfig cpuHigh()
{
    config::RuleConfig rule;
    rule.alert = "CpuHigh";
    rule.expr = "100 * cpu_used_ratio > 90";
    rule.forDuration = 30min;
    rule.labels = {{"severity", "warning"}, {"team", "ops"}};
    rule.annotations = {{"summary", "{{ $labels.instance }} is busy"},
                        {"description", "Look at its processes first."},
                        {"runbook", "https://runbooks.example/cpu"}};
    return rule;
}

config::RuleConfig recording()
{
    config::RuleConfig rule;
    rule.record = "job:cpu_used:avg";
    rule.expr = "avg by (job) (cpu_used_ratio)";
    return rule;
}

engine::ConfigSnapshot world()
{
    engine::ConfigSnapshot snapshot;
    snapshot.file = "/etc/watchfire/prometheus.yml";
    snapshot.config.global.evaluationInterval = 1min;
    config::RuleGroupConfig hosts;
    hosts.name = "hosts";
    hosts.file = "/etc/watchfire/rules/hosts.yml";
    hosts.interval = 1min;
    hosts.rules = {cpuHigh(), recording()};
    snapshot.config.ruleGroups = {hosts};
    return snapshot;
}

const RuleGroupKey hostsKey{"hosts", "/etc/watchfire/rules/hosts.yml"};

engine::RulesSnapshot rulesOf(const config::Config& config, Timestamp now)
{
    engine::RulesSnapshot snapshot;
    for (const config::RuleGroupConfig& group : config.ruleGroups) {
        engine::RuleGroupStatus status;
        status.name = group.name;
        status.file = group.file;
        status.interval = group.interval;
        status.lastEvaluation = now - 12s;
        status.duration = 3'400us;
        status.nextDue = now + 48s;
        for (const config::RuleConfig& rule : group.rules) {
            engine::RuleStatus each;
            each.rule = rule;
            each.health = engine::Health::up;
            each.lastEvaluation = now - 12s;
            each.duration = 840us;
            status.rules.push_back(each);
        }
        snapshot.groups.push_back(status);
    }
    return snapshot;
}

} // namespace

/// Drives the rule editor, the page and the dialogs about them as a person would. With
/// WATCHFIRE_SHOTS=DIR they are saved there as PNG, light and dark.
class TestRuleDialog : public QObject {
    Q_OBJECT

    std::unique_ptr<DialogWorld> m_world;
    QPointer<RuleDialog> m_dialog;

    void open(std::optional<PlacedRule> rule, bool alerting = true)
    {
        m_dialog = new RuleDialog(*m_world->context, std::move(rule), alerting, nullptr);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    void openCpuHigh() { open(PlacedRule{hostsKey, cpuHigh(), 0}); }
    FakeEngine& engine() { return m_world->engine; }
    QTabWidget* tabs() const { return find<QTabWidget>(m_dialog, "rule.dialog.tabs"); }
    chart::TimeChart* chart() const
    {
        return find<chart::TimeChart>(m_dialog, "rule.dialog.chart");
    }
    editor::PromqlEditor* expr() const
    {
        return find<editor::PromqlEditor>(m_dialog, "rule.dialog.expr");
    }
    QString label(const char* name) const { return find<QLabel>(m_dialog, name)->text(); }
    QString note(const char* name) const
    {
        const auto* const widget = find<QWidget>(m_dialog, name);
        return widget->isVisible() ? widget->accessibleName() : QString();
    }
    const config::RuleConfig& saved()
    {
        return m_world->engine.configs.back().ruleGroups.front().rules.front();
    }
    void setText(const char* name, const QString& text) const
    {
        auto* const edit = find<QPlainTextEdit>(m_dialog, name);
        edit->selectAll();
        edit->insertPlainText(text);
    }
    /// Where a value stands on the chart.
    QPoint placeOf(double value) const
    {
        const chart::ChartView* const view = chart()->view();
        const QRectF plot = view->plotArea();
        const chart::ValueScale& scale = view->values();
        const double part = (scale.toAxis(value) - scale.low) / (scale.high - scale.low);
        return {int(plot.center().x()), int(plot.bottom() - part * plot.height())};
    }

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_world = std::make_unique<DialogWorld>(world());
        engine().onBacktest = [](const engine::BacktestRequest& request) {
            return Result<engine::BacktestReport>(cannedBacktest(request));
        };
        engine().onPreviewRule = [](const engine::RulePreviewRequest& request) {
            return Result<engine::RulePreview>(cannedPreview(request));
        };
        engine().onQuery = [](const engine::QueryRequest& request) -> Result<QueryResult> {
            engine::BacktestRequest asked;
            config::RuleConfig rule;
            rule.expr = request.expr;
            asked.group.rules = {rule};
            asked.range = {request.start, request.end};
            asked.curveStep = request.step;
            QueryResult result;
            result.value = *cannedBacktest(asked).curves;
            return result;
        };
        QTRY_VERIFY(m_world->bridge->hasConfig());
    }
    void cleanup()
    {
        delete m_dialog;
        m_world.reset();
    }

    void aRuleShowsWhatItWouldHaveDone()
    {
        openCpuHigh();
        QVERIFY2(!m_dialog->isModal(), "the window stays usable");
        QTRY_COMPARE(engine().backtests.size(), std::size_t(1));
        const engine::BacktestRequest& asked = engine().backtests.front();
        QCOMPARE(asked.range.to - asked.range.from, config::Duration(24h * 7));
        QCOMPARE(asked.group.rules[asked.rule].alert, std::string("CpuHigh"));
        QCOMPARE(asked.group.interval, config::Duration(1min));
        QTRY_VERIFY2(label("rule.dialog.verdict").startsWith(u"Would have fired "_s),
                     qPrintable(label("rule.dialog.verdict")));
        QTRY_VERIFY(label("rule.dialog.preview").contains(u"3 series"_s));
        auto* const examples = find<QTreeWidget>(m_dialog, "rule.dialog.examples");
        QCOMPARE(examples->topLevelItemCount(), 3);
        QTreeWidgetItem* const summary = examples->topLevelItem(0)->child(0);
        QCOMPARE(summary->text(1), u"web1:9100 is busy"_s);
    }

    void theVerdictIsAsShortAsWhatHappened_data()
    {
        QTest::addColumn<int>("fired");
        QTest::addColumn<bool>("pending");
        QTest::addColumn<int>("failures");
        QTest::addColumn<int>("evaluations");
        QTest::addColumn<QString>("says");
        QTest::newRow("three times")
            << 3 << true << 0 << 100 << u"Would have fired 3×, 41 min in all, longest 22 min"_s;
        QTest::newRow("never") << 0 << false << 0 << 100 << u"Would not have fired"_s;
        QTest::newRow("nearly") << 0 << true << 0 << 100
                                << u"Would have been pending, and not have fired"_s;
        QTest::newRow("failures are told")
            << 0 << false << 2 << 100
            << u"Would not have fired · 2 of 100 evaluations would have failed: many-to-many"_s;
        QTest::newRow("nothing stored")
            << 0 << false << 0 << 0 << u"Nothing is stored of that time"_s;
    }
    void theVerdictIsAsShortAsWhatHappened()
    {
        QFETCH(int, fired);
        QFETCH(bool, pending);
        QFETCH(int, failures);
        QFETCH(int, evaluations);
        QFETCH(QString, says);
        engine::BacktestReport report;
        report.fired = std::size_t(fired);
        report.firingTime = 41min;
        report.longest = 22min;
        report.failures = std::size_t(failures);
        report.evaluations = std::size_t(evaluations);
        report.firstFailure = "many-to-many";
        if (pending) {
            report.pending = {{Timestamp{}, Timestamp{} + 1min}};
        }
        QCOMPARE(verdictOf(report).replace(QChar(0x202f), u' ').replace(QChar(0xa0), u' '), says);
    }

    void theThresholdIsDraggedIntoTheExpression()
    {
        openCpuHigh();
        QTRY_COMPARE(find<QLineEdit>(m_dialog, "rule.dialog.threshold")->text(), u"90"_s);
        QTRY_VERIFY(label("rule.dialog.verdict").startsWith(u"Would have fired "_s));
        QTRY_VERIFY(!chart()->isDrawing() && chart()->view()->picture() != nullptr);
        const std::size_t before = engine().backtests.size();
        QWidget* const target = chart()->view()->viewport();
        const QPoint from = placeOf(90);
        const QPoint to = placeOf(60);
        QTest::mousePress(target, Qt::LeftButton, {}, from);
        for (const QPoint& point : {(from + to) / 2, to}) {
            QMouseEvent move(QEvent::MouseMove, point, target->mapToGlobal(QPointF(point)),
                             Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(target, &move);
        }
        QTest::mouseRelease(target, Qt::LeftButton, {}, to);
        const QString text = expr()->toPlainText();
        QVERIFY2(text.startsWith(u"100 * cpu_used_ratio > "_s), qPrintable(text));
        const double value = text.mid(text.indexOf(u'>') + 2).toDouble();
        QVERIFY2(value > 57 && value < 63, qPrintable(text));
        QCOMPARE(find<QLineEdit>(m_dialog, "rule.dialog.threshold")->text().toDouble(), value);
        QTRY_VERIFY(engine().backtests.size() > before);
        QCOMPARE(engine().backtests.back().group.rules[0].expr, text.toStdString());
        click(m_dialog, "rule.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(saved().expr, text.toStdString());
    }

    void comparisonAndThresholdHaveFieldsOfTheirOwn()
    {
        openCpuHigh();
        type(m_dialog, "rule.dialog.threshold", u"75.5"_s);
        QCOMPARE(expr()->toPlainText(), u"100 * cpu_used_ratio > 75.5"_s);
        auto* const box = find<QComboBox>(m_dialog, "rule.dialog.operator");
        QCOMPARE(box->currentText(), u"above"_s);
        box->setCurrentIndex(3);
        emit box->activated(3);
        QCOMPARE(expr()->toPlainText(), u"100 * cpu_used_ratio <= 75.5"_s);
        expr()->setExpression(u"absent(up)"_s);
        QVERIFY(!box->isVisible());
        QVERIFY(!find<QLineEdit>(m_dialog, "rule.dialog.threshold")->isVisible());
    }

    void thePictureStaysWhileTheRuleHasFaultsOrTheEngineFails()
    {
        openCpuHigh();
        QTRY_VERIFY(label("rule.dialog.verdict").startsWith(u"Would have fired "_s));
        QTRY_VERIFY(chart()->view()->picture() != nullptr);
        const QString verdict = label("rule.dialog.verdict");
        expr()->setExpression(u"100 * cpu_used_ratio >"_s);
        QTRY_VERIFY(label("rule.dialog.preview").startsWith(u"Not renewed"_s));
        QCOMPARE(label("rule.dialog.verdict"), verdict);
        QVERIFY(chart()->view()->picture() != nullptr);
        engine().onBacktest = [](const engine::BacktestRequest&) -> Result<engine::BacktestReport> {
            return fail(ErrorKind::io, "the store cannot be read");
        };
        expr()->setExpression(u"100 * cpu_used_ratio > 91"_s);
        QTRY_COMPARE(label("rule.dialog.verdict"), u"the store cannot be read"_s);
        QVERIFY2(chart()->view()->picture() != nullptr, "what was drawn stays");
    }

    void aNewerQuestionCancelsTheOlder()
    {
        engine().hold = true;
        openCpuHigh();
        QTRY_COMPARE(engine().backtests.size(), std::size_t(1));
        type(m_dialog, "rule.dialog.threshold", u"80"_s);
        QTRY_COMPARE(engine().backtests.size(), std::size_t(2));
        QVERIFY(engine().cancelled() >= 1);
        delete m_dialog;
        QVERIFY2(engine().release() <= 2, "names may be asked for yet, no backtest");
    }

    void findingsAreMendedByTheirButton()
    {
        open(PlacedRule{hostsKey, cpuHigh(), 0});
        find<QComboBox>(m_dialog, "rule.dialog.severity")->setCurrentText(QString());
        QTRY_VERIFY(find<QWidget>(m_dialog, "rule.dialog.finding.0") != nullptr);
        click(m_dialog, "rule.dialog.finding.0.fix");
        QCOMPARE(find<QComboBox>(m_dialog, "rule.dialog.severity")->currentText(), u"warning"_s);
        QTRY_VERIFY(!find<QWidget>(m_dialog, "rule.dialog.findings")->isVisible());
    }

    void whatTheEngineFindsIsSaidInWords()
    {
        using Kind = engine::RuleFinding::Kind;
        engine::RulePreview preview;
        preview.findings = {{Kind::duplicateRule, "x"},
                            {Kind::forBelowInterval, "x"},
                            {Kind::deadSelector, "no series matches nothing{a=\"b\"}"}};
        preview.templateFaults = {{false, "summary", "unexpected end"}};
        const RuleDraft draft
            = draftOf(world().config, PlacedRule{hostsKey, cpuHigh(), 0}, hostsKey, cpuHigh());
        const auto remarks = remarksOf(preview, draft, 1min);
        QCOMPARE(remarks.size(), std::size_t(4));
        QVERIFY(remarks[0].isError);
        QVERIFY(remarks[0].message.contains(u"unexpected end"_s));
        config::RuleConfig rule = cpuHigh();
        remarks[1].apply(rule);
        QCOMPARE(rule.alert, std::string("CpuHigh2"));
        remarks[2].apply(rule);
        QCOMPARE(rule.forDuration, config::Duration(1min));
        QVERIFY2(remarks[3].message.endsWith(u"nothing{a=\"b\"}"_s),
                 qPrintable(remarks[3].message));
    }

    void formAndYamlAreOneRule()
    {
        openCpuHigh();
        tabs()->setCurrentIndex(yaml);
        auto* const text = find<QPlainTextEdit>(m_dialog, "rule.dialog.yaml");
        QVERIFY2(text->toPlainText().startsWith(u"alert: CpuHigh"_s),
                 qPrintable(text->toPlainText()));
        setText("rule.dialog.yaml",
                text->toPlainText().replace(u"for: 30m"_s, u"for: soon # a guess"_s));
        QTRY_VERIFY2(note("rule.dialog.yaml.note").startsWith(u"Line 3"_s),
                     qPrintable(note("rule.dialog.yaml.note")));
        QVERIFY(!tabs()->isTabEnabled(form));
        click(m_dialog, "rule.dialog.save");
        QVERIFY2(engine().configs.empty(), "what has a fault is not saved");
        setText("rule.dialog.yaml", text->toPlainText().replace(u"for: soon"_s, u"for: 45m"_s));
        QTRY_VERIFY(tabs()->isTabEnabled(form));
        QCOMPARE(find<QLineEdit>(m_dialog, "rule.dialog.for")->text(), u"45m"_s);
        tabs()->setCurrentIndex(form);
        type(m_dialog, "rule.dialog.summary", u"{{ $labels.instance }} glows"_s);
        tabs()->setCurrentIndex(yaml);
        QVERIFY2(text->toPlainText().contains(u"glows"_s)
                     && text->toPlainText().contains(u"# a guess"_s),
                 qPrintable(text->toPlainText()));
        click(m_dialog, "rule.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        config::RuleConfig expected = cpuHigh();
        expected.forDuration = 45min;
        expected.annotations[0].second = "{{ $labels.instance }} glows";
        QVERIFY(saved() == expected);
        m_world->edits->stack().undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void anUntouchedRuleIsSavedAsItWas()
    {
        openCpuHigh();
        for (int i = 0; i < tabs()->count(); ++i) {
            tabs()->setCurrentIndex(i);
        }
        click(m_dialog, "rule.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(engine().configs.empty());
    }

    void changesAreShownBeforeTheyAreSaved()
    {
        openCpuHigh();
        type(m_dialog, "rule.dialog.for", u"10m"_s);
        click(m_dialog, "rule.dialog.changes");
        auto* const text = find<QPlainTextEdit>(m_dialog, "rule.changes.text");
        QVERIFY(text != nullptr);
        QVERIFY2(text->toPlainText().contains(u"- for: 30m"_s)
                     && text->toPlainText().contains(u"+ for: 10m"_s),
                 qPrintable(text->toPlainText()));
        QVERIFY(engine().configs.empty());
    }

    void testsRunInPlace()
    {
        engine().onTestRules = [](const engine::RuleTestRequest&) {
            engine::RuleTestReport report;
            report.tests = {{"fires", {}},
                            {"too early", {"    alertname: CpuHigh, time: 1m,\n        exp: []"}}};
            return Result<engine::RuleTestReport>(std::move(report));
        };
        openCpuHigh();
        tabs()->setCurrentIndex(test);
        QVERIFY2(!chart()->isVisible(), "room for the tests");
        auto* const text = find<QPlainTextEdit>(m_dialog, "rule.dialog.tests");
        QVERIFY2(text->toPlainText().contains(u"alertname: 'CpuHigh'"_s),
                 qPrintable(text->toPlainText()));
        click(m_dialog, "rule.dialog.tests.run");
        QTRY_COMPARE(label("rule.dialog.tests.outcome"), u"1 of 2 passed"_s);
        QCOMPARE(engine().testedRules.size(), std::size_t(1));
        QCOMPARE(engine().testedRules[0].groups.size(), std::size_t(1));
        auto* const results = find<QTreeWidget>(m_dialog, "rule.dialog.tests.results");
        QCOMPARE(results->topLevelItem(1)->text(0), u"Failed · too early"_s);
        QVERIFY(results->topLevelItem(1)->isExpanded());
        text->appendPlainText(u"# mine"_s);
        QVERIFY(label("rule.dialog.tests.outcome").startsWith(u"Not run"_s));
        click(m_dialog, "rule.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        openCpuHigh();
        QVERIFY2(find<QPlainTextEdit>(m_dialog, "rule.dialog.tests")
                     ->toPlainText()
                     .endsWith(u"# mine"_s),
                 "tests are kept with the rule");
    }

    void faultsOfTestsAreMarked()
    {
        engine().onTestRules = [](const engine::RuleTestRequest&) {
            engine::RuleTestReport report;
            report.faults = {{"tests", 4, 5, "field intervall not found"}};
            return Result<engine::RuleTestReport>(std::move(report));
        };
        openCpuHigh();
        tabs()->setCurrentIndex(test);
        click(m_dialog, "rule.dialog.tests.run");
        QTRY_COMPARE(note("rule.dialog.tests.note"), u"Line 4: field intervall not found"_s);
        QCOMPARE(label("rule.dialog.tests.outcome"), u"The tests cannot be read."_s);
    }

    void aRecordingRuleIsDrawnAndSaved()
    {
        open(std::nullopt, false);
        QVERIFY(!find<QWidget>(m_dialog, "rule.dialog.for")->isVisible());
        type(m_dialog, "rule.dialog.name", u"job:up:sum"_s);
        expr()->setExpression(u"sum by (job) (up)"_s);
        QTRY_VERIFY(label("rule.dialog.preview").startsWith(u"Records 3 series"_s));
        QVERIFY(engine().backtests.empty());
        QTRY_VERIFY(chart()->view()->picture() != nullptr);
        click(m_dialog, "rule.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(engine().configs.back().ruleGroups[0].rules.back().record,
                 std::string("job:up:sum"));
    }

    void closingAsksOnlyWhenSomethingWasChanged()
    {
        openCpuHigh();
        m_dialog->close();
        QTRY_VERIFY(m_dialog == nullptr);
        openCpuHigh();
        type(m_dialog, "rule.dialog.for", u"10m"_s);
        m_dialog->close();
        QTRY_VERIFY(find<QWidget>(m_dialog, "rule.dialog.question") != nullptr);
        click(m_dialog, "rule.dialog.discard");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(engine().configs.empty());
    }

    void allControlsHaveNames()
    {
        openCpuHigh();
        for (int i = 0; i < tabs()->count(); ++i) {
            tabs()->setCurrentIndex(i);
            QCOMPARE(unnamedControls(m_dialog), QStringList());
        }
    }

    void groupSettingsAreChangedAndUndone()
    {
        QPointer<RuleGroupDialog> dialog
            = new RuleGroupDialog(*m_world->context, world().config.ruleGroups[0], nullptr);
        dialog->open();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QCOMPARE(unnamedControls(dialog), QStringList());
        type(dialog, "group.dialog.interval", u"often"_s);
        click(dialog, "group.dialog.save");
        QVERIFY(engine().configs.empty());
        QVERIFY(find<QWidget>(dialog, "group.dialog.interval.note")->isVisible());
        type(dialog, "group.dialog.interval", u"30s"_s);
        type(dialog, "group.dialog.limit", u"20"_s);
        type(dialog, "group.dialog.queryOffset", u"0s"_s);
        type(dialog, "group.dialog.name", u"machines"_s);
        click(dialog, "group.dialog.save");
        QTRY_VERIFY(dialog == nullptr);
        const config::RuleGroupConfig& group = engine().configs.back().ruleGroups[0];
        QCOMPARE(group.name, std::string("machines"));
        QCOMPARE(group.interval, config::Duration(30s));
        QCOMPARE(group.limit, std::uint64_t(20));
        QVERIFY(group.queryOffset == config::Duration(0));
        QCOMPARE(group.rules.size(), std::size_t(2));
        m_world->edits->stack().undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void starterRulesAreOfferedWhileThereAreNone()
    {
        StarterBanner banner(*m_world->context, "starter");
        QVERIFY2(!banner.isVisible(), "there are rules");
        engine::ConfigSnapshot empty = world();
        empty.config.ruleGroups.clear();
        engine().publish(empty);
        QTRY_VERIFY(banner.isVisible());
        click(&banner, "starter.addAll");
        QTRY_COMPARE(engine().configs.size(), std::size_t(1));
        QCOMPARE(engine().configs[0].ruleGroups.size(), std::size_t(1));
        QCOMPARE(engine().configs[0].ruleGroups[0].rules.size(), std::size_t(6));
        QTRY_VERIFY(!banner.isVisible());
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
        QTRY_VERIFY(engine().config().config == empty.config);
        QTRY_VERIFY(banner.isVisible());
        click(&banner, "starter.notNow");
        QVERIFY(!banner.isVisible());
        StarterBanner again(*m_world->context, "again");
        QVERIFY2(!again.isVisible(), "not now is remembered");
    }

    void someStarterRulesAreChosen()
    {
        QPointer<StarterDialog> dialog = new StarterDialog(*m_world->context, nullptr);
        dialog->open();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QCOMPARE(unnamedControls(dialog), QStringList());
        QTRY_VERIFY(find<QLabel>(dialog, "starter.dialog.now")->text().startsWith(u"Would hold"_s));
        auto* const list = find<QListWidget>(dialog, "starter.dialog.list");
        for (int i = 2; i < list->count(); ++i) {
            list->item(i)->setCheckState(Qt::Unchecked);
        }
        QCOMPARE(find<QAbstractButton>(dialog, "starter.dialog.add")->text(), u"Add 2 of 6"_s);
        click(dialog, "starter.dialog.add");
        QTRY_VERIFY(dialog == nullptr);
        const auto& groups = engine().configs.back().ruleGroups;
        QCOMPARE(groups.size(), std::size_t(2));
        QCOMPARE(groups.back().rules[1].alert, std::string("DiskFillingUp"));
    }

    void thePageHasGroupsRulesAndTheirMenus()
    {
        RulesPage page(*m_world->context);
        page.resize(1100, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        engine().publish(rulesOf(world().config, m_world->clock.now()));
        auto* const tree = find<QTreeView>(&page, "rules.tree");
        QTRY_COMPARE(tree->model()->rowCount(), 1);
        const QModelIndex group = tree->model()->index(0, 0);
        QCOMPARE(tree->model()->rowCount(group), 2);
        QCOMPARE(tree->model()->index(0, 6, group).data().toString().simplified(), u"in 48 s"_s);
        QCOMPARE(unnamedControls(&page), QStringList());
        emit tree->customContextMenuRequested(tree->visualRect(group).center());
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        QAction* const remove = menu->findChild<QAction*>(u"rules.group.delete"_s);
        QVERIFY(remove != nullptr);
        remove->trigger();
        menu->close();
        QTRY_COMPARE(engine().configs.size(), std::size_t(1));
        QVERIFY(engine().configs[0].ruleGroups.empty());
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the dialogs as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            const QString suffix = mode == theme::Mode::dark ? u"-dark.png"_s : u"-light.png"_s;
            const auto shoot = [&](const QString& name, QWidget* what) {
                QTest::qWait(200);
                for (const chart::TimeChart* each : what->findChildren<chart::TimeChart*>()) {
                    QTRY_VERIFY(!each->isVisible() || !each->isDrawing());
                }
                QTest::qWait(100);
                QVERIFY(what->grab().save(into + u'/' + name + suffix));
            };
            shootDialog(shoot);
            shootOthers(shoot);
        }
    }

private:
    template <class Shoot> void shootDialog(const Shoot& shoot)
    {
        openCpuHigh();
        QTRY_VERIFY(label("rule.dialog.verdict").startsWith(u"Would have fired "_s));
        shoot(u"rule-form"_s, m_dialog);
        find<QComboBox>(m_dialog, "rule.dialog.severity")->setCurrentText(QString());
        QTRY_VERIFY(find<QWidget>(m_dialog, "rule.dialog.finding.0") != nullptr);
        m_dialog->resize(760, 700);
        shoot(u"rule-form-narrow"_s, m_dialog);
        m_dialog->resize(1000, 780);
        tabs()->setCurrentIndex(yaml);
        auto* const text = find<QPlainTextEdit>(m_dialog, "rule.dialog.yaml");
        setText("rule.dialog.yaml", text->toPlainText().replace(u"for: 30m"_s, u"for: soon"_s));
        QTRY_VERIFY(!note("rule.dialog.yaml.note").isEmpty());
        shoot(u"rule-yaml-fault"_s, m_dialog);
        delete m_dialog;
        engine().onTestRules = [](const engine::RuleTestRequest&) {
            engine::RuleTestReport report;
            report.tests = {{"fires", {}},
                            {"is expected too early",
                             {"    alertname: CpuHigh, time: 1m,\n        exp: [ 0: Labels: "
                              "{alertname=\"CpuHigh\"} ],\n        got: [ ]"}}};
            return Result<engine::RuleTestReport>(std::move(report));
        };
        openCpuHigh();
        tabs()->setCurrentIndex(test);
        click(m_dialog, "rule.dialog.tests.run");
        QTRY_COMPARE(label("rule.dialog.tests.outcome"), u"1 of 2 passed"_s);
        shoot(u"rule-test"_s, m_dialog);
        delete m_dialog;
        open(PlacedRule{hostsKey, recording(), 1}, false);
        QTRY_VERIFY(label("rule.dialog.preview").startsWith(u"Records"_s));
        shoot(u"rule-recording"_s, m_dialog);
        delete m_dialog;
    }

    template <class Shoot> void shootOthers(const Shoot& shoot)
    {
        RuleGroupDialog group(*m_world->context, world().config.ruleGroups[0], nullptr);
        group.setAttribute(Qt::WA_DeleteOnClose, false);
        group.show();
        shoot(u"rule-group"_s, &group);
        StarterDialog starter(*m_world->context, nullptr);
        starter.setAttribute(Qt::WA_DeleteOnClose, false);
        starter.show();
        shoot(u"rule-starter"_s, &starter);
        RulesPage page(*m_world->context);
        page.resize(1280, 640);
        page.show();
        auto rules = rulesOf(world().config, m_world->clock.now());
        rules.groups[0].rules[0].state = AlertState::firing;
        rules.groups[0].rules[0].firing = 2;
        rules.groups[0].rules[1].health = engine::Health::down;
        rules.groups[0].rules[1].lastError = "many-to-many matching not allowed";
        engine().publish(rules);
        auto* const tree = find<QTreeView>(&page, "rules.tree");
        QTRY_COMPARE(tree->model()->rowCount(), 1);
        tree->setCurrentIndex(tree->model()->index(1, 0, tree->model()->index(0, 0)));
        shoot(u"rules-page"_s, &page);
        page.resize(760, 640);
        shoot(u"rules-page-narrow"_s, &page);
        engine::ConfigSnapshot empty = world();
        empty.config.ruleGroups.clear();
        engine().publish(empty);
        engine().publish(engine::RulesSnapshot());
        QTRY_VERIFY(find<QWidget>(&page, "rules.starter")->isVisible());
        shoot(u"rules-page-empty"_s, &page);
        OverviewPage overview(*m_world->context);
        overview.resize(1100, 640);
        overview.show();
        shoot(u"overview-starter"_s, &overview);
        engine().publish(world());
        QTRY_VERIFY(!m_world->bridge->config()->config.ruleGroups.empty());
    }
};

QTEST_MAIN(TestRuleDialog)
#include "tst_rule_dialog.moc"
