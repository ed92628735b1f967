// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "core/net/http_server.h"
#include "core/remote/write.h"
#include "core/tsdb/store.h"
#include "tests/app/ctl/run_ctl.h"

#include <mutex>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using watchfire::tests::ctl;
using watchfire::tests::Ran;

namespace {

const QByteArray history = "# TYPE a counter\n"
                           "# HELP a Help.\n"
                           "a_total{job=\"x\"} 1 1700000000.123\n"
                           "a_total{job=\"x\"} 2 1700000015.5\n"
                           "b{job=\"x\"} -3 1\n"
                           "# EOF\n";
const QByteArray dumped = "# TYPE a counter\n"
                          "# HELP a Help.\n"
                          "a_total{job=\"x\"} 1 1700000000.123\n"
                          "a_total{job=\"x\"} 2 1700000015.5\n"
                          "# TYPE b unknown\n"
                          "b{job=\"x\"} -3 1\n"
                          "# EOF\n";

/// Takes imports as an engine does, and keeps what came.
class ImportingEngine final : public HttpHandler {
public:
    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override
    {
        const std::lock_guard lock(m_mutex);
        m_asked = request.method + " " + request.url;
        const auto body = encoding::snappyDecompress(request.body, 1 << 20);
        auto decoded = body ? remote::decodeWrite(*body, remote::WriteVersion::v1)
                            : Result<remote::DecodedWrite>(std::unexpected(body.error()));
        HttpResponse response;
        if (m_refuses || !decoded) {
            response.status = 503;
            response.body = R"({"status":"error","errorType":"unavailable",)"
                            R"("error":"admin APIs disabled"})";
        } else {
            response.body = R"({"status":"success","data":{"stored":)"
                + std::to_string(decoded->samples) + R"(,"duplicates":1,"conflicts":2}})";
            m_got = std::move(decoded->request);
        }
        reply(std::move(response));
        return {};
    }
    void refuse(bool refuses)
    {
        const std::lock_guard lock(m_mutex);
        m_refuses = refuses;
    }
    std::pair<std::string, WriteRequest> got()
    {
        const std::lock_guard lock(m_mutex);
        return {m_asked, m_got};
    }

private:
    std::mutex m_mutex;
    bool m_refuses = false;
    std::string m_asked;
    WriteRequest m_got;
};

} // namespace

class TestTsdbTransfer : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    QString store() const { return m_dir.filePath(u"data"_s); }

private slots:
    void initTestCase()
    {
        const Ran ran
            = ctl({u"tsdb"_s, u"import-openmetrics"_s, u"-"_s, u"--data"_s, store()}, history);
        QVERIFY2(ran.exit == 0, ran.err.constData());
        QVERIFY2(ran.out.startsWith("3 samples stored, 0 duplicates, 0 conflicts"),
                 ran.out.constData());
        QCOMPARE(ran.err, QByteArray()); // nobody watches: no progress
    }

    void verbs_data()
    {
        QTest::addColumn<QStringList>("arguments"); // without --data
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("out");
        QTest::addColumn<QByteArray>("err"); // is in it
        const auto row = [](const char* name, const QStringList& arguments, const QByteArray& input,
                            int exit, const QByteArray& out, const QByteArray& err = {}) {
            QTest::newRow(name) << arguments << input << exit << out << err;
        };
        row("dump", {u"dump"_s}, {}, 0,
            "{__name__=\"a_total\", job=\"x\"} 1 1700000000123\n"
            "{__name__=\"a_total\", job=\"x\"} 2 1700000015500\n"
            "{__name__=\"b\", job=\"x\"} -3 1000\n");
        row("dump of a stretch", {u"dump"_s, u"--start"_s, u"1700000000.124"_s}, {}, 0,
            "{__name__=\"a_total\", job=\"x\"} 2 1700000015500\n");
        row("dump of two selectors that both match",
            {u"dump"_s, u"--match"_s, u"b"_s, u"--match"_s, u"{job=\"x\",__name__=\"b\"}"_s}, {}, 0,
            "{__name__=\"b\", job=\"x\"} -3 1000\n");
        row("dump as OpenMetrics", {u"dump-openmetrics"_s}, {}, 0, dumped);
        row("dump, not a selector", {u"dump"_s, u"--match"_s, u"{"_s}, {}, 2, {}, "parse error");
        row("dump, not a time", {u"dump"_s, u"--end"_s, u"soon"_s}, {}, 2, {}, "soon");
        row("import, the same again", {u"import-openmetrics"_s, u"-"_s}, history, 0,
            "0 samples stored, 3 duplicates, 0 conflicts (the first stays), 0 refused; 0 new "
            "series, 0 refused\n");
        row("import, other values", {u"import-openmetrics"_s, u"-"_s}, "b{job=\"x\"} 4 1\n# EOF\n",
            0,
            "0 samples stored, 0 duplicates, 1 conflicts (the first stays), 0 refused; 0 new "
            "series, 0 refused\n");
        row("import, a fault in the text", {u"import-openmetrics"_s, u"-"_s}, "c 1 1\nc c\n# EOF\n",
            1, {}, "line 2");
        row("import, no such file", {u"import-openmetrics"_s, u"/nosuch"_s}, {}, 3, {}, "/nosuch");
        row("import without a file", {u"import-openmetrics"_s}, {}, 2, {});
        row("import of blocks where none are", {u"import-prometheus"_s, u"/proc/self/fdinfo"_s}, {},
            3, {}, "no block of Prometheus");
    }
    void verbs()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(int, exit);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Ran ran
            = ctl(QStringList{u"tsdb"_s} + arguments + QStringList{u"--data"_s, store()}, input);
        QVERIFY2(ran.exit == exit, ran.err.constData());
        QCOMPARE(ran.out, out);
        QVERIFY2(ran.err.contains(err), ran.err.constData());
    }

    void listTellsWindows()
    {
        const Ran ran = ctl({u"tsdb"_s, u"list"_s, u"--data"_s, store()});
        QVERIFY2(ran.exit == 0, ran.err.constData());
        QVERIFY2(ran.out.contains("1970-01-01T00:00:01Z"), ran.out.constData());
        const Ran json
            = ctl({u"tsdb"_s, u"list"_s, u"--format"_s, u"json"_s, u"--data"_s, store()});
        QVERIFY2(json.out.startsWith("{\"windows\":[{\"start\":1000,\"end\":1000,"),
                 json.out.constData());
        QCOMPARE(ctl({u"tsdb"_s, u"list"_s}).exit, 2);
    }

    void besideARunningEngine()
    {
        tsdb::OpenOptions options;
        options.directory = store().toStdString();
        const auto running = tsdb::Store::open(options);
        QVERIFY(running);
        QCOMPARE(ctl({u"tsdb"_s, u"dump-openmetrics"_s, u"--data"_s, store()}).out, dumped);
        const Ran refused
            = ctl({u"tsdb"_s, u"import-openmetrics"_s, u"-"_s, u"--data"_s, store()}, history);
        QCOMPARE(refused.exit, 3);
        QVERIFY2(refused.err.contains("--url"), refused.err.constData()); // what to do instead
    }

    void throughAnEngine()
    {
        ImportingEngine engine;
        const auto server = net::HttpServer::listen("127.0.0.1:0", engine);
        QVERIFY(server.has_value());
        const QString url = QString::fromStdString((*server)->url());
        const Ran ran = ctl({u"tsdb"_s, u"import-openmetrics"_s, u"-"_s, u"--url"_s, url}, history);
        QVERIFY2(ran.exit == 0, ran.err.constData());
        QVERIFY2(ran.out.startsWith("3 samples stored, 1 duplicates, 2 conflicts"),
                 ran.out.constData());
        const auto [asked, got] = engine.got();
        QVERIFY2(asked.starts_with("POST ") && asked.ends_with("/api/v1/admin/tsdb/import"),
                 asked.c_str());
        QCOMPARE(got.series.size(), 2U);
        QCOMPARE(got.series[0].samples[0].atMs, 1'700'000'000'123);
        QCOMPARE(got.metadata.size(), 1U);
        QCOMPARE(got.metadata[0].metadata.help, std::string("Help."));

        engine.refuse(true);
        const Ran off = ctl({u"tsdb"_s, u"import-openmetrics"_s, u"-"_s, u"--url"_s, url}, history);
        QCOMPARE(off.exit, 1);
        QVERIFY2(off.err.contains("admin APIs disabled"), off.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestTsdbTransfer)
#include "tst_tsdb_transfer.moc"
