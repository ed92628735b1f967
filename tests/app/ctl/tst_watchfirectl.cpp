// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sample.h"
#include "core/net/http_server.h"
#include "core/tsdb/store.h"
#include "tests/app/ctl/run_ctl.h"

#include <mutex>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using watchfire::tests::ctl;
using watchfire::tests::Ran;

namespace {

constexpr std::int64_t startMs = 1'700'000'000'000;

/// Answers as an engine does, and notes what it is asked.
class CannedEngine final : public HttpHandler {
public:
    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override
    {
        const std::lock_guard lock(m_mutex);
        m_asked = QByteArray::fromStdString(request.url);
        reply(HttpResponse{m_status, {}, m_body, {}});
        return {};
    }
    void say(int status, std::string body)
    {
        const std::lock_guard lock(m_mutex);
        m_status = status;
        m_body = std::move(body);
    }
    QByteArray asked()
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    std::mutex m_mutex;
    int m_status = 200;
    std::string m_body;
    QByteArray m_asked;
};

} // namespace

/// Every verb as a script sees it: what it prints, where, and how it ends.
class TestWatchfirectl : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString store() const { return m_dir.filePath(u"store"_s); }
    QString file(const char* name, const QByteArray& text) const
    {
        QFile file(m_dir.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(text);
        }
        return file.fileName();
    }

private slots:
    void initTestCase()
    {
        tsdb::OpenOptions options;
        options.directory = store().toStdString();
        options.aheadLimit = std::chrono::milliseconds(0);
        const auto opened = tsdb::Store::open(options);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
        const auto appender = (*opened)->appender();
        for (const char* const instance : {"a", "b"}) {
            for (int i = 0; i < 5; ++i) {
                SampleView sample;
                sample.at = fromUnixMs(startMs + i * 15'000);
                sample.value = i + (*instance == 'b' ? 0.5 : 0);
                QVERIFY(appender->append(
                    0, Labels{{"__name__", "m"}, {"job", "j"}, {"instance", instance}}, sample));
            }
        }
        QVERIFY(appender->commit().has_value());
    }

    void ruleFilesAreChecked_data()
    {
        QTest::addColumn<QByteArray>("rules");
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("told"); // a part of it
        const QByteArray twice
            = "groups: [{name: g, rules: [{record: r, expr: m}, {record: r, expr: m}]}]";
        QTest::newRow("fine") << "groups: [{name: g, rules: [{record: r, expr: m}]}]"_ba
                              << QStringList{} << 0 << "SUCCESS: 1 rules found"_ba;
        QTest::newRow("does not parse")
            << "groups: [{name: g, rules: [{record: r, expr: 'm +'}]}]"_ba << QStringList{} << 1
            << "could not parse expression"_ba;
        QTest::newRow("a template that names nothing")
            << "groups: [{name: g, rules: [{alert: A, expr: m, annotations: {x: '{{ $y }}'}}]}]"_ba
            << QStringList{} << 1 << "undefined variable \"$y\""_ba;
        QTest::newRow("a duplicate is told")
            << twice << QStringList{} << 0 << "[duplicate-rules]"_ba;
        QTest::newRow("a duplicate is fatal")
            << twice << QStringList{u"--lint-fatal"_s} << 1 << "[duplicate-rules]"_ba;
        QTest::newRow("without lint")
            << twice << QStringList{u"--lint=none"_s} << 0 << "SUCCESS: 2 rules found"_ba;
        QTest::newRow("required label")
            << "groups: [{name: g, rules: [{alert: A, expr: m}]}]"_ba
            << QStringList{u"--require-label"_s, u"severity"_s, u"--lint-fatal"_s} << 1
            << "the label severity is missing [missing-labels]"_ba;
        QTest::newRow("for below the interval")
            << "groups: [{name: g, interval: 1m, rules: [{alert: A, expr: m, for: 5s}]}]"_ba
            << QStringList{u"--lint=for-below-interval,duplicate-rules"_s, u"--lint-fatal"_s} << 1
            << "[for-below-interval]"_ba;
        QTest::newRow("dead selector")
            << "groups: [{name: g, rules: [{record: r, expr: m + gone}]}]"_ba
            << QStringList{u"--lint=all"_s, u"--lint-fatal"_s, u"--data"_s, store()} << 1
            << "no series matches gone [dead-selectors]"_ba;
        QTest::newRow("unknown field") << "groups: [{name: g, colour: red, rules: []}]"_ba
                                       << QStringList{} << 1 << "field colour not found"_ba;
        QTest::newRow("unknown field passed over")
            << "groups: [{name: g, colour: red, rules: []}]"_ba
            << QStringList{u"--ignore-unknown-fields"_s} << 0 << "SUCCESS: 0 rules found"_ba;
        QTest::newRow("unknown lint")
            << twice << QStringList{u"--lint=nope"_s} << 2 << "there is no lint \"nope\""_ba;
    }

    void ruleFilesAreChecked()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QStringList, flags);
        QFETCH(int, exit);
        QFETCH(QByteArray, told);
        const Ran ran = ctl(QStringList{u"check"_s, u"rules"_s, file("rules.yml", rules)} + flags);
        QVERIFY2((ran.out + ran.err).contains(told), (ran.out + ran.err).constData());
        QCOMPARE(ran.exit, exit);
    }

    void ruleFilesAreReadFromStandardInput()
    {
        const Ran ran = ctl({u"check"_s, u"rules"_s, u"--format"_s, u"json"_s}, "groups: [{}]");
        QCOMPARE(ran.exit, 1);
        const QJsonObject told = QJsonDocument::fromJson(ran.out).array().at(0).toObject();
        QCOMPARE(told[u"faults"].toArray().at(0)[u"message"].toString(),
                 u"Groupname must not be empty"_s);
    }

    void unitTestsOfRulesAreRun()
    {
        const QString good = file("good.yml",
                                  "tests: [{name: one, input_series: [{series: v, "
                                  "values: '1'}], promql_expr_test: [{expr: v, "
                                  "exp_samples: [{labels: v, value: 1}]}]}]");
        const QString bad = file("bad.yml",
                                 "tests: [{name: two, promql_expr_test: [{expr: "
                                 "vector(1), exp_samples: []}]}, {name: three}]");
        const Ran ran = ctl({u"test"_s, u"rules"_s, good, bad});
        QCOMPARE(ran.exit, 1);
        QVERIFY2(ran.out.startsWith("Unit Testing: " + good.toUtf8() + "\n  SUCCESS\n"), ran.out);
        QVERIFY2(ran.out.contains("  FAILED:\n  two:\n    expr: \"vector(1)\", time: 0s,\n        "
                                  "exp: nil\n        got: {} 1E+00\n"),
                 ran.out);
        QVERIFY2(ran.out.endsWith("2 passed, 1 failed\n"), ran.out);
        QCOMPARE(ctl({u"test"_s, u"rules"_s, bad, u"--run"_s, u"^thr"_s}).exit, 0);
        QCOMPARE(ctl({u"test"_s, u"rules"_s, u"/nowhere.yml"_s}).exit, 2);
        const QString xml = m_dir.filePath(u"results.xml"_s);
        const Ran diff
            = ctl({u"test"_s, u"rules"_s, bad, u"--diff"_s, u"--debug"_s, u"--junit"_s, xml});
        QVERIFY2(diff.out.contains("\n+{} 1E+00\n"), diff.out);
        QFile written(xml);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().startsWith("<testsuites><testsuite name=\"" + bad.toUtf8()
                                             + "\" tests=\"2\" failures=\"1\""));
        const Ran json = ctl({u"test"_s, u"rules"_s, bad, u"--format"_s, u"json"_s});
        QCOMPARE(QJsonDocument::fromJson(json.out)[u"failed"].toInt(), 1);
    }

    void aQueryIsExplained()
    {
        const Ran ran = ctl({u"query"_s, u"explain"_s, u"m / on(instance) m{instance=\"a\"}"_s,
                             u"--start"_s, u"1700000000"_s, u"--end"_s, u"1700000060"_s,
                             u"--step"_s, u"30"_s, u"--data"_s, store()});
        QCOMPARE(ran.exit, 0);
        // Times and memory differ from one run to the next.
        QByteArray told = ran.out;
        for (const char* measured : {", [0-9.]+ ms", ", at most [0-9]+ KiB"}) {
            told = QString::fromUtf8(told)
                       .remove(QRegularExpression(QString::fromLatin1(measured)))
                       .toUtf8();
        }
        QCOMPARE(told,
                 "operator /: m / on (instance) m{instance=\"a\"}\n"
                 "  series 3 -> 1, samples read 9, values 3\n"
                 "  1 groups of matching labels met\n"
                 "  on the left without a partner: 1 series in 1 groups, such as "
                 "{instance=\"b\"}\n"
                 "  selector: m\n"
                 "    series 0 -> 2, samples read 6, values 6\n"
                 "  selector: m{instance=\"a\"}\n"
                 "    series 0 -> 1, samples read 3, values 3\n");
    }

    void verbs_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("out"); // the whole of it
        QTest::addColumn<QByteArray>("err"); // a part of it; empty: nothing is said
        const QStringList data{u"--data"_s, store()};
        const auto row = [](const char* name, const QStringList& arguments, const QByteArray& input,
                            int exit, const QByteArray& out, const QByteArray& err = {}) {
            QTest::newRow(name) << arguments << input << exit << out << err;
        };
        row("no verb", {}, {}, 2, {}, "subcommand is required");
        row("an unknown verb", {u"frobnicate"_s}, {}, 2, {}, "frobnicate");
        row("the version", {u"--version"_s}, {}, 0, "watchfirectl " WATCHFIRE_VERSION "\n");

        row("a good exposition", {u"check"_s, u"metrics"_s},
            "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n", 0, {});
        row("advice on an exposition", {u"check"_s, u"metrics"_s}, "# TYPE a counter\na 1\n", 1, {},
            "a counter metrics should have \"_total\" suffix\na no help text\n");
        row("advice as JSON", {u"--format"_s, u"json"_s, u"check"_s, u"metrics"_s}, "a 1\n", 1,
            "[{\"metric\":\"a\",\"problem\":\"no help text\"}]\n");
        row("a broken exposition", {u"check"_s, u"metrics"_s}, "a 1\nb x\n", 1, {}, "line 2");

        row("the canonical text", {u"promql"_s, u"format"_s, u"-"_s}, "sum(rate(a[5m]))by(b)", 0,
            "sum by (b) (rate(a[5m]))\n");
        row("of a file", {u"promql"_s, u"format"_s, file("query", "a  +  b\n")}, {}, 0, "a + b\n");
        row("a query that does not parse", {u"promql"_s, u"parse"_s}, "sum(rate(a[5m]", 1, {},
            "parse error");
        row("every fault of a query", {u"promql"_s, u"parse"_s}, "rat(a[5m]) + rate(b)", 1, {},
            "1:1: parse error: unknown function with name \"rat\"; did you mean rate?\n"
            "1:19: parse error: expected type range vector in call to function \"rate\", got "
            "instant vector; a range such as [5m] is missing");
        row("a file that is not there", {u"promql"_s, u"parse"_s, u"/does/not/exist"_s}, {}, 3, {},
            "/does/not/exist");

        const QByteArray load = "load 1m\n  a 1 2\n\n";
        row("a script that holds",
            {u"test"_s, u"promql"_s, file("good", load + "eval instant at 1m a\n  a 2\n")}, {}, 0,
            path("good") + ": 1 passed, 0 failed\n1 passed, 0 failed\n");
        row("a script that does not",
            {u"test"_s, u"promql"_s, file("bad", load + "eval instant at 1m a\n  a 3\n")}, {}, 1,
            "FAIL bad:4: eval instant at 1m a: a is 2, expected 3\n" + path("bad")
                + ": 0 passed, 1 failed\n0 passed, 1 failed\n");
        row("an unknown kind of case", {u"test"_s, u"conformance"_s, u"magic"_s, m_dir.path()}, {},
            2, {}, "promql-syntax, exposition, relabel");

        row("a vector",
            QStringList{u"query"_s, u"instant"_s, u"m"_s, u"--time"_s, u"1700000060"_s} + data, {},
            0,
            "m{instance=\"a\", job=\"j\"} => 4 @[1700000060]\n"
            "m{instance=\"b\", job=\"j\"} => 4.5 @[1700000060]\n");
        row("a time as a date",
            QStringList{u"query"_s, u"instant"_s, u"count(m)"_s, u"--time"_s,
                        u"2023-11-14T22:14:20Z"_s}
                + data,
            {}, 0, "{} => 2 @[1700000060]\n");
        row("a scalar",
            QStringList{u"query"_s, u"instant"_s, u"1 + 1"_s, u"--time"_s, u"5"_s} + data, {}, 0,
            "2 @[5]\n");
        row("a vector as JSON",
            QStringList{u"query"_s, u"instant"_s, u"sum(m)"_s, u"--time"_s, u"1700000060"_s,
                        u"--format"_s, u"json"_s}
                + data,
            {}, 0,
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{"
            "\"metric\":{},\"value\":[1700000060,\"8.5\"]}]}}\n");
        row("a range",
            QStringList{u"query"_s, u"range"_s, u"sum(m)"_s, u"--start"_s, u"1700000000"_s,
                        u"--end"_s, u"1700000060"_s, u"--step"_s, u"30s"_s}
                + data,
            {}, 0, "{} =>\n0.5 @[1700000000]\n4.5 @[1700000030]\n8.5 @[1700000060]\n");
        row("a range without a start", QStringList{u"query"_s, u"range"_s, u"m"_s} + data, {}, 2,
            {}, "--start is required");
        row("series",
            QStringList{u"query"_s, u"series"_s, u"--match"_s, u"{instance=\"b\"}"_s} + data, {}, 0,
            "m{instance=\"b\", job=\"j\"}\n");
        row("series of any of the selectors",
            QStringList{u"query"_s, u"series"_s, u"--match"_s, u"m"_s, u"--match"_s,
                        u"{job=\"j\"}"_s}
                + data,
            {}, 0, "m{instance=\"a\", job=\"j\"}\nm{instance=\"b\", job=\"j\"}\n");
        row("label names", QStringList{u"query"_s, u"labels"_s} + data, {}, 0,
            "__name__\ninstance\njob\n");
        row("values of a label", QStringList{u"query"_s, u"labels"_s, u"instance"_s} + data, {}, 0,
            "a\nb\n");
        row("a query at fault", QStringList{u"query"_s, u"instant"_s, u"sum(m"_s} + data, {}, 1, {},
            "parse error");
        row("a time that is none",
            QStringList{u"query"_s, u"instant"_s, u"m"_s, u"--time"_s, u"noon"_s} + data, {}, 1, {},
            "noon");
        row("no store there", {u"query"_s, u"instant"_s, u"m"_s, u"--data"_s, u"/does/not/exist"_s},
            {}, 3, {}, "/does/not/exist");
        row("no engine on the profile",
            {u"query"_s, u"instant"_s, u"m"_s, u"--profile"_s, m_dir.filePath(u"empty"_s)}, {}, 3,
            {}, "no engine runs on this profile");
        row("nobody at the address",
            {u"query"_s, u"instant"_s, u"m"_s, u"--url"_s, u"http://127.0.0.1:1"_s}, {}, 3, {},
            "127.0.0.1");

        row("analyze without a store", {u"tsdb"_s, u"analyze"_s}, {}, 2, {}, "--data");
    }

    void verbs()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, exit);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Ran ran = ctl(arguments, input);
        QCOMPARE(ran.out, out);
        QVERIFY2(err.isEmpty() ? ran.err.isEmpty() : ran.err.contains(err), ran.err);
        QCOMPARE(ran.exit, exit);
    }

    void verifyReadsTheWholeStore()
    {
        const Ran text = ctl({u"tsdb"_s, u"verify"_s, u"--data"_s, store()});
        QCOMPARE(text.exit, 0);
        QVERIFY2(text.out.contains("0 damaged"), text.out.constData());
        const Ran json
            = ctl({u"tsdb"_s, u"verify"_s, u"--format"_s, u"json"_s, u"--data"_s, store()});
        QCOMPARE(json.exit, 0);
        QVERIFY2(json.out.contains("\"damage\":[]"), json.out.constData());
        QCOMPARE(ctl({u"tsdb"_s, u"verify"_s}).exit, 2);
    }

    void analyzeTellsOfTheStore()
    {
        const Ran text = ctl({u"tsdb"_s, u"analyze"_s, u"--data"_s, store()});
        QCOMPARE(text.exit, 0);
        for (const char* const part :
             {"series            2\n", "samples           10\n", "bytes per sample",
              "oldest            2023-11-14T22:13:20", "newest            2023-11-14T22:14:20"}) {
            QVERIFY2(text.out.contains(part), text.out);
        }
        const Ran json
            = ctl({u"tsdb"_s, u"analyze"_s, u"--format"_s, u"json"_s, u"--data"_s, store()});
        const QJsonObject root = QJsonDocument::fromJson(json.out).object();
        QCOMPARE(root["series"_L1].toInt(), 2);
        QCOMPARE(root["samples"_L1].toInt(), 10);
        QVERIFY(root["usedBytes"_L1].toInt() > 0);
        QVERIFY(text.out.contains("churn by sealed window"));
        QVERIFY(root["churn"_L1].isArray()
                && root["churn"_L1].toArray().isEmpty()); // none is closed
    }

    void asksAnEngine()
    {
        CannedEngine engine;
        const auto server = net::HttpServer::listen("127.0.0.1:0", engine);
        QVERIFY(server.has_value());
        const QStringList url{u"--url"_s, QString::fromStdString((*server)->url()) + u'/'};

        engine.say(200,
                   "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{"
                   "\"metric\":{\"__name__\":\"up\"},\"value\":[1.5,\"1\"]}]},\"warnings\":["
                   "\"mind this\"]}");
        const Ran good = ctl(QStringList{u"query"_s, u"instant"_s, u"up{a=\"b c\"}"_s} + url);
        QCOMPARE(good.out, "up => 1 @[1.5]\n"_ba);
        QCOMPARE(good.err, "mind this\n"_ba);
        QCOMPARE(good.exit, 0);
        QVERIFY2(engine.asked().endsWith("/api/v1/query?query=up%7Ba%3D%22b%20c%22%7D"),
                 engine.asked());

        engine.say(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"not so\"}");
        const Ran refused = ctl(QStringList{u"query"_s, u"labels"_s, u"job"_s} + url);
        QCOMPARE(refused.err, "watchfirectl: not so\n"_ba);
        QCOMPARE(refused.exit, 1);
        QVERIFY(engine.asked().endsWith("/api/v1/label/job/values"));

        engine.say(502, "<html>");
        const Ran other = ctl(QStringList{u"query"_s, u"series"_s, u"--match"_s, u"up"_s} + url);
        QVERIFY2(other.err.contains("502"), other.err);
        QCOMPARE(other.exit, 3);
    }

    void conformanceCasesOfAFile()
    {
        const QString cases = file("cases.json",
                                   "{\"cases\": [{\"query\": \"a[\", \"result\": \"error\"},"
                                   "{\"query\": \"a + b\", \"result\": \"error\"}]}");
        const Ran ran = ctl({u"test"_s, u"conformance"_s, u"promql-syntax"_s, cases});
        QVERIFY2(ran.out.startsWith("FAIL cases.json: a + b"), ran.out);
        QVERIFY2(ran.out.endsWith("\n1 passed, 1 failed\n"), ran.out);
        QCOMPARE(ran.exit, 1);
    }

private:
    QByteArray path(const char* name) const
    {
        return m_dir.filePath(QString::fromLatin1(name)).toUtf8();
    }
};

QTEST_GUILESS_MAIN(TestWatchfirectl)
#include "tst_watchfirectl.moc"
