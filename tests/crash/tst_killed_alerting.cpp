// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kills the engine between the decision to tell somebody of an alert and the record that it was
// told, again and again: nothing is lost, and each kill repeats one notification at most.
#include "core/encoding/json.h"
#include "tests/support/test_server.h"

#include <condition_variable>
#include <csignal>
#include <format>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto patience = 20s;

/// A webhook that counts what it hears of each alert. It can hold back its answer for one of them
/// until whoever asked has died.
class Sink {
public:
    std::string url() const { return m_server.url(); }

    void holdBack(const std::string& alert)
    {
        const std::lock_guard lock(m_mutex);
        m_held = alert;
    }
    /// Of how many of the alerts heard of since the last call it was heard before, too. Nothing:
    /// of one twice since.
    std::optional<int> repeatedInRun()
    {
        const std::lock_guard lock(m_mutex);
        int again = 0;
        for (const auto& [alert, times] : m_run) {
            if (times > 1) {
                return std::nullopt;
            }
            again += m_heard[alert] > times ? 1 : 0;
        }
        m_run.clear();
        return again;
    }
    int heard(const std::string& alert)
    {
        const std::lock_guard lock(m_mutex);
        return m_heard[alert];
    }
    int answered(const std::string& alert)
    {
        const std::lock_guard lock(m_mutex);
        return m_answered[alert];
    }
    bool waitUntilHeard(const std::string& alert, int times)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, patience, [&] { return m_heard[alert] >= times; });
    }
    bool waitUntilAnswered(const std::string& alert, int times)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, patience, [&] { return m_answered[alert] >= times; });
    }

private:
    void serve(TestConnection& connection)
    {
        while (const auto request = connection.readRequest()) {
            const auto body = encoding::parseJson(request->body);
            const std::string alert(body ? (*body)["groupLabels"]["alertname"].asString()
                                         : std::string_view("?"));
            bool isHeld = false;
            {
                const std::lock_guard lock(m_mutex);
                ++m_heard[alert];
                ++m_run[alert];
                isHeld = alert == m_held;
            }
            m_changed.notify_all();
            if (isHeld) {
                connection.pause(patience); // ends when the client does
                return;
            }
            if (!connection.write(answer(200, {}, "ok"))) {
                return;
            }
            {
                const std::lock_guard lock(m_mutex);
                ++m_answered[alert];
            }
            m_changed.notify_all();
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, int> m_heard;
    std::map<std::string, int> m_answered;
    std::map<std::string, int> m_run; ///< since the last repeatedInRun
    std::string m_held;
    TestServer m_server{[this](TestConnection& connection) { serve(connection); }}; // last
};

/// The engine in a process of its own.
class Engine {
public:
    explicit Engine(const QString& folder)
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QCoreApplication::applicationDirPath() + u"/alerting_child"_s, {folder});
    }
    bool waitFor(const QByteArray& line)
    {
        const QDeadlineTimer deadline(patience);
        while (!m_said.contains(line + '\n') && !deadline.hasExpired()) {
            if (!m_process.waitForReadyRead(int(deadline.remainingTime()))) {
                break;
            }
            m_said += m_process.readAll();
        }
        return m_said.contains(line + '\n');
    }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
        m_said += m_process.readAll();
    }
    /// Whether it ended by itself.
    bool end()
    {
        m_process.terminate();
        const bool ended
            = m_process.waitForFinished(int(std::chrono::milliseconds(patience).count()));
        m_said += m_process.readAll();
        return ended && m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0;
    }
    const QByteArray& said() const { return m_said; }

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace

class TestKilledAlerting : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::vector<std::string> m_alerts;
    std::set<std::string> m_told;

    void write(const char* name, const std::string& text) const
    {
        std::ofstream(m_dir->filePath(QString::fromLatin1(name)).toStdString()) << text;
    }
    /// What the engine said it had recorded is told by none after it.
    void takeTold(const Engine& engine)
    {
        for (const QByteArray& line : engine.said().split('\n')) {
            if (line.startsWith("told ")) {
                QVERIFY2(m_told.insert(line.mid(5).toStdString()).second, line.constData());
            }
        }
    }
    void writeRules() const
    {
        std::string text = "groups:\n- name: g\n  interval: 100ms\n  rules:\n";
        for (const std::string& alert : m_alerts) {
            text += std::format("  - {{alert: {}, expr: vector(1)}}\n", alert);
        }
        write("rules.yml", text);
    }

private slots:
    void nothingIsLostAndLittleRepeated()
    {
        bool given = false;
        const int wanted = qEnvironmentVariableIntValue("WATCHFIRE_KILLS", &given);
        const int rounds = given ? wanted : 20;
        QVERIFY(rounds > 0);
        m_dir = std::make_unique<QTemporaryDir>();
        Sink sink;
        write("prometheus.yml", "rule_files: [rules.yml]\n");
        write(
            "alertmanager.yml",
            "route: {receiver: hook, group_by: [alertname], group_wait: 20ms, group_interval: 1h, "
            "repeat_interval: 24h}\n"
            "receivers: [{name: hook, webhook_configs: [{url: '"
                + sink.url() + "/'}]}]\n");

        std::mt19937 random(20261130);
        int held = 0;
        int late = 0;
        int any = 0;
        for (int round = 0; round < rounds; ++round) {
            const std::string alert = std::format("A{:04}", round);
            m_alerts.push_back(alert);
            writeRules();
            {
                if (round % 3 == 0) {
                    sink.holdBack(alert);
                }
                Engine engine(m_dir->path());
                QVERIFY2(engine.waitFor("ready"), engine.said().constData());
                if (round % 3 == 0) { // on its way
                    ++held;
                    QVERIFY2(sink.waitUntilHeard(alert, 1), engine.said().constData());
                } else if (round % 3 == 1) { // taken, and perhaps not yet recorded
                    ++late;
                    QVERIFY2(sink.waitUntilAnswered(alert, 1), engine.said().constData());
                } else {
                    ++any;
                    QTest::qWait(int(random() % 200)); // any moment will do
                }
                engine.kill();
                sink.holdBack({});
                takeTold(engine);
            }
            QCOMPARE_LE(sink.repeatedInRun().value_or(2), 1);
            // Afterwards it is heard of. What is decided together with a later one is over when
            // that one is.
            m_alerts.push_back(std::format("Z{:04}", round));
            writeRules();
            Engine engine(m_dir->path());
            QVERIFY2(engine.waitFor("told " + QByteArray::fromStdString(m_alerts.back())),
                     engine.said().constData());
            if (round % 3 == 0) { // it was cut off for certain
                QVERIFY2(engine.waitFor("told " + QByteArray::fromStdString(alert)),
                         engine.said().constData());
            }
            QVERIFY2(sink.waitUntilHeard(alert, 1), alert.c_str());
            QVERIFY2(engine.end(), engine.said().constData());
            takeTold(engine);
            // An end in the middle of telling is like a kill: what was not recorded comes again.
            QCOMPARE_LE(sink.repeatedInRun().value_or(2), 1);
        }
        int repeated = 0;
        for (const std::string& alert : m_alerts) {
            QVERIFY2(sink.answered(alert) >= 1, alert.c_str());
            repeated += sink.heard(alert) - 1;
        }
        QVERIFY(repeated >= held);
        qInfo("%d kills (%d on its way, %d after the answer, %d at any moment), %d repeated",
              rounds, held, late, any, repeated);
    }
};

QTEST_GUILESS_MAIN(TestKilledAlerting)
#include "tst_killed_alerting.moc"
