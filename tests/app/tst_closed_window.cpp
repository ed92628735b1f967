// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_notifications.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <memory>

#include <QMessageBox>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

} // namespace

/// There is no tray where tests run, so the window asks once and then hides as into a tray.
class TestClosedWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<ServedMetrics> m_target;
    std::unique_ptr<FakeNotifications> m_daemon;
    std::unique_ptr<Program> m_program;

    double rows()
    {
        return m_program->valueOf("count_over_time(up{job=\"shop\"}[5m])").value_or(0);
    }

private slots:
    void initTestCase()
    {
        m_daemon = std::make_unique<FakeNotifications>();
        QVERIFY2(m_daemon->start(), "no session bus: run by ctest, or under dbus-run-session");
    }
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_target = std::make_unique<ServedMetrics>("a 1\n");
        m_program = std::make_unique<Program>(m_profile->path());
        QVERIFY(m_program->writeConfig(
            u"prometheus.yml"_s,
            "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
            "rule_files: [rules/*.yml]\n"
            "scrape_configs:\n"
            "  - job_name: shop\n"
            "    static_configs: [{targets: ['"
                + m_target->address().toUtf8() + "']}]\n"));
        QVERIFY(
            m_program->writeConfig(u"rules/a.yml"_s,
                                   "groups:\n"
                                   "  - name: a\n"
                                   "    rules:\n"
                                   "      - {alert: ShopDown, expr: 'up{job=\"shop\"} == 0'}\n"));
        QVERIFY(m_program->writeConfig(u"alertmanager.yml"_s,
                                       "route: {receiver: desktop, group_wait: 0s}\n"
                                       "receivers: [{name: desktop}]\n"));
        QCOMPARE(m_program->start(), QString());
    }
    void cleanup()
    {
        m_program.reset();
        m_target.reset();
    }

    void keepsCollectingAndWarning()
    {
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= 1, patienceMs);
        m_program->window().close();
        QTRY_VERIFY(m_program->find<QMessageBox>("closing") != nullptr);
        QVERIFY(m_program->click("closing.keep"));
        QTRY_VERIFY(!m_program->window().isVisible());

        const double before = rows();
        const std::uint64_t samples = m_program->bridge().status()->samplesTotal;
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= before + 3, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->bridge().status()->samplesTotal > samples, patienceMs);
        QVERIFY(!m_program->window().isVisible());

        // An alert still finds its way to the desktop, and from there to the window.
        m_target->serve("no", 500);
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, patienceMs);
        QVERIFY(m_daemon->shown.front().summary.contains(u"ShopDown"_s));
        emit m_daemon->ActionInvoked(m_daemon->shown.front().id, u"default"_s);
        QTRY_VERIFY(m_program->window().isVisible());
        QCOMPARE(m_program->window().currentPage(), u"alerts"_s);

        m_program->window().close();
        QVERIFY2(!m_program->window().isVisible(), "it asks only once");
        QVERIFY(m_program->find<QMessageBox>("closing") == nullptr);
    }
};

QTEST_MAIN(TestClosedWindow)
#include "tst_closed_window.moc"
