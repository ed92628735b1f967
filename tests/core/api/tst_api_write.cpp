// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/api_handler.h"
#include "core/encoding/compress.h"
#include "core/remote/write.h"
#include "tests/support/fake_engine.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::api;
using namespace Qt::StringLiterals;

namespace {

WriteRequest oneSample()
{
    WriteSeries series;
    series.labels = Labels{{"__name__", "a"}, {"job", "x"}};
    series.samples = {{1'700'000'000'000, 1}};
    return {{series}, {}};
}

constexpr const char* v1Type = "application/x-protobuf";
constexpr const char* v2Type = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

} // namespace

class TestApiWrite : public QObject {
    Q_OBJECT

    SystemClock m_clock;
    InlineExecutor m_workers;
    tests::FakeEngine m_engine;

    HttpResponse post(HttpHeaders headers, std::string body, bool enabled = true)
    {
        ApiHandler api(m_engine, m_clock, m_workers,
                       {.remoteWriteReceiver = enabled, .maxBody = 10'000});
        HttpRequest request;
        request.method = "POST";
        request.url = "/api/v1/write";
        request.headers = std::move(headers);
        request.body = std::move(body);
        std::optional<HttpResponse> answer;
        const Ticket ticket = api.handle(std::move(request), [&](Result<HttpResponse> response) {
            answer = std::move(*response);
        });
        return std::move(answer).value();
    }

private slots:
    void init()
    {
        m_engine.writes.clear();
        m_engine.onWrite = [](const WriteRequest&) { return storage::CommitReport{.stored = 1}; };
    }

    void storesWhatCame()
    {
        const std::string body = encoding::snappyCompress(remote::encodeWrite(oneSample()));
        const HttpResponse response
            = post({{"Content-Type", v1Type}, {"Content-Encoding", "snappy"}}, body);
        QCOMPARE(response.status, 204);
        QCOMPARE(response.body, "");
        QCOMPARE(m_engine.writes.size(), 1U);
        QCOMPARE(m_engine.writes[0].series.at(0).labels.toString(), "a{job=\"x\"}");
    }

    void isOffByDefault() { QCOMPARE(post({}, {}, false).status, 404); }

    void statuses_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("body"); // empty: a good one
        QTest::addColumn<int>("status");
        QTest::newRow("the first senders gave no type") << ""_ba << ""_ba << ""_ba << 204;
        QTest::newRow("message named") << "application/x-protobuf;proto=prometheus.WriteRequest"_ba
                                       << "snappy"_ba << ""_ba << 204;
        QTest::newRow("text") << "text/plain"_ba << "snappy"_ba << ""_ba << 415;
        QTest::newRow("unknown message") << "application/x-protobuf;proto=foo.Bar"_ba
                                         << "snappy"_ba << ""_ba << 415;
        QTest::newRow("gzip") << QByteArray(v1Type) << "gzip"_ba << ""_ba << 415;
        QTest::newRow("not snappy") << QByteArray(v1Type) << "snappy"_ba << "nonsense"_ba << 400;
        QTest::newRow("not protobuf")
            << QByteArray(v1Type) << "snappy"_ba
            << QByteArray::fromStdString(encoding::snappyCompress("\xff\xff")) << 400;
        QTest::newRow("larger than allowed")
            << QByteArray(v1Type) << "snappy"_ba
            << QByteArray::fromStdString(encoding::snappyCompress(std::string(20'000, 'x'))) << 413;
    }

    void statuses()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        if (body.isEmpty()) {
            body = QByteArray::fromStdString(
                encoding::snappyCompress(remote::encodeWrite(oneSample())));
        }
        HttpHeaders headers;
        if (!type.isEmpty()) {
            headers.emplace_back("Content-Type", type.toStdString());
        }
        if (!encoding.isEmpty()) {
            headers.emplace_back("Content-Encoding", encoding.toStdString());
        }
        QCOMPARE(post(headers, body.toStdString()).status, status);
    }

    void importsHistoryForAdministrators_data()
    {
        QTest::addColumn<bool>("enabled");
        QTest::newRow("admin API on") << true;
        QTest::newRow("off") << false;
    }

    void importsHistoryForAdministrators()
    {
        QFETCH(bool, enabled);
        m_engine.onWrite = [](const WriteRequest& request) {
            return storage::CommitReport{.stored = request.isHistory ? 1U : 0U, .conflicts = 2};
        };
        ApiHandler api(m_engine, m_clock, m_workers, {.adminApi = enabled, .maxBody = 10'000});
        HttpRequest request;
        request.method = "POST";
        request.url = "/api/v1/admin/tsdb/import";
        request.headers = {{"Content-Type", v1Type}, {"Content-Encoding", "snappy"}};
        request.body = encoding::snappyCompress(remote::encodeWrite(oneSample()));
        std::optional<HttpResponse> answer;
        const Ticket ticket = api.handle(std::move(request), [&](Result<HttpResponse> response) {
            answer = std::move(*response);
        });
        QVERIFY(answer);
        QCOMPARE(answer->status, enabled ? 200 : 503);
        QCOMPARE(answer->body.contains("\"stored\":1,\"duplicates\":0,\"conflicts\":2"), enabled);
        QCOMPARE(m_engine.writes.size(), enabled ? 1U : 0U);
    }

    void conflictsAreToldAfterStoringTheRest_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<int>("status");
        QTest::newRow("same value again") << 0 << 204;
        QTest::newRow("other value") << 1 << 400;
        QTest::newRow("too old") << 2 << 400;
        QTest::newRow("store is full") << 3 << 503;
        QTest::newRow("store broke") << 4 << 500;
    }

    void conflictsAreToldAfterStoringTheRest()
    {
        QFETCH(int, which);
        QFETCH(int, status);
        m_engine.onWrite = [which](const WriteRequest&) -> Result<storage::CommitReport> {
            switch (which) {
            case 0:
                return storage::CommitReport{.duplicates = 1};
            case 1:
                return storage::CommitReport{.conflicts = 1};
            case 2:
                return storage::CommitReport{.stored = 1, .tooOld = 1};
            case 3:
                return fail(ErrorKind::unavailable, "journal full");
            default:
                return fail(ErrorKind::io, "disk");
            }
        };
        QCOMPARE(post({{"Content-Type", v1Type}},
                      encoding::snappyCompress(remote::encodeWrite(oneSample())))
                     .status,
                 status);
    }

    void versionTwoCountsWhatWasWritten()
    {
        m_engine.onWrite
            = [](const WriteRequest&) { return storage::CommitReport{.stored = 1, .tooOld = 1}; };
        // Two series of one symbol table, one sample each.
        const QByteArray packed
            = QByteArray::fromBase64("UvRRACIAIghfX25hbWVfXyIKcncyX21ldHJpYyIDam9iIgF4KhgKBAECAwQSE"
                                     "AkAAAAAAADwPxCA0JX/vDEqFgo"
                                     "CAQISEAkAAAAAAADwPxDAvoOAvTE=");
        const HttpResponse response = post(
            {{"Content-Type", v2Type}, {"Content-Encoding", "snappy"}}, packed.toStdString());
        QCOMPARE(response.status, 400);
        QCOMPARE(header(response.headers, "X-Prometheus-Remote-Write-Samples-Written"), "1");
        QCOMPARE(header(response.headers, "X-Prometheus-Remote-Write-Histograms-Written"), "0");
        QCOMPARE(m_engine.writes.at(0).series.size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestApiWrite)
#include "tst_api_write.moc"
