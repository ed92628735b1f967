// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_notifications.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"
#include "ui/chart/legend.h"
#include "ui/chart/time_chart.h"

#include <bit>
#include <cmath>
#include <memory>

#include <QLabel>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QToolButton>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patienceMs = 20'000;
constexpr auto groupWait = 2s;
constexpr auto holds = 10s;

const QByteArray prometheusYml = "global:\n"
                                 "  scrape_interval: 15s\n"
                                 "  evaluation_interval: 1s # as quick as the scrapes\n"
                                 "rule_files: [rules/*.yml]\n";
const QByteArray alertmanagerYml = "route:\n"
                                   "  receiver: desktop\n"
                                   "  group_by: [alertname, job]\n"
                                   "  group_wait: 2s\n"
                                   "  group_interval: 3s\n"
                                   "receivers:\n"
                                   "  - name: desktop\n";

/// A node exporter that can die and come back on the port it once got.
class NodeExporter {
public:
    bool start()
    {
        const QString port = m_port.isEmpty() ? u"0"_s : m_port;
        if (!m_child.start(peerProgram(u"prometheus-node-exporter"_s),
                           {u"--web.listen-address=127.0.0.1:"_s + port})) {
            return false;
        }
        m_port = m_child.waitFor(u"address=127\\.0\\.0\\.1:(\\d+)"_s);
        return !m_port.isEmpty();
    }
    void kill() { m_child.kill(); }
    QString address() const { return u"127.0.0.1:"_s + m_port; }
    std::string output() { return m_child.output().toStdString(); }
    QByteArray load1() const
    {
        return exposedValue(get(u"http://"_s + address(), u"/metrics"_s).body, "node_load1");
    }

private:
    Child m_child;
    QString m_port;
};

/// When the first of these alerts' popups came, in ms since the epoch.
struct PopupClock : QObject {
    explicit PopupClock(FakeNotifications& daemon)
    {
        connect(&daemon, &FakeNotifications::recorded, this, [this] {
            if (firstAt == Timestamp{}) {
                firstAt = SystemClock().now();
            }
        });
    }
    Timestamp firstAt{};
};

bool hasEvent(const engine::AlertsSnapshot& alerts, std::string_view rule, std::string_view what)
{
    return std::ranges::any_of(alerts.history, [&](const engine::AlertEvent& event) {
        return event.what == what && event.labels.get("alertname") == rule;
    });
}

} // namespace

class TestNodeExporterInWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<FakeNotifications> m_daemon;
    std::unique_ptr<Program> m_program;

    ui::MainWindow& window() { return m_program->window(); }

    void addJob(const QString& address)
    {
        QVERIFY(window().openPage(u"targets"_s));
        QVERIFY(m_program->click("targets.add"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog") != nullptr);
        QVERIFY(m_program->type("job.dialog.name", u"node"_s));
        QVERIFY(m_program->type("job.dialog.targets", address));
        QVERIFY(m_program->type("job.dialog.interval", u"1s"_s));
        QVERIFY(m_program->click("job.dialog.save"));
        QTRY_VERIFY_WITH_TIMEOUT(m_program->find<QWidget>("job.dialog") == nullptr, patienceMs);
    }

    /// Explore draws it: one series, whose last value is a number.
    void isDrawn()
    {
        QVERIFY(window().openPage(u"explore"_s));
        auto* const query = m_program->find<QPlainTextEdit>("explore.query");
        query->setFocus();
        QTest::keyClicks(query, u"node_load1{job=\"node\"}"_s);
        QTest::keyClick(query, Qt::Key_Escape); // whatever the editor offers
        QTest::keyClick(query, Qt::Key_Return);
        auto* const chart = m_program->find<ui::chart::TimeChart>("explore.chart");
        QTRY_VERIFY2_WITH_TIMEOUT(
            m_program->find<QLabel>("explore.stat")->text().startsWith(u"1 series"_s),
            qPrintable(m_program->find<QLabel>("explore.stat")->text()), patienceMs);
        const auto* const legend = chart->legend()->model();
        QTRY_COMPARE_WITH_TIMEOUT(legend->rowCount(), 1, patienceMs);
        const auto last
            = legend->index(0, ui::chart::LegendModel::last).data(ui::chart::LegendModel::SortRole);
        QVERIFY2(std::isfinite(last.toDouble()), "the series has points");
        QTRY_VERIFY_WITH_TIMEOUT(!chart->isDrawing(), patienceMs);
    }

    /// Between two looks at what it serves lies a scrape whose value is one of theirs. (The
    /// load changes every five seconds.)
    void isAnsweredAsServed(const NodeExporter& exporter)
    {
        const QByteArray before = exporter.load1();
        QVERIFY(!before.isEmpty());
        const double asked = double(unixMs(m_program->bridge().now())) / 1000;
        QTRY_VERIFY_WITH_TIMEOUT(
            m_program->valueOf("timestamp(node_load1{job=\"node\"})").value_or(0) > asked,
            patienceMs);
        const auto answered = m_program->valueOf("node_load1{job=\"node\"}");
        const QByteArray after = exporter.load1();
        QVERIFY(answered);
        QVERIFY2(*answered == before.toDouble() || *answered == after.toDouble(),
                 qPrintable(u"answered %1, served %2 and %3"_s.arg(*answered).arg(
                     QString::fromUtf8(before), QString::fromUtf8(after))));
    }

    void addAlert()
    {
        QVERIFY(window().openPage(u"rules"_s));
        QVERIFY(m_program->click("rules.add"));
        QTRY_VERIFY(m_program->find<QWidget>("rule.dialog") != nullptr);
        QVERIFY(m_program->type("rule.dialog.name", u"NodeDown"_s));
        auto* const expr = m_program->find<QPlainTextEdit>("rule.dialog.expr");
        expr->setFocus();
        QTest::keyClicks(expr, u"up{job=\"node\"} == 0"_s);
        QCOMPARE(expr->toPlainText(), u"up{job=\"node\"} == 0"_s);
        QVERIFY(m_program->type("rule.dialog.for", u"10s"_s));
        QVERIFY(
            m_program->type("rule.dialog.summary", u"{{ $labels.instance }} does not answer"_s));
        QVERIFY(m_program->click("rule.dialog.save"));
        QTRY_VERIFY_WITH_TIMEOUT(m_program->find<QWidget>("rule.dialog") == nullptr, patienceMs);
        QTRY_COMPARE(m_program->bridge().rules()->groups.size(), std::size_t(1));
    }

    /// The row after the last answer says it all: up is 0 and the others are stale.
    void isStaleAtTheNextInterval(Timestamp deadSince)
    {
        QTRY_COMPARE_WITH_TIMEOUT(m_program->valueOf("up{job=\"node\"}"), std::optional(0.0),
                                  patienceMs);
        const MatrixSeries up = m_program->samplesOf("up{job=\"node\"}[5m]");
        const auto down = std::ranges::find(up.values, 0.0);
        QVERIFY(down != up.values.end());
        const auto index = down - up.values.begin();
        QVERIFY(index > 0);
        const std::int64_t downAt = up.atMs[std::size_t(index)];
        QVERIFY2(up.atMs[std::size_t(index) - 1] < unixMs(deadSince), "an answer after its death");
        QVERIFY2(m_program->valueOf("node_load1{job=\"node\"}", fromUnixMs(downAt - 1)),
                 "there until then");
        for (const char* expr : {"node_load1{job=\"node\"}", "node_uname_info{job=\"node\"}"}) {
            const auto answer = m_program->ask(expr, fromUnixMs(downAt));
            QVERIFY(answer);
            QVERIFY2(std::get<Vector>(*answer).empty(), expr);
        }
    }

private slots:
    void initTestCase()
    {
        m_daemon = std::make_unique<FakeNotifications>();
        QVERIFY2(m_daemon->start(), "no session bus: run by ctest, or under dbus-run-session");
    }
    void init()
    {
        m_daemon->shown.clear();
        m_daemon->closed.clear();
        m_profile = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_profile->path());
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s, prometheusYml));
        QVERIFY(m_program->writeConfig(u"alertmanager.yml"_s, alertmanagerYml));
    }
    void cleanup()
    {
        m_program.reset();
        m_profile.reset();
    }

    void scrapedDrawnFiredAndResolved()
    {
        if (peerProgram(u"prometheus-node-exporter"_s).isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"node exporter"_s)));
        }
        NodeExporter exporter;
        QVERIFY2(exporter.start(), exporter.output().c_str());
        m_program->options.noFirstRun = false; // beside the own collectors, as a person has it
        QCOMPARE(m_program->start(), QString());

        addJob(exporter.address());
        QVERIFY2(m_program->readConfig(u"prometheus.yml"_s).contains("job_name: node"),
                 m_program->readConfig(u"prometheus.yml"_s).constData());
        QVERIFY(m_program->readConfig(u"prometheus.yml"_s).contains("# as quick as the scrapes"));
        QTRY_VERIFY_WITH_TIMEOUT(m_program->target("node") != nullptr
                                     && m_program->target("node")->health == engine::Health::up,
                                 patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_program->valueOf("count_over_time(up{job=\"node\"}[1m])").value_or(0) >= 2,
            patienceMs);
        isDrawn();
        isAnsweredAsServed(exporter);
        addAlert();
        if (QTest::currentTestFailed()) {
            return;
        }

        exporter.kill();
        const Timestamp deadSince = m_program->bridge().now();
        isStaleAtTheNextInterval(deadSince);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->pending, std::size_t(1),
                                  patienceMs);
        QVERIFY2(m_daemon->shown.isEmpty(), "no popup for what only pends");
        const PopupClock clock(*m_daemon);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->firing, std::size_t(1), patienceMs);
        const engine::AlertStatus alert = m_program->bridge().alerts()->alerts.front();
        QCOMPARE(alert.rule, std::string("NodeDown"));
        QCOMPARE(QByteArray::fromStdString(std::string(alert.labels.get("instance"))),
                 exporter.address().toUtf8());
        QVERIFY(alert.firedAt - alert.activeAt >= holds);
        QVERIFY(alert.firedAt - alert.activeAt <= holds + 5s); // a busy machine misses a turn
        QTRY_COMPARE(m_program->find<QToolButton>("status.firing")->text(), u"1 firing"_s);

        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        QVERIFY2(clock.firstAt - alert.firedAt >= groupWait, "group_wait is waited for");
        const ShownPopup popup = m_daemon->shown.front();
        QCOMPARE(popup.summary, u"NodeDown on %1: firing"_s.arg(exporter.address()));
        QCOMPARE(popup.body, u"%1 does not answer"_s.arg(exporter.address()));
        QCOMPARE(popup.actions,
                 (QStringList{u"default"_s, u"Show"_s, u"silence"_s, u"Silence 1 h"_s, u"snooze"_s,
                              u"Snooze 15 min"_s}));
        QCOMPARE(popup.hints.value(u"urgency"_s).toInt(), 1); // the form's "warning"
        QCOMPARE(popup.hints.value(u"desktop-entry"_s).toString(), u"watchfire"_s);

        QVERIFY2(exporter.start(), exporter.output().c_str());
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->firing, std::size_t(0), patienceMs);
        QVERIFY(m_program->valueOf("node_load1{job=\"node\"}"));
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 2, patienceMs);
        const ShownPopup resolved = m_daemon->shown.back();
        QCOMPARE(resolved.replaces, popup.id);
        QCOMPARE(resolved.summary, u"NodeDown on %1: resolved"_s.arg(exporter.address()));
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->closed, QList<uint>{popup.id}, patienceMs);
        QCOMPARE(m_daemon->shown.size(), 2);
        for (const char* what : {"pending", "firing", "resolved"}) {
            QVERIFY2(hasEvent(*m_program->bridge().alerts(), "NodeDown", what), what);
        }
    }

    void silenceFromThePopup()
    {
        QVERIFY(m_program->writeConfig(u"rules/always.yml"_s,
                                       "groups:\n"
                                       "  - name: always\n"
                                       "    rules:\n"
                                       "      - alert: Always\n"
                                       "        expr: vector(1)\n"));
        QCOMPARE(m_program->start(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        const uint id = m_daemon->shown.front().id;

        emit m_daemon->ActionInvoked(id, u"default"_s);
        QTRY_COMPARE(window().currentPage(), u"alerts"_s);

        emit m_daemon->ActionInvoked(id, u"silence"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->silences.size(), std::size_t(1),
                                  patienceMs);
        const engine::SilenceStatus silence = m_program->bridge().alerts()->silences.front();
        // It begins when it is taken up, a moment after the click.
        QVERIFY(silence.endsAt - silence.startsAt <= 1h);
        QVERIFY(silence.endsAt - silence.startsAt > 1h - 10s);
        QVERIFY(matchesAll(silence.matchers, Labels{{"alertname", "Always"}}));
        QVERIFY(!matchesAll(silence.matchers, Labels{{"alertname", "Other"}}));
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->silenced, std::size_t(1),
                                  patienceMs);
        QTRY_COMPARE(m_daemon->closed, QList<uint>{id});
        QCOMPARE(m_daemon->shown.size(), 1);
    }
};

QTEST_MAIN(TestNodeExporterInWindow)
#include "tst_node_exporter_in_window.moc"
