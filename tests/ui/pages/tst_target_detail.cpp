// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/targets_page_fixture.h"
#include "ui/pages/body_view.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the Targets page tells of one target, and what can be done to it.
class TestTargetDetail : public QObject, private TargetsPageFixture {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init() { start(); }
    void cleanup() { stop(); }

    void detailsAreAskedForWhenLookedAt()
    {
        select(5);
        QCOMPARE(find<QLabel>("targets.detail.error")->text(),
                 u"cannot connect to db1.example.net:9100: Connection refused"_s);
        QVERIFY(m_engine->inspectedTargets.empty());
        openTab(2);
        QTRY_COMPARE(m_engine->inspectedTargets, std::vector<std::uint64_t>{5});
        auto* const steps = find<QTreeView>("targets.relabel.steps");
        QTRY_COMPARE(steps->model()->rowCount(), 5); // discovered, three rules, result
        const auto cell = [&](int row, int column) {
            return steps->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(1, 1), u"1 · drop: env =~ test"_s);
        QCOMPARE(cell(1, 0), u"Unchanged"_s);
        QCOMPARE(cell(2, 0), u"Changed"_s);
        QVERIFY2(!steps->isExpanded(steps->model()->index(0, 0)), "what went in is known");
        QVERIFY(steps->isExpanded(steps->model()->index(2, 0)));
        QCOMPARE(cell(4, 3), u"http://db1.example.net:9100/metrics"_s);
        const QModelIndex added = steps->model()->index(0, 0, steps->model()->index(2, 0));
        QCOMPARE(added.data().toString(), u"Added"_s);
        QCOMPARE(added.siblingAtColumn(1).data().toString(), u"role"_s);
        QCOMPARE(added.siblingAtColumn(3).data().toString(), u"db"_s);

        find<QComboBox>("targets.relabel.what")->setCurrentIndex(1);
        auto* const series = find<QTreeView>("targets.relabel.series");
        QVERIFY(series->isVisible());
        QCOMPARE(series->model()->rowCount(), 2);
        QCOMPARE(series->model()->index(1, 0).data().toString(), u"Dropped"_s);
        series->setCurrentIndex(series->model()->index(1, 0));
        QTRY_COMPARE(cell(1, 0), u"Dropped"_s);
        // Every scrape does not ask again.
        moveOn(5);
        QCOMPARE(m_engine->inspectedTargets.size(), std::size_t(1));
    }

    void lastResponseMarksTheLineAtFault()
    {
        select(5);
        openTab(3);
        auto* const body = find<BodyView>("targets.response.body");
        QTRY_VERIFY(body->blockCount() > 100 && !body->isLoading());
        QVERIFY(find<QLabel>("targets.response.summary")->text().startsWith(u"Status 200 · text/"));
        QVERIFY(find<QLabel>("targets.response.timings")->text().contains(u"first byte 6.2"_s));
        QCOMPARE(body->markedLine(), 11);
        QCOMPARE(body->extraSelections().size(), 1);
        QCOMPARE(body->extraSelections().front().cursor.block().blockNumber(), 10);
        QTRY_COMPARE(body->textCursor().blockNumber(), 10);
        QTest::keyClicks(find<QLineEdit>("targets.response.find"), u"cpu=\"77\""_s);
        QCOMPARE(body->textCursor().selectedText(), u"cpu=\"77\""_s);
        QTest::keyClick(find<QLineEdit>("targets.response.find"), Qt::Key_Return); // round again
        QCOMPARE(body->textCursor().selectedText(), u"cpu=\"77\""_s);
        QTest::keyClicks(find<QLineEdit>("targets.response.find"), u"7"_s);
        QTRY_VERIFY(find<QLabel>("targets.response.notFound")->isVisible());
        QTest::mouseClick(find<QToolButton>("targets.response.toFault"), Qt::LeftButton);
        QCOMPARE(body->textCursor().blockNumber(), 10);
        // It stays while somebody reads, until a newer one is asked for.
        moveOn(5);
        QCOMPARE(m_engine->inspectedTargets.size(), std::size_t(1));
        QTest::mouseClick(find<QToolButton>("targets.response.refresh"), Qt::LeftButton);
        QTRY_COMPARE(m_engine->inspectedTargets.size(), std::size_t(2));
    }

    void bigAnswersComeInPieces()
    {
        m_engine->onInspectTarget = [](std::uint64_t) -> Result<engine::TargetDetail> {
            engine::TargetDetail detail = madeDetail();
            detail.body.clear();
            for (int line = 1; detail.body.size() < (1U << 20U); ++line) {
                detail.body += "metric_with_a_name{line=\"" + std::to_string(line) + "\"} 1\n";
            }
            detail.isCut = true;
            detail.errorLine = 20'000;
            return detail;
        };
        select(5);
        openTab(3);
        auto* const body = find<BodyView>("targets.response.body");
        QTRY_VERIFY(body->blockCount() > 1);
        QVERIFY2(body->isLoading(), "a mebibyte at once would take several frames");
        QTRY_VERIFY(!body->isLoading());
        QVERIFY(body->blockCount() > 20'000);
        QCOMPARE(body->textCursor().blockNumber(), 19'999);
        QVERIFY(find<QLabel>("targets.response.note")->text().contains(u"there is more"_s));
    }

    void answersThatAreNotTextAreNotShown()
    {
        m_engine->onInspectTarget = [](std::uint64_t) -> Result<engine::TargetDetail> {
            engine::TargetDetail detail = madeDetail();
            detail.contentType = "application/vnd.google.protobuf; encoding=delimited";
            return detail;
        };
        select(5);
        openTab(3);
        QTRY_VERIFY(find<QLabel>("targets.response.note")->isVisible());
        QVERIFY(find<BodyView>("targets.response.body")->toPlainText().isEmpty());
    }

    void logFollowsTheScrapes()
    {
        select(5);
        openTab(4);
        auto* const log = find<QTreeView>("targets.log");
        QTRY_COMPARE(log->model()->rowCount(), 20);
        QCOMPARE(log->model()->index(0, 1).data().toString(), u"Failed"_s);
        QCOMPARE(log->model()->index(5, 1).data().toString(), u"Stored"_s);
        log->setCurrentIndex(log->model()->index(4, 0));
        m_engine->onInspectTarget = [](std::uint64_t) -> Result<engine::TargetDetail> {
            engine::TargetDetail detail = madeDetail();
            detail.log.insert(detail.log.begin(), {targetsNow + 11s, 9ms, 1204, ""});
            return detail;
        };
        moveOn(5);
        QTRY_COMPARE(log->model()->rowCount(), 21);
        QCOMPARE(log->currentIndex().row(), 5);
        m_engine->onInspectTarget = [](std::uint64_t) -> Result<engine::TargetDetail> {
            return fail(ErrorKind::notFound, "no such target");
        };
        moveOn(5);
        QTRY_COMPARE(log->model()->rowCount(), 0);
    }

    void scrapeNow()
    {
        select(5);
        m_engine->hold = true;
        QTest::mouseClick(find<QToolButton>("targets.scrapeNow"), Qt::LeftButton);
        QCOMPARE(m_engine->scrapedNow, std::vector<std::uint64_t>{5});
        QVERIFY2(!find<QToolButton>("targets.scrapeNow")->isEnabled(), "one at a time");
        m_engine->hold = false;
        m_engine->release();
        QTRY_VERIFY(find<QToolButton>("targets.scrapeNow")->isEnabled());
        m_engine->onScrapeNow = [](std::uint64_t) -> Result<void> {
            return fail(ErrorKind::notFound, "there is no such target any more");
        };
        tree()->setFocus();
        QTest::keyClick(tree(), Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(find<QWidget>("targets.failure")->isVisible());
        QCOMPARE(find<QLabel>("targets.failure.cause")->text(),
                 u"db1.example.net:9100 could not be scraped now."_s);
        QCOMPARE(find<QLabel>("targets.failure.rest")->text(),
                 u"there is no such target any more"_s);
    }

    void graphGoesToExplore()
    {
        QSignalSpy navigated(m_page.get(), &Page::navigate);
        select(6);
        QTest::mouseClick(find<QToolButton>("targets.graph"), Qt::LeftButton);
        QCOMPARE(navigated.size(), 1);
        QCOMPARE(navigated[0][0].toString(), u"explore"_s);
        QCOMPARE(navigated[0][1].toString(),
                 u"scrape_duration_seconds{job=\"node\",instance=\"db2.example.net:9100\"}"_s);
        QTest::keyClick(tree(), Qt::Key_Return);
        QCOMPARE(navigated.size(), 2);
    }
};

QTEST_MAIN(TestTargetDetail)
#include "tst_target_detail.moc"
