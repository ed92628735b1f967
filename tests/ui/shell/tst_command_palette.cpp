// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"
#include "tests/support/qt_test.h"
#include "ui/shell/command_palette.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include <QLineEdit>
#include <QListView>
#include <QThread>
#include <QWidget>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t many = 100'000;
constexpr double openBudgetMs = 50;
#ifdef NDEBUG
constexpr double keyBudgetMs = 16;
#else
constexpr double keyBudgetMs = 32; // not optimised
#endif

double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

QString hostName(std::size_t item)
{
    return u"node host-%1:9100"_s.arg(qulonglong(item), 6, 10, QChar(u'0'));
}

PaletteNamesPtr namesOf(const QStringList& titles)
{
    return std::make_shared<PaletteNames>(
        std::size_t(titles.size()), [titles](std::size_t item) { return titles[qsizetype(item)]; });
}

} // namespace

/// Ctrl+K over a hundred thousand targets and metrics.
class TestCommandPalette : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_engine = std::make_unique<tests::FakeEngine>();
        m_bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
        m_window = std::make_unique<QWidget>();
        m_window->resize(1280, 800);
        m_window->show();
        m_palette = new CommandPalette(*m_bridge, m_window.get());
        m_ran.clear();
        m_titlesHere = 0;
    }
    void cleanup()
    {
        m_window.reset();
        m_bridge.reset();
        m_engine.reset();
    }

    void titlesAreRanked_data()
    {
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("needle");
        QTest::addColumn<int>("rank");
        QTest::newRow("nothing typed") << u"Targets"_s << QString() << 0;
        QTest::newRow("prefix") << u"Targets"_s << u"tar"_s << 1;
        QTest::newRow("start of a word") << u"Go to targets"_s << u"tar"_s << 2;
        QTest::newRow("a word after a part of one") << u"startar tar"_s << u"tar"_s << 2;
        QTest::newRow("within a word") << u"restart"_s << u"tar"_s << 3;
        QTest::newRow("letters in order") << u"Take a break"_s << u"tar"_s << 4;
        QTest::newRow("not at all") << u"Rules"_s << u"tar"_s << -1;
    }
    void titlesAreRanked()
    {
        QFETCH(QString, title);
        QFETCH(QString, needle);
        QFETCH(int, rank);
        QCOMPARE(paletteRank(title, needle), rank);
    }

    void theBestComeFirstWhateverTheirKind()
    {
        const std::vector kinds{namesOf({u"Restart"_s, u"Take a break"_s}),
                                namesOf({u"a target"_s, u"Target"_s})};
        QStringList found;
        for (const PaletteHit& hit : searchPalette(kinds, u" TAR "_s, 10)) {
            found << hit.title;
        }
        QCOMPARE(found, (QStringList{u"Target"_s, u"a target"_s, u"Restart"_s, u"Take a break"_s}));
        QCOMPARE(searchPalette(kinds, u"tar"_s, 2).size(), std::size_t(2));
        // Whoever types nothing sees the first ones, in their order.
        const auto first = searchPalette(kinds, {}, 3);
        QCOMPARE(first.size(), std::size_t(3));
        QCOMPARE(first[2].title, u"a target"_s);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(searchPalette(kinds, u"tar"_s, 10, stop.get_token()).empty());
    }

    void aHundredThousandCostTheWindowNothing()
    {
        std::vector<std::string> metrics;
        for (std::size_t i = 0; i < many; ++i) {
            metrics.push_back("metric_" + std::to_string(i) + "_total");
        }
        m_engine->onLabels = [metrics](const engine::LabelsRequest&) {
            return Result<std::vector<std::string>>(metrics);
        };
        const double began = threadMs();
        open();
        const double opened = threadMs() - began;
        QVERIFY(m_palette->isVisible());
        QCOMPARE(list()->model()->index(0, 0).data().toString(), u"Targets"_s);
        QVERIFY2(opened < openBudgetMs, qPrintable(u"%1 ms"_s.arg(opened)));
        settle();
        double most = 0;
        for (const char key : {'0', '4', '2', '4', '2', ':'}) {
            const double before = threadMs();
            QTest::keyClick(edit(), key);
            most = std::max({most, threadMs() - before, settle()});
        }
        QVERIFY2(most < keyBudgetMs, qPrintable(u"%1 ms"_s.arg(most)));
        QCOMPARE(list()->currentIndex().data().toString(), hostName(4'242));
        QCOMPARE(m_titlesHere.load(), std::size_t(0));
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_ran, u"target 4242"_s);
        QVERIFY(!m_palette->isVisible());
    }

    void enterWaitsForWhatWasTyped()
    {
        open();
        QTest::keyClicks(edit(), u"host-000007"_s);
        QVERIFY2(m_palette->isSettling(), "the list is still the one from before");
        QTest::keyClick(edit(), Qt::Key_Return);
        QTRY_COMPARE(m_ran, u"target 7"_s);
        QVERIFY(!m_palette->isVisible());
    }

    void typingOnTakesEnterBack()
    {
        open();
        QTest::keyClicks(edit(), u"host-00000"_s);
        QTest::keyClick(edit(), Qt::Key_Return);
        QTest::keyClicks(edit(), u"7"_s);
        settle();
        QCOMPARE(m_ran, QString());
        QCOMPARE(list()->currentIndex().data().toString(), hostName(7));
    }

    void closedItHoldsNothing()
    {
        auto world = std::make_shared<int>(1);
        const std::weak_ptr<int> watched = world;
        m_palette->open({},
                        {{u"Target"_s, u"targets"_s, 1, [world](std::size_t) { return u"one"_s; },
                          [](std::size_t) {}}},
                        [](const QString&) {});
        world.reset();
        settle();
        QVERIFY(!watched.expired());
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QTRY_VERIFY(watched.expired());
        QCOMPARE(list()->model()->rowCount(), 0);
        // And opens again.
        open();
        settle();
        QVERIFY(list()->model()->rowCount() > 1);
    }

    void arrowsGoRoundTheList()
    {
        open();
        settle();
        QTest::keyClick(edit(), Qt::Key_Up);
        QCOMPARE(list()->currentIndex().row(), list()->model()->rowCount() - 1);
        QTest::keyClick(edit(), Qt::Key_Down);
        QTest::keyClick(edit(), Qt::Key_Return);
        QCOMPARE(m_ran, u"page"_s);
    }

private:
    void open()
    {
        m_palette->open(
            {{u"Targets"_s, u"Page"_s, u"targets"_s, {}, [this] { m_ran = u"page"_s; }}},
            {{u"Target"_s, u"targets"_s, many,
              [this, gui = QThread::currentThread()](std::size_t item) {
                  m_titlesHere += QThread::currentThread() == gui ? 1 : 0;
                  return hostName(item);
              },
              [this](std::size_t item) { m_ran = u"target %1"_s.arg(item); }}},
            [this](const QString& metric) { m_ran = metric; });
    }
    /// Lets events go on until all is shown and painted; the most that one turn cost this thread.
    double settle() const
    {
        double most = 0;
        do {
            const double before = threadMs();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
            most = std::max(most, threadMs() - before);
            QThread::yieldCurrentThread();
        } while (m_palette->isSettling());
        const double before = threadMs();
        list()->viewport()->repaint();
        return std::max(most, threadMs() - before);
    }
    QLineEdit* edit() const { return m_palette->findChild<QLineEdit*>(u"palette.filter"_s); }
    QListView* list() const { return m_palette->findChild<QListView*>(u"palette.list"_s); }

    SystemClock m_clock;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<QWidget> m_window;
    CommandPalette* m_palette = nullptr;
    QString m_ran;
    std::atomic<std::size_t> m_titlesHere = 0; ///< made on the GUI thread
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
