// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_test.h"
#include "tests/ui/shell/canned.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
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

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("SKIPPED-LOUDLY: set WATCHFIRE_SHOTS to a folder to save every page as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            for (const PageEntry& entry : allPages()) {
                m_window->openPage(entry.name);
                QTest::qWait(700);
                QVERIFY(m_window->grab().save(u"%1/%2-%3.png"_s.arg(
                    into, entry.name, mode == theme::Mode::dark ? u"dark"_s : u"light"_s)));
            }
        }
    }

private:
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
    template <class W> W* find(const char* name) const
    {
        return m_window->findChild<W*>(QString::fromLatin1(name));
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
