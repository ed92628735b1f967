// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/http_provider.h"
#include "core/discovery/question.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const std::string url = "http://u:hunter2@sd.example.org/targets";

void run(test::ProviderRig& rig, std::chrono::milliseconds refresh = 90s)
{
    config::HttpDiscovery config;
    config.url = url;
    config.refreshInterval = refresh;
    config.client.auth = BearerAuth{"Bearer", Secret("t"), ""};
    rig.run(std::make_unique<discovery::HttpProvider>(config, rig.ports));
}

} // namespace

class TestHttpProvider : public QObject {
    Q_OBJECT
private slots:
    void asksAndMarks()
    {
        test::ProviderRig rig;
        rig.fetcher.answer(url, R"([{"targets":["a:1"],"labels":{"x":"1"}},{"targets":["b:1"]}])",
                           "application/json; charset=utf-8");
        run(rig, 1500ms);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(test::dump(rig.updates[0]),
                 "a:1\n  __meta_url=http://u:hunter2@sd.example.org/targets\n  x=1\n"
                 "b:1\n  __meta_url=http://u:hunter2@sd.example.org/targets\n"_ba);
        QCOMPARE(rig.updates[0][1].source, url + ":1");
        const HttpRequest& request = rig.fetcher.requests.at(0);
        QCOMPARE(header(request.headers, "X-Prometheus-Refresh-Interval-Seconds"),
                 std::string_view("1.5"));
        QCOMPARE(header(request.headers, "Accept"), std::string_view("application/json"));
        QCOMPARE(request.timeout, std::chrono::milliseconds(1500));
        QVERIFY(std::holds_alternative<BearerAuth>(request.client.auth));
        QVERIFY2(!rig.provider->status().source.contains("hunter2"), "the password is shown");
    }

    void asksAtTheInterval()
    {
        test::ProviderRig rig;
        rig.fetcher.answer(url, "[]", "application/json");
        run(rig);
        rig.runUntil(rig.start + 10min);
        QCOMPARE(rig.fetcher.requests.size(), 7U);
    }

    void aSuspendIsNotMadeUpFor()
    {
        test::ProviderRig rig;
        rig.fetcher.answer(url, "[]", "application/json");
        run(rig);
        rig.clock.at += 8h;
        rig.provider->advance(rig.clock.at);
        rig.provider->advance(rig.clock.at);
        QCOMPARE(rig.fetcher.requests.size(), 2U);
        QCOMPARE(*rig.provider->nextDue(), rig.clock.at + 90s);
    }

    void aClockSetBackKeepsNobodyWaiting()
    {
        test::ProviderRig rig;
        rig.fetcher.answer(url, "[]", "application/json");
        run(rig);
        rig.clock.at -= 8h;
        rig.provider->advance(rig.clock.at);
        QVERIFY(*rig.provider->nextDue() <= rig.clock.at + 90s);
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("status"); // 0: no answer
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("down") << ""_ba << ""_ba << 0 << "connection refused"_ba;
        QTest::newRow("status") << "no luck\nat all"_ba << "text/plain"_ba << 503
                                << "server returned HTTP status 503: no luck"_ba;
        QTest::newRow("web page for an error")
            << "<html>"_ba << "text/html"_ba << 404 << "server returned HTTP status 404"_ba;
        QTest::newRow("another type")
            << "[]"_ba << "text/plain"_ba << 200 << "unsupported content type \"text/plain\""_ba;
        QTest::newRow("no type") << "[]"_ba << ""_ba << 200 << "unsupported content type \"\""_ba;
        QTest::newRow("another charset") << "[]"_ba << "application/json; charset=latin1"_ba << 200
                                         << "unsupported content type \"application/json; "
                                            "charset=latin1\""_ba;
        QTest::newRow("no list") << "{}"_ba << "application/json"_ba << 200
                                 << "the answer: 1:1: a list of target groups is expected"_ba;
    }
    void failures()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        QFETCH(int, status);
        QFETCH(QByteArray, error);
        test::ProviderRig rig;
        rig.fetcher.answer(url, R"([{"targets":["a:1"]}])", "APPLICATION/JSON;charset=\"UTF-8\"");
        run(rig);
        QCOMPARE(rig.addresses(), "a:1"_ba);
        rig.fetcher.answers.clear();
        if (status != 0) {
            rig.fetcher.answer(url, body.toStdString(), type.toStdString(), status);
        }
        rig.runUntil(rig.start + 91s);
        QCOMPARE(QByteArray::fromStdString(rig.error()), error);
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.provider->status().lastUpdate, rig.start);
        rig.fetcher.answer(url, "[]", "application/json");
        rig.runUntil(rig.start + 181s);
        QCOMPARE(rig.addresses(), ""_ba);
        QVERIFY(rig.error().empty());
    }

    void oneQuestionAtATime()
    {
        test::ProviderRig rig;
        rig.fetcher.holds = true;
        run(rig);
        rig.runUntil(rig.start + 10min);
        QCOMPARE(rig.fetcher.requests.size(), 1U);
        rig.provider.reset();
        rig.fetcher.release();
        QVERIFY(rig.updates.empty());
    }

    void passwordsAreNotShown_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("none") << "http://h:1/p?q=a@b:c"_ba << "http://h:1/p?q=a@b:c"_ba;
        QTest::newRow("user") << "http://u@h"_ba << "http://u@h"_ba;
        QTest::newRow("password") << "https://u:p@h:1/x"_ba << "https://u:<secret>@h:1/x"_ba;
        QTest::newRow("an at sign in it") << "https://u:p@q@h/"_ba << "https://u:<secret>@h/"_ba;
    }
    void passwordsAreNotShown()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(discovery::withoutPassword(url.toStdString())), shown);
    }
};

QTEST_GUILESS_MAIN(TestHttpProvider)
#include "tst_http_provider.moc"
