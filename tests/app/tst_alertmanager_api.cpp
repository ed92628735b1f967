// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Alertmanager's API v2 as its clients ask it: a whole engine over HTTP.
#include "core/api/parameters.h"
#include "test_places.h"
#include "tests/app/alertmanager_requests.h"
#include "tests/support/qt_test.h"
#include "tests/support/served_engine.h"

#include <algorithm>
#include <format>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QUrlQuery>

using namespace watchfire;
using tests::fourAlerts;
using tests::in;
using tests::ofAlertA;
using tests::silenceBody;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

/// The values of `key` in an array of objects.
QStringList valuesOf(const QByteArray& json, const QString& key)
{
    QStringList out;
    for (const auto& value : QJsonDocument::fromJson(json).array()) {
        out << value[key].toString();
    }
    return out;
}

/// "A/active", sorted: names and states.
QStringList statesOf(const QByteArray& json)
{
    QStringList out;
    for (const auto& value : QJsonDocument::fromJson(json).array()) {
        out << value["labels"_L1]["alertname"_L1].toString()
                + value["labels"_L1]["dc"_L1].toString() + u'/'
                + value["status"_L1]["state"_L1].toString();
    }
    out.sort();
    return out;
}

/// What two answers must have in common: without the values that differ from run to run, lists in
/// one order.
QJsonValue comparable(const QJsonValue& value, const QStringList& volatileKeys)
{
    if (value.isObject()) {
        QJsonObject out;
        const QJsonObject object = value.toObject();
        for (auto entry = object.begin(); entry != object.end(); ++entry) {
            out[entry.key()] = volatileKeys.contains(entry.key())
                ? QJsonValue()
                : comparable(entry.value(), volatileKeys);
        }
        return out;
    }
    if (!value.isArray()) {
        return value;
    }
    QList<QJsonValue> elements;
    for (const auto& element : value.toArray()) {
        elements << comparable(element, volatileKeys);
    }
    const auto textOf = [](const QJsonValue& element) {
        return QJsonDocument(QJsonArray{element}).toJson(QJsonDocument::Compact);
    };
    std::ranges::sort(elements, {}, textOf);
    QJsonArray out;
    for (const QJsonValue& element : elements) {
        out << element;
    }
    return out;
}

} // namespace

class TestAlertmanagerApi : public QObject {
    Q_OBJECT

    tests::ServedEngine m_served;

    QByteArray get(const std::string& path)
    {
        const auto answer = m_served.ask("GET", path);
        return answer ? bytes(answer->body) : bytes(answer.error().message);
    }
    QByteArray post(const std::string& path, const std::string& body)
    {
        const auto answer = m_served.ask("POST", path, body);
        return answer ? QByteArray::number(answer->status) + ' ' + bytes(answer->body).trimmed()
                      : bytes(answer.error().message);
    }
    QString silence(const std::string& body)
    {
        const auto answer = m_served.ask("POST", "/api/v2/silences", body);
        return answer ? QJsonDocument::fromJson(bytes(answer->body))["silenceID"_L1].toString()
                      : QString();
    }
    QJsonObject silenceNamed(const QString& id)
    {
        return QJsonDocument::fromJson(get("/api/v2/silence/" + id.toStdString())).object();
    }

private slots:
    void init() { QCOMPARE(m_served.startWith(tests::routing), std::string()); }
    void cleanup() { m_served.stop(); }

    void tellsAlertsAsClientsReadThem()
    {
        QCOMPARE(post("/api/v2/alerts", fourAlerts), "200 "_ba);
        const auto answer = m_served.ask("GET", "/api/v2/alerts?filter=alertname%3D%22A%22");
        QVERIFY(answer.has_value());
        QCOMPARE(answer->status, 200);
        QCOMPARE(std::string(header(answer->headers, "Content-Type")),
                 std::string("application/json"));
        QCOMPARE(std::string(header(answer->headers, "Cache-Control")), std::string("no-store"));
        const QJsonObject alert = QJsonDocument::fromJson(bytes(answer->body))[0].toObject();
        const QByteArray expected = QByteArray("[{\"annotations\":{\"s\":\"t\"},\"endsAt\":\"")
            + alert["endsAt"_L1].toString().toUtf8()
            + "\",\"fingerprint\":\"0345ee9cbacfd59a\",\"receivers\":[{\"name\":\"x\"},{\"name\":"
              "\"pager\"}],"
              "\"startsAt\":\"2026-11-22T14:01:10.500Z\",\"status\":{\"inhibitedBy\":[],"
              "\"mutedBy\":[],"
              "\"silencedBy\":[],\"state\":\"active\"},\"updatedAt\":\""
            + alert["updatedAt"_L1].toString().toUtf8()
            + "\",\"generatorURL\":\"http://g.example/"
              "x\",\"labels\":{\"alertname\":\"A\",\"dc\":\"1\","
              "\"severity\":\"page\",\"team\":\"x\"}}]"
            + '\n';
        QCOMPARE(bytes(answer->body), expected);
        // Nothing said when it ends: five minutes after it was heard of.
        const auto time = [&](const char* key) {
            return api::parseDateTime(alert[QLatin1StringView(key)].toString().toStdString())
                .value_or(Timestamp{});
        };
        QVERIFY(time("endsAt") - time("updatedAt") <= 5min);
        QVERIFY(time("endsAt") - time("updatedAt") > 5min - 1s);
        QVERIFY(std::chrono::abs(SystemClock().now() - time("updatedAt")) < 60s);
    }

    void filtersAlerts_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QStringList>("states");
        QTest::newRow("all") << ""_ba
                             << QStringList{u"A1/active"_s, u"B1/suppressed"_s, u"B2/active"_s,
                                            u"M/active"_s};
        QTest::newRow("not active") << "?active=false"_ba << QStringList{u"B1/suppressed"_s};
        QTest::newRow("anything but a word for yes is no")
            << "?active=maybe"_ba << QStringList{u"B1/suppressed"_s};
        QTest::newRow("empty is not said")
            << "?inhibited="_ba
            << QStringList{u"A1/active"_s, u"B1/suppressed"_s, u"B2/active"_s, u"M/active"_s};
        QTest::newRow("not inhibited")
            << "?inhibited=false"_ba << QStringList{u"A1/active"_s, u"B2/active"_s, u"M/active"_s};
        QTest::newRow("not unprocessed, which none is")
            << "?unprocessed=false"_ba
            << QStringList{u"A1/active"_s, u"B1/suppressed"_s, u"B2/active"_s, u"M/active"_s};
        QTest::newRow("two filters") << "?filter=dc%3D%221%22&filter=severity%3D~%22p.*%22"_ba
                                     << QStringList{u"A1/active"_s};
        QTest::newRow("bare value") << "?filter=alertname%3DM"_ba << QStringList{u"M/active"_s};
        QTest::newRow("label that is not there")
            << "?filter=dc%3D%22%22"_ba << QStringList{u"M/active"_s};
        QTest::newRow("receiver") << "?receiver=x"_ba << QStringList{u"A1/active"_s};
        QTest::newRow("receivers")
            << "?receiver=x%7Cpag.*"_ba << QStringList{u"A1/active"_s, u"M/active"_s};
        QTest::newRow("part of a receiver's name") << "?receiver=pag"_ba << QStringList{};
        QTest::newRow("receiver's label") << "?receiver_matchers=name%3Droot"_ba
                                          << QStringList{u"B1/suppressed"_s, u"B2/active"_s};
    }

    void filtersAlerts()
    {
        QFETCH(QByteArray, query);
        QFETCH(QStringList, states);
        QCOMPARE(post("/api/v2/alerts", fourAlerts), "200 "_ba);
        QCOMPARE(statesOf(get("/api/v2/alerts" + query.toStdString())), states);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("answer");
        for (const tests::RefusedRequest& each : tests::refusedRequests()) {
            QTest::newRow(each.name) << bytes(each.method) << bytes(each.path) << bytes(each.body)
                                     << each.status << bytes(each.answer);
        }
    }

    void refuses()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, answer);
        const auto got = m_served.ask(method.toStdString(), path.toStdString(), body.toStdString());
        QVERIFY2(got.has_value(), got ? "" : got.error().message.c_str());
        QCOMPARE(bytes(got->body).trimmed(), answer);
        QCOMPARE(got->status, status);
    }

    void takesOnlyJson()
    {
        const auto got = m_served.ask("POST", "/api/v2/alerts", "[]", "text/plain");
        QVERIFY(got.has_value());
        QCOMPARE(got->status, 415);
        QCOMPARE(
            bytes(got->body).trimmed(),
            "{\"code\":415,\"message\":\"unsupported media type \\\"text/plain\\\", only [application/json] are allowed\"}"_ba);
        const auto named
            = m_served.ask("POST", "/api/v2/alerts", "[]", "Application/JSON; charset=utf-8");
        QVERIFY(named.has_value());
        QCOMPARE(named->status, 200);
    }

    void keepsWhatIsGoodOfABadPost()
    {
        QCOMPARE(post("/api/v2/alerts", "[{\"labels\":{}},{\"labels\":{\"alertname\":\"Good\"}}]"),
                 "400 \"at least one label pair required\""_ba);
        QCOMPARE(statesOf(get("/api/v2/alerts")), QStringList{u"Good/active"_s});
    }

    void alertsEndAsTheirSenderSays()
    {
        post("/api/v2/alerts",
             std::format("[{{\"labels\":{{\"alertname\":\"E\"}},\"endsAt\":\"{}\"}}]", in(10min)));
        QCOMPARE(statesOf(get("/api/v2/alerts")), QStringList{u"E/active"_s});
        post("/api/v2/alerts",
             std::format("[{{\"labels\":{{\"alertname\":\"E\"}},\"endsAt\":\"{}\"}}]", in(-1min)));
        QCOMPARE(statesOf(get("/api/v2/alerts")), QStringList{});
    }

    void tellsGroups()
    {
        post("/api/v2/alerts", fourAlerts);
        const QJsonArray groups = QJsonDocument::fromJson(get("/api/v2/alerts/groups")).array();
        QStringList told;
        for (const auto& value : groups) {
            QStringList alerts;
            for (const auto& alert : value["alerts"_L1].toArray()) {
                alerts << alert["labels"_L1]["alertname"_L1].toString()
                        + alert["labels"_L1]["dc"_L1].toString() + u'/'
                        + alert["status"_L1]["state"_L1].toString();
            }
            told << value["labels"_L1]["alertname"_L1].toString() + u'>'
                    + value["receiver"_L1]["name"_L1].toString() + u' ' + alerts.join(u' ');
        }
        QCOMPARE(told,
                 (QStringList{u"A>pager A1/active"_s, u"A>x A1/active"_s,
                              u"B>root B1/suppressed B2/active"_s, u"M>pager M/suppressed"_s}));
        QCOMPARE(groups[3]["alerts"_L1][0]["status"_L1]["mutedBy"_L1],
                 QJsonValue(QJsonArray{u"always"_s}));
        // The receivers of all groups told of, by name; not in the order of routes.
        QCOMPARE(groups[0]["alerts"_L1][0]["receivers"_L1][0]["name"_L1].toString(), u"pager"_s);
    }

    void filtersGroups_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QStringList>("receivers");
        QTest::newRow("not muted")
            << "?muted=false"_ba << QStringList{u"pager"_s, u"x"_s, u"root"_s};
        QTest::newRow("receiver") << "?receiver=root"_ba << QStringList{u"root"_s};
        QTest::newRow("nothing left of a group")
            << "?filter=alertname%3DB&filter=dc%3D1&inhibited=false"_ba << QStringList{};
        QTest::newRow("not active") << "?active=false"_ba << QStringList{u"root"_s};
    }

    void filtersGroups()
    {
        QFETCH(QByteArray, query);
        QFETCH(QStringList, receivers);
        post("/api/v2/alerts", fourAlerts);
        QStringList told;
        for (const auto& group :
             QJsonDocument::fromJson(get("/api/v2/alerts/groups" + query.toStdString())).array()) {
            told << group["receiver"_L1]["name"_L1].toString();
        }
        QCOMPARE(told, receivers);
    }

    void silencesGoTheirWay()
    {
        post("/api/v2/alerts", fourAlerts);
        const QString id = silence(silenceBody(in(-1min), in(60min)));
        QVERIFY(!id.isEmpty());
        QCOMPARE(statesOf(get("/api/v2/alerts?active=false")),
                 (QStringList{u"A1/suppressed"_s, u"B1/suppressed"_s}));
        QCOMPARE(statesOf(get("/api/v2/alerts?silenced=false")).size(), 3);
        const QJsonObject told = silenceNamed(id);
        QCOMPARE(told["status"_L1]["state"_L1].toString(), u"active"_s);
        QCOMPARE(told["matchers"_L1],
                 QJsonValue(QJsonArray{QJsonObject{{"isEqual"_L1, true},
                                                   {"isRegex"_L1, false},
                                                   {"name"_L1, u"alertname"_s},
                                                   {"value"_L1, u"A"_s}}}));
        QCOMPARE(told.keys(),
                 (QStringList{u"comment"_s, u"createdBy"_s, u"endsAt"_s, u"id"_s, u"matchers"_s,
                              u"startsAt"_s, u"status"_s, u"updatedAt"_s}));
        // It starts when it was made, not before.
        QCOMPARE(told["startsAt"_L1], told["updatedAt"_L1]);

        const std::string starts = told["startsAt"_L1].toString().toStdString();
        const std::string same = std::format(",\"id\":\"{}\"", id.toStdString());
        QCOMPARE(silence(silenceBody(starts, in(90min), same)), id); // only its end
        const QString other = silence(silenceBody(
            starts, in(90min), same, "{\"name\":\"alertname\",\"value\":\"B\",\"isRegex\":false}"));
        QVERIFY(!other.isEmpty() && other != id);
        QCOMPARE(silenceNamed(id)["status"_L1]["state"_L1].toString(), u"expired"_s);

        for (int i = 0; i < 2; ++i) { // the second time it is over already
            const auto gone = m_served.ask("DELETE", "/api/v2/silence/" + other.toStdString());
            QVERIFY(gone.has_value());
            QCOMPARE(gone->status, 200);
            QCOMPARE(bytes(gone->body), ""_ba);
        }
        QCOMPARE(silenceNamed(other)["status"_L1]["state"_L1].toString(), u"expired"_s);
        QCOMPARE(statesOf(get("/api/v2/alerts?active=false")), QStringList{u"B1/suppressed"_s});
    }

    void listsSilencesInOrder()
    {
        QStringList made;
        const auto make = [&](std::chrono::minutes starts, std::chrono::minutes ends,
                              std::string_view matcher = ofAlertA) {
            made << silence(silenceBody(in(starts), in(ends), {}, matcher));
        };
        make(-1min, 60min);
        make(-1min, 30min);
        make(20min, 60min);
        make(10min, 60min);
        make(-1min, 90min, "{\"name\":\"a\",\"value\":\"b.*\",\"isRegex\":true,\"isEqual\":false}");
        make(-1min, 10min);
        m_served.ask("DELETE", "/api/v2/silence/" + made[5].toStdString());
        QCOMPARE(valuesOf(get("/api/v2/silences"), u"id"_s),
                 (QStringList{made[1], made[0], made[4], made[3], made[2], made[5]}));
        QCOMPARE(valuesOf(get("/api/v2/silences?filter=a!~%22b.*%22"), u"id"_s),
                 QStringList{made[4]});
        QCOMPARE(valuesOf(get("/api/v2/silences?filter=a=~%22b.*%22"), u"id"_s), QStringList{});
        QCOMPARE(valuesOf(get("/api/v2/silences?active=false&expired=false"), u"id"_s),
                 (QStringList{made[3], made[2]}));
    }

    void keepsAnnotationsOfSilences()
    {
        const QString id
            = silence(silenceBody(in(0min), in(9min), ",\"annotations\":{\"a\":\"b\"}"));
        QCOMPARE(silenceNamed(id)["annotations"_L1], QJsonValue(QJsonObject{{"a"_L1, u"b"_s}}));
    }

    void tellsWhatItIs()
    {
        const QJsonObject status = QJsonDocument::fromJson(get("/api/v2/status")).object();
        QCOMPARE(status["cluster"_L1],
                 QJsonValue(QJsonObject{{"peers"_L1, QJsonArray{}}, {"status"_L1, u"disabled"_s}}));
        const QString original = status["config"_L1]["original"_L1].toString();
        QVERIFY(original.contains(u"receiver: root"_s));
        QVERIFY(original.contains(u"<secret>"_s));
        QVERIFY(!original.contains(u"a-secret-path"_s));
        QCOMPARE(status["versionInfo"_L1].toObject().keys(),
                 (QStringList{u"branch"_s, u"buildDate"_s, u"buildUser"_s, u"goVersion"_s,
                              u"revision"_s, u"version"_s}));
        QVERIFY(api::parseDateTime(status["uptime"_L1].toString().toStdString()).has_value());
        QCOMPARE(get("/api/v2/receivers").trimmed(),
                 "[{\"labels\":{\"name\":\"root\"},\"name\":\"root\"},{\"labels\":{\"name\":\"x\"},"
                 "\"name\":\"x\"},"
                 "{\"labels\":{\"name\":\"pager\"},\"name\":\"pager\"}]"_ba);
    }

    void answersAsRecorded()
    {
        const QString folder = qEnvironmentVariable(
            "WATCHFIRE_CONFORMANCE", QStringLiteral(WATCHFIRE_SOURCE_DIR "/../shared/conformance"));
        QFile file(folder + u"/api/alertmanager.json"_s);
        if (!file.open(QIODevice::ReadOnly)) {
            QSKIP("SKIPPED-LOUDLY: no conformance data");
        }
        const QJsonObject recorded = QJsonDocument::fromJson(file.readAll()).object();
        QStringList volatileKeys;
        for (const auto& key : recorded["volatile_keys"_L1].toArray()) {
            volatileKeys << key.toString();
        }
        QCOMPARE(m_served.startWith(recorded["setup"_L1]["config"_L1].toString().toStdString()),
                 std::string());
        // Paths that Prometheus has, too.
        const QStringList others{u"v1-gone"_s, u"healthy"_s, u"ready"_s};
        int compared = 0;
        for (const auto& value : recorded["cases"_L1].toArray()) {
            const QString id = value["id"_L1].toString();
            if (others.contains(id)) {
                continue;
            }
            QUrlQuery query;
            for (const auto& parameter : value["params"_L1].toArray()) {
                query.addQueryItem(
                    QString::fromLatin1(QUrl::toPercentEncoding(parameter[0].toString())),
                    QString::fromLatin1(QUrl::toPercentEncoding(parameter[1].toString())));
            }
            const QJsonValue given = value["body"_L1];
            QByteArray body = given.isArray() ? QJsonDocument(given.toArray()).toJson()
                : given.isObject()            ? QJsonDocument(given.toObject()).toJson()
                                              : QByteArray();
            body.replace("NOW-60s", bytes(in(-1min)));
            const auto answer
                = m_served.ask(value["method"_L1].toString().toStdString(),
                               value["path"_L1].toString().toStdString()
                                   + (query.isEmpty() ? "" : "?" + query.toString().toStdString()),
                               body.toStdString());
            QVERIFY2(answer.has_value(), qPrintable(id));
            const QJsonValue expect = value["expect"_L1];
            QVERIFY2(answer->status == expect["status"_L1].toInt(), qPrintable(id));
            const QJsonArray got = QJsonDocument::fromJson('[' + bytes(answer->body) + ']').array();
            const QJsonValue wanted = expect["json"_L1];
            if (wanted.isUndefined()) {
                QCOMPARE(bytes(answer->body), expect["text"_L1].toString().toUtf8());
            } else {
                const QJsonValue ours = comparable(got.at(0), volatileKeys);
                const QJsonValue theirs = comparable(wanted, volatileKeys);
                QVERIFY2(ours == theirs,
                         qPrintable(id + u": "_s + QString::fromUtf8(bytes(answer->body))));
            }
            ++compared;
        }
        QVERIFY(compared > 10);
    }
};

QTEST_GUILESS_MAIN(TestAlertmanagerApi)
#include "tst_alertmanager_api.moc"
