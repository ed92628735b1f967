// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/chat.h"
#include "core/alerting/receivers/email.h"
#include "core/alerting/receivers/group_hash.h"
#include "core/alerting/receivers/http_receiver.h"
#include "core/alerting/receivers/pager.h"
#include "core/alerting/receivers/teams.h"
#include "core/alerting/receivers/webhook.h"
#include "core/encoding/json.h"

#include <algorithm>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now(1'767'323'045s); // 2026-01-02T03:04:05Z

Notification notification(bool resolved = false)
{
    Notification out;
    out.groupKey = "{}:{alertname=\"A\"}";
    out.receiver = "r";
    out.reason = "first notification";
    out.groupLabels = {{"alertname", "A"}};
    out.commonLabels = {{"alertname", "A"}, {"i", "1"}};
    out.externalUrl = "http://am.example";
    Alert alert;
    alert.labels = out.commonLabels;
    alert.annotations = {{"s", "ü < 5"}};
    alert.startsAt = now - 5s + 310ms;
    if (resolved) {
        alert.endsAt = now;
    }
    out.alerts = {alert};
    (resolved ? out.resolved : out.firing) = 1;
    return out;
}

/// Compares as JSON: the order of members is nobody's business. In what is expected, ' stands for
/// the quotation mark.
bool sameJson(const std::string& got, std::string expected)
{
    std::ranges::replace(expected, '\'', '"');
    const auto one = encoding::parseJson(got);
    const auto other = encoding::parseJson(expected);
    if (!one || !other || !(*one == *other)) {
        qWarning("got      %s\nexpected %s", got.c_str(), expected.c_str());
        return false;
    }
    return true;
}

/// Answers with the given statuses, and keeps what was asked.
struct Fetcher final : HttpFetcher {
    std::vector<int> answers;
    std::vector<HttpRequest> asked;
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        asked.push_back(std::move(request));
        HttpResponse response;
        response.status = answers.at(asked.size() - 1);
        reply(std::move(response));
        return {};
    }
};

const alerting::NotificationTemplates& templates()
{
    static const alerting::NotificationTemplates all;
    return all;
}

/// SHA-256 of {}:{alertname="A"}, by sha256sum.
const std::string& groupKeyHash()
{
    static const std::string hash
        = "ad4b39d3af6c5f089ddb8504a474cd124febe3ef322f263d58074fb0c51dc572";
    return hash;
}

} // namespace

class TestReceivers : public QObject {
    Q_OBJECT
private slots:
    /// The payload that Alertmanager 0.33.1 sent, recorded in the API conformance data.
    void webhookBodyIsTheFields()
    {
        Notification told = notification();
        told.alerts[0].annotations = {};
        const std::string expected
            = "{'receiver':'r','status':'firing','alerts':[{'status':'firing',"
              "'labels':{'alertname':'A','i':'1'},'annotations':{},"
              "'startsAt':'2026-01-02T03:04:00.31Z','endsAt':'0001-01-01T00:00:00Z',"
              "'generatorURL':'','fingerprint':'caaaffbd9ccf039f'}],"
              "'notification_reason':'first notification','groupLabels':{'alertname':'A'},"
              "'commonLabels':{'alertname':'A','i':'1'},'commonAnnotations':{},"
              "'externalURL':'http://am.example','version':'4',"
              "'groupKey':'{}:{alertname=\\'A\\'}','truncatedAlerts':0}";
        QVERIFY(sameJson(alerting::webhookBody(told), expected));
    }

    void hashesAsFips180Says()
    {
        QCOMPARE(alerting::groupHash("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(alerting::groupHash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(alerting::groupHash(notification().groupKey), groupKeyHash());
    }

    void slack()
    {
        alerting::SlackSettings settings;
        settings.url = "https://hooks.example/x";
        settings.channel = "#{{ .GroupLabels.alertname }}";
        settings.fields = {{"i", "{{ .CommonLabels.i }}", true}, {"b", "c", std::nullopt}};
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::slackRequest(settings, texts);
        QVERIFY(request.has_value());
        QCOMPARE(request->url, settings.url);
        const std::string expected
            = "{'channel':'#A','username':'Alertmanager',"
              "'attachments':[{'title':'[FIRING:1] A (1)',"
              "'title_link':'http://am.example/#/alerts?receiver=r','text':'',"
              "'fallback':'[FIRING:1] A (1) | http://am.example/#/alerts?receiver=r',"
              "'callback_id':'','footer':'','color':'danger',"
              "'fields':[{'title':'i','value':'1','short':true},"
              "{'title':'b','value':'c','short':false}],"
              "'mrkdwn_in':['fallback','pretext','text']}]}";
        QVERIFY(sameJson(request->body, expected));
    }

    void slackAnswers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("verdict"); // 0 told, 1 try again, 2 refused
        QTest::newRow("a webhook's ok") << 200 << "text/plain"_ba << "ok"_ba << 0;
        QTest::newRow("a webhook's refusal") << 200 << "text/plain"_ba << "no_team"_ba << 2;
        QTest::newRow("the API's ok") << 200 << "application/json; x"_ba << "{\"ok\":true}"_ba << 0;
        QTest::newRow("the API's refusal")
            << 200 << "application/json"_ba << "{\"ok\":false,\"error\":\"channel_not_found\"}"_ba
            << 2;
        QTest::newRow("too many") << 429 << "text/plain"_ba << ""_ba << 2;
        QTest::newRow("down") << 503 << "text/plain"_ba << ""_ba << 1;
        QTest::newRow("gone") << 404 << "text/plain"_ba << ""_ba << 2;
    }

    void slackAnswers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(int, verdict);
        HttpResponse response;
        response.status = status;
        response.headers = {{"Content-Type", type.toStdString()}};
        response.body = body.toStdString();
        const auto judged = alerting::judgeSlack(response);
        QCOMPARE(judged ? 0 : judged.error().kind == ErrorKind::unavailable ? 1 : 2, verdict);
    }

    void discord()
    {
        alerting::DiscordSettings settings;
        settings.url = "https://discord.example/x";
        settings.message = std::string(5000, 'a');
        settings.username = "w";
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::discordRequest(settings, texts, false);
        QVERIFY(request.has_value());
        const std::string expected = "{'content':'','embeds':[{'title':'[FIRING:1] A (1)',"
                                     "'description':'"
            + std::string(4095, 'a') + "…','color':10038562}],'username':'w'}";
        QVERIFY(sameJson(request->body, expected));
    }

    void telegram()
    {
        alerting::TelegramSettings settings;
        settings.botToken = "1:x";
        settings.chatId = -100;
        settings.messageThreadId = 7;
        settings.message = "{{ range .Alerts }}{{ .Annotations.s }}{{ end }}";
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::telegramRequest(settings, texts);
        QVERIFY(request.has_value());
        QCOMPARE(request->url, std::string("https://api.telegram.org/bot1:x/sendMessage"));
        const std::string expected
            = "{'chat_id':'-100','text':'ü &lt; 5',"
              "'message_thread_id':'7','parse_mode':'HTML','disable_web_page_preview':true}";
        QVERIFY(sameJson(request->body, expected));
    }

    void pagerduty_data()
    {
        QTest::addColumn<bool>("resolved");
        QTest::addColumn<QByteArray>("action");
        QTest::newRow("something fires") << false << "trigger"_ba;
        QTest::newRow("all is over") << true << "resolve"_ba;
    }

    void pagerduty()
    {
        QFETCH(bool, resolved);
        QFETCH(QByteArray, action);
        alerting::PagerdutySettings settings;
        settings.routingKey = "key";
        settings.details = "{\"n\":\"{{ len .Alerts }}\",\"list\":\"{{ toJson .GroupLabels }}\","
                           "\"firing\":null,\"resolved\":\"{{ .Status }}\"}";
        settings.links = {{"http://x", "t"}, {"", "left out"}};
        alerting::Texts texts(templates(), notification(resolved), now);
        const auto request = alerting::pagerdutyRequest(settings, texts, notification(resolved));
        QVERIFY(request.has_value());
        QCOMPARE(request->url, std::string("https://events.pagerduty.com/v2/enqueue"));
        const std::string expected = "{'routing_key':'key','dedup_key':'" + groupKeyHash()
            + "','event_action':'" + action.toStdString() + "','payload':{'summary':'"
            + (resolved ? "[RESOLVED]" : "[FIRING:1]")
            + " A (1)','source':'Alertmanager',"
              "'severity':'error','custom_details':{'n':1,'list':{'alertname':'A'},'firing':null,"
              "'resolved':'"
            + (resolved ? "resolved" : "firing") + "','num_firing':" + (resolved ? "0" : "1")
            + ",'num_resolved':" + (resolved ? "1" : "0")
            + "}},"
              "'client':'Alertmanager','client_url':'http://am.example/#/alerts?receiver=r',"
              "'links':[{'href':'http://x','text':'t'}]}";
        QVERIFY(sameJson(request->body, expected));
    }

    void pagerdutyLeavesOutDetailsThatAreTooLarge()
    {
        alerting::PagerdutySettings settings;
        settings.routingKey = "key";
        settings.details = "{\"big\":\"" + std::string(600'000, 'x') + "\"}";
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::pagerdutyRequest(settings, texts, notification());
        QVERIFY(request.has_value() && request->body.size() < 2'000);
        settings.routingKey = "{{ .CommonLabels.none }}";
        QVERIFY(!alerting::pagerdutyRequest(settings, texts, notification()));
    }

    void opsgenie()
    {
        alerting::OpsgenieSettings settings;
        settings.apiKey = "k";
        settings.description = "d";
        settings.tags = "a,,{{ .Status }}";
        settings.priority = "P1";
        settings.responders = {{"", "x,y", "", "teams"}, {}, {"7", "", "", "user"}};
        settings.updateAlerts = true;
        alerting::Texts texts(templates(), notification(), now);
        const auto requests = alerting::opsgenieRequests(settings, texts, notification());
        QVERIFY(requests.has_value());
        QCOMPARE(requests->size(), std::size_t(3));
        QCOMPARE((*requests)[0].url, std::string("https://api.opsgenie.com/v2/alerts"));
        QCOMPARE(header((*requests)[0].headers, "Authorization"), std::string_view("GenieKey k"));
        const std::string expected = "{'alias':'" + groupKeyHash()
            + "','message':'[FIRING:1] A (1)',"
              "'description':'d','details':{'alertname':'A','i':'1'},"
              "'source':'http://am.example/#/alerts?receiver=r',"
              "'responders':[{'name':'x','type':'team'},{'name':'y','type':'team'},"
              "{'id':'7','type':'user'}],"
              "'tags':['a','firing'],'priority':'P1'}";
        QVERIFY(sameJson((*requests)[0].body, expected));
        QCOMPARE((*requests)[2].method, std::string("PUT"));
        QCOMPARE((*requests)[2].url,
                 "https://api.opsgenie.com/v2/alerts/" + groupKeyHash()
                     + "/description?identifierType=alias");

        alerting::Texts over(templates(), notification(true), now);
        const auto closing = alerting::opsgenieRequests(settings, over, notification(true));
        QVERIFY(closing.has_value());
        QCOMPARE(closing->size(), std::size_t(1));
        QCOMPARE((*closing)[0].url,
                 "https://api.opsgenie.com/v2/alerts/" + groupKeyHash()
                     + "/close?identifierType=alias");
    }

    void pushover()
    {
        alerting::PushoverSettings settings;
        settings.token = "t";
        settings.userKey = "u";
        settings.message = " {{ .CommonAnnotations.none }} ";
        settings.ttl = 60s;
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::pushoverRequest(settings, texts);
        QVERIFY(request.has_value());
        QCOMPARE(request->body,
                 std::string("token=t&user=u&title=%5BFIRING%3A1%5D%20A%20%281%29"
                             "&message=%28no%20details%29"
                             "&url=http%3A%2F%2Fam.example%2F%23%2Falerts%3Freceiver%3Dr"
                             "&url_title=&priority=2&retry=60&expire=3600&device=&sound=&ttl=60"));
    }

    void teams()
    {
        alerting::TeamsSettings settings;
        settings.text = "t";
        alerting::Texts texts(templates(), notification(), now);
        const auto card = alerting::teamsRequest(settings, texts, false);
        QVERIFY(card.has_value());
        const std::string expected
            = "{'@context':'http://schema.org/extensions',"
              "'@type':'MessageCard','title':'[FIRING:1] A (1)','summary':'[FIRING:1] A (1)',"
              "'text':'t','themeColor':'8C1A1A'}";
        QVERIFY(sameJson(card->body, expected));
        alerting::TeamsFlowSettings flow;
        flow.text = "t";
        const auto adaptive = alerting::teamsFlowRequest(flow, texts, true);
        QVERIFY(adaptive.has_value());
        const std::string expectedFlow
            = "{'type':'message','attachments':[{"
              "'contentType':'application/vnd.microsoft.card.adaptive','contentUrl':null,"
              "'content':{'$schema':'http://adaptivecards.io/schemas/adaptive-card.json',"
              "'type':'AdaptiveCard','version':'1.2','body':["
              "{'type':'TextBlock','text':'[FIRING:1] A (1)','weight':'Bolder','size':'Medium',"
              "'wrap':true,'style':'heading','color':'Good'},"
              "{'type':'TextBlock','text':'t','wrap':true}],'msteams':{'width':'full'}}}]}";
        QVERIFY(sameJson(adaptive->body, expectedFlow));
    }

    void email()
    {
        alerting::EmailSettings settings;
        settings.from = "Wätch <w@x.example>";
        settings.to = "\"Doe, J\" <j@y.example>, k@z.example";
        settings.headers
            = {{"subject", "{{ range .Alerts }}{{ .Annotations.s }}{{ end }}\r\nBcc: evil@x"}};
        settings.html = "<p>{{ range .Alerts }}{{ .Annotations.s }}{{ end }}</p>\n";
        settings.text = "a = b \n";
        settings.threading = true;
        alerting::Texts texts(templates(), notification(), now);
        const auto mail = alerting::emailMessage(settings, texts, notification(), now, "7", "host");
        QVERIFY(mail.has_value());
        QCOMPARE(mail->from, std::string("w@x.example"));
        QCOMPARE(mail->to, (std::vector<std::string>{"j@y.example", "k@z.example"}));
        const std::string boundary = "=_" + alerting::groupHash("7 host").substr(0, 32);
        const std::string root
            = "<alert-" + groupKeyHash().substr(0, 16) + "-2026-01-02@alertmanager>";
        QCOMPARE(mail->text,
                 "Subject: =?utf-8?q?=C3=BC_<_5__Bcc:_evil@x?=\r\n"
                 "To: \"Doe, J\" <j@y.example>, k@z.example\r\n"
                 "From: =?utf-8?q?W=C3=A4tch_<w@x.example>?=\r\n"
                 "Message-Id: <1767323045000.7@host>\r\n"
                 "References: "
                     + root + "\r\nIn-Reply-To: " + root
                     + "\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
                       "Content-Type: multipart/alternative; boundary=\""
                     + boundary + "\"\r\nMIME-Version: 1.0\r\n\r\n--" + boundary
                     + "\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                       "Content-Type: text/plain; charset=UTF-8\r\n\r\na =3D b=20\r\n\r\n--"
                     + boundary
                     + "\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                       "Content-Type: text/html; charset=UTF-8\r\n\r\n"
                       "<p>=C3=BC &lt; 5</p>\r\n\r\n--"
                     + boundary + "--\r\n");
    }

    void emailRefusesWhatIsNoAddress()
    {
        alerting::EmailSettings settings;
        settings.from = "nobody";
        settings.to = "k@z.example";
        alerting::Texts texts(templates(), notification(), now);
        QVERIFY(!alerting::emailMessage(settings, texts, notification(), now, "7", "host"));
    }

    void longLinesAreFolded()
    {
        const std::string folded = alerting::quotedPrintable(std::string(100, 'a'));
        QCOMPARE(folded, std::string(75, 'a') + "=\r\n" + std::string(25, 'a'));
    }

    void requestsGoOneAfterAnotherUntilOneIsRefused()
    {
        Fetcher fetcher;
        fetcher.answers = {200, 503, 200};
        alerting::HttpReceiver receiver(
            fetcher,
            [](const Notification&) -> Result<alerting::Prepared> {
                return alerting::Prepared{{alerting::postJson("http://a", ""),
                                           alerting::postJson("http://b", ""),
                                           alerting::postJson("http://c", "")},
                                          {}};
            },
            [](const HttpResponse& response) { return alerting::judge("it", response); });
        std::vector<Result<void>> replies;
        const Ticket ticket = receiver.send(
            notification(), [&](Result<void> result) { replies.push_back(std::move(result)); });
        QCOMPARE(fetcher.asked.size(), std::size_t(2));
        QCOMPARE(replies.size(), std::size_t(1));
        QVERIFY(!replies[0] && replies[0].error().kind == ErrorKind::unavailable);
    }

    void aTemplateThatFailsIsFinal()
    {
        alerting::SlackSettings settings;
        settings.title = "{{ .Nope }}";
        alerting::Texts texts(templates(), notification(), now);
        const auto request = alerting::slackRequest(settings, texts);
        QVERIFY(!request && request.error().kind == ErrorKind::invalid);
    }
};

QTEST_GUILESS_MAIN(TestReceivers)
#include "tst_receivers.moc"
