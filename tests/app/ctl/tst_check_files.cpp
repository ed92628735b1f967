// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/run_ctl.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using watchfire::tests::ctl;
using watchfire::tests::Ran;

/// `watchfirectl check config|alertmanager` as a script sees it.
class TestCheckFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString put(const char* name, const QByteArray& text) const
    {
        const QString path = m_dir.filePath(QString::fromLatin1(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (file.open(QIODevice::WriteOnly)) {
            file.write(text);
        }
        return path;
    }

private slots:
    void checks_data()
    {
        QTest::addColumn<QStringList>("arguments"); // behind "check"
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("out"); // DIR: the folder
        QTest::addColumn<QByteArray>("err"); // likewise
        const auto row = [](const char* name, const QStringList& arguments, int exit,
                            const QByteArray& out, const QByteArray& err = {}) {
            QTest::newRow(name) << arguments << exit << out << err;
        };
        put("rules.yml", "groups: [{name: g, rules: [{record: 'a:b', expr: sum(x)}]}]\n"_ba);
        put("bad_rules.yml", "groups: [{name: g, rules: [{record: 'a:b', expr: 'sum(x'}]}]\n"_ba);
        const QString good
            = put("good.yml", "rule_files: [rules.yml]\nscrape_configs: [{job_name: a}]\n"_ba);
        const QString withBadRules = put("with_bad_rules.yml", "rule_files: [bad_rules.yml]\n"_ba);
        const QString bad = put("bad.yml", "global:\n  scrape_intervall: 1s\n  x: y\n"_ba);
        const QString warned
            = put("warned.yml", "scrape_configs: [{job_name: a, ec2_sd_configs: [{}]}]\n"_ba);
        const QString token
            = put("token.yml", "scrape_configs: [{job_name: a, bearer_token_file: none}]\n"_ba);
        const QString alerting = put("alerting.yml", "alerting: {}\n"_ba);
        const QString am = put("am.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n"_ba);
        const QString badAm
            = put("bad_am.yml", "route: {receiver: b}\nreceivers: [{name: a}]\n"_ba);
        const QString none = m_dir.filePath(u"none.yml"_s);

        row("a good file", {u"config"_s, good}, 0,
            "DIR/good.yml is fine: 1 job, 1 rule file, 1 rule\n");
        row("every fault", {u"config"_s, bad}, 1, {},
            "DIR/bad.yml:2:3: field scrape_intervall not found in type config.plain\n"
            "DIR/bad.yml:3:3: field x not found in type config.plain\n");
        row("several files", {u"config"_s, good, bad}, 1,
            "DIR/good.yml is fine: 1 job, 1 rule file, 1 rule\n",
            "DIR/bad.yml:2:3: field scrape_intervall not found in type config.plain\n"
            "DIR/bad.yml:3:3: field x not found in type config.plain\n");
        row("what is not done", {u"config"_s, warned}, 0, "DIR/warned.yml is fine: 1 job\n",
            "DIR/warned.yml:1:48: warning: Watchfire does not discover targets by "
            "ec2_sd_configs: run a bridge of that mechanism that serves them as JSON and name its "
            "address in http_sd_configs\n");
        row("a file that it names", {u"config"_s, token}, 1, {},
            "DIR/token.yml:1:51: DIR/none does not exist\n");
        row("but for the syntax", {u"config"_s, u"--syntax-only"_s, token}, 0,
            "DIR/token.yml is fine: 1 job\n");
        row("rules that it names", {u"config"_s, withBadRules}, 1, {},
            "DIR/bad_rules.yml:1:50: group \"g\", rule 1, \"a:b\": could not parse expression: "
            "unclosed left parenthesis\n");
        row("not those of syntax alone", {u"config"_s, u"--syntax-only"_s, withBadRules}, 0,
            "DIR/with_bad_rules.yml is fine\n");
        row("an agent", {u"config"_s, u"--agent"_s, alerting}, 1, {},
            "DIR/alerting.yml:1:11: field alerting is not allowed in agent mode\n");
        row("a file that is not there", {u"config"_s, none}, 3, {},
            "DIR/none.yml: DIR/none.yml does not exist\n");
        row("one that is not there beside a bad one", {u"config"_s, bad, none}, 3, {},
            "DIR/bad.yml:2:3: field scrape_intervall not found in type config.plain\n"
            "DIR/bad.yml:3:3: field x not found in type config.plain\n"
            "DIR/none.yml: DIR/none.yml does not exist\n");
        row("no file", {u"config"_s}, 2, {},
            "FILE is required\nRun with --help for more "
            "information.\n");
        row("as JSON", {u"config"_s, bad, u"--format"_s, u"json"_s}, 1,
            "[{\"file\":\"DIR/bad.yml\",\"line\":2,\"column\":3,\"severity\":\"error\",\"message\":"
            "\"field scrape_intervall not found in type config.plain\"},"
            "{\"file\":\"DIR/bad.yml\",\"line\":3,\"column\":3,\"severity\":\"error\",\"message\":"
            "\"field x not found in type config.plain\"}]\n");
        row("nothing to say as JSON", {u"config"_s, good, u"--format"_s, u"json"_s}, 0, "[]\n");

        row("a good alertmanager.yml", {u"alertmanager"_s, am}, 0, "DIR/am.yml is fine\n");
        row("a bad one", {u"alertmanager"_s, badAm}, 1, {},
            "DIR/bad_am.yml:1:19: undefined receiver \"b\" used in route\n");
        row("none", {u"alertmanager"_s, none}, 3, {},
            "DIR/none.yml: DIR/none.yml does not exist\n");
    }

    void checks()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exit);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Ran ran = ctl(QStringList{u"check"_s} + arguments);
        const auto shown
            = [this](QByteArray text) { return text.replace(m_dir.path().toUtf8(), "DIR"); };
        QCOMPARE(shown(ran.err), err);
        QCOMPARE(shown(ran.out), out);
        QCOMPARE(ran.exit, exit);
    }

    void conformanceKind()
    {
        put("conformance/prometheus-own.json",
            "{\"cases\": ["
            "{\"id\": \"good\", \"config\": \"global: {}\", \"expect\": \"ok\"},"
            "{\"id\": \"bad\", \"config\": \"x: 1\", \"expect\": \"error\"},"
            "{\"id\": \"wrong\", \"config\": \"x: 1\", \"expect\": \"ok\"},"
            "{\"id\": \"odd\", \"config\": \"x: 1\", \"expect\": \"ok\", \"must\": false},"
            "{\"id\": \"whole\", \"config\": \"\", \"effective\": {\"global\": 1}}]}"_ba);
        put("conformance/alertmanager/expected.json",
            "{\"files\": [{\"file\": \"a.yml\", \"expect\": \"ok\"},"
            "{\"file\": \"b.yml\", \"expect\": \"error\"}]}"_ba);
        put("conformance/alertmanager/a.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n"_ba);
        put("conformance/alertmanager/b.yml", "global: {}\n"_ba);
        const Ran ran
            = ctl({u"test"_s, u"conformance"_s, u"config"_s, m_dir.filePath(u"conformance"_s)});
        QCOMPARE(ran.exit, 1);
        QVERIFY2(ran.out.contains("FAIL prometheus-own.json: wrong: refused: prometheus.yml:1:1: "),
                 ran.out.constData());
        QVERIFY2(ran.out.contains("FAIL prometheus-own.json: whole: /global: expected 1, got {"),
                 ran.out.constData());
        QVERIFY2(ran.out.endsWith("4 passed, 2 failed, 1 skipped\n"), ran.out.constData());
    }
};

QTEST_GUILESS_MAIN(TestCheckFiles)
#include "tst_check_files.moc"
