// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_notifications.h"
#include "tests/support/program/program.h"

#include <algorithm>
#include <memory>

#include <QCheckBox>
#include <QSet>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patienceMs = 60'000;

/// One group for each value, as a rule of its own makes them.
QByteArray alwaysFiring(int groups)
{
    QByteArray rules = "groups:\n  - name: many\n    rules:\n";
    for (int i = 0; i < groups; ++i) {
        const QByteArray number = QByteArray::number(i).rightJustified(3, '0');
        rules
            += "      - {alert: A" + number + ", expr: 'vector(1)', labels: {severity: warning}}\n";
    }
    return rules;
}

} // namespace

/// What a desktop sees of the whole program (acceptance rows 18 and 19).
class TestPopups : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<FakeNotifications> m_daemon;
    std::unique_ptr<Program> m_program;

    void start(int groups)
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_profile->path());
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s,
                                       "global: {evaluation_interval: 1s}\n"
                                       "rule_files: [rules/*.yml]\n"));
        QVERIFY(m_program->writeConfig(u"rules/a.yml"_s, alwaysFiring(groups)));
        QVERIFY(m_program->writeConfig(u"alertmanager.yml"_s,
                                       "route:\n"
                                       "  receiver: desktop\n"
                                       "  group_by: [alertname]\n"
                                       "  group_wait: 1s\n"
                                       "  group_interval: 1s\n"
                                       "receivers: [{name: desktop}]\n"));
        QCOMPARE(m_program->start(), QString());
    }
    /// Puts other rules in force.
    void setRules(const QByteArray& rules)
    {
        QVERIFY(m_program->writeConfig(u"rules/a.yml"_s, rules));
        m_program->composition().engine().reload([](const auto&) { }).detach();
    }
    QString lastSummary() const
    {
        return m_daemon->shown.isEmpty() ? QString() : m_daemon->shown.last().summary;
    }

private slots:
    void init()
    {
        m_daemon = std::make_unique<FakeNotifications>();
        QVERIFY2(m_daemon->start(), "no session bus: run by ctest, or under dbus-run-session");
    }
    void cleanup()
    {
        m_program.reset();
        m_daemon->stop();
    }

    void twoHundredGroupsAtOnce()
    {
        start(200);
        QTRY_VERIFY_WITH_TIMEOUT(lastSummary().startsWith(u"200 "_s), patienceMs);
        QSet<uint> ids;
        for (const ShownPopup& popup : std::as_const(m_daemon->shown)) {
            ids.insert(popup.id);
        }
        QVERIFY2(
            ids.size() <= 3 && m_daemon->mostOpen() <= 3,
            qPrintable(u"%1 popups, %2 at one time"_s.arg(ids.size()).arg(m_daemon->mostOpen())));
        emit m_daemon->ActionInvoked(m_daemon->shown.last().id, u"default"_s);
        QTRY_COMPARE(m_program->window().currentPage(), u"alerts"_s);
        QCOMPARE(m_program->find<QLineEdit>("alerts.filter")->text(), u"state:firing"_s);
    }

    void silenceFromThePopup()
    {
        start(1);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        const uint id = m_daemon->shown.front().id;
        emit m_daemon->ActivationToken(id, u"token-1"_s);
        emit m_daemon->ActionInvoked(id, u"default"_s);
        QTRY_COMPARE(m_program->window().currentPage(), u"alerts"_s);
        QCOMPARE(qgetenv("XDG_ACTIVATION_TOKEN"), "token-1"_ba); // for the window to come to front
        emit m_daemon->ActionInvoked(id, u"silence"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->silences.size(), std::size_t(1),
                                  patienceMs);
        const engine::SilenceStatus silence = m_program->bridge().alerts()->silences.front();
        QVERIFY(silence.endsAt - silence.startsAt <= 1h);
        QVERIFY(silence.endsAt - silence.startsAt > 1h - 10s);
        QVERIFY(matchesAll(silence.matchers, Labels{{"alertname", "A000"}}));
        QVERIFY(!matchesAll(silence.matchers, Labels{{"alertname", "A001"}}));
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->closed, QList<uint>{id}, patienceMs);
    }

    void aResolvedGroupReusesItsPopup()
    {
        start(1);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        const uint id = m_daemon->shown.front().id;
        setRules("groups:\n  - name: many\n    rules:\n"
                 "      - {alert: A000, expr: 'vector(1) > 2', labels: {severity: warning}}\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 2, patienceMs);
        QCOMPARE(m_daemon->shown.last().replaces, id);
        QCOMPARE(lastSummary(), u"A000: resolved"_s);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->closed, QList<uint>{id}, patienceMs);
    }

    void inhibitedThenNot()
    {
        m_daemon->setInhibited(true);
        start(12);
        // "told desktop": the popups were handed over.
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::count_if(m_program->bridge().alerts()->history,
                                                       [](const engine::AlertEvent& event) {
                                                           return event.what.starts_with("told");
                                                       })
                                     == 12,
                                 patienceMs);
        QCOMPARE(m_daemon->shown.size(), 0);
        m_daemon->setInhibited(false);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        QVERIFY2(lastSummary().startsWith(u"While popups were held back: 12 "_s),
                 qPrintable(lastSummary()));
        QCOMPARE(m_daemon->mostOpen(), 1);
    }

    void theSettingsLetCriticalOnesThrough()
    {
        m_daemon->setInhibited(true);
        start(1);
        setRules("groups:\n  - name: many\n    rules:\n"
                 "      - {alert: Bad, expr: 'vector(1)', labels: {severity: critical}}\n");
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(m_program->bridge().alerts()->history,
                                                     [](const engine::AlertEvent& event) {
                                                         return event.what.starts_with("told")
                                                             && event.labels.get("alertname")
                                                             == "Bad";
                                                     }),
                                 patienceMs);
        QCOMPARE(m_daemon->shown.size(), 0);
        m_program->window().openPage(u"settings"_s);
        m_program->find<QCheckBox>("settings.criticalAlways")->click();
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        QCOMPARE(lastSummary(), u"Bad: firing"_s);
    }
};

QTEST_MAIN(TestPopups)
#include "tst_popups.moc"
