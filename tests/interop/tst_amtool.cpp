// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/qt_test.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* config = R"(route:
  receiver: root
  group_by: [alertname]
  group_wait: 0s
  routes:
  - matchers: [team="x"]
    receiver: x
    continue: true
  - matchers: [severity=~"page|critical", 'zone!="lab"']
    receiver: pager
    mute_time_intervals: [never]
time_intervals:
- name: never
  time_intervals: [{years: ['1999']}]
receivers:
- name: root
- name: x
- name: pager
  webhook_configs: [{url: 'http://127.0.0.1:1/token'}]
inhibit_rules:
- {source_matchers: [severity="page"], target_matchers: [severity="warn"], equal: [dc]}
)";

constexpr const char* rules = R"(groups:
- name: own
  interval: 1s
  rules:
  - alert: Own
    expr: vector(7)
    labels: {team: x}
    annotations: {summary: 'at {{ $value }}'}
)";

struct Ran {
    int exit = -1;
    QString out;
    QString err;
};

} // namespace

/// The real amtool against the program itself, as somebody uses it.
class TestAmtool : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    Child m_watchfire;
    QString m_url;

    Ran amtool(const QStringList& arguments, const QByteArray& input = {}) const
    {
        QProcess process;
        process.start(peerProgram(u"amtool"_s),
                      arguments + QStringList{u"--alertmanager.url="_s + m_url});
        process.write(input);
        process.closeWriteChannel();
        Ran ran;
        if (process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit) {
            ran.exit = process.exitCode();
        }
        ran.out = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
        ran.err = QString::fromUtf8(process.readAllStandardError()).trimmed();
        return ran;
    }

    QJsonArray json(QStringList arguments) const
    {
        const Ran ran = amtool(arguments << u"-o"_s << u"json"_s);
        return QJsonDocument::fromJson(ran.out.toUtf8()).array();
    }

    /// The path of a file with that text; empty: it could not be written.
    QString file(const QString& name, const QByteArray& text) const
    {
        QFile out(m_dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly | QIODevice::Truncate)
            && out.write(text) == text.size();
        return written ? out.fileName() : QString();
    }

private slots:
    void initTestCase()
    {
        if (peerProgram(u"amtool"_s).isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"amtool"_s)));
        }
        QVERIFY(QDir(m_dir.path()).mkpath(u"profile/config"_s));
        QVERIFY(!file(u"profile/config/alertmanager.yml"_s, config).isEmpty());
        QVERIFY(!file(u"profile/config/rules.yml"_s, rules).isEmpty());
        QVERIFY(!file(u"profile/config/prometheus.yml"_s, "rule_files: [rules.yml]\n").isEmpty());
        QVERIFY(m_watchfire.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                  {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                   m_dir.filePath(u"profile"_s), u"--listen"_s, u"127.0.0.1:0"_s}));
        m_url = m_watchfire.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_url.isEmpty(), m_watchfire.output().constData());
    }

    /// What its own rules fire is there as what others post is, and can be silenced as that.
    void ownAlertsAreListed()
    {
        QTRY_COMPARE_WITH_TIMEOUT(json({u"alert"_s, u"query"_s, u"Own"_s}).size(), 1, 20'000);
        const QJsonValue own = json({u"alert"_s, u"query"_s, u"Own"_s})[0];
        QCOMPARE(own[u"annotations"_s][u"summary"_s].toString(), u"at 7"_s);
        QCOMPARE(own[u"receivers"_s][0][u"name"_s].toString(), u"x"_s);
        const Ran added = amtool({u"silence"_s, u"add"_s, u"Own"_s, u"--author=me"_s,
                                  u"--comment=known"_s, u"--duration=1d"_s});
        QVERIFY2(added.exit == 0, qPrintable(added.err));
        QTRY_COMPARE(json({u"alert"_s, u"query"_s, u"team=x"_s}).size(), 0);
    }

    void alertsAreAddedAndListed()
    {
        const Ran added = amtool({u"alert"_s, u"add"_s, u"Disk"_s, u"severity=page"_s, u"dc=1"_s,
                                  u"team=x"_s, u"--annotation=summary=nearly full"_s});
        QVERIFY2(added.exit == 0, qPrintable(added.err));
        QCOMPARE(amtool({u"alert"_s, u"add"_s, u"Slow"_s, u"severity=warn"_s, u"dc=1"_s}).exit, 0);
        QCOMPARE(amtool({u"alert"_s, u"add"_s, u"Slow"_s, u"severity=warn"_s, u"dc=2"_s}).exit, 0);

        const QString shown = amtool({u"alert"_s, u"query"_s}).out;
        QVERIFY2(shown.contains(u"Disk"_s) && shown.contains(u"nearly full"_s), qPrintable(shown));
        const QJsonArray disk = json({u"alert"_s, u"query"_s, u"Disk"_s});
        QCOMPARE(disk.size(), 1);
        QCOMPARE(disk[0][u"receivers"_s].toArray().size(), 2);
        QCOMPARE(json({u"alert"_s, u"query"_s}).size(), 2); // one is inhibited
        QCOMPARE(json({u"alert"_s, u"query"_s, u"-i"_s, u"Slow"_s, u"dc=1"_s})
                     .first()[u"status"_s][u"inhibitedBy"_s][0],
                 disk[0][u"fingerprint"_s]);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"dc=~[12]"_s, u"severity!=page"_s}).size(), 1);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"--receiver=pager"_s}).size(), 1);

        const Ran ended = amtool({u"alert"_s, u"add"_s, u"Slow"_s, u"severity=warn"_s, u"dc=2"_s,
                                  u"--end=2026-01-01T00:00:00Z"_s});
        QVERIFY2(ended.exit == 0, qPrintable(ended.err));
        QCOMPARE(json({u"alert"_s, u"query"_s, u"Slow"_s}).size(), 0);
    }

    void silencesAreAddedQueriedUpdatedAndExpired()
    {
        amtool({u"alert"_s, u"add"_s, u"Noise"_s, u"dc=3"_s});
        const Ran added = amtool({u"silence"_s, u"add"_s, u"Noise"_s, u"dc=~3|4"_s,
                                  u"--author=me"_s, u"--comment=quiet, please"_s,
                                  u"--duration=2h"_s, u"--annotation=ticket=7"_s});
        QVERIFY2(added.exit == 0, qPrintable(added.err));
        const QString id = added.out;
        QCOMPARE(id.size(), 36);

        const QString shown = amtool({u"silence"_s, u"query"_s}).out;
        QVERIFY2(shown.contains(id) && shown.contains(u"quiet, please"_s), qPrintable(shown));
        QCOMPARE(json({u"silence"_s, u"query"_s, u"dc=~3|4"_s})[0][u"id"_s].toString(), id);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"dc=~3"_s}).size(), 0);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--within=1h"_s}).size(), 0);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"Noise"_s}).size(), 0);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"-s"_s, u"Noise"_s})
                     .first()[u"status"_s][u"silencedBy"_s][0]
                     .toString(),
                 id);

        const Ran longer = amtool({u"silence"_s, u"update"_s, u"--duration=3h"_s, id});
        QVERIFY2(longer.exit == 0, qPrintable(longer.err));
        QVERIFY2(longer.out.contains(id), qPrintable(longer.out)); // only its end changed
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--within=150m"_s}).size(), 0);

        const Ran expired = amtool({u"silence"_s, u"expire"_s, id});
        QVERIFY2(expired.exit == 0, qPrintable(expired.err));
        QCOMPARE(json({u"silence"_s, u"query"_s, u"Noise"_s}).size(), 0);
        QCOMPARE(json({u"silence"_s, u"query"_s, u"--expired"_s}).size(), 1);
        QCOMPARE(json({u"alert"_s, u"query"_s, u"Noise"_s}).size(), 1);
        QVERIFY(amtool({u"silence"_s, u"expire"_s, u"00000000-0000-4000-8000-000000000000"_s}).exit
                != 0);
    }

    void silencesAreImported()
    {
        QCOMPARE(
            amtool({u"silence"_s, u"add"_s, u"Import"_s, u"--author=me"_s, u"--comment=c"_s}).exit,
            0);
        const QByteArray all
            = amtool({u"silence"_s, u"query"_s, u"-o"_s, u"json"_s, u"Import"_s}).out.toUtf8();
        const Ran imported
            = amtool({u"silence"_s, u"import"_s, u"--force"_s, file(u"silences.json"_s, all)});
        QVERIFY2(imported.exit == 0, qPrintable(imported.err));
        QCOMPARE(json({u"silence"_s, u"query"_s, u"Import"_s}).size(), 2);
    }

    void whatIsWrongIsTold()
    {
        const Ran nothing
            = amtool({u"silence"_s, u"add"_s, u"a=~.*"_s, u"--author=me"_s, u"--comment=c"_s});
        QVERIFY(nothing.exit != 0);
        QVERIFY2(nothing.err.contains(u"at least one matcher must not match the empty string"_s),
                 qPrintable(nothing.err));
    }

    void configurationAndRoutesAreShown()
    {
        const Ran shown = amtool({u"config"_s, u"show"_s});
        QVERIFY2(shown.exit == 0, qPrintable(shown.err));
        QVERIFY2(shown.out.contains(u"<secret>"_s) && !shown.out.contains(u"token"_s),
                 qPrintable(shown.out));
        const Ran checked = amtool({u"check-config"_s, file(u"shown.yml"_s, shown.out.toUtf8())});
        QVERIFY2(checked.exit == 0, qPrintable(checked.out + checked.err));

        const Ran routes = amtool({u"config"_s, u"routes"_s, u"show"_s});
        QVERIFY2(routes.exit == 0, qPrintable(routes.err));
        for (const QString& part :
             {u"receiver: root"_s, u"{team=\"x\"}  continue: true  receiver: x"_s,
              u"{severity=~\"page|critical\",zone!=\"lab\"}  receiver: pager"_s}) {
            QVERIFY2(routes.out.contains(part), qPrintable(routes.out));
        }
        const Ran tested
            = amtool({u"config"_s, u"routes"_s, u"test"_s, u"--verify.receivers=x,pager"_s,
                      u"team=x"_s, u"severity=page"_s});
        QVERIFY2(tested.exit == 0, qPrintable(tested.out + tested.err));
        QCOMPARE(tested.out, u"x,pager"_s);
        QVERIFY(amtool({u"cluster"_s, u"show"_s}).exit == 0);
    }
};

QTEST_GUILESS_MAIN(TestAmtool)
#include "tst_amtool.moc"
