// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/pages/alerts_page.h"
#include "ui/pages/quiet_dialog.h"
#include "ui/pages/receiver_dialog.h"
#include "ui/pages/receivers_tab.h"
#include "ui/pages/route_dialog.h"
#include "ui/pages/routing_tab.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTabWidget>
#include <QTreeView>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::ReceiverConfig ops()
{
    config::ReceiverConfig receiver;
    receiver.name = "ops";
    auto& slack = receiver.slacks.emplace_back();
    slack.apiUrl.text = Secret("https://hooks.slack.com/services/sesame");
    slack.channel = "#ops";
    auto& hook = receiver.webhooks.emplace_back();
    hook.url.text = Secret("https://hooks.example.org/sesame");
    return receiver;
}

config::ReceiverConfig mail()
{
    config::ReceiverConfig receiver;
    receiver.name = "mail";
    auto& email = receiver.emails.emplace_back();
    email.to = "kim@example.org";
    email.from = "watchfire@example.org";
    email.smarthost = "mail.example.org:587";
    return receiver;
}

engine::ConfigSnapshot world()
{
    engine::ConfigSnapshot snapshot;
    snapshot.file = "/etc/watchfire/prometheus.yml";
    config::AlertmanagerConfig& alerting = snapshot.config.alertmanager;
    alerting.receivers.push_back(ops());
    alerting.receivers.push_back(mail());
    config::RouteConfig critical;
    critical.matchers = {Matcher::equal("severity", "critical")};
    critical.receiver = "ops";
    config::RouteConfig web;
    web.matchers = {Matcher::equal("team", "web")};
    alerting.route.routes = {critical, web};
    return snapshot;
}

engine::AlertsSnapshot deliveries(Timestamp now)
{
    engine::AlertsSnapshot alerts;
    alerts.history = {{now - 4min, {}, "could not tell ops (slack/0): 403 Forbidden: no_service"},
                      {now - 3h, {}, "told ops (webhook/0)"},
                      {now - 20min, {}, "told desktop (desktop)"}};
    return alerts;
}

} // namespace

/// Drives the receivers, their dialog, routes and quiet hours as a person would. With
/// WATCHFIRE_SHOTS=DIR they are saved there as PNG, light and dark.
class TestReceiversTab : public QObject {
    Q_OBJECT

    std::unique_ptr<DialogWorld> m_world;
    std::unique_ptr<QWidget> m_tab;
    QPointer<ReceiverDialog> m_dialog;

    FakeEngine& engine() { return m_world->engine; }
    const config::AlertmanagerConfig& saved() { return engine().configs.back().alertmanager; }
    /// As the window knows it.
    const config::AlertmanagerConfig& inForce()
    {
        return m_world->bridge->config()->config.alertmanager;
    }

    template <class Tab> void show()
    {
        m_tab = std::make_unique<Tab>(*m_world->context);
        m_tab->resize(1000, 600);
        m_tab->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_tab.get()));
    }
    void open(std::optional<config::ReceiverConfig> receiver)
    {
        m_dialog = new ReceiverDialog(*m_world->context, std::move(receiver), nullptr);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    void choose(WayKind kind)
    {
        auto* const action
            = m_dialog->findChild<QAction*>(u"receiver.dialog.kind.%1"_s.arg(int(kind)));
        QVERIFY(action != nullptr);
        action->trigger();
    }
    QTreeWidget* list(const char* name) const { return find<QTreeWidget>(m_tab.get(), name); }
    /// Selects the row of that first text.
    void select(const char* name, const QString& text) const
    {
        const auto found = list(name)->findItems(text, Qt::MatchExactly | Qt::MatchRecursive);
        QVERIFY2(found.size() == 1, qPrintable(text));
        list(name)->setCurrentItem(found.front());
    }
    void pressDelete(const char* name)
    {
        m_tab->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_tab.get()));
        list(name)->setFocus();
        QTest::keyClick(list(name), Qt::Key_Delete);
    }
    static QString note(const QWidget* in, const char* name)
    {
        const auto* const widget = find<QWidget>(in, name);
        return widget != nullptr && widget->isVisible() ? widget->accessibleName() : QString();
    }
    template <class Dialog> QPointer<Dialog> opened()
    {
        for (QWidget* const each : QApplication::topLevelWidgets()) {
            if (auto* const dialog = qobject_cast<Dialog*>(each); dialog && dialog->isVisible()) {
                return dialog;
            }
        }
        return m_tab->findChild<Dialog*>();
    }
    void undo()
    {
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
    }

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_world = std::make_unique<DialogWorld>(world());
        QTRY_VERIFY(m_world->bridge->hasConfig());
    }
    void cleanup()
    {
        delete m_dialog;
        m_tab.reset();
        m_world.reset();
    }

    void theListTellsHowEachWasTold()
    {
        engine().publish(deliveries(m_world->clock.now()));
        show<ReceiversTab>();
        QCOMPARE(unnamedControls(m_tab.get()), QStringList());
        const QTreeWidget* const rows = list("alerts.receivers");
        QCOMPARE(rows->topLevelItemCount(), 3);
        const QTreeWidgetItem* const row = rows->topLevelItem(1);
        QTRY_COMPARE(row->text(3).simplified(), u"3 h ago"_s);
        QCOMPARE(row->text(0), u"ops"_s);
        QCOMPARE(row->text(1), u"Slack, Webhook"_s);
        QCOMPARE(row->text(2), u"#ops at hooks.slack.com, hooks.example.org"_s);
        QCOMPARE(row->text(4).simplified(), u"4 min ago: 403 Forbidden: no_service"_s);
        QCOMPARE(row->text(5), u"severity=\"critical\""_s);
        QVERIFY2(!row->icon(0).isNull(), "a shape, not a colour alone");
        QCOMPARE(row->data(0, Qt::AccessibleTextRole).toString(),
                 u"ops: the last notification failed"_s);
        QCOMPARE(rows->topLevelItem(2)->text(3), u"not yet"_s);
        QCOMPARE(rows->topLevelItem(2)->text(5), u"nothing: no route names it"_s);
        for (int column = 0; column < rows->columnCount(); ++column) {
            QVERIFY(!row->text(column).contains(u"sesame"_s));
            QVERIFY(!row->toolTip(column).contains(u"sesame"_s));
        }
    }

    void aReceiverIsTriedFromTheList()
    {
        engine().onTestReceiver = [](const engine::ReceiverTestRequest&) {
            engine::ReceiverTest test;
            test.answers = {{"slack/0", false, 403, "no_service\n<b>gone</b>",
                             "the server refused it with 403 Forbidden"},
                            {"webhook/0", true, 200, "thanks", {}}};
            return Result<engine::ReceiverTest>(std::move(test));
        };
        show<ReceiversTab>();
        select("alerts.receivers", u"ops"_s);
        engine().hold = true;
        click(m_tab.get(), "alerts.receivers.test");
        QVERIFY(find<QLabel>(m_tab.get(), "alerts.receivers.outcome")
                    ->text()
                    .startsWith(u"Telling ops"_s));
        QVERIFY(!find<QAbstractButton>(m_tab.get(), "alerts.receivers.test")->isEnabled());
        QCOMPARE(engine().testedReceivers.size(), std::size_t(1));
        QCOMPARE(engine().testedReceivers[0].name, std::string("ops"));
        QVERIFY2(!engine().testedReceivers[0].receiver, "the one in force");
        engine().release();
        QTRY_COMPARE(find<QLabel>(m_tab.get(), "alerts.receivers.outcome")->text(),
                     u"ops was told in 1 of 2 ways."_s);
        QCOMPARE(find<QPlainTextEdit>(m_tab.get(), "alerts.receivers.answer0")->toPlainText(),
                 u"no_service\n<b>gone</b>"_s);
        QCOMPARE(find<QLabel>(m_tab.get(), "alerts.receivers.answer0.line")->text(),
                 u"slack/0 · 403 · The server refused it with 403 Forbidden"_s);
        QCOMPARE(find<QPlainTextEdit>(m_tab.get(), "alerts.receivers.answer1")->toPlainText(),
                 u"thanks"_s);
        QCOMPARE(unnamedControls(m_tab.get()), QStringList());
    }

    void aHangingTestIsCancelled()
    {
        show<ReceiversTab>();
        select("alerts.receivers", u"mail"_s);
        engine().hold = true;
        click(m_tab.get(), "alerts.receivers.test");
        click(m_tab.get(), "alerts.receivers.cancelTest");
        QVERIFY(find<QLabel>(m_tab.get(), "alerts.receivers.outcome")
                    ->text()
                    .startsWith(u"Cancelled"_s));
        QVERIFY(find<QAbstractButton>(m_tab.get(), "alerts.receivers.test")->isEnabled());
        engine().release();
        QVERIFY(find<QLabel>(m_tab.get(), "alerts.receivers.outcome")
                    ->text()
                    .startsWith(u"Cancelled"_s));
    }

    void aReceiverThatRoutesNameIsNotDeleted()
    {
        show<ReceiversTab>();
        select("alerts.receivers", u"ops"_s);
        click(m_tab.get(), "alerts.receivers.delete");
        QCOMPARE(note(m_tab.get(), "alerts.receivers.note"),
                 u"“ops” is told of severity=\"critical\". Give these routes another receiver "
                 "first."_s);
        QVERIFY(engine().configs.empty());
        select("alerts.receivers", u"mail"_s);
        QVERIFY(note(m_tab.get(), "alerts.receivers.note").isEmpty());
        pressDelete("alerts.receivers");
        QTRY_COMPARE(engine().configs.size(), std::size_t(1));
        QCOMPARE(saved().receivers.size(), std::size_t(2));
        undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void aReceiverIsMadeTriedAndSaved()
    {
        open(std::nullopt);
        QVERIFY(!m_dialog->isModal());
        QVERIFY(!find<QAbstractButton>(m_dialog, "receiver.dialog.test")->isEnabled());
        choose(WayKind::webhook);
        QCOMPARE(unnamedControls(m_dialog), QStringList());
        click(m_dialog, "receiver.dialog.save");
        QVERIFY(!note(m_dialog, "receiver.dialog.name.note").isEmpty());
        QVERIFY(!note(m_dialog, "receiver.dialog.0.url.note").isEmpty());
        QVERIFY(engine().configs.empty());
        type(m_dialog, "receiver.dialog.0.url", u"http://127.0.0.1:1/hook"_s);
        QCOMPARE(find<QLineEdit>(m_dialog, "receiver.dialog.0.url")->echoMode(),
                 QLineEdit::Password);
        QCOMPARE(find<QLabel>(m_dialog, "receiver.dialog.0.destination")->text(),
                 u"sends to 127.0.0.1"_s);
        QVERIFY(find<QLabel>(m_dialog, "receiver.dialog.0.url.place")
                    ->text()
                    .endsWith(u"alertmanager.yml"_s));
        // Before it has a name, and before anything is saved.
        click(m_dialog, "receiver.dialog.test");
        QCOMPARE(engine().testedReceivers.size(), std::size_t(1));
        QCOMPARE(engine().testedReceivers[0].receiver->webhooks[0].url.text.reveal(),
                 std::string("http://127.0.0.1:1/hook"));
        type(m_dialog, "receiver.dialog.name", u"desktop"_s);
        QVERIFY2(!note(m_dialog, "receiver.dialog.name.note").isEmpty(), "the name is taken");
        type(m_dialog, "receiver.dialog.name", u"hook"_s);
        click(m_dialog, "receiver.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(saved().receivers.size(), std::size_t(4));
        QCOMPARE(saved().receivers[3].name, std::string("hook"));
        undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void routesFollowANewName()
    {
        open(ops());
        type(m_dialog, "receiver.dialog.name", u"night shift"_s);
        click(m_dialog, "receiver.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(saved().receivers[1].name, std::string("night shift"));
        QCOMPARE(saved().route.routes[0].receiver, std::string("night shift"));
        QVERIFY2(saved().receivers[1].slacks == ops().slacks, "what nobody touched stays");
        undo();
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void changesAreShownBeforeTheyAreWritten()
    {
        open(ops());
        type(m_dialog, "receiver.dialog.0.channel", u"#night"_s);
        type(m_dialog, "receiver.dialog.1.url", u"https://other.example.org/sesame"_s);
        click(m_dialog, "receiver.dialog.changes");
        auto* const changes = find<QWidget>(m_dialog, "receiver.changes");
        QVERIFY(changes != nullptr);
        QString text;
        for (const auto* const each : changes->findChildren<QPlainTextEdit*>()) {
            text += each->toPlainText();
        }
        QVERIFY2(text.contains(u"#night"_s), qPrintable(text));
        QVERIFY(!text.contains(u"sesame"_s));
        QVERIFY(engine().configs.empty());
    }

    void aWayIsAddedAndRemoved()
    {
        open(ops());
        choose(WayKind::ntfy);
        type(m_dialog, "receiver.dialog.2.topic", u"my-alerts"_s);
        click(m_dialog, "receiver.dialog.0.remove");
        click(m_dialog, "receiver.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(saved().receivers[1].slacks.empty());
        QCOMPARE(saved().receivers[1].webhooks.size(), std::size_t(2));
        QVERIFY(saved().receivers[1].webhooks[1].payload.reveal().contains("my-alerts"));
    }

    void aRefusalIsSaidAndNothingIsLost()
    {
        engine().onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "the disk is full");
        };
        open(ops());
        type(m_dialog, "receiver.dialog.0.channel", u"#night"_s);
        click(m_dialog, "receiver.dialog.save");
        QTRY_COMPARE(note(m_dialog, "receiver.dialog.refused"), u"the disk is full"_s);
        QCOMPARE(find<QLineEdit>(m_dialog, "receiver.dialog.0.channel")->text(), u"#night"_s);
        QVERIFY(!m_world->edits->stack().canUndo());
        click(m_dialog, "receiver.dialog.cancel");
        auto* const discard = find<QAbstractButton>(m_dialog, "receiver.dialog.discard");
        QVERIFY2(discard != nullptr, "what was changed is not thrown away unasked");
        discard->click();
        QTRY_VERIFY(m_dialog == nullptr);
    }

    void routesAreAddedChangedMovedAndDeleted()
    {
        show<RoutingTab>();
        QCOMPARE(unnamedControls(m_tab.get()), QStringList());
        select("alerts.routing.tree", u"team=\"web\""_s);
        click(m_tab.get(), "alerts.routing.add");
        QPointer<RouteDialog> dialog = opened<RouteDialog>();
        QVERIFY(dialog != nullptr);
        QCOMPARE(unnamedControls(dialog), QStringList());
        click(dialog, "route.dialog.save");
        QVERIFY(!note(dialog, "route.dialog.matchers.note").isEmpty());
        type(dialog, "route.dialog.matchers", u"env=~\"a|b\", x!=\"1\""_s);
        auto* const receiver = find<QComboBox>(dialog, "route.dialog.receiver");
        QCOMPARE(receiver->itemText(0), u"desktop, as the route above"_s);
        receiver->setCurrentIndex(receiver->findData(u"mail"_s));
        type(dialog, "route.dialog.groupWait", u"soon"_s);
        click(dialog, "route.dialog.save");
        QVERIFY(!note(dialog, "route.dialog.groupWait.note").isEmpty());
        type(dialog, "route.dialog.groupWait", u"0s"_s);
        click(dialog, "route.dialog.save");
        QTRY_VERIFY(dialog == nullptr);
        const config::RouteConfig added = saved().route.routes[1].routes.at(0);
        QCOMPARE(added.receiver, std::string("mail"));
        QCOMPARE(added.matchers.size(), std::size_t(2));
        QCOMPARE(added.groupWait, std::optional<config::Duration>(0s));

        QTRY_COMPARE(list("alerts.routing.tree")->topLevelItem(0)->child(1)->childCount(), 1);
        select("alerts.routing.tree", u"team=\"web\""_s);
        click(m_tab.get(), "alerts.routing.up");
        QTRY_COMPARE(inForce().route.routes[0].matchers.front().value(), std::string("web"));
        QVERIFY2(!inForce().route.routes[0].routes.empty(), "with what is under it");
        QTRY_COMPARE(list("alerts.routing.tree")->currentItem()->text(0), u"team=\"web\""_s);

        click(m_tab.get(), "alerts.routing.edit");
        dialog = opened<RouteDialog>();
        find<QCheckBox>(dialog, "route.dialog.continues")->click();
        click(dialog, "route.dialog.save");
        QTRY_VERIFY(dialog == nullptr);
        QVERIFY(saved().route.routes[0].continues);
        QVERIFY(!saved().route.routes[0].routes.empty());

        click(m_tab.get(), "alerts.routing.delete");
        QTRY_COMPARE(inForce().route.routes.size(), std::size_t(1));
        for (int i = 0; i < 4; ++i) {
            undo();
            QTRY_VERIFY(!m_world->edits->isBusy());
        }
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void quietHoursAreMadeChangedAndDeleted()
    {
        show<RoutingTab>();
        QVERIFY(find<QWidget>(m_tab.get(), "alerts.quiet.empty")->isVisible());
        QVERIFY(!list("alerts.quiet")->isVisible());
        click(m_tab.get(), "alerts.quiet.add");
        QPointer<QuietDialog> dialog = opened<QuietDialog>();
        QVERIFY(dialog != nullptr);
        QCOMPARE(unnamedControls(dialog), QStringList());
        find<QComboBox>(dialog, "quiet.dialog.zone")->setCurrentText(u"Mars"_s);
        click(dialog, "quiet.dialog.save");
        QVERIFY(!note(dialog, "quiet.dialog.zone.note").isEmpty());
        find<QComboBox>(dialog, "quiet.dialog.zone")->setCurrentText(u"Europe/Berlin"_s);
        QCOMPARE(find<QLabel>(dialog, "quiet.dialog.sentence")->text(),
                 u"Every day 22:00–07:00, Europe/Berlin: nobody is told of alerts. Critical ones "
                 "still come through. What still fires when the hours are over is told then."_s);
        click(dialog, "quiet.dialog.save");
        QTRY_VERIFY(dialog == nullptr);
        QCOMPARE(saved().timeIntervals.size(), std::size_t(1));
        QVERIFY(saved().route.muteTimeIntervals.empty());
        QVERIFY(!saved().route.routes.empty());

        // 2026-11-18 11:06:40 UTC by the clock of this world.
        QTRY_COMPARE(list("alerts.quiet")->topLevelItemCount(), 1);
        const QTreeWidgetItem* row = list("alerts.quiet")->topLevelItem(0);
        QCOMPARE(row->text(1), u"Every day 22:00–07:00, Europe/Berlin"_s);
        QCOMPARE(row->text(3), u"Not now"_s);
        QVERIFY(!row->icon(3).isNull());
        QVERIFY2(row->text(4).startsWith(u"begins "_s), qPrintable(row->text(4)));
        QCOMPARE(unnamedControls(m_tab.get()), QStringList());

        select("alerts.quiet", u"night"_s);
        click(m_tab.get(), "alerts.quiet.edit");
        dialog = opened<QuietDialog>();
        type(dialog, "quiet.dialog.from", u"08:00"_s);
        type(dialog, "quiet.dialog.to", u"20:00"_s);
        find<QCheckBox>(dialog, "quiet.dialog.critical")->click();
        auto* const scope = find<QComboBox>(dialog, "quiet.dialog.scope");
        QCOMPARE(scope->currentText(), u"everything"_s);
        scope->setCurrentIndex(scope->findText(u"this desktop: no popups"_s));
        QVERIFY(find<QLabel>(dialog, "quiet.dialog.sentence")
                    ->text()
                    .contains(u"no popups on this desktop"_s));
        click(dialog, "quiet.dialog.save");
        QTRY_VERIFY(dialog == nullptr);
        QTRY_COMPARE(list("alerts.quiet")->topLevelItem(0)->text(3), u"Quiet now"_s);
        QVERIFY(list("alerts.quiet")->topLevelItem(0)->text(4).startsWith(u"ends "_s));

        pressDelete("alerts.quiet");
        QTRY_VERIFY(inForce().timeIntervals.empty());
        QVERIFY2(inForce().route == world().config.alertmanager.route,
                 "the routes that were made for it are gone, too");
        for (int i = 0; i < 3; ++i) {
            undo();
            QTRY_VERIFY(!m_world->edits->isBusy());
        }
        QTRY_VERIFY(engine().config().config == world().config);
    }

    void postedAlertsSayWhereTheyComeFrom()
    {
        engine::AlertStatus posted;
        posted.id = 7;
        posted.rule = "BackupFailed";
        posted.labels = Labels{{"alertname", "BackupFailed"}, {"job", "backup"}};
        posted.state = AlertState::firing;
        posted.activeAt = m_world->clock.now() - 3min;
        engine().onInspectAlerting = [posted](const engine::AlertingRequest& request) {
            engine::AlertingState state;
            if (request.alerts) {
                engine::RoutedAlert routed;
                routed.alert.labels = posted.labels;
                routed.alert.generatorUrl = "https://backup.example.org/jobs/7";
                state.alerts = {routed};
            }
            return Result<engine::AlertingState>(std::move(state));
        };
        m_tab = std::make_unique<AlertsPage>(*m_world->context);
        m_tab->resize(1000, 600);
        m_tab->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_tab.get()));
        engine::AlertsSnapshot alerts;
        alerts.alerts = {posted};
        alerts.firing = 1;
        engine().publish(alerts);
        auto* const tree = find<QTreeView>(m_tab.get(), "alerts.tree");
        QTRY_COMPARE(tree->model()->rowCount(), 1);
        const QModelIndex group = tree->model()->index(0, 0);
        QTRY_COMPARE(tree->model()->index(0, 5, group).data().toString(),
                     u"from backup.example.org"_s);
        QCOMPARE(tree->model()->index(0, 4, group).data().toString(), u"posted"_s);
        QVERIFY(tree->model()
                    ->index(0, 4, group)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .endsWith(u"https://backup.example.org/jobs/7"_s));
        tree->setCurrentIndex(tree->model()->index(0, 0, group));
        QTRY_VERIFY(find<QAbstractButton>(m_tab.get(), "alerts.silence")->isVisible());
        QVERIFY2(!find<QAbstractButton>(m_tab.get(), "alerts.rule")->isVisible(), "it is in none");
        bool isToldInFull = false;
        for (const QLabel* const each :
             find<QWidget>(m_tab.get(), "alerts.facts")->findChildren<QLabel*>()) {
            isToldInFull = isToldInFull || each->text() == u"https://backup.example.org/jobs/7"_s;
        }
        QVERIFY(isToldInFull);
        click(m_tab.get(), "alerts.silence");
        QWidget* dialog = nullptr;
        for (QWidget* const each : QApplication::topLevelWidgets()) {
            dialog = each->objectName() == u"silence.dialog"_s ? each : dialog;
        }
        QVERIFY(dialog != nullptr);
        QVERIFY(find<QLabel>(dialog, "silence.dialog.preview")
                    ->text()
                    .startsWith(u"Would silence 1 of 1"_s));
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the dialogs as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            const QString suffix = mode == theme::Mode::dark ? u"-dark.png"_s : u"-light.png"_s;
            shootAll([&](const QString& name, QWidget* what) {
                QTest::qWait(150);
                QVERIFY(what->grab().save(into + u'/' + name + suffix));
            });
            cleanup();
            init();
        }
    }

private:
    template <class Shoot> void shootAll(const Shoot& shoot)
    {
        engine().onTestReceiver = [](const engine::ReceiverTestRequest&) {
            engine::ReceiverTest test;
            test.answers = {
                {"slack/0", false, 403, "no_service", "the server refused it with 403 Forbidden"},
                {"webhook/0", true, 200, "{\"status\":\"thanks\"}", {}}};
            return Result<engine::ReceiverTest>(std::move(test));
        };
        show<RoutingTab>();
        m_tab->resize(728, 480);
        shoot(u"routing-empty"_s, m_tab.get());
        open(ops());
        shoot(u"receiver-form"_s, m_dialog);
        click(m_dialog, "receiver.dialog.test");
        QTRY_VERIFY(find<QWidget>(m_dialog, "receiver.dialog.answer0") != nullptr);
        shoot(u"receiver-tested"_s, m_dialog);
        delete m_dialog;
        open(std::nullopt);
        shoot(u"receiver-empty"_s, m_dialog);
        choose(WayKind::email);
        click(m_dialog, "receiver.dialog.save");
        shoot(u"receiver-email-faults"_s, m_dialog);
        m_dialog->resize(560, 600);
        shoot(u"receiver-email-narrow"_s, m_dialog);
        delete m_dialog;
        open(std::nullopt);
        choose(WayKind::telegram);
        shoot(u"receiver-telegram"_s, m_dialog);
        delete m_dialog;
        engine().publish(deliveries(m_world->clock.now()));
        show<ReceiversTab>();
        select("alerts.receivers", u"ops"_s);
        shoot(u"receivers"_s, m_tab.get());
        click(m_tab.get(), "alerts.receivers.delete");
        click(m_tab.get(), "alerts.receivers.test");
        QTRY_VERIFY(find<QWidget>(m_tab.get(), "alerts.receivers.answer0") != nullptr);
        m_tab->resize(728, 520);
        shoot(u"receivers-narrow"_s, m_tab.get());
        QuietDialog quiet(*m_world->context, std::nullopt, nullptr);
        quiet.setAttribute(Qt::WA_DeleteOnClose, false);
        quiet.show();
        find<QComboBox>(&quiet, "quiet.dialog.zone")->setCurrentText(u"Europe/Berlin"_s);
        shoot(u"quiet-dialog"_s, &quiet);
        click(&quiet, "quiet.dialog.save");
        QTRY_COMPARE(engine().configs.size(), std::size_t(1));
        RouteDialog route(*m_world->context, {0}, false, nullptr);
        route.setAttribute(Qt::WA_DeleteOnClose, false);
        route.show();
        shoot(u"route-dialog"_s, &route);
        show<RoutingTab>();
        select("alerts.quiet", u"night"_s);
        shoot(u"routing"_s, m_tab.get());
        m_tab->resize(728, 480);
        shoot(u"routing-narrow"_s, m_tab.get());
    }
};

QTEST_MAIN(TestReceiversTab)
#include "tst_receivers_tab.moc"
