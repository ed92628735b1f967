// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <memory>

#include <QAction>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTreeView>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patienceMs = 20'000;

constexpr auto alertmanager = "# ours\n"
                              "route:\n"
                              "  receiver: desktop # who else\n"
                              "  group_wait: 1s\n"
                              "receivers:\n"
                              "# popups\n"
                              "- name: desktop\n"
                              "- name: spare # for later\n"
                              "  webhook_configs:\n"
                              "  # nobody listens there\n"
                              "  - url: http://127.0.0.1:9/spare\n";

} // namespace

/// Receivers, quiet hours and alerts of other programs in the window of the whole program.
class TestReceiverEditing : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<Program> m_program;

    template <class W> W* find(const char* name) { return m_program->find<W>(name); }
    const config::Config& config() { return m_program->bridge().config()->config; }
    QByteArray file() { return m_program->readConfig(u"alertmanager.yml"_s); }
    QString text(const char* name)
    {
        auto* const label = find<QLabel>(name);
        return label != nullptr ? label->text() : QString();
    }
    void start(int tab)
    {
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s, "scrape_configs: []\n"));
        QVERIFY(m_program->writeConfig(u"alertmanager.yml"_s, alertmanager));
        QCOMPARE(m_program->start(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(m_program->bridge().hasConfig(), patienceMs);
        QVERIFY(m_program->window().openPage(u"alerts"_s));
        find<QTabWidget>("alerts.tabs")->setCurrentIndex(tab);
    }
    void undo()
    {
        auto* const action = m_program->window().findChild<QAction*>(u"menu.undo"_s);
        QTRY_VERIFY(action->isEnabled());
        action->trigger();
    }
    void select(const char* list, const QString& name)
    {
        auto* const tree = find<QTreeWidget>(list);
        const auto found = tree->findItems(name, Qt::MatchExactly);
        QCOMPARE(found.size(), 1);
        tree->setCurrentItem(found.front());
    }

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_profile->path());
    }
    void cleanup()
    {
        m_program.reset();
        m_profile.reset();
    }

    /// Made, tried, saved, undone: the server's words, the file and its comments.
    void aReceiverIsMadeAndUndone()
    {
        ServedMetrics sink;
        sink.serve("Thank you, <friend>.\nSecond line.", 202, "text/plain");
        start(3);
        const config::Config before = config();
        QVERIFY(m_program->click("alerts.receivers.add"));
        QTRY_VERIFY(find<QWidget>("receiver.dialog") != nullptr);
        QVERIFY(m_program->type("receiver.dialog.name", u"sink"_s));
        auto* const webhook = m_program->window().findChild<QAction*>(u"receiver.dialog.kind.11"_s);
        QVERIFY(webhook != nullptr);
        webhook->trigger();
        QVERIFY(m_program->type("receiver.dialog.0.url", u"http://%1/hook"_s.arg(sink.address())));
        QVERIFY(m_program->click("receiver.dialog.test"));
        QTRY_VERIFY2_WITH_TIMEOUT(text("receiver.dialog.outcome").startsWith(u"sink was told in"_s),
                                  qPrintable(text("receiver.dialog.outcome")), patienceMs);
        QCOMPARE(sink.requests(), std::uint64_t(1));
        QCOMPARE(find<QPlainTextEdit>("receiver.dialog.answer0")->toPlainText(),
                 u"Thank you, <friend>.\nSecond line."_s);
        QVERIFY(text("receiver.dialog.answer0.line").contains(u"202"_s));
        QVERIFY2(config() == before && file() == alertmanager, "nothing is saved by a test");

        QVERIFY(m_program->click("receiver.dialog.save"));
        QTRY_VERIFY(find<QWidget>("receiver.dialog") == nullptr);
        QTRY_COMPARE_WITH_TIMEOUT(config().alertmanager.receivers.size(), std::size_t(3),
                                  patienceMs);
        const QByteArray saved = file();
        QVERIFY2(saved.startsWith(alertmanager), saved.constData());
        QVERIFY2(saved.contains("- name: sink\n"), saved.constData());
        QVERIFY2(saved.contains("/hook"), saved.constData());
        undo();
        QTRY_VERIFY_WITH_TIMEOUT(config() == before, patienceMs);
        QCOMPARE(file(), QByteArray(alertmanager));
    }

    void whatRefusesIsTold()
    {
        ServedMetrics sink;
        sink.serve("go away", 403, "text/plain");
        start(3);
        QVERIFY(m_program->click("alerts.receivers.add"));
        QTRY_VERIFY(find<QWidget>("receiver.dialog") != nullptr);
        m_program->window().findChild<QAction*>(u"receiver.dialog.kind.11"_s)->trigger();
        QVERIFY(m_program->type("receiver.dialog.0.url", u"http://%1/hook"_s.arg(sink.address())));
        QVERIFY(m_program->click("receiver.dialog.test"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QPlainTextEdit>("receiver.dialog.answer0") != nullptr,
                                 patienceMs);
        QCOMPARE(find<QPlainTextEdit>("receiver.dialog.answer0")->toPlainText(), u"go away"_s);
        QVERIFY2(text("receiver.dialog.answer0.line").contains(u"403"_s),
                 qPrintable(text("receiver.dialog.answer0.line")));
        sink.stop();
        QVERIFY(m_program->click("receiver.dialog.test"));
        QTRY_VERIFY_WITH_TIMEOUT(text("receiver.dialog.outcome").endsWith(u"could not be told."_s),
                                 patienceMs);
        QTRY_VERIFY(text("receiver.dialog.answer0.line").contains(u"webhook/0"_s));
        QVERIFY2(find<QPlainTextEdit>("receiver.dialog.answer0") == nullptr,
                 "nobody said anything");
    }

    void aDeletedReceiverComesBack()
    {
        start(3);
        const config::Config before = config();
        select("alerts.receivers", u"desktop"_s);
        QVERIFY(m_program->click("alerts.receivers.delete"));
        QVERIFY(
            find<QWidget>("alerts.receivers.note")->accessibleName().contains(u"every alert"_s));
        QVERIFY(config() == before);
        select("alerts.receivers", u"spare"_s);
        QVERIFY(m_program->click("alerts.receivers.delete"));
        QTRY_COMPARE_WITH_TIMEOUT(config().alertmanager.receivers.size(), std::size_t(1),
                                  patienceMs);
        QVERIFY(!file().contains("spare"));
        QVERIFY(file().contains("# popups"));
        undo();
        QTRY_VERIFY_WITH_TIMEOUT(config() == before, patienceMs);
        QVERIFY(file().contains("spare"));
    }

    void quietHoursStandInTheFile()
    {
        start(2);
        const config::Config before = config();
        QVERIFY(m_program->click("alerts.quiet.add"));
        QTRY_VERIFY(find<QWidget>("quiet.dialog") != nullptr);
        QVERIFY(m_program->click("quiet.dialog.save"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("quiet.dialog") == nullptr, patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(config().alertmanager.timeIntervals.size(), std::size_t(1),
                                  patienceMs);
        const QByteArray saved = file();
        QVERIFY2(saved.contains("mute_time_intervals:") && saved.contains("name: night"),
                 saved.constData());
        QVERIFY2(saved.contains("# who else") && saved.contains("# nobody listens there"),
                 saved.constData());
        QTRY_COMPARE(find<QTreeWidget>("alerts.quiet")->topLevelItemCount(), 1);
        undo();
        QTRY_VERIFY_WITH_TIMEOUT(config() == before, patienceMs);
        QCOMPARE(file(), QByteArray(alertmanager));
    }

    /// By another program, through the API's door of the engine.
    void postedAlertsAreSeenAndSilenced()
    {
        start(0);
        Alert posted;
        posted.labels = Labels{{"alertname", "BackupFailed"}, {"job", "backup"}};
        posted.generatorUrl = "https://backup.example.org/jobs/7";
        const Ticket ticket
            = m_program->composition().engine().postAlerts({posted}, [](Result<void>) { });
        auto* const tree = find<QTreeView>("alerts.tree");
        QTRY_COMPARE_WITH_TIMEOUT(tree->model()->rowCount(), 1, patienceMs);
        const QModelIndex group = tree->model()->index(0, 0);
        QTRY_COMPARE_WITH_TIMEOUT(tree->model()->index(0, 5, group).data().toString(),
                                  u"from backup.example.org"_s, patienceMs);
        QVERIFY2(m_program->bridge().rules()->groups.empty(), "it is in no rule");
        tree->setCurrentIndex(tree->model()->index(0, 0, group));
        QTRY_VERIFY(find<QWidget>("alerts.silence")->isVisible());
        QVERIFY(m_program->click("alerts.silence"));
        QTRY_VERIFY(find<QWidget>("silence.dialog") != nullptr);
        QVERIFY(text("silence.dialog.preview").startsWith(u"Would silence 1 of 1"_s));
        QVERIFY(m_program->click("silence.dialog.save"));
        QTRY_VERIFY_WITH_TIMEOUT(m_program->bridge().alerts()->silenced == 1, patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(
            tree->model()->index(0, 0, tree->model()->index(0, 0)).data().toString(), u"Silenced"_s,
            patienceMs);
        QCOMPARE(m_program->bridge().alerts()->silences.front().matched, std::size_t(1));
    }
};

QTEST_MAIN(TestReceiverEditing)
#include "tst_receiver_editing.moc"
