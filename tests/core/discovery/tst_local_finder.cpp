// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mailbox.h"
#include "core/discovery/local_finder.h"
#include "core/net/http_fetcher.h"
#include "core/net/http_server.h"
#include "tests/support/fake_fetcher.h"

#include <array>
#include <optional>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using discovery::FoundExporter;

namespace {

const std::string nodeBody = "# TYPE node_exporter_build_info gauge\n"
                             "node_exporter_build_info{version=\"1.9.0\"} 1\nnode_load1 0.5\n";

constexpr auto fewPorts
    = std::to_array<discovery::ExporterPort>({{9100}, {9090}, {8080}, {9901, "/stats/prometheus"}});

struct Rig {
    test::FakeFetcher fetcher;
    InlineExecutor here;
    std::optional<Result<std::vector<discovery::AnnouncedService>>> announced;
    std::vector<std::vector<FoundExporter>> answers;

    discovery::LocalFinder finder()
    {
        discovery::LocalFinder::Browse browse;
        if (announced) {
            browse = [this](Reply<std::vector<discovery::AnnouncedService>> reply) {
                reply(*announced);
                return Ticket();
            };
        }
        return discovery::LocalFinder({fetcher, here, here, std::move(browse)}, {"Box"}, fewPorts);
    }
    const std::vector<FoundExporter>& find(const std::vector<std::string>& scraped = {})
    {
        discovery::LocalFinder own = finder();
        own.find(scraped,
                 [this](std::vector<FoundExporter> found) { answers.push_back(std::move(found)); });
        static const std::vector<FoundExporter> none;
        return answers.empty() ? none : answers.back();
    }
};

/// One page for all paths.
struct Page final : HttpHandler {
    std::string body;
    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override
    {
        HttpResponse response;
        response.status = pathOf(request) == "/metrics" ? 200 : 404;
        response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4");
        response.body = body;
        reply(std::move(response));
        return {};
    }
};

} // namespace

class TestLocalFinder : public QObject {
    Q_OBJECT
private slots:
    void exportersAreFoundByWhatTheyMeasure()
    {
        Rig rig;
        rig.fetcher.answer("http://localhost:8080/metrics", nodeBody);
        rig.fetcher.answer("http://localhost:9901/stats/prometheus", "envoy_server_version 7\n");
        rig.fetcher.answer("http://localhost:9090/metrics",
                           "go_build_info 1\nmine_build_info 1\nmine_x 1\n");
        const auto& found = rig.find();
        const std::vector<FoundExporter> expected{
            {"node exporter", "node", "localhost:8080", "http", "/metrics", 2, "loopback"},
            {"mine", "mine", "localhost:9090", "http", "/metrics", 3, "loopback"},
            {"Envoy", "envoy", "localhost:9901", "http", "/stats/prometheus", 1, "loopback"}};
        QCOMPARE(found.size(), expected.size());
        QVERIFY(found == expected);
        QCOMPARE(rig.fetcher.requests.size(), fewPorts.size());
        for (const HttpRequest& request : rig.fetcher.requests) {
            QCOMPARE(request.timeout, 500ms);
            QVERIFY(request.maxBody > 0);
        }
    }

    void whatIsNoneIsNotFound_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("status");
        QTest::newRow("web page") << "<html></html>"_ba << "text/html"_ba << 200;
        QTest::newRow("web page that says it is text")
            << "<html></html>"_ba << "text/plain"_ba << 200;
        QTest::newRow("JSON") << "{}"_ba << "application/json"_ba << 200;
        QTest::newRow("no type") << "a 1\n"_ba << ""_ba << 200;
        QTest::newRow("log in first") << "a 1\n"_ba << "text/plain"_ba << 401;
        QTest::newRow("nothing in it") << "# no series\n"_ba << "text/plain"_ba << 200;
        QTest::newRow("a good start") << "a 1\nb {{\n"_ba << "text/plain"_ba << 200;
    }
    void whatIsNoneIsNotFound()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        QFETCH(int, status);
        Rig rig;
        rig.fetcher.answer("http://localhost:9100/metrics", body.toStdString(), type.toStdString(),
                           status);
        QVERIFY(rig.find().empty());
        QCOMPARE(rig.answers.size(), 1U);
    }

    void identities_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("job");
        QTest::newRow("node") << "node_exporter_build_info 1\n"_ba << "node exporter"_ba
                              << "node"_ba;
        QTest::newRow("a Pushgateway with a node's metrics pushed to it")
            << "node_exporter_build_info 1\npushgateway_build_info 1\n"_ba << "Pushgateway"_ba
            << "pushgateway"_ba;
        QTest::newRow("an exporter of Redis")
            << "redis_up 1\n"_ba << "Redis exporter"_ba << "redis"_ba;
        QTest::newRow("Prometheus") << "go_build_info 1\nprometheus_build_info 1\n"_ba
                                    << "Prometheus"_ba << "prometheus"_ba;
        QTest::newRow("one that names itself") << "abc_build_info 1\n"_ba << "abc"_ba << "abc"_ba;
        QTest::newRow("one that does not") << "go_build_info 1\n"_ba << ""_ba << ""_ba;
    }
    void identities()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, job);
        HttpResponse response;
        response.headers.emplace_back("Content-Type", "text/plain");
        response.body = body.toStdString();
        const auto identity = discovery::identifyExporter(response);
        QVERIFY(identity);
        QCOMPARE(QByteArray::fromStdString(identity->name), name);
        QCOMPARE(QByteArray::fromStdString(identity->jobName), job);
    }

    void whatIsScrapedIsLeftOut()
    {
        Rig rig;
        for (const auto& place : fewPorts) {
            rig.fetcher.answer("http://localhost:" + std::to_string(place.port) + "/metrics",
                               nodeBody);
        }
        const auto& found
            = rig.find({"http://127.0.0.1:9100/metrics", "https://[::1]:9090/x?y=http://z:1",
                        "http://BOX.local:8080/", "collector:host"});
        QVERIFY(found.empty());
        QCOMPARE(rig.fetcher.requests.size(), 1U);
    }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("another host") << "http://Db:9100/metrics"_ba << "db:9100"_ba;
        QTest::newRow("no port") << "http://db/metrics"_ba << "db:80"_ba;
        QTest::newRow("no port, TLS") << "https://db/metrics"_ba << "db:443"_ba;
        QTest::newRow("user") << "http://u:p@db:1/"_ba << "db:1"_ba;
        QTest::newRow("IPv6") << "http://[2001:db8::1]:9/x"_ba << "[2001:db8::1]:9"_ba;
        QTest::newRow("loopback") << "http://127.0.0.1:9"_ba << "localhost:9"_ba;
        QTest::newRow("IPv6 loopback") << "http://[::1]:9"_ba << "localhost:9"_ba;
        QTest::newRow("own name") << "http://box:9"_ba << "localhost:9"_ba;
        QTest::newRow("own name, rooted") << "http://box.local.:9"_ba << "localhost:9"_ba;
    }
    void addresses()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, address);
        Rig rig;
        QCOMPARE(QByteArray::fromStdString(rig.finder().addressOf(url.toStdString())), address);
    }

    void eightAreAskedAtOnce()
    {
        Rig rig;
        rig.fetcher.holds = true;
        discovery::LocalFinder finder({rig.fetcher, rig.here, rig.here, {}});
        bool isDone = false;
        QVERIFY(finder.find({}, [&isDone](const std::vector<FoundExporter>&) { isDone = true; }));
        QCOMPARE(rig.fetcher.requests.size(), 8U);
        QVERIFY(finder.isLooking());
        QVERIFY2(!finder.find({}, {}), "it looks already");
        auto [url, reply] = std::move(rig.fetcher.held.front());
        rig.fetcher.held.pop_front();
        reply(fail(ErrorKind::timeout, "slow"));
        QCOMPARE(rig.fetcher.requests.size(), 9U);
        rig.fetcher.release();
        QVERIFY(isDone);
        QCOMPARE(rig.fetcher.requests.size(), discovery::wellKnownExporterPorts().size());
        QVERIFY(!finder.isLooking());
    }

    void portsAreListedOnce()
    {
        std::vector<std::uint16_t> seen;
        for (const auto& place : discovery::wellKnownExporterPorts()) {
            QVERIFY2(!std::ranges::contains(seen, place.port),
                     qPrintable(QString::number(place.port)));
            seen.push_back(place.port);
        }
    }

    void announcedServicesAreVerified()
    {
        Rig rig;
        rig.announced = std::vector<discovery::AnnouncedService>{
            {"Attic", "attic.local.", {"192.0.2.7"}, 9100, "stats"},
            {"Cellar", "cellar.local", {}, 80, ""},
            {"This very box", "box.local", {}, 9100, ""},
            {"Scraped", "scraped.local", {"192.0.2.9"}, 1, ""}};
        rig.fetcher.answer("http://192.0.2.7:9100/stats", "heat 1\n");
        rig.fetcher.answer("http://cellar.local:80/metrics", "<html>", "text/html");
        rig.fetcher.answer("http://localhost:9100/metrics", nodeBody);
        rig.fetcher.answer("http://box.local:9100/metrics", nodeBody);
        const auto& found = rig.find({"http://192.0.2.9:1/metrics"});
        const std::vector<FoundExporter> expected{
            {"Attic", "attic", "192.0.2.7:9100", "http", "/stats", 1, "mDNS"},
            {"node exporter", "node", "localhost:9100", "http", "/metrics", 2, "loopback"}};
        QVERIFY(found == expected);
        QVERIFY(std::ranges::none_of(rig.fetcher.requests, [](const HttpRequest& request) {
            return request.url.contains("scraped");
        }));
    }

    void aNetworkWithoutAnnouncementsIsNoFault()
    {
        Rig rig;
        rig.announced = fail(ErrorKind::unavailable, "no multicast here");
        rig.fetcher.answer("http://localhost:9100/metrics", nodeBody);
        QCOMPARE(rig.find().size(), 1U);
    }

    void nobodyIsToldAfterTheEnd()
    {
        Rig rig;
        rig.fetcher.holds = true;
        rig.find();
        rig.fetcher.release();
        QVERIFY(rig.answers.empty());
    }

    void aRealServerIsFound()
    {
        Page page;
        page.body = nodeBody;
        auto server = net::HttpServer::listen("127.0.0.1:0", page);
        QVERIFY2(server, server ? "" : server.error().message.c_str());
        // A port that nobody listens on: one that was just given back.
        std::uint16_t closed = 0;
        {
            auto other = net::HttpServer::listen("127.0.0.1:0", page);
            QVERIFY(other);
            closed = (*other)->port();
        }
        const std::array places{discovery::ExporterPort{(*server)->port()},
                                discovery::ExporterPort{(*server)->port(), "/elsewhere"},
                                discovery::ExporterPort{closed}};
        net::CurlFetcher fetcher;
        Mailbox home;
        ThreadPool workers(1);
        discovery::LocalFinder finder({fetcher, home, workers, {}}, {}, places);
        std::optional<std::vector<FoundExporter>> found;
        QVERIFY(
            finder.find({}, [&found](std::vector<FoundExporter> all) { found = std::move(all); }));
        const auto until = std::chrono::steady_clock::now() + 30s;
        while (!found && std::chrono::steady_clock::now() < until) {
            home.wait(until);
            home.drain();
        }
        QVERIFY(found);
        QCOMPARE(found->size(), 1U);
        QCOMPARE(found->front().address, "localhost:" + std::to_string((*server)->port()));
        QCOMPARE(found->front().name, std::string("node exporter"));
        QCOMPARE(found->front().series, 2U);
    }
};

QTEST_GUILESS_MAIN(TestLocalFinder)
#include "tst_local_finder.moc"
