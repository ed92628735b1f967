// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <array>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QApplication>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QMessageBox>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

/// A display of our own: the offscreen platform has no tray.
class OwnDisplay {
public:
    /// Without Xvfb the display has no name.
    OwnDisplay()
    {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) {
            return;
        }
        m_server = ::fork();
        if (m_server == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::close(ends[0]);
            const std::string fd = std::to_string(ends[1]);
            ::execlp("Xvfb", "Xvfb", "-displayfd", fd.c_str(), "-screen", "0", "1280x800x24",
                     "-nolisten", "tcp", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        // It tells its number once it serves, and closes the pipe if it cannot.
        char next = 0;
        while (::read(ends[0], &next, 1) == 1 && next != '\n') {
            m_number += next;
        }
        ::close(ends[0]);
    }
    ~OwnDisplay()
    {
        if (m_server > 0) {
            ::kill(m_server, SIGKILL);
            ::waitpid(m_server, nullptr, 0);
        }
    }
    OwnDisplay(const OwnDisplay&) = delete;
    OwnDisplay& operator=(const OwnDisplay&) = delete;

    /// ":93", or empty.
    QByteArray name() const { return m_number.isEmpty() ? QByteArray() : ':' + m_number; }

private:
    ::pid_t m_server = -1;
    QByteArray m_number;
};

} // namespace

/// What a desktop's panel offers to tray icons on the session bus.
class StatusNotifierWatcher : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost CONSTANT)
    Q_PROPERTY(int ProtocolVersion READ protocol CONSTANT)
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items)
public:
    /// Whether it could is told by waitForStart().
    void start()
    {
        QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                                            QStringLiteral("fake-tray"));
        m_started = bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), this,
                                       QDBusConnection::ExportAllSlots
                                           | QDBusConnection::ExportAllProperties)
            && bus.registerService(QStringLiteral("org.kde.StatusNotifierWatcher"));
        m_tried.release();
    }
    bool waitForStart()
    {
        m_tried.acquire();
        return m_started;
    }
    void stop()
    {
        QDBusConnection bus(QStringLiteral("fake-tray"));
        bus.unregisterService(QStringLiteral("org.kde.StatusNotifierWatcher"));
        bus.unregisterObject(QStringLiteral("/StatusNotifierWatcher"));
        QDBusConnection::disconnectFromBus(QStringLiteral("fake-tray"));
    }
    static bool hasHost() { return true; }
    static int protocol() { return 0; }
    QStringList items() const
    {
        const std::lock_guard lock(m_mutex);
        return m_items;
    }

public slots:
    void RegisterStatusNotifierItem(const QString& service) // NOLINT: the names are D-Bus'
    {
        const std::lock_guard lock(m_mutex);
        m_items << service;
    }

private:
    QSemaphore m_tried;
    bool m_started = false;
    mutable std::mutex m_mutex;
    QStringList m_items;
};

/// A panel with a place for tray icons, on a thread of its own: Qt asks it and waits for the
/// answer. Needs a bus of its own.
class FakeTray {
public:
    FakeTray()
    {
        m_watcher.moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::started, &m_watcher, &StatusNotifierWatcher::start);
        // Emitted by the thread as its last deed.
        QObject::connect(&m_thread, &QThread::finished, &m_watcher, &StatusNotifierWatcher::stop,
                         Qt::DirectConnection);
    }
    ~FakeTray()
    {
        m_thread.quit();
        m_thread.wait();
    }
    FakeTray(const FakeTray&) = delete;
    FakeTray& operator=(const FakeTray&) = delete;

    bool start()
    {
        m_thread.start();
        return m_watcher.waitForStart();
    }
    /// Bus names of the icons that came, in order.
    QStringList items() const { return m_watcher.items(); }

private:
    StatusNotifierWatcher m_watcher;
    QThread m_thread;
};

/// A desktop with a tray, as a user of it closes and opens the window.
class TestTray : public QObject {
    Q_OBJECT

    QTemporaryDir m_profile;
    FakeTray m_tray;
    ServedMetrics m_target{"a 1\n"};
    std::unique_ptr<Program> m_program;
    QString m_item; ///< bus name of the program's icon

    void start()
    {
        m_program.reset(); // of a test that failed
        m_program = std::make_unique<Program>(m_profile.path());
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s,
                                       "global: {scrape_interval: 1s, scrape_timeout: 1s,\n"
                                       "         evaluation_interval: 1s}\n"
                                       "rule_files: [rules/*.yml]\n"
                                       "scrape_configs:\n"
                                       "  - job_name: shop\n"
                                       "    static_configs: [{targets: ['"
                                           + m_target.address().toUtf8() + "']}]\n"));
        QVERIFY(m_program->writeConfig(
            u"rules/a.yml"_s,
            "groups:\n"
            "  - name: a\n"
            "    rules:\n"
            "      - {alert: Bad, expr: 'vector(1)', labels: {severity: critical}}\n"
            "      - {alert: Odd, expr: 'vector(1)', labels: {severity: warning}}\n"));
        QCOMPARE(m_program->start(), QString());
    }

    /// What the panel shows under the pointer.
    QString toolTip()
    {
        const QList<QVariant> answer
            = call(u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                   {u"org.kde.StatusNotifierItem"_s, u"ToolTip"_s});
        if (answer.isEmpty()) {
            return {};
        }
        // Icon name, pictures, title, text.
        const auto tip = answer.front().value<QDBusVariant>().variant().value<QDBusArgument>();
        QString icon;
        QString title;
        tip.beginStructure();
        tip >> icon;
        tip.beginArray();
        while (!tip.atEnd()) {
            int width = 0;
            int height = 0;
            QByteArray pixels;
            tip.beginStructure();
            tip >> width >> height >> pixels;
            tip.endStructure();
        }
        tip.endArray();
        tip >> title;
        return title;
    }

    double rows()
    {
        return m_program->valueOf("count_over_time(up{job=\"shop\"}[5m])").value_or(0);
    }

    /// What the icon's side of the bus answers; it lives on this thread, so events go on.
    QList<QVariant> call(const QString& path, const QString& interface, const QString& method,
                         const QList<QVariant>& arguments)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(m_item, path, interface, method);
        message.setArguments(arguments);
        const QDBusPendingCallWatcher answer(QDBusConnection::sessionBus().asyncCall(message));
        if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, patienceMs)
            || answer.isError()) {
            qWarning("%s: %s", qPrintable(method), qPrintable(answer.error().message()));
            return {};
        }
        return answer.reply().arguments();
    }

    /// Chooses an entry of the icon's menu as a panel does; false: there is none of that name.
    bool choose(const QString& label)
    {
        constexpr auto menu = "com.canonical.dbusmenu"_L1;
        const QList<QVariant> place
            = call(u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                   {u"org.kde.StatusNotifierItem"_s, u"Menu"_s});
        if (place.isEmpty()) {
            return false;
        }
        const QString path
            = place.front().value<QDBusVariant>().variant().value<QDBusObjectPath>().path();
        const QList<QVariant> layout
            = call(path, menu, u"GetLayout"_s, {0, 1, QStringList{u"label"_s}});
        if (layout.size() != 2) {
            return false;
        }
        // The root: number, properties, and its entries, each of the same form.
        const auto root = layout.back().value<QDBusArgument>();
        int rootId = 0;
        QVariantMap properties;
        QVariantList entries;
        root.beginStructure();
        root >> rootId >> properties >> entries;
        root.endStructure();
        for (const QVariant& each : std::as_const(entries)) {
            const auto entry = each.value<QDBusArgument>();
            int id = 0;
            entry.beginStructure();
            entry >> id >> properties;
            entry.endStructure();
            if (properties.value(u"label"_s).toString().remove(u'_') == label) {
                call(path, menu, u"Event"_s,
                     {id, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), 0U});
                return true;
            }
        }
        return false;
    }

private slots:
    void initTestCase()
    {
        if (QGuiApplication::platformName() != "xcb"_L1) {
            QSKIP("SKIPPED-LOUDLY: no Xvfb, and without a display there is no tray");
        }
        QVERIFY(QDBusConnection::sessionBus().isConnected()); // ctest gives one
    }
    void cleanupTestCase() { m_program.reset(); }

    // First of all: once this process has seen a panel, Qt remembers that there is one.
    void aPanelMayComeLate()
    {
        start();
        QTRY_VERIFY_WITH_TIMEOUT(m_program->window().isVisible(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= 1, patienceMs);
        QVERIFY2(m_tray.start(), "no session bus: run by ctest, or under dbus-run-session");
        QTRY_COMPARE_WITH_TIMEOUT(m_tray.items().size(), 1, patienceMs);
        m_program->window().close();
        QVERIFY(!m_program->window().isVisible());
        QVERIFY2(m_program->find<QMessageBox>("closing") == nullptr, "nothing to ask: it is there");
        m_program.reset();
    }

    void aPanelMayBeThere()
    {
        start();
        QTRY_COMPARE_WITH_TIMEOUT(m_tray.items().size(), 2, patienceMs);
        m_item = m_tray.items().back();
    }

    void tellsHowManyFireAndTheWorst()
    {
        const auto says = [this](const QString& text) {
            return QTest::qWaitFor([&] { return toolTip() == text; }, patienceMs);
        };
        QVERIFY2(says(u"Watchfire: 2 firing, the worst is critical"_s), qPrintable(toolTip()));
        engine::SilenceChange silence;
        silence.matchers = {Matcher::equal("alertname", "Bad")};
        silence.startsAt = m_program->bridge().now();
        silence.endsAt = silence.startsAt + std::chrono::hours(1);
        m_program->composition()
            .engine()
            .changeSilence(std::move(silence), [](const Result<engine::SilenceId>&) { })
            .detach();
        QVERIFY2(says(u"Watchfire: 1 firing, the worst is a warning"_s), qPrintable(toolTip()));
    }

    void closingHidesAndCollectingGoesOn()
    {
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= 1, patienceMs);
        m_program->window().close();
        QVERIFY(!m_program->window().isVisible());
        QVERIFY2(m_program->find<QMessageBox>("closing") == nullptr, "nothing to ask: it is there");
        const double before = rows();
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= before + 3, patienceMs);
        QVERIFY(!m_program->window().isVisible());
    }

    void opensAgain_data()
    {
        QTest::addColumn<bool>("byMenu");
        QTest::newRow("by the menu") << true;
        QTest::newRow("by a click on the icon") << false;
    }
    void opensAgain()
    {
        QFETCH(bool, byMenu);
        m_program->window().close();
        QVERIFY(!m_program->window().isVisible());
        if (byMenu) {
            QVERIFY(choose(u"Open Watchfire"_s));
        } else {
            call(u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s, u"Activate"_s, {0, 0});
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_program->window().isVisible(), patienceMs);
    }

    void quitsFromTheMenu()
    {
        m_program->window().close();
        const QSignalSpy quit(&m_program->window(), &ui::MainWindow::quitRequested);
        QVERIFY(choose(u"Quit"_s));
        QTRY_COMPARE_WITH_TIMEOUT(quit.size(), 1, patienceMs);
    }
};

int main(int argc, char** argv)
{
    const OwnDisplay display;
    if (!display.name().isEmpty()) {
        qputenv("DISPLAY", display.name());
        qputenv("QT_QPA_PLATFORM", "xcb");
        // Whatever desktop the test is run on: icons go to the panel on the bus.
        qputenv("QT_QPA_PLATFORMTHEME", "generic");
    }
    QApplication application(argc, argv);
    TestTray test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_tray.moc"
