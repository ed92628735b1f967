// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_notifications.h"
#include "tests/support/program/program.h"

#include <memory>

#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patienceMs = 20'000;

} // namespace

/// A session bus without a notification service, and no tray: the window shows what popups would.
class TestNoPopups : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<Program> m_program;

    QString summary()
    {
        const auto* const label = m_program->find<QLabel>("popups.0.summary");
        return label != nullptr && label->isVisible() ? label->text() : QString();
    }

private slots:
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_profile->path());
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s,
                                       "global: {evaluation_interval: 1s}\n"
                                       "rule_files: [rules/*.yml]\n"));
        QVERIFY(m_program->writeConfig(u"rules/a.yml"_s,
                                       "groups:\n"
                                       "  - name: a\n"
                                       "    rules:\n"
                                       "      - alert: Always\n"
                                       "        expr: vector(1)\n"
                                       "        labels: {severity: critical, instance: db1}\n"
                                       "        annotations: {summary: a <b>disk</b> is full}\n"));
        QVERIFY(m_program->writeConfig(
            u"alertmanager.yml"_s,
            "route: {receiver: desktop, group_by: [alertname], group_wait: 0s}\n"
            "receivers: [{name: desktop}]\n"));
        QCOMPARE(m_program->start(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(summary(), u"Always on db1: firing"_s, patienceMs);
    }
    void cleanup() { m_program.reset(); }

    void theWindowShowsTheAlert()
    {
        const auto* const body = m_program->find<QLabel>("popups.0.body");
        QCOMPARE(body->text(), u"a <b>disk</b> is full"_s);
        QCOMPARE(body->textFormat(), Qt::PlainText);
        QVERIFY(m_program->click("popups.0.show"));
        QTRY_COMPARE(m_program->window().currentPage(), u"alerts"_s);
        QCOMPARE(summary(), u"Always on db1: firing"_s);
    }

    void silenceIsForEverybody()
    {
        QVERIFY(m_program->click("popups.0.silence"));
        QVERIFY(summary().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->silences.size(), std::size_t(1),
                                  patienceMs);
        const engine::SilenceStatus& silence = m_program->bridge().alerts()->silences.front();
        QVERIFY(silence.endsAt - silence.startsAt <= 1h);
        QVERIFY(silence.endsAt - silence.startsAt > 1h - 10s);
        QVERIFY(matchesAll(silence.matchers, Labels{{"alertname", "Always"}}));
        QTRY_COMPARE_WITH_TIMEOUT(m_program->bridge().alerts()->silenced, std::size_t(1),
                                  patienceMs);
    }

    void onlyThisDesktopSnoozesOrDismisses_data()
    {
        QTest::addColumn<QByteArray>("button");
        QTest::newRow("snooze") << "popups.0.snooze"_ba;
        QTest::newRow("dismiss") << "popups.0.dismiss"_ba;
    }
    void onlyThisDesktopSnoozesOrDismisses()
    {
        QFETCH(QByteArray, button);
        QVERIFY(m_program->click(button.constData()));
        QVERIFY(summary().isEmpty());
        // Whatever the engine was told is in force once another silence is.
        engine::SilenceChange other;
        other.matchers = {Matcher::equal("alertname", "Other")};
        other.startsAt = m_program->bridge().now();
        other.endsAt = other.startsAt + 1h;
        m_program->composition()
            .engine()
            .changeSilence(std::move(other), [](const Result<engine::SilenceId>&) { })
            .detach();
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->bridge().alerts()->silences.empty(), patienceMs);
        QCOMPARE(m_program->bridge().alerts()->silences.size(), std::size_t(1));
        QCOMPARE(m_program->bridge().alerts()->silenced, std::size_t(0));
    }

    void aSilenceTakesItAway()
    {
        engine::SilenceChange change;
        change.matchers = {Matcher::equal("alertname", "Always")};
        change.startsAt = m_program->bridge().now();
        change.endsAt = change.startsAt + 1h;
        m_program->composition()
            .engine()
            .changeSilence(std::move(change), [](const Result<engine::SilenceId>&) { })
            .detach();
        QTRY_VERIFY_WITH_TIMEOUT(summary().isEmpty(), patienceMs);
    }

    void closingAsksAndSaysThatNothingTells()
    {
        m_program->window().close();
        QTRY_VERIFY(m_program->find<QMessageBox>("closing") != nullptr);
        QVERIFY(m_program->window().isVisible());
        QVERIFY(m_program->find<QMessageBox>("closing")->informativeText().contains(
            u"shows no notifications"_s));
        QVERIFY(m_program->click("closing.cancel"));
        QTRY_VERIFY(m_program->find<QMessageBox>("closing") == nullptr);
        QVERIFY(m_program->window().isVisible());
    }

    void aServiceThatComesTakesThem()
    {
        FakeNotifications service;
        QVERIFY(service.start());
        QTRY_COMPARE_WITH_TIMEOUT(service.shown.size(), 1, patienceMs);
        QCOMPARE(service.shown.front().summary, u"Always on db1: firing"_s);
        QTRY_VERIFY(summary().isEmpty());
        service.stop();
        QTRY_COMPARE_WITH_TIMEOUT(summary(), u"Always on db1: firing"_s, patienceMs);
    }
};

QTEST_MAIN(TestNoPopups)
#include "tst_no_popups.moc"
