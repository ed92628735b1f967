// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scrape_log_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Tester = QAbstractItemModelTester;
constexpr auto strict = Tester::FailureReportingMode::QtTest;

engine::TargetDetail::Event scrapeEvent(int second, const std::string& error = {})
{
    return {fromUnixMs(1'795'000'000'000) + std::chrono::seconds(second), 8ms, 12, error};
}

} // namespace

class TestScrapeLogModel : public QObject {
    Q_OBJECT

private slots:
    void aLaterLogOnlyAddsOnTop()
    {
        ScrapeLogModel model;
        const Tester tester(&model, strict);
        model.setEvents({scrapeEvent(30), scrapeEvent(15, "timeout"), scrapeEvent(0)});
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QPersistentModelIndex second(model.index(1, ScrapeLogModel::result));
        QCOMPARE(second.data().toString(), u"Failed"_s);
        // Two more; the oldest has left the record.
        model.setEvents(
            {scrapeEvent(60), scrapeEvent(45), scrapeEvent(30), scrapeEvent(15, "timeout")});
        QCOMPARE(reset.size(), 0);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(second.row(), 3);
        QCOMPARE(second.data().toString(), u"Failed"_s);
        QCOMPARE(model.rowCount(), 4);
        // Another target's.
        model.setEvents({scrapeEvent(1000)});
        QCOMPARE(model.rowCount(), 1);
        model.setEvents({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestScrapeLogModel)
#include "tst_scrape_log_model.moc"
