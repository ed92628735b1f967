// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/shell/canned.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/chart/chart_view.h"
#include "ui/chart/time_chart.h"
#include "ui/models/format.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <memory>
#include <utility>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimeEdit>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Drives the window as a person would, over an engine of canned answers. With
/// WATCHFIRE_SHOTS=DIR every page is saved there as PNG, light and dark.
class TestMainWindow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { tests::speakEnglish(); }
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_engine = std::make_unique<tests::FakeEngine>();
        tests::fillWithCannedWorld(*m_engine);
        makeWindow();
    }
    void cleanup()
    {
        m_window.reset();
        m_engine.reset();
    }

    void statusBarSaysHowThingsAre()
    {
        QTRY_COMPARE(find<QToolButton>("status.targets")->text(), u"5/6 up"_s);
        QCOMPARE(find<QToolButton>("status.firing")->text(), u"2 firing"_s);
        QCOMPARE(find<QToolButton>("status.collecting")->text(), u"Collecting"_s);
        QTest::mouseClick(find<QToolButton>("status.targets"), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), u"targets"_s);
    }

    void addJobThroughTheDialog()
    {
        m_window->openPage(u"targets"_s);
        QTest::mouseClick(find<QPushButton>("targets.add"), Qt::LeftButton);
        QTRY_VERIFY(find<QWidget>("job.dialog") != nullptr);
        type("job.dialog.name", u"db"_s);
        type("job.dialog.targets", u"http://db2:9100"_s);
        QVERIFY(find<QWidget>("job.dialog.targets.note")->isVisible());
        type("job.dialog.targets", u"db2:9100, db3:9100"_s);
        QVERIFY(!find<QWidget>("job.dialog.targets.note")->isVisible());
        type("job.dialog.interval", u"30s"_s);
        QTest::mouseClick(find<QPushButton>("job.dialog.save"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        const auto& jobs = m_engine->configs.back().scrapeConfigs;
        QCOMPARE(jobs.size(), std::size_t(3));
        QCOMPARE(jobs.back().jobName, std::string("db"));
        QCOMPARE(jobs.back().scrapeInterval, std::chrono::milliseconds(30s));
        QCOMPARE(jobs.back().staticConfigs.front().targets,
                 (std::vector<std::string>{"db2:9100", "db3:9100"}));
        QTRY_VERIFY(find<QWidget>("job.dialog") == nullptr);
        // The toast takes it back.
        QTRY_VERIFY(find<QPushButton>("toast.action")->isVisible());
        QTest::mouseClick(find<QPushButton>("toast.action"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(2));
        QCOMPARE(m_engine->configs.back().scrapeConfigs.size(), std::size_t(2));
    }

    void refusedJobKeepsTheDialog()
    {
        m_engine->onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "prometheus.yml: the file system is read-only");
        };
        m_window->openPage(u"targets"_s);
        QTest::mouseClick(find<QPushButton>("targets.add"), Qt::LeftButton);
        type("job.dialog.name", u"db"_s);
        type("job.dialog.targets", u"db2:9100"_s);
        QTest::mouseClick(find<QPushButton>("job.dialog.save"), Qt::LeftButton);
        QTRY_VERIFY(find<QWidget>("job.dialog.refused")->isVisible());
        QVERIFY(find<QWidget>("job.dialog")->isVisible());
        QCOMPARE(find<QLineEdit>("job.dialog.name")->text(), u"db"_s);
    }

    void testScrapeReportsAndCancels()
    {
        m_engine->onTestScrape = [](const config::ScrapeConfig&) -> Result<engine::ScrapeTest> {
            engine::ScrapeTest test;
            test.url = "http://db2:9100/metrics";
            test.status = 200;
            test.error = "line 812: second sample for node_foo{cpu=\"0\"}";
            test.errorLine = 812;
            test.badLine = "node_foo{cpu=\"0\"} 1";
            return test;
        };
        m_window->openPage(u"targets"_s);
        QTest::mouseClick(find<QPushButton>("targets.add"), Qt::LeftButton);
        type("job.dialog.name", u"db"_s);
        type("job.dialog.targets", u"db2:9100"_s);
        QTest::mouseClick(find<QPushButton>("job.dialog.test"), Qt::LeftButton);
        QTRY_VERIFY(find<QLabel>("job.dialog.detail")->text().contains(u"line 812"_s));
        QVERIFY(m_engine->configs.empty());

        m_engine->hold = true;
        QTest::mouseClick(find<QPushButton>("job.dialog.test"), Qt::LeftButton);
        QVERIFY(find<QPushButton>("job.dialog.cancelTest")->isVisible());
        QTest::mouseClick(find<QPushButton>("job.dialog.cancelTest"), Qt::LeftButton);
        QCOMPARE(m_engine->cancelled(), std::size_t(1));
        QVERIFY(find<QPushButton>("job.dialog.test")->isEnabled());
        QTest::mouseClick(find<QPushButton>("job.dialog.cancel"), Qt::LeftButton);
        QTRY_VERIFY(find<QPushButton>("job.dialog.discard") != nullptr);
        QTest::mouseClick(find<QPushButton>("job.dialog.discard"), Qt::LeftButton);
        QTRY_VERIFY(find<QWidget>("job.dialog") == nullptr);
    }

    void filterTargets()
    {
        m_window->openPage(u"targets"_s);
        auto* const tree = find<QTreeView>("targets.tree");
        QTRY_COMPARE(tree->model()->rowCount(), 4);
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(find<QLineEdit>("targets.filter")->hasFocus());
        QTest::keyClicks(find<QLineEdit>("targets.filter"), u"web job:node"_s);
        QTRY_COMPARE(tree->model()->rowCount(), 1);
        QTRY_COMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 2);
        // What of an answer was not taken is said with its target.
        tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
        QTRY_VERIFY(find<QLabel>("targets.detail.warning")->isVisible());
        QVERIFY(find<QLabel>("targets.detail.warning")->text().contains(u"2 samples out of order"));
        tree->setCurrentIndex(tree->model()->index(1, 0, tree->model()->index(0, 0)));
        QTRY_VERIFY(!find<QLabel>("targets.detail.warning")->isVisible());
        QTest::mouseClick(find<QToolButton>("targets.down"), Qt::LeftButton);
        QCOMPARE(find<QLineEdit>("targets.filter")->text(), u"state:down web job:node"_s);
        QTRY_VERIFY(find<QWidget>("targets.nothing")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.nothing.action"), Qt::LeftButton);
        QTRY_COMPARE(tree->model()->rowCount(), 4);
    }

    void alertRuleByForm()
    {
        m_window->openPage(u"rules"_s);
        QTest::mouseClick(find<QPushButton>("rules.add"), Qt::LeftButton);
        QTRY_VERIFY(find<QWidget>("rule.dialog") != nullptr);
        type("rule.dialog.name", u"TooHot"_s);
        auto* const expr = find<QPlainTextEdit>("rule.dialog.expr");
        expr->setFocus();
        QTest::keyClicks(expr, u"node_hwmon_temp_celsius > "_s);
        QTRY_VERIFY(find<QWidget>("rule.dialog.expr.note")->isVisible());
        QTest::keyClicks(expr, u"80"_s);
        QTRY_VERIFY(!find<QWidget>("rule.dialog.expr.note")->isVisible());
        QTRY_VERIFY(find<QLabel>("rule.dialog.preview")->text().contains(u"3 series"_s));
        type("rule.dialog.for", u"10s"_s);
        type("rule.dialog.summary", u"{{ $labels.chip }} is hot"_s);
        QTest::mouseClick(find<QPushButton>("rule.dialog.save"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        const auto& rule = m_engine->configs.back().ruleGroups.front().rules.back();
        QCOMPARE(rule.alert, std::string("TooHot"));
        QCOMPARE(rule.forDuration, std::chrono::milliseconds(10s));
        QCOMPARE(rule.labels.front().second, std::string("warning"));
        QCOMPARE(rule.annotations.front().second, std::string("{{ $labels.chip }} is hot"));
        QTRY_VERIFY(find<QWidget>("rule.dialog") == nullptr);
    }

    void silenceWithPreview()
    {
        m_window->openPage(u"alerts"_s);
        auto* const tree = find<QTreeView>("alerts.tree");
        QTRY_VERIFY(tree->model()->rowCount() > 0);
        const QModelIndex group = tree->model()->index(0, 0);
        tree->setCurrentIndex(tree->model()->index(0, 0, group));
        QTRY_VERIFY(find<QPushButton>("alerts.silence")->isVisible());
        QTest::mouseClick(find<QPushButton>("alerts.silence"), Qt::LeftButton);
        QTRY_COMPARE(find<QLabel>("silence.dialog.preview")->text(),
                     u"Would silence 1 of 4 alerts"_s);
        type("silence.dialog.comment", u"planned work"_s);
        QTest::mouseClick(find<QPushButton>("silence.dialog.save"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->silenceChanges.size(), std::size_t(1));
        const auto& silence = m_engine->silenceChanges.front();
        QCOMPARE(silence.comment, std::string("planned work"));
        QCOMPARE(silence.endsAt - silence.startsAt, std::chrono::milliseconds(2h));
        QVERIFY(matchesAll(silence.matchers, m_engine->alerts().alerts.front().labels));
    }

    void silencesAreExtendedAndEdited()
    {
        m_window->openPage(u"alerts"_s);
        find<QTabWidget>("alerts.tabs")->setCurrentIndex(1);
        QTRY_VERIFY(find<QTreeView>("alerts.silences")->model()->rowCount() > 0);
        selectRow("alerts.silences", 0, 0);
        QTRY_VERIFY(find<QPushButton>("alerts.silences.extend")->isEnabled());
        const Timestamp before = m_engine->alerts().silences.front().endsAt;
        QTest::mouseClick(find<QPushButton>("alerts.silences.extend"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->silenceChanges.size(), std::size_t(1));
        QCOMPARE(m_engine->silenceChanges[0].id, std::string("silence-0"));
        QVERIFY(m_engine->silenceChanges[0].endsAt == before + 1h);
        QTRY_VERIFY(m_window->bridge().alerts()->silences.front().endsAt == before + 1h);
        QTest::mouseClick(find<QPushButton>("alerts.silences.edit"), Qt::LeftButton);
        QTRY_VERIFY(find<QDialog>("silence.dialog") != nullptr);
        QCOMPARE(find<QLineEdit>("silence.dialog.comment")->text(), u"disk is being replaced"_s);
        type("silence.dialog.comment", u"it takes longer"_s);
        QTest::mouseClick(find<QPushButton>("silence.dialog.save"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->silenceChanges.size(), std::size_t(2));
        QCOMPARE(m_engine->silenceChanges[1].id, std::string("silence-0"));
        QCOMPARE(m_engine->silenceChanges[1].comment, std::string("it takes longer"));
        QVERIFY2(m_engine->silenceChanges[1].endsAt == before + 1h, "what is left stays");
    }

    void exploreAnswersAndSaysWhatIsWrong()
    {
        m_window->openPage(u"explore"_s);
        auto* const query = find<QPlainTextEdit>("explore.query");
        query->setFocus();
        QTest::keyClicks(query, u"rate(node_cpu_seconds_total[5m])"_s);
        QTest::keyClick(query, Qt::Key_Return);
        QTRY_VERIFY(find<QLabel>("explore.stat")->text().contains(u"1 series"_s));
        QCOMPARE(m_engine->queries.back().expr, std::string("rate(node_cpu_seconds_total[5m])"));
        QVERIFY(m_engine->queries.back().step.count() > 0);

        find<QTabBar>("explore.tabs")->setCurrentIndex(1);
        QTRY_COMPARE(find<QTableView>("explore.table")->model()->rowCount(), 1);
        QCOMPARE(m_engine->queries.back().step.count(), 0);

        query->selectAll();
        QTest::keyClicks(query, u"rate(node_cpu_seconds_total)"_s);
        QTRY_VERIFY(find<QWidget>("explore.fault")->isVisible());
        QVERIFY2(!query->extraSelections().isEmpty(), "the fault is underlined");
        const auto asked = m_engine->queries.size();
        QTest::keyClick(query, Qt::Key_Return);
        QCOMPARE(m_engine->queries.size(), asked);

        QTest::keyClick(query, Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(query->toPlainText(), u"rate(node_cpu_seconds_total)"_s);
        QTest::keyClick(query, Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(query->toPlainText(), u"rate(node_cpu_seconds_total[5m])"_s);
    }

    void exploreCompletesWhatTheEngineHas()
    {
        m_window->openPage(u"explore"_s);
        auto* const query = find<QPlainTextEdit>("explore.query");
        query->setFocus();
        QTest::keyClicks(query, u"node_load"_s);
        auto* const list = find<QListView>("explore.query.completion.list");
        QTRY_VERIFY(list->isVisible());
        QCOMPARE(list->model()->index(0, 0).data().toString(), u"node_load1"_s);
        QTest::keyClick(query, Qt::Key_Tab);
        QCOMPARE(query->toPlainText(), u"node_load1"_s);
        QTest::keyClick(query, Qt::Key_Return);
        QTRY_VERIFY(find<QLabel>("explore.stat")->text().contains(u"series"_s));
        QCOMPARE(m_engine->queries.back().expr, std::string("node_load1"));

        query->selectAll();
        QTest::keyClicks(query, u"rat(up[5m])"_s);
        QTRY_VERIFY(find<QWidget>("explore.fault")->isVisible());
        QTest::keyClick(query, Qt::Key_Return, Qt::AltModifier);
        QCOMPARE(query->toPlainText(), u"rate(up[5m])"_s);
        QTRY_VERIFY(!find<QWidget>("explore.fault")->isVisible());
    }

    void ruleFormCompletesToo()
    {
        m_window->openPage(u"rules"_s);
        QTest::mouseClick(find<QPushButton>("rules.add"), Qt::LeftButton);
        auto* const expr = find<QPlainTextEdit>("rule.dialog.expr");
        expr->setFocus();
        QTest::keyClicks(expr, u"node_loa"_s);
        auto* const list = find<QListView>("rule.dialog.expr.completion.list");
        QTRY_VERIFY(list->isVisible());
        QTest::keyClick(expr, Qt::Key_Escape);
        QVERIFY(!list->isVisible());
        QVERIFY2(find<QDialog>("rule.dialog")->isVisible(), "Esc was for the list");
        find<QDialog>("rule.dialog")->close();
    }

    void keysOpenPagesAndHistoryGoesBack()
    {
        m_window->activateWindow();
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), u"targets"_s);
        QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), u"alerts"_s);
        QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(m_window->currentPage(), u"targets"_s);
        QTest::keyClick(m_window.get(), Qt::Key_Right, Qt::AltModifier);
        QTRY_COMPARE(m_window->currentPage(), u"alerts"_s);
        auto* const list = find<QListView>("navigation");
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(list->model()->index(0, 0)).center());
        QCOMPARE(m_window->currentPage(), u"overview"_s);
    }

    void paletteFindsMetrics()
    {
        QTest::mouseClick(find<QToolButton>("shell.palette"), Qt::LeftButton);
        auto* const box = find<QLineEdit>("palette.filter");
        QTRY_VERIFY(box->isVisible());
        QTest::keyClicks(box, u"load1"_s);
        auto* const list = find<QListView>("palette.list");
        QTRY_COMPARE(list->currentIndex().data().toString(), u"node_load1"_s);
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(m_window->currentPage(), u"explore"_s);
        QCOMPARE(find<QPlainTextEdit>("explore.query")->toPlainText(), u"node_load1"_s);
    }

    void paletteFindsTargetsAndAlerts()
    {
        for (const auto& [typed, page] :
             {std::pair(u"web2"_s, u"targets"_s), std::pair(u"TargetDown"_s, u"alerts"_s)}) {
            QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
            auto* const box = find<QLineEdit>("palette.filter");
            QTRY_VERIFY(box->isVisible());
            QTest::keyClicks(box, typed);
            QTest::keyClick(box, Qt::Key_Return); // it waits for what fits
            QTRY_COMPARE(m_window->currentPage(), page);
        }
        QCOMPARE(find<QLineEdit>("alerts.filter")->text(), u"alertname:TargetDown"_s);
        m_window->openPage(u"targets"_s);
        QTRY_COMPARE(find<QLabel>("targets.detail.title")->text(), u"Up · web2:9100"_s);
    }

    void closingWithoutTrayAsksOnce()
    {
        QSignalSpy quit(m_window.get(), &MainWindow::quitRequested);
        m_window->close();
        QTRY_VERIFY(find<QMessageBox>("closing") != nullptr);
        QVERIFY(m_window->isVisible());
        QTest::mouseClick(find<QPushButton>("closing.keep"), Qt::LeftButton);
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(quit.size(), 0);
        m_window->present();
        QTRY_VERIFY(find<QMessageBox>("closing") == nullptr);
        m_window->close();
        QVERIFY2(!m_window->isVisible(), "the answer is remembered");
    }

    void closingSaysWhatANothingTellingDesktopMeans_data()
    {
        QTest::addColumn<bool>("isWindowOnly");
        QTest::newRow("the desktop shows popups") << false;
        QTest::newRow("only the window shows alerts") << true;
    }
    void closingSaysWhatANothingTellingDesktopMeans()
    {
        QFETCH(bool, isWindowOnly);
        m_window->setWindowOnly(isWindowOnly);
        m_window->close();
        QTRY_VERIFY(find<QMessageBox>("closing") != nullptr);
        QCOMPARE(find<QMessageBox>("closing")->informativeText().contains(u"notifications"_s),
                 isWindowOnly);
        QVERIFY(m_window->isVisible());
    }

    void popupsStandInTheWindow()
    {
        m_window->showPopups(somePopups());
        QVERIFY(find<QWidget>("popups")->isVisible());
        QCOMPARE(find<QLabel>("popups.0.summary")->text(), u"DiskFull on db1: 2 firing"_s);
        QCOMPARE(find<QLabel>("popups.0.body")->textFormat(), Qt::PlainText);
        QVERIFY(find<QWidget>("popups.0")->accessibleName().startsWith(u"Critical"_s));
        QVERIFY(find<QWidget>("popups.2")->accessibleName().startsWith(u"Resolved"_s));
        QCOMPARE(find<QLabel>("popups.0.line")->text(),
                 u"/var has 2.8 % left and is full in 40 minutes · /srv has 4.1 % left"_s);
        QVERIFY(!find<QLabel>("popups.0.body")->isVisible());
        QVERIFY(!find<QPushButton>("popups.2.silence")->isVisible());
        QVERIFY(!find<QPushButton>("popups.2.snooze")->isVisible());
        const QStringList unnamed = tests::unnamedControls(find<QWidget>("popups"));
        QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
        m_window->showPopups({somePopups()[1]});
        QCOMPARE(find<QLabel>("popups.0.summary")->text(), u"6 groups of alerts are firing"_s);
        QCOMPARE(find<QLabel>("popups.0.body")->text().count(u'\n'), 4); // alone it has room
        QVERIFY(find<QLabel>("popups.0.body")->isVisible());
        QVERIFY(!find<QWidget>("popups.1")->isVisible());
        m_window->showPopups({});
        QVERIFY(!find<QWidget>("popups")->isVisible());
    }

    void whatIsDoneWithAPopupIsToldWithItsNumber_data()
    {
        QTest::addColumn<QByteArray>("button");
        QTest::addColumn<NotificationAction>("action");
        QTest::newRow("show") << "popups.0.show"_ba << NotificationAction::show;
        QTest::newRow("silence") << "popups.0.silence"_ba << NotificationAction::silence1h;
        QTest::newRow("snooze") << "popups.0.snooze"_ba << NotificationAction::snooze15m;
        QTest::newRow("dismiss") << "popups.0.dismiss"_ba << NotificationAction::dismissed;
    }
    void whatIsDoneWithAPopupIsToldWithItsNumber()
    {
        QFETCH(QByteArray, button);
        QFETCH(NotificationAction, action);
        QSignalSpy acted(m_window.get(), &MainWindow::popupActed);
        m_window->showPopups(somePopups());
        QTest::mouseClick(find<QWidget>(button.constData()), Qt::LeftButton);
        QCOMPARE(acted.size(), 1);
        QCOMPARE(acted[0][0].value<std::uint64_t>(), somePopups()[0].id);
        QCOMPARE(acted[0][1].value<NotificationAction>(), action);
    }

    void popupSettingsApplyAtOnceAndAreKept()
    {
        QSignalSpy changed(m_window.get(), &MainWindow::popupSettingsChanged);
        m_window->openPage(u"settings"_s);
        QVERIFY(!find<QTimeEdit>("settings.quietFrom")->isEnabled());
        choose(find<QComboBox>("settings.popupSound"), int(PopupSound::severity));
        find<QCheckBox>("settings.criticalAlways")->click();
        find<QCheckBox>("settings.quietHours")->click();
        QVERIFY(find<QTimeEdit>("settings.quietFrom")->isEnabled());
        find<QTimeEdit>("settings.quietFrom")->setTime(QTime(23, 30));
        PopupSettings expected;
        expected.sound = PopupSound::severity;
        expected.criticalAlways = true;
        expected.quiet = {true, 23h + 30min, 7h};
        QCOMPARE(changed.size(), 4);
        QVERIFY(changed.last()[0].value<PopupSettings>() == expected);
        m_window.reset();
        makeWindow();
        QVERIFY(m_window->popupSettings() == expected);
        m_window->openPage(u"settings"_s);
        QVERIFY(find<QCheckBox>("settings.quietHours")->isChecked());
        QCOMPARE(find<QTimeEdit>("settings.quietFrom")->time(), QTime(23, 30));
        QCOMPARE(find<QComboBox>("settings.popupSound")->currentData().toInt(),
                 int(PopupSound::severity));
    }

    void hiddenWindowAsksNothing()
    {
        m_window->openPage(u"overview"_s);
        m_window->view().setRefreshInterval(20ms);
        const auto before = m_engine->queries.size();
        QTRY_VERIFY(m_engine->queries.size() > before + 6);
        m_window->hide();
        QCoreApplication::processEvents();
        const auto hidden = m_engine->queries.size();
        QTest::qWait(100);
        QCOMPARE(m_engine->queries.size(), hidden);
    }

    void statusShowsWhereSeriesComeFrom()
    {
        m_engine->counts = {12,
                            9,
                            4,
                            1,
                            {{"node_cpu", 8, 7}},
                            {{"cpu", 4}},
                            {},
                            {{"job=node", 9}},
                            {{{tests::cannedNow - 8h, tests::cannedNow}, 12, 3, 1}}};
        m_window->openPage(u"status"_s);
        auto* const tabs = find<QTabWidget>("status.tabs");
        const auto shows = [&](const char* sheet, const QString& text) {
            const auto labels = find<QWidget>(sheet)->findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                                       [&](QLabel* label) { return label->text() == text; });
        };
        tabs->setCurrentIndex(3);
        QTRY_VERIFY(shows("status.topMetrics", u"node_cpu"_s));
        QVERIFY(shows("status.topMetrics", u"8, 7 of them active"_s));
        QVERIFY(shows("status.topLabels", u"cpu"_s) && shows("status.topLabels", u"4"_s));
        QVERIFY(shows("status.topPairs", u"job=node"_s) && shows("status.topPairs", u"9"_s));
        QVERIFY(shows("status.churn", u"12 series: 3 came, 1 went"_s));
    }

    void retentionIsSetAndTakenBack()
    {
        m_window->openPage(u"settings"_s);
        auto* const time = find<QComboBox>("settings.keptTime");
        auto* const share = find<QComboBox>("settings.keptShare");
        QTRY_COMPARE(time->currentText(), u"180 days"_s);
        QCOMPARE(find<QComboBox>("settings.keptSize")->currentText(), bytesText(20.0 * (1 << 30)));
        choose(share, 50.0);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        // The size that was in force stays so, though it was nowhere written down.
        QVERIFY((m_engine->configs.back().own.retention
                 == config::RetentionConfig{std::nullopt, std::uint64_t(20) << 30, 50.0}));
        choose(time, qint64(0));
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(2));
        QCOMPARE(m_engine->configs.back().own.retention.time,
                 std::optional<config::Duration>(config::Duration(0)));
        QTRY_VERIFY(find<QPushButton>("toast.action")->isVisible());
        QTest::mouseClick(find<QPushButton>("toast.action"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(3));
        QVERIFY(!m_engine->configs.back().own.retention.time);
        // What the command line says cannot be changed here.
        engine::StatusSnapshot status;
        status.isRetentionTimeFixed = true;
        status.retention = 36h;
        m_engine->publish(status);
        QTRY_VERIFY(!time->isEnabled());
        QTRY_COMPARE(time->currentText(), u"1d12h"_s);
        QVERIFY(share->isEnabled());
    }

    void problemShowsCauseConsequenceRemedy()
    {
        engine::StatusSnapshot status;
        status.problems = {{"disk-full", "The disk is full.", "12 scrapes were not stored.",
                            "Free space, or keep samples for less long."}};
        m_engine->publish(status);
        QTRY_COMPARE(find<QLabel>("banner.cause")->text(), u"The disk is full."_s);
        QVERIFY(find<QLabel>("banner.rest")->text().contains(u"12 scrapes"_s));
        QVERIFY(find<QLabel>("banner.rest")->text().contains(u"Free space"_s));
        QTest::mouseClick(find<QToolButton>("banner.close"), Qt::LeftButton);
        m_engine->publish(status);
        QCoreApplication::processEvents();
        QVERIFY2(!find<QWidget>("banner")->isVisible(), "dismissed while it lasts");
        m_engine->publish(engine::StatusSnapshot{});
        QCoreApplication::processEvents();
        m_engine->publish(status);
        QTRY_VERIFY2(find<QWidget>("banner")->isVisible(), "over and back: news again");
    }

    void troublesAreToldAndTheDataStay_data()
    {
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("consequence");
        QTest::addColumn<QString>("remedy");
        QTest::newRow("disk full") << u"disk full: cannot write /d/store.mdb: No space left"_s
                                   << u"New samples may not be stored."_s
                                   << u"Free space on the disk or shorten retention."_s;
        QTest::newRow("read-only data")
            << u"cannot write /d/store.mdb: Read-only file system"_s << QString()
            << u"Check the disk, then start Watchfire again."_s;
    }
    void troublesAreToldAndTheDataStay()
    {
        QFETCH(QString, cause);
        QFETCH(QString, consequence);
        QFETCH(QString, remedy);
        const auto* const chart = find<chart::TimeChart>("tile.cpu.chart");
        QTRY_VERIFY(chart->view()->picture() != nullptr);
        engine::StatusSnapshot status;
        status.problems
            = {{"store", cause.toStdString(), consequence.toStdString(), remedy.toStdString()}};
        m_engine->publish(status);
        for (const PageEntry& entry : allPages()) {
            m_window->openPage(entry.name);
            QTRY_COMPARE(find<QLabel>("banner.cause")->text(), cause);
            QVERIFY(find<QLabel>("banner.rest")->isVisible());
            QVERIFY(find<QLabel>("banner.rest")->text().contains(consequence));
            QVERIFY(find<QLabel>("banner.rest")->text().contains(remedy));
        }
        QVERIFY(chart->view()->picture() != nullptr);
        m_window->openPage(u"targets"_s);
        QTRY_COMPARE(find<QTreeView>("targets.tree")->model()->rowCount(), 4);
        m_engine->publish(engine::StatusSnapshot{});
        QTRY_VERIFY(!find<QWidget>("banner")->isVisible());
    }

    void aFaultyFileIsToldOnce()
    {
        engine::ConfigSnapshot config = m_engine->config();
        config.faults = {{"prometheus.yml", 3, 1, "unknown key"}};
        engine::StatusSnapshot status;
        status.problems = {{"config", "prometheus.yml:3:1: unknown key", "Old.", "Mend it."}};
        m_engine->publish(status);
        m_engine->publish(config);
        QTRY_VERIFY(find<QLabel>("banner.cause")->text().contains(u"prometheus.yml:3:1"_s));
        QVERIFY(!find<QLabel>("banner.rest")->text().contains(u"more"_s));
    }

    void graphsStayWhenTheEngineFails()
    {
        const auto* const tile = find<chart::TimeChart>("tile.cpu.chart");
        QTRY_VERIFY(tile->view()->picture() != nullptr && !tile->isDrawing());
        const auto answer = std::exchange(
            m_engine->onQuery, [](const engine::QueryRequest&) -> Result<QueryResult> {
                return fail(ErrorKind::io, "cannot read the store: Input/output error");
            });
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        auto* const cause = find<QLabel>("overview.failure.cause");
        QTRY_VERIFY(cause->isVisible());
        QVERIFY2(cause->text().contains(u"Input/output error"_s), qPrintable(cause->text()));
        QVERIFY(find<QLabel>("overview.failure.rest")->text().contains(u"Status"_s));
        QVERIFY(tile->view()->picture() != nullptr);

        m_engine->onQuery = answer;
        m_window->openPage(u"explore"_s, u"up"_s);
        const auto* const graph = find<chart::TimeChart>("explore.chart");
        QTRY_VERIFY(graph->view()->picture() != nullptr && !graph->isDrawing());
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            return fail(ErrorKind::io, "cannot read the store: Input/output error");
        };
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY(find<QWidget>("explore.fault")->isVisible());
        QVERIFY(graph->view()->picture() != nullptr);

        m_engine->onQuery = answer;
        m_window->openPage(u"overview"_s);
        QTest::mouseClick(find<QPushButton>("overview.failure.action"), Qt::LeftButton);
        QTRY_VERIFY(!cause->isVisible());
    }

    void pageAndRangeComeBack()
    {
        m_window->openPage(u"explore"_s);
        m_window->view().setRange(ViewRange::ofLast(6h));
        auto* const query = find<QPlainTextEdit>("explore.query");
        QTest::keyClicks(query, u"up"_s);
        QTest::keyClick(query, Qt::Key_Return);
        m_window.reset();
        makeWindow();
        QCOMPARE(m_window->currentPage(), u"explore"_s);
        QCOMPARE(m_window->view().range(), ViewRange::ofLast(6h));
        QCOMPARE(find<QPlainTextEdit>("explore.query")->toPlainText(), u"up"_s);
    }

    void everyControlHasNames()
    {
        QStringList unnamed;
        for (const PageEntry& entry : allPages()) {
            m_window->openPage(entry.name);
            QCoreApplication::processEvents();
            const auto widgets = m_window->findChildren<QWidget*>();
            for (QWidget* widget : widgets) {
                const bool isControl = qobject_cast<QAbstractButton*>(widget) != nullptr
                    || qobject_cast<QLineEdit*>(widget) != nullptr
                    || qobject_cast<QPlainTextEdit*>(widget) != nullptr
                    || qobject_cast<QComboBox*>(widget) != nullptr
                    || qobject_cast<QAbstractItemView*>(widget) != nullptr;
                if (!isControl || !widget->isVisible()
                    || widget->objectName().startsWith(u"qt_"_s)) {
                    continue;
                }
                const QAccessibleInterface* const access
                    = QAccessible::queryAccessibleInterface(widget);
                const bool isHeader = qobject_cast<QHeaderView*>(widget) != nullptr;
                if (isHeader || qobject_cast<QToolBar*>(widget->parentWidget()) != nullptr
                    || qobject_cast<QTabBar*>(widget->parentWidget()) != nullptr
                    || qobject_cast<QLineEdit*>(widget->parentWidget()) != nullptr
                    || qobject_cast<QTableView*>(widget->parentWidget()) != nullptr) {
                    continue; // Qt's own parts
                }
                if (widget->objectName().isEmpty() || access->text(QAccessible::Name).isEmpty()) {
                    unnamed << u"%1: %2 \"%3\""_s.arg(
                        entry.name, QString::fromLatin1(widget->metaObject()->className()),
                        widget->objectName());
                }
            }
        }
        unnamed.removeDuplicates();
        QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save every page as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        const auto shoot = [&](const QString& name, QWidget* what = nullptr) {
            QTest::qWait(100);
            const auto charts = m_window->findChildren<chart::TimeChart*>();
            for (const chart::TimeChart* each : charts) {
                QTRY_VERIFY_WITH_TIMEOUT(!each->isVisible() || !each->isDrawing(), 30'000);
            }
            QTest::qWait(100);
            QVERIFY((what != nullptr ? what : m_window.get())
                        ->grab()
                        .save(u"%1/%2-%3.png"_s.arg(
                            into, name,
                            theme.scheme() == theme::Scheme::dark ? u"dark"_s : u"light"_s)));
        };
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            m_window->openPage(u"explore"_s, u"avg by (mode) (rate(x_seconds_total[5m]))"_s);
            m_window->openPage(u"targets"_s);
            QTRY_COMPARE(find<QTreeView>("targets.tree")->model()->rowCount(), 4);
            selectRow("targets.tree", 2, 0);
            m_window->openPage(u"rules"_s);
            selectRow("rules.tree", 0, 1);
            m_window->openPage(u"alerts"_s);
            selectRow("alerts.tree", 0, 0);
            for (const PageEntry& entry : allPages()) {
                m_window->openPage(entry.name);
                shoot(entry.name);
            }
            m_window->openPage(u"explore"_s);
            shootCompletion(shoot);
            find<QTabBar>("explore.tabs")->setCurrentIndex(1);
            shoot(u"explore-table"_s);
            find<QTabBar>("explore.tabs")->setCurrentIndex(0);
            m_window->openPage(u"alerts"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(1);
            shoot(u"alerts-silences"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(2);
            find<QLineEdit>("alerts.routing.labels")->setText(u"severity=critical, team=db"_s);
            shoot(u"alerts-routing"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(3);
            shoot(u"alerts-receivers"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(4);
            shoot(u"alerts-inhibition"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(5);
            shoot(u"alerts-history"_s);
            find<QTabWidget>("alerts.tabs")->setCurrentIndex(0);
            QTest::mouseClick(find<QPushButton>("alerts.silence"), Qt::LeftButton);
            shootDialog(shoot, "silence.dialog", u"dialog-silence"_s);
            m_window->openPage(u"rules"_s);
            QTest::mouseClick(find<QPushButton>("rules.edit"), Qt::LeftButton);
            shootDialog(shoot, "rule.dialog", u"dialog-rule"_s);
            m_window->openPage(u"targets"_s);
            QTest::mouseClick(find<QPushButton>("targets.add"), Qt::LeftButton);
            QTest::mouseClick(find<QPushButton>("job.dialog.save"), Qt::LeftButton);
            shootDialog(shoot, "job.dialog", u"dialog-job"_s);
            m_window->resize(800, 560);
            m_window->openPage(u"overview"_s);
            shoot(u"overview-small"_s);
            m_window->openPage(u"explore"_s);
            shoot(u"explore-small"_s);
            m_window->showPopups(somePopups());
            m_window->openPage(u"alerts"_s);
            shoot(u"popups-small"_s);
            m_window->resize(1280, 800);
            shoot(u"popups"_s);
            m_window->showPopups({somePopups()[0]});
            shoot(u"popup-alone"_s);
            m_window->showPopups({});
            m_window->resize(1280, 800);
        }
    }

private:
    static std::vector<PopupCard> somePopups()
    {
        return {
            {7, "DiskFull on db1: 2 firing",
             "/var has 2.8 % left and is full in 40 minutes\n/srv has 4.1 % left", 2, false, true,
             true},
            {9, "6 groups of alerts are firing",
             "HighLoad on web1: firing\nHighLoad on web2: firing\nSlow on edge: 3 firing\n"
             "TargetDown: 2 firing\nand 2 more",
             1, false, false, true},
            {11, "TargetDown on db1: resolved", "db1:9100 does not answer", 0, true, false, false}};
    }
    void makeWindow()
    {
        MainWindow::Options options;
        options.stateFile = m_directory->filePath(u"window.ini"_s);
        m_window = std::make_unique<MainWindow>(*m_engine, m_clock, options);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTRY_VERIFY(m_window->bridge().hasConfig());
    }
    void selectRow(const char* treeName, int group, int row) const
    {
        auto* const tree = find<QTreeView>(treeName);
        tree->setCurrentIndex(tree->model()->index(row, 0, tree->model()->index(group, 0)));
    }
    template <class Shoot>
    void shootDialog(const Shoot& shoot, const char* name, const QString& picture) const
    {
        auto* const dialog = find<QDialog>(name);
        QVERIFY(dialog != nullptr);
        shoot(picture, dialog);
        dialog->close();
        QTRY_VERIFY(find<QDialog>(name) == nullptr);
    }
    /// The list is a window of its own: it is painted over the picture of the window.
    template <class Shoot> void shootCompletion(const Shoot& shoot) const
    {
        auto* const query = find<QPlainTextEdit>("explore.query");
        const QString before = query->toPlainText();
        query->setFocus();
        query->selectAll();
        QTest::keyClicks(query,
                         u"sum by (mode) (rate(node_cpu_seconds_total{mode!=\"idle\"}[5m])) / 2 "
                         u"> mem"_s);
        auto* const popup = find<QWidget>("explore.query.completion");
        QTRY_VERIFY(popup->isVisible());
        QTest::keyClick(query, Qt::Key_Down);
        QLabel over(m_window.get());
        over.setPixmap(popup->grab());
        over.setGeometry(QRect(m_window->mapFromGlobal(popup->pos()), popup->size()));
        over.show();
        shoot(u"explore-completion"_s);
        query->setPlainText(before);
    }
    template <class W> W* find(const char* name) const
    {
        return m_window->findChild<W*>(QString::fromLatin1(name));
    }
    /// As a person would: the choice counts as made by hand.
    static void choose(QComboBox* box, const QVariant& value)
    {
        const int index = box->findData(value);
        QVERIFY(index >= 0);
        box->setCurrentIndex(index);
        emit box->activated(index);
    }
    void type(const char* name, const QString& text) const
    {
        auto* const edit = find<QLineEdit>(name);
        QVERIFY2(edit != nullptr, name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }

    tests::CannedClock m_clock;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
