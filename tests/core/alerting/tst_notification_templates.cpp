// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/fingerprint.h"
#include "core/alerting/receivers/payload.h"
#include "core/alerting/template_data.h"
#include "core/alerting/template_time.h"
#include "core/alerting/templates.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now(1'767'323'045s); // 2026-01-02T03:04:05Z

Notification notification()
{
    Notification out;
    out.groupKey = "{}:{alertname=\"A\"}";
    out.receiver = "team x";
    out.groupLabels = {{"alertname", "A"}};
    out.commonLabels = {{"alertname", "A"}, {"job", "web"}};
    out.externalUrl = "http://am.example";
    Alert firing;
    firing.labels = {{"alertname", "A"}, {"i", "1"}, {"job", "web"}};
    firing.annotations = {{"summary", "<b>5</b> & more"}};
    firing.startsAt = now - 90s;
    Alert resolved = firing;
    resolved.labels = {{"alertname", "A"}, {"i", "2"}, {"job", "web"}};
    resolved.endsAt = now;
    out.alerts = {resolved, firing};
    out.firing = 1;
    out.resolved = 1;
    return out;
}

} // namespace

class TestNotificationTemplates : public QObject {
    Q_OBJECT
private slots:
    void renders_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected"); // null: must be refused
        QTest::newRow("subject") << "{{ template \"__subject\" . }}"_ba << "[FIRING:1] A (web)"_ba;
        QTest::newRow("address") << "{{ template \"__alertmanagerURL\" . }}"_ba
                                 << "http://am.example/#/alerts?receiver=team+x"_ba;
        QTest::newRow("a set prints sorted, alertname first") << "{{ .CommonLabels }}"_ba
                                                              << "alertname=A, job=web"_ba;
        QTest::newRow("join as a method") << "{{ .CommonLabels.Names.Join \"+\" }}"_ba
                                          << "alertname+job"_ba;
        QTest::newRow("a label that is not there") << "[{{ .CommonLabels.none }}]"_ba << "[]"_ba;
        QTest::newRow("a field that is not there") << "{{ .Nothing }}"_ba << QByteArray();
        QTest::newRow("nor one of an alert")
            << "{{ range .Alerts }}{{ .Nothing }}{{ end }}"_ba << QByteArray();
        QTest::newRow("order of alerts stays")
            << "{{ range .Alerts }}{{ .Labels.i }}{{ .Status }} {{ end }}"_ba
            << "2resolved 1firing "_ba;
        QTest::newRow("a time of its own layout")
            << "{{ range .Alerts.Resolved }}{{ .EndsAt.Format \"Mon Jan _2 3:04:05PM 2006 .000\" }}{{ end }}"_ba
            << "Fri Jan  2 3:04:05AM 2026 .000"_ba;
        QTest::newRow("in a zone")
            << "{{ range .Alerts.Resolved }}{{ .EndsAt | tz \"Europe/Berlin\" | date \"15:04 MST -0700\" }}{{ end }}"_ba
            << "04:04 CET +0100"_ba;
        QTest::newRow("a zone that is not known")
            << "{{ range .Alerts }}{{ .EndsAt | tz \"No/Where\" }}{{ end }}"_ba << QByteArray();
        QTest::newRow("no time") << "{{ range .Alerts.Firing }}{{ .EndsAt }}{{ end }}"_ba
                                 << "0001-01-01 00:00:00 +0000 UTC"_ba;
        QTest::newRow("since") << "{{ range .Alerts.Firing }}{{ since .StartsAt }}{{ end }}"_ba
                               << "1m30s"_ba;
        QTest::newRow("numbers of a duration")
            << "{{ range .Alerts.Firing }}{{ (since .StartsAt).Minutes }}{{ end }}"_ba << "1.5"_ba;
        QTest::newRow("a text as a time")
            << "{{ toDate \"2006-01-02 15:04\" \"2026-03-29 12:30\" | date \"Mon 3:04PM MST\" }}"_ba
            << "Sun 12:30PM UTC"_ba;
        QTest::newRow("with an offset and a fraction")
            << "{{ toDate \"2006-01-02T15:04:05Z07:00\" \"2026-03-29T12:30:01.5+02:00\" | date \"15:04:05.000 -0700 MST\" }}"_ba
            << "12:30:01.500 +0200 +0200"_ba;
        QTest::newRow("of which the moment is")
            << "{{ (toDate \"2006-01-02T15:04:05Z07:00\" \"2026-03-29T12:30:01+02:00\").UTC.Hour }}"_ba
            << "10"_ba;
        QTest::newRow("in words")
            << "{{ toDate \"Jan _2, 2006 at 3:04pm\" \"Feb  3, 2026 at 11:59pm\" | date \"2006-01-02 15:04\" }}"_ba
            << "2026-02-03 23:59"_ba;
        QTest::newRow("a text that is no time")
            << "{{ (toDate \"2006-01-02\" \"today\").IsZero }}"_ba << "true"_ba;
        QTest::newRow("a day that is none")
            << "{{ (toDate \"2006-01-02\" \"2026-02-30\").IsZero }}"_ba << "true"_ba;
        QTest::newRow("that must be one")
            << "{{ mustToDate \"2006-01-02\" \"today\" }}"_ba << QByteArray();
        QTest::newRow("that must be one, and is")
            << "{{ mustToDate \"2006-01-02\" \"2026-02-28\" | date \"02.01.\" }}"_ba << "28.02."_ba;
        QTest::newRow("base64 for addresses")
            << "{{ base64encode \"a?>~\" }} {{ base64encode \"\" }}{{ base64encode \"ab\" }}"_ba
            << "YT8-fg== YWI="_ba;
        QTest::newRow("base64 back") << "{{ base64decode \"YT8-fg==\" }}"_ba << "a?>~"_ba;
        QTest::newRow("what is no base64") << "{{ base64decode \"a?\" }}"_ba << QByteArray();
        QTest::newRow("cut base64") << "{{ base64decode \"YT8\" }}"_ba << QByteArray();
        QTest::newRow("a route without labels") << "[{{ routeLabels \"x\" }}]"_ba << "[]"_ba;
        QTest::newRow("lists") << "{{ len (append (list 1 2) 3) }}"_ba << "3"_ba;
        QTest::newRow("an odd dict") << "{{ dict \"a\" }}"_ba << QByteArray();
        QTest::newRow("a template that calls itself")
            << "{{ define \"x\" }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}"_ba
            << QByteArray();
    }

    void renders()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto rendered = alerting::NotificationTemplates().render(
            text.toStdString(), alerting::templateData(notification()), now);
        QCOMPARE(rendered.has_value(), !expected.isNull());
        if (rendered) {
            QCOMPARE(QByteArray::fromStdString(*rendered), expected);
        }
    }

    void htmlIsEscapedButForWhatIsSaidToBeSafe()
    {
        const auto rendered = alerting::NotificationTemplates().renderHtml(
            "{{ range .Alerts.Firing }}<p>{{ .Annotations.summary }}</p>"
            "{{ .Annotations.summary | safeHtml }}{{ end }}",
            alerting::templateData(notification()), now);
        QCOMPARE(rendered.value_or(""),
                 std::string("<p>&lt;b&gt;5&lt;/b&gt; &amp; more</p><b>5</b> & more"));
    }

    void ownDefinitionsReplaceDefaults()
    {
        alerting::NotificationTemplates templates;
        QVERIFY(templates.add("{{ define \"__subject\" }}mine{{ end }}").has_value());
        QVERIFY(!templates.add("{{ define \"broken\" }}{{ if }}"));
        const auto rendered = templates.render("{{ template \"slack.default.title\" . }}",
                                               alerting::templateData(notification()), now);
        QCOMPARE(rendered.value_or(""), std::string("mine"));
    }

    void jsonHasTheNamesOfWebhooks()
    {
        const auto rendered = alerting::NotificationTemplates().render(
            "{{ toJson .Alerts.Resolved }}", alerting::templateData(notification()), now);
        QCOMPARE(
            rendered.value_or(""),
            std::string(R"([{"status":"resolved","labels":{"alertname":"A","i":"2","job":"web"},)"
                        R"("annotations":{"summary":"<b>5</b> & more"},)"
                        R"("startsAt":"2026-01-02T03:02:35Z","endsAt":"2026-01-02T03:04:05Z",)"
                        R"("generatorURL":"","fingerprint":")")
                + alerting::fingerprintOf(notification().alerts[0].labels) + "\"}]");
    }

    /// Recorded from Alertmanager 0.33.1 (webhook payload of the API conformance data).
    void fingerprintsAreTheFields()
    {
        QCOMPARE(alerting::fingerprintOf({{"alertname", "A"}, {"i", "1"}}),
                 std::string("caaaffbd9ccf039f"));
    }

    void durationsPrintAsGos_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing") << qint64(0) << "0s"_ba;
        QTest::newRow("below a second") << qint64(12) << "12ms"_ba;
        QTest::newRow("a part of a second") << qint64(1500) << "1.5s"_ba;
        QTest::newRow("hours") << qint64(3'600'000) << "1h0m0s"_ba;
        QTest::newRow("days stay hours") << qint64(90'061'000) << "25h1m1s"_ba;
        QTest::newRow("before") << qint64(-61'000) << "-1m1s"_ba;
    }

    void durationsPrintAsGos()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(
                     alerting::formatDuration(std::chrono::milliseconds(milliseconds))),
                 expected);
    }

    void labelsOfTheRouteMayReferToEachOther()
    {
        Notification told = notification();
        told.routeLabels = {{"reason", "{{ .CommonLabels.job }}"},
                            {"text", "because of {{ routeLabels \"reason\" }}"},
                            {"round", "{{ routeLabels \"about\" }}"},
                            {"about", "{{ routeLabels \"round\" }}"}};
        const alerting::NotificationTemplates templates;
        alerting::Texts texts(templates, told, now);
        QCOMPARE(texts("{{ routeLabels \"text\" }}; {{ .RouteLabels.reason }}"),
                 std::string("because of web; web"));
        QCOMPARE(texts("[{{ routeLabels \"round\" }}{{ routeLabels \"none\" }}]"),
                 std::string("[]")); // no end to it
        QVERIFY(!texts.fault());
    }
};

QTEST_GUILESS_MAIN(TestNotificationTemplates)
#include "tst_notification_templates.moc"
