// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/file_view.h"
#include "core/config/import.h"
#include "core/config/receivers.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Every receiver with every key.
constexpr auto everything = R"(
global:
  resolve_timeout: 1m
  smtp_smarthost: 'mail.example:587'
  smtp_from: a@b.example
  smtp_hello: me
  smtp_auth_username: u
  smtp_auth_password: secret-1
  smtp_auth_secret_file: /secrets/cram
  smtp_auth_identity: id
  smtp_require_tls: false
  smtp_force_implicit_tls: true
  smtp_tls_config: {server_name: mail}
  slack_api_url_file: /secrets/slack
  pagerduty_url: 'https://pd.example/v2'
  opsgenie_api_url: 'https://og.example'
  opsgenie_api_key: secret-2
  telegram_api_url: 'https://tg.example'
  telegram_bot_token: secret-3
  http_config: {proxy_url: 'http://p:3128', follow_redirects: false}
templates: ['templates/*.tmpl', /other/x.tmpl]
route: {receiver: all, labels: {team: '{{ .GroupLabels.job }}'}}
receivers:
- name: all
  webhook_configs:
  - url: 'http://h/{{ .GroupLabels.x }}'
    send_resolved: false
    max_alerts: 3
    timeout: 5s
    http_config:
      authorization: {type: Token, credentials: secret-4}
      tls_config: {insecure_skip_verify: true}
    payload: {text: '{{ .Status }}', n: 4, list: [a, true, null, 1.5], text2: '4'}
  - {url_file: secrets/hook}
  email_configs:
  - to: x@y
    from: z@y
    hello: h
    smarthost: 's:25'
    auth_username: v
    auth_password_file: /secrets/mail
    auth_secret: secret-5
    auth_identity: w
    headers: {X-A: b}
    html: ''
    text: t
    require_tls: true
    force_implicit_tls: false
    tls_config: {server_name: q}
    threading: {enabled: true, thread_by_date: none}
    send_resolved: true
  slack_configs:
  - api_url: 'https://hooks.example/secret-6'
    channel: '#c'
    username: u
    color: red
    title: ''
    title_link: l
    pretext: p
    text: t
    message_text: m
    fields: [{title: a, value: b, short: true}, {title: c, value: d}]
    short_fields: true
    footer: f
    fallback: fb
    callback_id: cb
    icon_emoji: e
    icon_url: iu
    image_url: im
    thumb_url: th
    link_names: true
    mrkdwn_in: [text]
    actions:
    - {type: button, text: x, url: 'http://x', style: danger}
    - {type: button, text: y, name: n, value: v, confirm: {text: sure, title: s, ok_text: o, dismiss_text: d}}
    timeout: 3s
  - {app_token_file: /secrets/token, app_url: 'https://slack.example/api'}
  discord_configs:
  - {webhook_url: 'https://d.example/secret-7', title: a, message: b, content: c, username: d, avatar_url: e}
  telegram_configs:
  - {bot_token_file: /secrets/tg, chat_id: -5, message_thread_id: 6, message: m, disable_notifications: true, parse_mode: ''}
  - {chat_id_file: /secrets/chat, api_url: 'https://t2.example', bot_token: secret-8}
  pagerduty_configs:
  - routing_key: secret-9
    url: 'https://pd2.example'
    client: c
    client_url: cu
    description: d
    details: {a: '{{ .Status }}', b: {c: [1, x]}}
    images: [{src: s, alt: a, href: h}]
    links: [{href: h, text: t}]
    source: so
    severity: warning
    class: cl
    component: co
    group: g
    timeout: 9s
  - {service_key_file: /secrets/pd}
  opsgenie_configs:
  - api_key_file: /secrets/og
    api_url: 'https://og2.example/'
    message: m
    description: d
    source: s
    details: {k: v}
    entity: e
    responders: [{id: i, type: team}, {name: n, type: '{{ .Status }}'}, {username: u, type: user}]
    actions: a
    tags: t
    note: n
    priority: P1
    update_alerts: true
  pushover_configs:
  - user_key: secret-10
    token_file: /secrets/po
    title: a
    message: b
    url: c
    url_title: d
    device: e
    sound: f
    priority: '1'
    retry: 2m
    expire: 2h
    ttl: 1h
    html: true
    monospace: false
  msteams_configs:
  - {webhook_url: 'https://m.example/secret-11', title: a, summary: b, text: c}
  msteamsv2_configs:
  - {webhook_url_file: /secrets/flow, title: a, text: b}
)";

AlertmanagerConfig read(const std::string& text, Findings& findings)
{
    return readAlertmanager(text, "/c/alertmanager.yml", findings);
}

QByteArray firstFault(const std::string& section, const std::string& global = "{}")
{
    Findings findings;
    readAlertmanager("global: " + global + "\nroute: {receiver: r}\nreceivers:\n- name: r\n  "
                         + section + "\n",
                     "a.yml", findings);
    return findings.faults.empty() ? QByteArray()
                                   : QByteArray::fromStdString(findings.faults[0].toString());
}

} // namespace

class TestConfigReceivers : public QObject {
    Q_OBJECT
private slots:
    void everyKeyIsReadAndWritten()
    {
        Findings findings;
        const AlertmanagerConfig config = read(everything, findings);
        for (const Fault& fault : findings.faults) {
            qWarning("%s", fault.toString().c_str());
        }
        QVERIFY(findings.faults.empty());
        QVERIFY(findings.warnings.empty());
        QVERIFY(findings.ignored.empty());
        const ReceiverConfig& all = config.receivers.at(0);
        QCOMPARE(all.webhooks.at(0).maxAlerts, 3U);
        QVERIFY(all.webhooks[0].http->tls.skipVerify);
        QCOMPARE(all.webhooks[0].payload.reveal(),
                 R"({"text":"{{ .Status }}","n":4,"list":["a",true,null,1.5],"text2":"4"})");
        QCOMPARE(all.webhooks.at(1).url.file, "/c/secrets/hook");
        QCOMPARE(all.slacks.at(0).title, "");
        QVERIFY(all.slacks[0].fields.at(0).isShort == true && !all.slacks[0].fields.at(1).isShort);
        QCOMPARE(all.slacks[0].actions.at(1).confirm.okText, "o");
        QVERIFY(!all.slacks[0].sendResolved && all.emails.at(0).sendResolved);
        QVERIFY(all.emails[0].threading && !all.emails[0].threadByDay);
        QCOMPARE(all.telegrams.at(0).chatId, -5);
        QVERIFY(all.pushovers.at(0).retry == 2min);
        QCOMPARE(config.route.labels.at(0).second, "{{ .GroupLabels.job }}");

        const std::string written = encoding::emitYaml(alertmanagerValue(config));
        Findings again;
        QVERIFY(read(written, again) == config);
        for (const Fault& fault : again.faults) {
            qWarning("%s", fault.toString().c_str());
        }
        QVERIFY(again.faults.empty());
    }

    void noSecretIsShown()
    {
        Findings findings;
        const std::string shown = effectiveYaml(read(everything, findings));
        QVERIFY2(!shown.contains("secret-"), shown.c_str());
        QVERIFY(shown.contains("<secret>"));
        QVERIFY(shown.contains("/secrets/slack")); // where one lies is none
    }

    void whatGlobalSaysIsFilledIn()
    {
        Findings findings;
        const AlertmanagerConfig config = read(
            "global: {smtp_smarthost: 'h:25', smtp_from: f@x, smtp_auth_password: p, "
            "opsgenie_api_url: 'http://og', opsgenie_api_key: k, telegram_bot_token: t, "
            "slack_app_token: st, http_config: {proxy_url: 'http://p'}}\n"
            "route: {receiver: r}\n"
            "receivers:\n"
            "- name: r\n"
            "  email_configs: [{to: a@x}, {to: b@x, auth_password_file: /f, smarthost: 'i:26'}]\n"
            "  opsgenie_configs: [{}]\n"
            "  telegram_configs: [{chat_id: 1}]\n"
            "  slack_configs: [{channel: c}, {api_url: 'http://s'}]\n"
            "  pagerduty_configs: [{routing_key: k, http_config: {}}]\n",
            findings);
        for (const Fault& fault : findings.faults) {
            qWarning("%s", fault.toString().c_str());
        }
        QVERIFY(findings.faults.empty());
        const ReceiverConfig r = settled(config.receivers.at(0), config.globals);
        QCOMPARE(r.emails.at(0).smarthost, "h:25");
        QCOMPARE(r.emails[0].hello, "localhost");
        QCOMPARE(r.emails[0].authPassword.text.reveal(), "p");
        QCOMPARE(r.emails.at(1).smarthost, "i:26");
        QVERIFY(r.emails[1].authPassword.text.empty());
        QVERIFY(r.emails[1].requireTls == true);
        QCOMPARE(r.opsgenies.at(0).url, "http://og/");
        QCOMPARE(r.opsgenies[0].key.text.reveal(), "k");
        QCOMPARE(r.telegrams.at(0).apiUrl, "https://api.telegram.org");
        QCOMPARE(r.telegrams[0].http->proxy.url, "http://p");
        // The global token goes with the method's address, and not with an address of one's own.
        QCOMPARE(r.slacks.at(0).apiUrl.text.reveal(), "https://slack.com/api/chat.postMessage");
        QCOMPARE(std::get<BearerAuth>(r.slacks[0].http->auth).token.reveal(), "st");
        QCOMPARE(r.slacks.at(1).apiUrl.text.reveal(), "http://s");
        QVERIFY(std::holds_alternative<std::monostate>(r.slacks[1].http->auth));
        // An http_config of its own takes the place of the global one.
        QCOMPARE(r.pagerduties.at(0).http->proxy.url, "");
        QCOMPARE(r.pagerduties[0].url, "https://events.pagerduty.com/v2/enqueue");
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("fault");
        const auto add = [](const char* name, const char* section, const char* fault) {
            QTest::newRow(name) << QByteArray(section) << QByteArray(fault);
        };
        add("webhook without an address", "webhook_configs: [{}]",
            "a.yml:5:21: one of url or url_file must be configured");
        add("two addresses", "webhook_configs: [{url: 'http://h', url_file: f}]",
            "a.yml:5:21: at most one of url & url_file must be configured");
        add("unknown key", "discord_configs: [{webhook_url: 'http://h', titel: x}]",
            "a.yml:5:47: field titel not found in type config.plain");
        add("another scheme", "discord_configs: [{webhook_url: 'ftp://h'}]",
            "a.yml:5:35: invalid URL");
        add("null entry", "discord_configs: [null]", "a.yml:5:21: missing discord config");
        add("mail without a server", "email_configs: [{to: a, from: b}]",
            "a.yml:5:19: no global SMTP smarthost set");
        add("no port", "email_configs: [{to: a, from: b, smarthost: h}]",
            "a.yml:5:19: address h: missing port in address");
        add("header twice",
            "email_configs: [{to: a, from: b, smarthost: 'h:1', headers: {X-A: b, x-a: c}}]",
            "a.yml:5:19: duplicate header \"x-a\" in email config");
        add("threads and references",
            "email_configs: [{to: a, from: b, smarthost: 'h:1', headers: {References: b}, "
            "threading: {enabled: true, thread_by_date: daily}}]",
            "a.yml:5:19: conflicting configuration: threading.enabled conflicts with custom "
            "References header");
        add("no token", "slack_configs: [{channel: x}]",
            "a.yml:5:19: no Slack API URL nor App token set");
        add("address and token", "slack_configs: [{api_url: 'http://s', app_token: t}]",
            "a.yml:5:19: at most one of api_url/api_url_file & app_token/app_token_file");
        add("update with a webhook", "slack_configs: [{api_url: 'http://s', update_message: true}]",
            "a.yml:5:57: update_message can only be used with bot tokens");
        add("field without a value", "slack_configs: [{api_url: 'http://s', fields: [{title: t}]}]",
            "a.yml:5:19: missing value in Slack field configuration");
        add("chat missing", "telegram_configs: [{bot_token: t}]",
            "a.yml:5:22: missing chat_id or chat_id_file on telegram_config");
        add("parse mode", "telegram_configs: [{bot_token: t, chat_id: 1, parse_mode: X}]",
            "a.yml:5:22: unknown parse_mode on telegram_config");
        add("chat is no number", "telegram_configs: [{bot_token: t, chat_id: x}]", "a.yml:5:46: ");
        add("no key of PagerDuty", "pagerduty_configs: [{}]",
            "a.yml:5:23: missing service or routing key in PagerDuty config");
        add("details that are a list", "pagerduty_configs: [{routing_key: k, details: [a]}]",
            "a.yml:5:49: details is no mapping");
        add("responder without a name",
            "opsgenie_configs: [{api_key: k, responders: [{type: team}]}]",
            "a.yml:5:22: opsGenieConfig responder has to have at least one of");
        add("both looks",
            "pushover_configs: [{user_key: u, token: t, html: true, monospace: true}]",
            "a.yml:5:22: at most one of monospace & html must be configured");
        add("client that cannot be",
            "webhook_configs: [{url: 'http://h', http_config: {basic_auth: {}, authorization: "
            "{}}}]",
            "a.yml:5:52: at most one of basic_auth, oauth2 & authorization must be configured");
    }

    void faults()
    {
        QFETCH(QByteArray, section);
        QFETCH(QByteArray, fault);
        const QByteArray seen = firstFault(section.toStdString());
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }

    void templatesAreReadWithTheConfiguration()
    {
        const Paths paths = Paths::ofProfile("/c");
        FileTexts texts{{paths.alertmanager,
                         "templates: ['t/*.tmpl']\nroute: {receiver: r}\nreceivers: [{name: r}]\n"},
                        {"/c/t/a.tmpl", "{{ define \"a\" }}x{{ end }}"},
                        {"/c/t/b.txt", "{{ nothing of ours"}};
        const auto loaded = loadFrom(paths, FileView::only(texts), {});
        QVERIFY(loaded.has_value());
        QCOMPARE(loaded->config.alertmanager.templateFiles.size(), 1U);
        QCOMPARE(loaded->config.alertmanager.templateFiles[0].file, "/c/t/a.tmpl");

        texts["/c/t/a.tmpl"] = "line\n  {{ if }}";
        const auto bad = loadFrom(paths, FileView::only(texts), {});
        QVERIFY(!bad);
        const QByteArray fault = QByteArray::fromStdString(bad.error().at(0).toString());
        QVERIFY2(fault.startsWith("/c/t/a.tmpl:2:"), fault.constData());
    }
};

QTEST_GUILESS_MAIN(TestConfigReceivers)
#include "tst_config_receivers.moc"
