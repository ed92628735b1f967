// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "ui/pages/deliveries.h"
#include "ui/pages/receiver_edits.h"
#include "ui/pages/receiver_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

config::SecretSource secret(const std::string& text)
{
    return {Secret(text), {}};
}

/// One of each kind, with things that no field speaks of.
config::ReceiverConfig everything()
{
    config::ReceiverConfig receiver;
    receiver.name = "all";
    auto& email = receiver.emails.emplace_back();
    email.to = "ops@example.org";
    email.from = "watchfire@example.org";
    email.smarthost = "mail.example.org:587";
    email.headers = {{"Subject", "{{ .Status }}"}};
    email.authPassword = {{}, "/run/secrets/mail"};
    auto& slack = receiver.slacks.emplace_back();
    slack.apiUrl = secret("https://hooks.slack.com/services/T0/B0/sesame");
    slack.channel = "#ops";
    slack.fields = {{"a", "b", true}};
    receiver.discords.emplace_back().webhookUrl = secret("https://discord.com/api/webhooks/sesame");
    auto& telegram = receiver.telegrams.emplace_back();
    telegram.token = secret("sesame");
    telegram.chatId = -1001;
    receiver.teamsFlows.emplace_back().webhookUrl = secret("https://flow.azure.com/sesame");
    receiver.teams.emplace_back().webhookUrl = secret("https://x.webhook.office.com/sesame");
    receiver.pagerduties.emplace_back().routing = secret("sesame");
    receiver.opsgenies.emplace_back().key = secret("sesame");
    auto& pushover = receiver.pushovers.emplace_back();
    pushover.user = secret("sesame");
    pushover.application = secret("sesame");
    auto& hook = receiver.webhooks.emplace_back();
    hook.url = secret("https://hooks.example.org/sesame?token=sesame");
    hook.maxAlerts = 5;
    auto& ntfy = receiver.webhooks.emplace_back();
    ntfy.url = secret("https://ntfy.example.org/");
    ntfy.payload = Secret(R"({"topic":"sesame","title":"t","icon":"kept"})");
    ntfy.http.emplace().auth = BearerAuth{"Bearer", Secret("sesame"), {}};
    return receiver;
}

ReceiverForm formWith(WayForm way, const QString& name = u"ops"_s)
{
    ReceiverForm form;
    form.name = name;
    form.ways = {std::move(way)};
    return form;
}

} // namespace

class TestReceiverForm : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }

    void whatNobodyChangedStays()
    {
        const ReceiverForm form = ReceiverForm::of(everything());
        QCOMPARE(form.ways.size(), std::size_t(11));
        QVERIFY(toReceiver(form) == everything());
        for (const WayForm& way : form.ways) {
            const FieldFaults faults = checkWay(way, {});
            QVERIFY2(faults.empty(),
                     qPrintable(wayText(way.kind) + u": "_s
                                + (faults.empty() ? QString() : faults.begin()->second)));
        }
    }

    void aChangedFieldChangesNothingElse()
    {
        ReceiverForm form = ReceiverForm::of(everything());
        form.ways[1].values[u"channel"_s] = u"#night"_s;
        form.ways[1].secrets[u"url"_s].typed = u"https://hooks.slack.com/services/new"_s;
        config::ReceiverConfig wanted = everything();
        wanted.slacks[0].channel = "#night";
        wanted.slacks[0].apiUrl = secret("https://hooks.slack.com/services/new");
        QVERIFY(toReceiver(form) == wanted);
    }

    void nothingSecretIsShown()
    {
        const ReceiverForm form = ReceiverForm::of(everything());
        for (const WayForm& way : form.ways) {
            QVERIFY2(!destinationText(way.base, {}).contains(u"sesame"_s),
                     qPrintable(destinationText(way.base, {})));
            for (const auto& [name, kept] : way.secrets) {
                QVERIFY2(kept.typed.isEmpty(), qPrintable(name));
            }
            for (const auto& [name, value] : way.values) {
                QVERIFY2(!value.contains(u"sesame"_s) || name == "topic"_L1, qPrintable(name));
            }
        }
    }

    void destinationsAreTold_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<QString>("says");
        QTest::newRow("e-mail") << 0 << u"ops@example.org"_s;
        QTest::newRow("a channel") << 1 << u"#ops at hooks.slack.com"_s;
        QTest::newRow("a host") << 2 << u"discord.com"_s;
        QTest::newRow("a chat") << 3 << u"chat -1001"_s;
        QTest::newRow("the service's own host") << 6 << u"events.pagerduty.com"_s;
        QTest::newRow("a webhook") << 9 << u"hooks.example.org"_s;
        QTest::newRow("ntfy") << 10 << u"ntfy.example.org"_s;
    }
    void destinationsAreTold()
    {
        QFETCH(int, way);
        QFETCH(QString, says);
        const ReceiverForm form = ReceiverForm::of(everything());
        QCOMPARE(destinationText(form.ways[std::size_t(way)].base, {}), says);
    }

    void whatIsMissingIsNamed_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("fields");
        const auto row = [](const char* name, WayKind kind, const QStringList& fields) {
            QTest::newRow(name) << int(kind) << fields;
        };
        row("desktop", WayKind::desktop, {});
        row("e-mail", WayKind::email, {u"from"_s, u"smarthost"_s, u"to"_s});
        row("Slack", WayKind::slack, {u"url"_s});
        row("Discord", WayKind::discord, {u"url"_s});
        row("Telegram", WayKind::telegram, {u"chat"_s, u"token"_s});
        row("Teams by a flow", WayKind::teamsFlow, {u"url"_s});
        row("Teams", WayKind::teams, {u"url"_s});
        row("PagerDuty", WayKind::pagerduty, {u"routing"_s});
        row("Opsgenie", WayKind::opsgenie, {u"key"_s});
        row("Pushover", WayKind::pushover, {u"token"_s, u"user"_s});
        row("ntfy has a server", WayKind::ntfy, {u"topic"_s});
        row("webhook", WayKind::webhook, {u"url"_s});
    }
    void whatIsMissingIsNamed()
    {
        QFETCH(int, kind);
        QFETCH(QStringList, fields);
        QStringList got;
        for (const auto& [name, fault] : checkWay(newWay(WayKind(kind)), {})) {
            got << name;
        }
        QCOMPARE(got, fields);
    }

    void whatGlobalHasIsNotNeeded()
    {
        config::ReceiverGlobals globals;
        globals.smtpFrom = "w@example.org";
        globals.smtpSmarthost = "mail:25";
        globals.slackApiUrl = secret("https://hooks.slack.com/x");
        globals.telegramBotToken = secret("x");
        globals.opsgenieApiKey = secret("x");
        QVERIFY(!checkWay(newWay(WayKind::email), globals).contains(u"from"_s));
        QVERIFY(checkWay(newWay(WayKind::slack), globals).empty());
        QVERIFY(!checkWay(newWay(WayKind::telegram), globals).contains(u"token"_s));
        QVERIFY(checkWay(newWay(WayKind::opsgenie), globals).empty());
        QCOMPARE(wayFields(WayKind::email, globals)[1].otherwise, u"w@example.org, as for all"_s);
    }

    void faultsOfValues_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("fault");
        const auto row
            = [](const char* name, WayKind kind, const QString& field, const QString& value,
                 bool fault) { QTest::newRow(name) << int(kind) << field << value << fault; };
        row("a port", WayKind::email, u"smarthost"_s, u"mail:587"_s, false);
        row("no port", WayKind::email, u"smarthost"_s, u"mail"_s, true);
        row("a chat", WayKind::telegram, u"chat"_s, u"-100"_s, false);
        row("a chat's name", WayKind::telegram, u"chat"_s, u"@ops"_s, true);
        row("an address", WayKind::webhook, u"url"_s, u"http://localhost:1/x"_s, false);
        row("no address", WayKind::webhook, u"url"_s, u"localhost:1/x"_s, true);
        row("an address made of labels", WayKind::webhook, u"url"_s,
            u"https://{{ .CommonLabels.team }}/"_s, false);
        row("a count", WayKind::webhook, u"most"_s, u"lots"_s, true);
        row("another server", WayKind::opsgenie, u"url"_s, u"api.eu.opsgenie.com"_s, true);
    }
    void faultsOfValues()
    {
        QFETCH(int, kind);
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(bool, fault);
        WayForm way = newWay(WayKind(kind));
        if (way.secrets.contains(field)) {
            way.secrets[field].typed = value;
        } else {
            way.values[field] = value;
        }
        QCOMPARE(checkWay(way, {}).contains(field), fault);
    }

    void ntfyIsAWebhookWithAPayload()
    {
        WayForm way = newWay(WayKind::ntfy);
        way.values[u"topic"_s] = u"my-alerts"_s;
        way.values[u"priority"_s] = u"4"_s;
        way.secrets[u"token"_s].typed = u"tk_1"_s;
        const config::ReceiverConfig receiver = toReceiver(formWith(way));
        QCOMPARE(receiver.webhooks.size(), std::size_t(1));
        const config::WebhookConfig& hook = receiver.webhooks[0];
        QCOMPARE(hook.url.text.reveal(), std::string("https://ntfy.sh/"));
        QVERIFY(hook.payload.reveal().contains(R"("topic":"my-alerts")"));
        QVERIFY2(hook.payload.reveal().contains(R"("priority":4)"), "a number, not a text");
        QVERIFY(std::get<BearerAuth>(hook.http->auth).token == Secret("tk_1"));
        const ReceiverForm again = ReceiverForm::of(receiver);
        QCOMPARE(again.ways[0].kind, WayKind::ntfy);
        QCOMPARE(again.ways[0].values.at(u"priority"_s), u"4"_s);
        QVERIFY2(again.ways[0].secrets.at(u"token"_s).typed.isEmpty(), "kept, and not shown");
        QVERIFY(toReceiver(again) == receiver);
    }

    void theDesktopIsAReceiverByItself()
    {
        const WayForm desktop = newWay(WayKind::desktop);
        QVERIFY(toReceiver(formWith(desktop, u"desktop"_s)).desktop);
        QVERIFY(nameFault(formWith(desktop, u"desktop"_s), {}).isEmpty());
        QVERIFY(!nameFault(formWith(desktop, u"ops"_s), {}).isEmpty());
        ReceiverForm both = formWith(desktop, u"desktop"_s);
        both.ways.push_back(newWay(WayKind::webhook));
        QVERIFY(!nameFault(both, {}).isEmpty());
        QVERIFY2(!nameFault(formWith(desktop, u"desktop"_s), {u"desktop"_s}).isEmpty(), "taken");
    }

    void routesThatNameAReceiver()
    {
        config::RouteConfig root;
        root.receiver = "ops";
        config::RouteConfig db;
        db.matchers = {Matcher::equal("team", "db")};
        db.receiver = "db";
        config::RouteConfig night = db;
        night.receiver = "ops";
        night.matchers = {Matcher::equal("team", "night")};
        db.routes = {night};
        root.routes = {db};
        QCOMPARE(routesTo(root, "ops"), (QStringList{u"every alert"_s, u"team=\"night\""_s}));
        QCOMPARE(routesTo(root, "nobody"), QStringList());
    }

    void deliveriesAreReadFromTheHistory()
    {
        const auto at = [](int seconds) { return fromUnixMs(qint64(seconds) * 1000); };
        const std::vector<engine::AlertEvent> history{
            {at(9), {}, "could not tell ops (slack/0): 403 Forbidden (see there): no"},
            {at(8), {}, "told ops (b) (webhook/0)"},
            {at(7), {}, "told ops (slack/0)"},
            {at(6), {}, "could not tell ops (slack/0): older"},
            {at(5), {}, "firing"},
            {at(4), {}, "told gone (webhook/0)"},
        };
        const auto last = lastDeliveries(history, {"ops", "ops (b)", "quiet"});
        QCOMPARE(last.size(), std::size_t(2));
        const LastDelivery& ops = last.at("ops");
        QCOMPARE(ops.toldAt, at(7));
        QCOMPARE(ops.failedAt, at(9));
        QCOMPARE(ops.way, std::string("slack/0"));
        QCOMPARE(ops.failure, std::string("403 Forbidden (see there): no"));
        QVERIFY(ops.isFailing());
        QCOMPARE(last.at("ops (b)").toldAt, at(8));
        QVERIFY(!last.at("ops (b)").isFailing());
    }
};

QTEST_MAIN(TestReceiverForm)
#include "tst_receiver_form.moc"
