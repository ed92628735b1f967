// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/targets_page_fixture.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/pages/overview_page.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <array>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Drives the page as a person would, over an engine of canned answers. With WATCHFIRE_SHOTS=DIR
/// its tabs are saved there as PNG, light and dark.
class TestTargetsPage : public QObject, private TargetsPageFixture {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init() { start(); }
    void cleanup() { stop(); }

    void chipsCountAndFilter()
    {
        QCOMPARE(find<QToolButton>("targets.all")->text(), u"All 14"_s);
        QCOMPARE(find<QToolButton>("targets.up")->text(), u"Up 8"_s);
        QCOMPARE(find<QToolButton>("targets.down")->text(), u"Down 2"_s);
        QCOMPARE(find<QToolButton>("targets.unknown")->text(), u"Unknown 1"_s);
        QCOMPARE(find<QToolButton>("targets.paused")->text(), u"Paused 3"_s);
        QVERIFY(find<QToolButton>("targets.all")->isChecked());
        QTest::mouseClick(find<QToolButton>("targets.down"), Qt::LeftButton);
        QCOMPARE(find<QLineEdit>("targets.filter")->text(), u"state:down"_s);
        QTRY_COMPARE(rows(), 2);
        QVERIFY(find<QToolButton>("targets.down")->isChecked());
        QCOMPARE(find<QLabel>("targets.shown")->text(), u"2 of 14 shown"_s);
        // Counts are of what the rest of the filter passes.
        find<QLineEdit>("targets.filter")->setText(u"state:down env=production"_s);
        QTRY_COMPARE(find<QToolButton>("targets.all")->text(), u"All 6"_s);
        QCOMPARE(find<QToolButton>("targets.down")->text(), u"Down 1"_s);
        QVERIFY(!find<QToolButton>("targets.paused")->isVisible());
        find<QLineEdit>("targets.filter")->setText(u"nothing-like-this"_s);
        QTRY_VERIFY(find<QWidget>("targets.nothing")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.nothing.action"), Qt::LeftButton);
        QTRY_COMPARE(rows(), 14);
    }

    void filterIsRememberedAndFound()
    {
        find<QLineEdit>("targets.filter")->setText(u"job:node"_s);
        makePage();
        QCOMPARE(find<QLineEdit>("targets.filter")->text(), u"job:node"_s);
        QTRY_COMPARE(rows(), 6);
        QCOMPARE(m_page->filterBox(), find<QLineEdit>("targets.filter"));
        find<QTabWidget>("targets.tabs")->setCurrentIndex(1);
        QCOMPARE(m_page->filterBox(), find<QLineEdit>("dropped.filter"));
        find<QTabWidget>("targets.tabs")->setCurrentIndex(2);
        QCOMPARE(m_page->filterBox(), nullptr);
    }

    void whatOneComesForIsOpened()
    {
        find<QTabWidget>("targets.tabs")->setCurrentIndex(2);
        m_page->visit(u"web2.example.net:9100"_s);
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(find<QWidget>("targets.detail")->isVisible());
        QCOMPARE(find<QLabel>("targets.detail.title")->text(), u"Up · web2.example.net:9100"_s);
        QTest::keyClick(find<QLineEdit>("targets.filter"), Qt::Key_Escape);
        QCOMPARE(find<QLineEdit>("targets.filter")->text(), QString());
        QTest::keyClick(tree(), Qt::Key_Escape);
        QTRY_VERIFY(!find<QWidget>("targets.detail")->isVisible());
    }

    void oneTargetAloneIsOpen()
    {
        showTargets(*m_engine, snapshotOf({madeTarget(1, "node", "db1:9100")}));
        QTRY_VERIFY(find<QWidget>("targets.detail")->isVisible());
    }

    void emptyOffersAJob()
    {
        m_engine->publish(engine::TargetsSnapshot{});
        QTRY_VERIFY(find<QWidget>("targets.empty")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.empty.action"), Qt::LeftButton);
        QTRY_VERIFY(m_window->findChild<QDialog*>(u"job.dialog"_s) != nullptr);
    }

    void agesTick()
    {
        select(5);
        const QModelIndex row = model().indexOf(5).siblingAtColumn(TargetsModel::lastScrape);
        QCOMPARE(row.data().toString(), u"4\u00a0s ago"_s);
        m_clock.at += 3s;
        QTRY_COMPARE(row.data().toString(), u"7\u00a0s ago"_s);
    }

    void groupsSayWhatTheirDiscoveriesDo()
    {
        const QModelIndex node = model().indexOfJob("node");
        QCOMPARE(node.data(summaryRole).toString(),
                 u"4 up, 1 down, 1 not scraped yet, file discovery: 6 found, 12\u00a0s ago"_s);
        const QModelIndex proxy = model().indexOfJob("proxy");
        QVERIFY(proxy.data(summaryRole).toString().contains(u"3 paused"_s));
        QVERIFY(proxy.data(summaryRole).toString().contains(u"401 Unauthorized"_s));
        tree()->setCurrentIndex(proxy);
        QTRY_COMPARE(find<QLabel>("targets.detail.title")->text(), u"Job proxy"_s);
        QVERIFY(texts("targets.facts")
                    .contains(u"Get http://inventory.example.net/proxies: 401 Unauthorized"_s));
    }

    void jobsArePausedAndDeletedWithUndo()
    {
        select(1);
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        QVERIFY(std::ranges::contains(m_engine->configs.back().own.pausedJobs, "api"));
        QTRY_COMPARE(find<QToolButton>("targets.pause")->accessibleName(), u"Resume job api"_s);

        const config::Config before = m_engine->config().config;
        QTest::keyClick(tree(), Qt::Key_Delete);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(2));
        QCOMPARE(m_engine->configs.back().scrapeConfigs.size(), std::size_t(2));
        QTRY_VERIFY(m_edits->stack().canUndo() && !m_edits->isBusy());
        m_edits->stack().undo();
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(3));
        QVERIFY(m_engine->configs.back() == before);
    }

    void aCloneIsNothingUntilItIsSaved()
    {
        const config::Config before = m_engine->config().config;
        select(1);
        QTest::mouseClick(find<QToolButton>("targets.clone"), Qt::LeftButton);
        auto* const dialog = m_window->findChild<QDialog*>(u"job.dialog"_s);
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->findChild<QLineEdit*>(u"job.dialog.name"_s)->text(), u"api-2"_s);
        QVERIFY2(m_engine->configs.empty(), "nothing is in force before it is saved");
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"job.dialog.save"_s), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        const auto& jobs = m_engine->configs.back().scrapeConfigs;
        QCOMPARE(jobs.size(), before.scrapeConfigs.size() + 1);
        config::ScrapeConfig copy = before.scrapeConfigs.front();
        copy.jobName = "api-2";
        QCOMPARE(jobs.back(), copy);
        QTRY_VERIFY(m_edits->stack().canUndo() && !m_edits->isBusy());
        m_edits->stack().undo();
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(2));
        QCOMPARE(m_engine->configs.back(), before);
    }

    void aCloneThatIsCancelledLeavesNoTrace()
    {
        select(1);
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_D, Qt::ControlModifier);
        auto* const dialog = m_window->findChild<QDialog*>(u"job.dialog"_s);
        QVERIFY(dialog != nullptr);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(m_window->findChild<QDialog*>(u"job.dialog"_s) == nullptr);
        QVERIFY(m_engine->configs.empty());
        QCOMPARE(m_edits->stack().count(), 0);
    }

    void refusedEditsSaySo()
    {
        m_engine->onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "prometheus.yml: the file system is read-only");
        };
        select(1);
        QTest::mouseClick(find<QToolButton>("targets.delete"), Qt::LeftButton);
        QTRY_COMPARE(find<QLabel>("targets.failure.cause")->text(), u"The job was not deleted."_s);
        QVERIFY(find<QLabel>("targets.failure.rest")->text().contains(u"read-only"_s));
    }

    void contextMenuHasItAll()
    {
        select(6);
        emit tree()
            -> customContextMenuRequested(tree()->visualRect(tree()->currentIndex()).center());
        QTRY_VERIFY(find<QMenu>("targets.menu") != nullptr);
        QStringList texts;
        const auto actions = find<QMenu>("targets.menu")->actions();
        for (const QAction* action : actions) {
            texts << (action->isSeparator() ? u"-"_s : action->text());
        }
        QCOMPARE(texts,
                 (QStringList{u"Scrape now"_s, u"Graph this target"_s, u"Copy URL"_s, u"-"_s,
                              u"Pause job node"_s, u"Edit job node…"_s, u"Clone job node…"_s,
                              u"Delete job node"_s}));
        actions.at(2)->trigger();
        QCOMPARE(QApplication::clipboard()->text(), u"http://db2.example.net:9100/metrics"_s);
        find<QMenu>("targets.menu")->close();
        // Collectors are switched, not edited.
        select(4);
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_F2);
        QTRY_COMPARE(find<QTabWidget>("targets.tabs")->currentIndex(), 2);
    }

    void foundExportersAreAdded()
    {
        QVERIFY(!find<QWidget>("targets.found")->isVisible());
        publishFound(madeFound());
        QTRY_VERIFY(find<QWidget>("targets.found")->isVisible());
        QCOMPARE(find<QLabel>("targets.found.text")->text(),
                 u"Found here: node exporter :9100 (412 series), HAProxy :8404, "
                 "node exporter nas.local:9100 (388 series)"_s);
        QTest::mouseClick(find<QPushButton>("targets.found.addAll"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        const auto& jobs = m_engine->configs.back().scrapeConfigs;
        QCOMPARE(jobs.size(), std::size_t(5));
        QCOMPARE(jobs[3].jobName, std::string("node-2")); // there is a node already
        QCOMPARE(jobs[3].staticConfigs.front().targets,
                 (std::vector<std::string>{"localhost:9100", "nas.local:9100"}));
        QCOMPARE(jobs[3].scrapeInterval, std::chrono::milliseconds(15s));
        QCOMPARE(jobs[4].jobName, std::string("haproxy"));
        QTRY_VERIFY2(!find<QWidget>("targets.found")->isVisible(), "until the engine looks again");
        m_edits->stack().undo();
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(2));
        QCOMPARE(m_engine->configs.back().scrapeConfigs.size(), std::size_t(3));
    }

    void foundExportersAreChosen()
    {
        publishFound(madeFound());
        QTRY_VERIFY(find<QWidget>("targets.found")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.found.choose"), Qt::LeftButton);
        auto* const list = m_window->findChild<QListWidget*>(u"found.dialog.list"_s);
        QTRY_VERIFY(list != nullptr);
        QCOMPARE(list->count(), 3);
        list->item(0)->setCheckState(Qt::Unchecked);
        list->item(2)->setCheckState(Qt::Unchecked);
        auto* const add = m_window->findChild<QPushButton*>(u"found.dialog.add"_s);
        QCOMPARE(add->text(), u"Add 1 of 3"_s);
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        QCOMPARE(m_engine->configs.back().scrapeConfigs.back().jobName, std::string("haproxy"));
        QTRY_VERIFY(find<QLabel>("targets.found.text")->text().startsWith(u"Found here: node"_s));
    }

    void notNowIsRemembered()
    {
        publishFound(madeFound());
        QTRY_VERIFY(find<QWidget>("targets.found")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.found.notNow"), Qt::LeftButton);
        QVERIFY(!find<QWidget>("targets.found")->isVisible());
        // On the Overview, too, and after a start.
        OverviewPage overview(*m_context);
        overview.show();
        QVERIFY(!overview.findChild<QWidget*>(u"overview.found"_s)->isVisible());
        makePage();
        QVERIFY(!find<QWidget>("targets.found")->isVisible());
        // What comes later is news.
        auto more = madeFound();
        more.push_back({"Redis", "redis", "localhost:9121", "http", "/metrics", 90, "loopback"});
        publishFound(more);
        QTRY_COMPARE(find<QLabel>("targets.found.text")->text(),
                     u"Found here: Redis :9121 (90 series)"_s);
        QVERIFY(overview.findChild<QWidget*>(u"overview.found"_s)->isVisible());
        // Whoever looks for them wants to see them all.
        QTest::mouseClick(find<QPushButton>("targets.find"), Qt::LeftButton);
        QCOMPARE(m_engine->searches, std::size_t(1));
        QVERIFY(find<QLabel>("targets.found.text")->text().endsWith(u"and 1 more"_s));
    }

    void findingNothingSaysSo()
    {
        QVERIFY(m_page->perform(u"find-exporters"_s));
        QVERIFY(find<QLabel>("targets.found.text")->text().startsWith(u"Looking for"_s));
        auto snapshot = fewTargets();
        snapshot.isLooking = true;
        m_engine->publish(snapshot);
        QCoreApplication::processEvents();
        snapshot.isLooking = false;
        m_engine->publish(snapshot);
        QTRY_VERIFY(find<QLabel>("targets.found.text")->text().startsWith(u"No exporters"_s));
        QTest::mouseClick(find<QPushButton>("targets.found.notNow"), Qt::LeftButton);
        QVERIFY(!find<QWidget>("targets.found")->isVisible());
    }

    void droppedOnesShowTheRuleThatDidIt()
    {
        QCOMPARE(find<QTabWidget>("targets.tabs")->tabText(1), u"Dropped (3)"_s);
        m_engine->onPreviewJob = [](const config::ScrapeConfig&) -> Result<engine::JobPreview> {
            engine::JobPreview preview;
            for (const auto& target : fewTargets().dropped) {
                engine::RelabelOutcome outcome;
                outcome.discovered = target.discoveredLabels;
                outcome.steps = {{outcome.discovered, outcome.discovered, false}};
                preview.outcomes.push_back(outcome);
            }
            preview.total = preview.outcomes.size();
            return preview;
        };
        find<QTabWidget>("targets.tabs")->setCurrentIndex(1);
        auto* const list = find<TargetTree>("dropped.tree");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        list->setCurrentIndex(list->model()->index(1, 0, list->model()->index(0, 0)));
        QTRY_COMPARE(find<QLabel>("dropped.detail.title")->text(), u"Dropped · 10.0.4.8:9100"_s);
        find<QTabWidget>("dropped.detail.tabs")->setCurrentIndex(2);
        auto* const steps = find<QTreeView>("dropped.relabel.steps");
        QTRY_COMPARE(steps->model()->rowCount(), 5); // discovered, three rules, result
        QCOMPARE(steps->model()->index(1, 0).data().toString(), u"Dropped"_s);
        QCOMPARE(steps->model()->index(2, 0).data().toString(), u"Not reached"_s);
        QCOMPARE(m_engine->previewedJobs.front().jobName, std::string("node"));
        QVERIFY(m_engine->inspectedTargets.empty());
        find<QLineEdit>("dropped.filter")->setText(u"env=test 8081"_s);
        QTRY_COMPARE(find<QLabel>("dropped.shown")->text(), u"1 of 3 shown"_s);
    }

    void collectorsAreSwitches()
    {
        find<QTabWidget>("targets.tabs")->setCurrentIndex(2);
        auto* const box = find<QCheckBox>("collectors.host");
        QTRY_VERIFY(box->isChecked());
        QVERIFY(find<QLabel>("collectors.host.state")->text().startsWith(u"Up, 768 samples"_s));
        box->click();
        QTRY_COMPARE(m_engine->configs.size(), std::size_t(1));
        QVERIFY(!m_engine->configs.back().own.hostCollector);
        QTRY_VERIFY(m_edits->stack().canUndo() && !m_edits->isBusy());
        m_edits->stack().undo();
        QTRY_VERIFY(m_engine->configs.size() == 2 && box->isChecked());
        m_engine->onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "the file system is read-only");
        };
        QTRY_VERIFY(!m_edits->isBusy());
        box->click();
        QTRY_VERIFY(find<QWidget>("collectors.refused")->isVisible());
        QVERIFY2(box->isChecked(), "what was refused is not in force");
        QTest::mouseClick(find<QToolButton>("collectors.host.show"), Qt::LeftButton);
        QCOMPARE(find<QTabWidget>("targets.tabs")->currentIndex(), 0);
        QTRY_COMPARE(rows(), 1);
    }

    void pausedScrapingSaysSoAndGoesOn()
    {
        m_engine->setPaused(true);
        QTRY_VERIFY(find<QWidget>("targets.pausedBanner")->isVisible());
        QTest::mouseClick(find<QPushButton>("targets.pausedBanner.action"), Qt::LeftButton);
        QVERIFY(!m_engine->paused);
        QTRY_VERIFY(!find<QWidget>("targets.pausedBanner")->isVisible());
    }

    void pastIsAskedForWhatIsSeen()
    {
        QTRY_COMPARE(m_engine->queries.size(), std::size_t(2)); // for the fourteen
        m_engine->queries.clear();
        auto many = manyTargets(600, 1);
        for (auto& target : many.targets) {
            target.id += 10'000; // others than the fourteen
        }
        showTargets(*m_engine, many);
        QTRY_COMPARE(m_engine->queries.size(), std::size_t(2)); // durations, availability
        const auto asked = [&](std::size_t query, const char* host) {
            return m_engine->queries[query].expr.contains(host);
        };
        QVERIFY(m_engine->queries[0].expr.starts_with("scrape_duration_seconds{"));
        QVERIFY(m_engine->queries[1].expr.starts_with("avg_over_time(up{"));
        QVERIFY(asked(0, "host-000003") && asked(1, "host-000003"));
        QVERIFY2(!asked(0, "host-000300"), "nobody sees it");
        QTRY_VERIFY(model().traceOf(10'002) != nullptr);
        QTRY_COMPARE(
            model().indexOf(10'002).siblingAtColumn(TargetsModel::availability).data().toString(),
            u"100\u00a0%"_s);
        tree()->verticalScrollBar()->setValue(tree()->verticalScrollBar()->maximum());
        QTRY_COMPARE(m_engine->queries.size(), std::size_t(4));
        QVERIFY(asked(2, "host-000599"));
        QVERIFY(!asked(2, "host-000003"));
        QTRY_VERIFY(model().traceOf(10'600) != nullptr);
        // Back again: known.
        tree()->verticalScrollBar()->setValue(0);
        QTest::qWait(200);
        QCOMPARE(m_engine->queries.size(), std::size_t(4));
        // Old durations are asked again, the day is not.
        m_clock.at += 20s;
        m_page->refresh();
        QTRY_COMPARE(m_engine->queries.size(), std::size_t(5));
        QVERIFY(m_engine->queries[4].expr.starts_with("scrape_duration_seconds{"));
        QTest::qWait(50);
        QCOMPARE(m_engine->queries.size(), std::size_t(5));
    }

    void hiddenPagesDoNothing()
    {
        m_window->hide();
        m_engine->queries.clear();
        showTargets(*m_engine, manyTargets(600, 1));
        QTest::qWait(150);
        QCOMPARE(m_engine->queries.size(), std::size_t(0));
        QCOMPARE(rows(), 14);
        m_window->show();
        QTRY_COMPARE(rows(), 600);
    }

    void selectionAndScrollSurvive()
    {
        const auto first = manyTargets(3000, 1);
        showTargets(*m_engine, first);
        QTRY_COMPARE(rows(), 3000);
        tree()->setExpanded(model().index(0, 0), true);
        tree()->setCurrentIndex(model().indexOf(1500));
        tree()->scrollTo(tree()->currentIndex(), QAbstractItemView::PositionAtCenter);
        QCoreApplication::processEvents();
        const int at = tree()->visualRect(tree()->currentIndex()).top();
        QVERIFY(at > 0);
        auto next = first;
        next.targets.erase(next.targets.begin() + 100, next.targets.begin() + 140);
        next.targets.insert(next.targets.begin(), madeTarget(9001, "job-000000", "first:1"));
        m_engine->publish(next);
        QTRY_COMPARE(rows(), 2961);
        QCOMPARE(tree()->currentId(), std::uint64_t(1500));
        QCOMPARE(tree()->visualRect(tree()->currentIndex()).top(), at);
        // Sorted otherwise it is still the one.
        model().sort(TargetsModel::samples, Qt::DescendingOrder);
        QTRY_VERIFY(!model().isSettling());
        QCOMPARE(tree()->currentId(), std::uint64_t(1500));
        QCOMPARE(tree()->selectionModel()->selectedRows().size(), 1);
    }

    void aHundredThousandAreFilteredSortedAndScrolledWhileTheyMove()
    {
        const std::array rounds{manyTargets(100'000, 20, 0), manyTargets(100'000, 20, 1)};
        std::size_t round = 0;
        const auto turn = [&] { showTargets(*m_engine, rounds[++round % rounds.size()]); };
        turn();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 100'000, 60'000);
        constexpr std::uint64_t chosen = 77'777;
        tree()->setCurrentIndex(model().indexOf(chosen));
        auto* const filter = find<QLineEdit>("targets.filter");
        QTest::keyClicks(filter, u"host-07"_s);
        turn();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 10'000, 60'000);
        QCOMPARE(find<QToolButton>("targets.all")->text(), u"All 10,000"_s);
        QCOMPARE(tree()->currentId(), chosen);

        QHeaderView* const header = tree()->header();
        const int samples = header->sectionViewportPosition(TargetsModel::samples);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          QPoint(samples + 10, header->height() / 2));
        turn();
        QTRY_VERIFY_WITH_TIMEOUT(!model().isSettling(), 60'000);
        const QModelIndex group = model().indexOf(chosen).parent();
        quint64 before = 0;
        for (int row = 0; row < 50; ++row) {
            const auto count
                = model().itemAt(model().index(row, TargetsModel::samples, group))->samples;
            QVERIFY(row == 0 || before <= count);
            before = count;
        }
        QCOMPARE(tree()->currentId(), chosen);

        tree()->setFocus();
        tree()->verticalScrollBar()->setValue(0);
        for (int step = 0; step < 5; ++step) {
            tree()->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd);
            turn();
            QTRY_VERIFY_WITH_TIMEOUT(!model().isSettling(), 60'000);
        }
        QVERIFY(tree()->verticalScrollBar()->value() >= 5 * tree()->viewport()->height() / 2);
        QCOMPARE(tree()->currentId(), chosen);
        QCOMPARE(tree()->selectionModel()->selectedRows().size(), 1);
        QTest::keyClick(filter, Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 100'000, 60'000);
        QCOMPARE(tree()->currentId(), chosen);
    }

    void bigListsOpenOnlyWhatIsInTrouble()
    {
        auto snapshot = manyTargets(1500, 3);
        for (auto& target : snapshot.targets) {
            if (target.job != "job-000001") {
                target.health = engine::Health::up;
            }
        }
        showTargets(*m_engine, snapshot);
        QTRY_COMPARE(model().rowCount(), 3);
        QTRY_VERIFY(tree()->isExpanded(model().index(1, 0)));
        QVERIFY(!tree()->isExpanded(model().index(0, 0)));
        QVERIFY(!tree()->isExpanded(model().index(2, 0)));
        // What a filter leaves is open, and closes with it; what a person has opened stays.
        tree()->setExpanded(model().index(2, 0), true);
        find<QLineEdit>("targets.filter")->setText(u"host-0000"_s);
        QTRY_COMPARE(rows(), 100);
        QTRY_VERIFY(tree()->isExpanded(model().index(0, 0)));
        find<QLineEdit>("targets.filter")->clear();
        QTRY_COMPARE(rows(), 1500);
        QTRY_VERIFY(!tree()->isExpanded(model().indexOfJob("job-000000")));
        // One that gets into trouble opens.
        snapshot.targets.front().health = engine::Health::down;
        showTargets(*m_engine, snapshot);
        QTRY_VERIFY(tree()->isExpanded(model().indexOfJob("job-000000")));
    }

    void columnsGiveWay()
    {
        QVERIFY(!tree()->isColumnHidden(TargetsModel::labels));
        m_window->resize(728, 480);
        QTRY_VERIFY(tree()->isColumnHidden(TargetsModel::labels));
        QVERIFY(!tree()->isColumnHidden(TargetsModel::availability));
        QVERIFY(tree()->header()->length() <= tree()->viewport()->width());
        QVERIFY(tree()->columnWidth(TargetsModel::error) >= 120);
        m_window->resize(1100, 700);
        QTRY_VERIFY(!tree()->isColumnHidden(TargetsModel::labels));
    }

    void everyControlHasNames()
    {
        publishFound(madeFound());
        m_engine->setPaused(true);
        select(5);
        QStringList unnamed;
        for (int tab = 0; tab < 3; ++tab) {
            find<QTabWidget>("targets.tabs")->setCurrentIndex(tab);
            for (int detail = 0; detail < (tab == 0 ? 5 : 1); ++detail) {
                openTab(detail);
                QCoreApplication::processEvents();
                unnamed << unnamedControls(m_page.get());
            }
        }
        unnamed.removeDuplicates();
        QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
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
            shootAll(into, mode == theme::Mode::light ? u"light"_s : u"dark"_s);
        }
        theme.setMode(theme::Mode::light);
    }

private:
    void shoot(const QString& into, const QString& name) const
    {
        QTest::qWait(250);
        QVERIFY(m_window->grab().save(u"%1/%2.png"_s.arg(into, name)));
    }
    void shootAll(const QString& into, const QString& scheme)
    {
        static const QStringList tabs{u"overview"_s, u"labels"_s, u"relabel"_s, u"response"_s,
                                      u"log"_s};
        fillWithTargets(*m_engine);
        find<QTabWidget>("targets.tabs")->setCurrentIndex(0);
        find<QLineEdit>("targets.filter")->clear();
        publishFound(madeFound());
        for (const QSize size : {QSize(1100, 700), QSize(728, 470)}) {
            m_window->resize(size);
            const QString end = u"-%1-%2"_s.arg(QString::number(size.width()), scheme);
            tree()->setCurrentIndex({});
            shoot(into, u"few"_s + end);
            m_engine->publish(fewTargets());
            QTRY_COMPARE(rows(), 14);
            select(5);
            for (int tab = 0; tab < 5; ++tab) {
                openTab(tab);
                shoot(into, u"detail-"_s + tabs[tab] + end);
            }
            openTab(2);
            find<QComboBox>("targets.relabel.what")->setCurrentIndex(1);
            shoot(into, u"detail-series"_s + end);
            find<QComboBox>("targets.relabel.what")->setCurrentIndex(0);
            openTab(0);
            tree()->setCurrentIndex(model().indexOfJob("proxy"));
            shoot(into, u"job"_s + end);
            tree()->setCurrentIndex({});
            find<QTabWidget>("targets.tabs")->setCurrentIndex(1);
            shoot(into, u"dropped"_s + end);
            find<QTabWidget>("targets.tabs")->setCurrentIndex(2);
            shoot(into, u"collectors"_s + end);
            find<QTabWidget>("targets.tabs")->setCurrentIndex(0);
            showTargets(*m_engine, manyTargets(100'000, 20));
            QTRY_COMPARE_WITH_TIMEOUT(rows(), 100'000, 30'000);
            shoot(into, u"many"_s + end);
            m_engine->publish(engine::TargetsSnapshot{});
            QTRY_VERIFY(find<QWidget>("targets.empty")->isVisible());
            m_engine->setPaused(true);
            shoot(into, u"empty-paused"_s + end);
            m_engine->setPaused(false);
            fillWithTargets(*m_engine);
            QTRY_COMPARE(rows(), 14);
            publishFound(madeFound());
        }
        m_window->resize(1100, 700);
    }
};

QTEST_MAIN(TestTargetsPage)
#include "tst_targets_page.moc"
