// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/fingerprint.h"
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
};

QTEST_GUILESS_MAIN(TestNotificationTemplates)
#include "tst_notification_templates.moc"
