// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The verbs of alerts, silences, routes and templates, against an engine in this process.
#include "tests/app/ctl/run_ctl.h"
#include "tests/support/qt_test.h"
#include "tests/support/served_engine.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* routing = R"(route:
  receiver: root
  routes:
  - {matchers: [team="x"], receiver: x, continue: true}
  - {matchers: [severity="page"], receiver: pager}
receivers: [{name: root}, {name: x}, {name: pager}]
)";

} // namespace

class TestAlertVerbs : public QObject {
    Q_OBJECT

    ServedEngine m_served;
    QTemporaryDir m_dir;

    Ran run(const QStringList& arguments, const QByteArray& input = {}) const
    {
        return ctl(arguments + QStringList{u"--url"_s, QString::fromStdString(m_served.url())},
                   input);
    }
    QJsonArray json(const QStringList& arguments) const
    {
        return QJsonDocument::fromJson(run(arguments + QStringList{u"--format"_s, u"json"_s}).out)
            .array();
    }
    QString file(const QString& name, const QByteArray& text) const
    {
        QFile out(m_dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly | QIODevice::Truncate)
            && out.write(text) == text.size();
        return written ? out.fileName() : QString();
    }

private slots:
    void init() { QCOMPARE(m_served.startWith(routing), std::string()); }
    void cleanup() { m_served.stop(); }

    void alertsAreAddedAndListed()
    {
        const Ran added
            = run({u"alert"_s, u"add"_s, u"Disk"_s, u"--annotation"_s, u"summary=nearly full"_s,
                   u"severity=page"_s, u"team=x"_s, u"--generator-url"_s, u"http://g.example/"_s});
        QVERIFY2(added.exit == 0, added.err);
        QCOMPARE(
            run({u"alert"_s, u"add"_s, u"alertname=Old"_s, u"--end"_s, u"2026-01-01T00:00:00Z"_s})
                .exit,
            0);
        const Ran shown = run({u"alert"_s, u"query"_s});
        QVERIFY2(shown.out.contains("Disk") && shown.out.contains("nearly full")
                     && !shown.out.contains("Old"),
                 shown.out);
        const QJsonArray disk = json({u"alert"_s, u"query"_s, u"Disk"_s, u"severity=~p.*"_s});
        QCOMPARE(disk.size(), 1);
        QCOMPARE(disk[0][u"generatorURL"_s].toString(), u"http://g.example/"_s);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"severity!=page"_s}).size(), 0);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"--receiver"_s, u"root"_s}).size(), 0);
    }

    void silencesLiveTheirLife()
    {
        run({u"alert"_s, u"add"_s, u"Noise"_s, u"dc=3"_s});
        const Ran added = run({u"silence"_s, u"add"_s, u"Noise"_s, u"dc=~3|4"_s, u"--author"_s,
                               u"me"_s, u"--comment"_s, u"quiet"_s, u"--duration"_s, u"2h"_s,
                               u"--annotation"_s, u"ticket=7"_s});
        QVERIFY2(added.exit == 0, added.err);
        const QString id = QString::fromUtf8(added.out.trimmed());
        QCOMPARE(id.size(), 36);
        const QJsonObject made = json({u"silence"_s, u"query"_s}).at(0).toObject();
        QCOMPARE(made[u"createdBy"_s].toString(), u"me"_s);
        QCOMPARE(made[u"annotations"_s][u"ticket"_s].toString(), u"7"_s);
        QCOMPARE(json({u"alert"_s, u"query"_s}).size(), 0);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"--silenced"_s}).size(), 1);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--within"_s, u"1h"_s}).size(), 0);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--created-by"_s, u"you"_s}).size(), 0);
        QCOMPARE(run({u"silence"_s, u"query"_s, u"-q"_s, u"dc=~3|4"_s}).out.trimmed(), id.toUtf8());

        const Ran shorter = run({u"silence"_s, u"update"_s, id, u"--duration"_s, u"30m"_s});
        QVERIFY2(shorter.exit == 0, shorter.err);
        QCOMPARE(shorter.out.trimmed(), id.toUtf8()); // only its end changed
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--within"_s, u"1h"_s}).size(), 1);

        QCOMPARE(run({u"silence"_s, u"expire"_s, id}).exit, 0);
        QCOMPARE(json({u"silence"_s, u"query"_s}).size(), 0);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--expired"_s, u"--within"_s, u"5m"_s}).size(),
                 1);
        QCOMPARE(json({u"alert"_s, u"query"_s}).size(), 1);
    }

    void silencesAreImported()
    {
        run({u"silence"_s, u"add"_s, u"A"_s, u"--comment"_s, u"c"_s});
        const QByteArray all = run({u"silence"_s, u"query"_s, u"--format"_s, u"json"_s}).out;
        QCOMPARE(run({u"silence"_s, u"import"_s}, all).exit, 0); // known ids: nothing new
        QCOMPARE(json({u"silence"_s, u"query"_s}).size(), 1);
        QCOMPARE(run({u"silence"_s, u"import"_s, u"--force"_s, file(u"s.json"_s, all)}).exit, 0);
        QCOMPARE(json({u"silence"_s, u"query"_s}).size(), 2);
        init(); // another engine, which knows none of them
        QCOMPARE(run({u"silence"_s, u"import"_s, u"-"_s}, all).exit, 0);
        QCOMPARE(json({u"silence"_s, u"query"_s}).size(), 1);
    }

    void whatIsWrongIsTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("told");
        const QString unknown = u"00000000-0000-4000-8000-000000000000"_s;
        QTest::newRow("no comment")
            << QStringList{u"silence"_s, u"add"_s, u"A"_s} << 2 << "--comment"_ba;
        QTest::newRow("no matcher")
            << QStringList{u"silence"_s, u"add"_s, u"A"_s, u"b"_s, u"--comment"_s, u"c"_s} << 2
            << "bad matcher format: b"_ba;
        QTest::newRow("matches all")
            << QStringList{u"silence"_s, u"add"_s, u"a=~.*"_s, u"--comment"_s, u"c"_s} << 1
            << "at least one matcher must not match the empty string"_ba;
        QTest::newRow("no duration")
            << QStringList{u"silence"_s, u"add"_s,        u"A"_s,   u"--comment"_s,
                           u"c"_s,       u"--duration"_s, u"long"_s}
            << 2 << "--duration"_ba;
        QTest::newRow("unknown to expire")
            << QStringList{u"silence"_s, u"expire"_s, unknown} << 1 << unknown.toUtf8();
        QTest::newRow("no id") << QStringList{u"silence"_s, u"expire"_s, u"5"_s} << 1
                               << "must be of type uuid"_ba;
        QTest::newRow("unknown to update")
            << QStringList{u"silence"_s, u"update"_s, unknown} << 1 << unknown.toUtf8();
        QTest::newRow("no label") << QStringList{u"alert"_s, u"add"_s, u"A"_s, u"b"_s} << 2
                                  << "NAME=VALUE"_ba;
        QTest::newRow("no time") << QStringList{u"alert"_s, u"add"_s, u"A"_s, u"--start"_s, u"x"_s}
                                 << 2 << "--start"_ba;
        QTest::newRow("no engine")
            << QStringList{u"--url"_s, u"http://127.0.0.1:1"_s, u"alert"_s, u"query"_s} << 3
            << "127.0.0.1"_ba;
    }

    void whatIsWrongIsTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exit);
        QFETCH(QByteArray, told);
        const Ran ran = arguments.contains(u"--url"_s) ? ctl(arguments) : run(arguments);
        QVERIFY2(ran.err.contains(told), ran.err);
        QCOMPARE(ran.exit, exit);
    }

    void routesAreTested()
    {
        const QString config = file(u"alertmanager.yml"_s, routing);
        const auto receivers = [&](const QStringList& labels) {
            return ctl(QStringList{u"test"_s, u"routes"_s, u"--config"_s, config} + labels)
                .out.trimmed();
        };
        QCOMPARE(receivers({u"team=x"_s, u"severity=page"_s}), "x,pager"_ba);
        QCOMPARE(receivers({u"severity=page"_s}), "pager"_ba);
        QCOMPARE(receivers({u"a=b"_s}), "root"_ba);
        const Ran engines = run({u"test"_s, u"routes"_s, u"severity=page"_s, u"--tree"_s});
        QVERIFY2(engines.out.endsWith("\npager\n")
                     && engines.out.contains("{team=\"x\"}  receiver: x  continue: true"),
                 engines.out + engines.err);
        QCOMPARE(run({u"test"_s, u"routes"_s, u"--verify-receivers"_s, u"x"_s, u"a=b"_s}).exit, 1);
        QCOMPARE(run({u"test"_s, u"routes"_s, u"team=x"_s, u"severity=page"_s,
                      u"--verify-receivers"_s, u"x,pager"_s})
                     .exit,
                 0);
        QCOMPARE(
            ctl({u"test"_s, u"routes"_s, u"--config"_s, file(u"bad.yml"_s, "route: 5\n"), u"a=b"_s})
                .exit,
            1);
    }

    void templatesAreRendered()
    {
        const QString own
            = file(u"own.tmpl"_s, R"({{ define "own" }}{{ len .Alerts.Firing }} fire{{ end }})");
        const Ran ran = ctl({u"template"_s, u"render"_s, u"--template.glob"_s,
                             m_dir.filePath(u"*.tmpl"_s), u"--template.text"_s,
                             u"{{ template \"own\" . }} of {{ .GroupLabels.alertname }}"_s});
        QVERIFY2(ran.exit == 0, ran.err);
        QCOMPARE(ran.out, "1 fire of Example\n"_ba);
        const QString data = file(
            u"data.json"_s,
            R"({"groupLabels":{"alertname":"<A>"},"alerts":[{"status":"firing","labels":{}}]})");
        QCOMPARE(
            ctl({u"template"_s, u"render"_s, u"--template-type"_s, u"html"_s, u"--template-data"_s,
                 data, u"--template-text"_s, u"{{ .GroupLabels.alertname }}"_s})
                .out,
            "&lt;A&gt;\n"_ba);
        QCOMPARE(ctl({u"template"_s, u"render"_s, u"--template-text"_s, u"{{ nope }}"_s}).exit, 1);
        QCOMPARE(ctl({u"template"_s, u"render"_s, u"--template-glob"_s, u"/nowhere/*"_s,
                      u"--template-text"_s, u"x"_s})
                     .exit,
                 3);
        QVERIFY(!own.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAlertVerbs)
#include "tst_alert_verbs.moc"
