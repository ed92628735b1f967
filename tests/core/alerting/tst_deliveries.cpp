// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A receiver that is away, under a clock turned by hand: what it hears, how often it is asked, and
// what it hears of when it is back.
#include "core/alerting/dispatcher.h"
#include "core/alerting/receivers/integrations.h"
#include "core/encoding/json.h"

#include <format>
#include <set>

#include <QTest>

using namespace std::chrono_literals;
using namespace watchfire;

namespace {

constexpr Timestamp start(1'767'323'045s);

struct TurnedClock final : Clock {
    Timestamp at = start;
    Timestamp now() const override { return at; }
};

/// Away until `back`; then it takes everything. Statuses come in turn while it is away.
struct Server final : HttpFetcher {
    const TurnedClock& clock;
    Timestamp back;
    std::vector<std::pair<Timestamp, std::string>> asked;

    Server(const TurnedClock& by, Timestamp until)
        : clock(by)
        , back(until)
    {
    }
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        asked.emplace_back(clock.at, std::move(request.body));
        if (clock.at < back) {
            if (asked.size() % 2 == 0) {
                reply(fail(ErrorKind::unavailable, "connection refused"));
                return {};
            }
            HttpResponse response;
            response.status = 503;
            reply(std::move(response));
            return {};
        }
        reply(HttpResponse());
        return {};
    }
};

struct NoPopups final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

Alert firing(std::string name, int i, Timestamp at)
{
    Alert out;
    out.labels = Labels{{"alertname", std::move(name)}, {"i", std::to_string(i)}};
    out.startsAt = at;
    out.endsAt = at + 24h;
    return out;
}

std::set<std::string> statusesIn(const std::string& body)
{
    std::set<std::string> out;
    const auto json = encoding::parseJson(body);
    for (const auto& alert : (*json)["alerts"].items()) {
        out.insert(std::format("{}{} {}", alert["labels"]["alertname"].asString(),
                               alert["labels"]["i"].asString(), alert["status"].asString()));
    }
    return out;
}

} // namespace

class TestDeliveries : public QObject {
    Q_OBJECT
private slots:
    void tenMinutesAwayLoseNothingAndFloodNobody()
    {
        TurnedClock clock;
        Server server(clock, start + 10s + 10min);
        NoPopups popups;
        InlineExecutor here;
        alerting::Silences silences(nullptr, alerting::makeUuid);
        alerting::NotificationLog log(nullptr);
        config::AlertmanagerConfig config;
        config.route.receiver = "r";
        config.route.groupBy = {"alertname"};
        config.route.groupWait = 10s;
        config.route.groupInterval = 1min;
        config.route.repeatInterval = 4h;
        config.receivers.emplace_back().name = "r";
        config.receivers[0].webhooks.emplace_back().url.text = Secret("http://w/");
        alerting::Dispatcher dispatcher(
            silences, log,
            [&](const config::ReceiverConfig& receiver) {
                return alerting::makeIntegrations(receiver, config.globals,
                                                  alerting::templatesOf(config),
                                                  {server, popups, clock, here, nullptr, {}});
            },
            here, [](Timestamp, const Labels&, const std::string&) {});
        dispatcher.apply(config, "", clock.at);
        const auto turnTo = [&](Timestamp until) {
            while (dispatcher.nextDue() && *dispatcher.nextDue() <= until) {
                clock.at = std::max(clock.at, *dispatcher.nextDue());
                dispatcher.advance(clock.at);
            }
            clock.at = until;
        };
        // Twenty groups; while it is away one more alert of each fires, and the first is over.
        constexpr int groups = 20;
        const auto name = [](int group) { return std::format("G{:02}", group); };
        for (int group = 0; group < groups; ++group) {
            dispatcher.put({firing(name(group), 1, start)}, clock.at);
        }
        turnTo(start + 5min);
        for (int group = 0; group < groups; ++group) {
            Alert over = firing(name(group), 1, start);
            over.endsAt = clock.at;
            dispatcher.put({firing(name(group), 2, clock.at), over}, clock.at);
        }
        turnTo(server.back - 1ms);
        const std::size_t whileAway = server.asked.size();
        // Tries of one flush grow apart from 0.5 s on, so a minute has about eleven.
        QVERIFY2(whileAway < groups * 11 * 12, qPrintable(QString::number(whileAway)));
        QVERIFY(whileAway > groups * 10);
        server.asked.clear();
        turnTo(server.back + 3min);

        // One notification for each group, with all of it.
        QCOMPARE(server.asked.size(), std::size_t(groups));
        std::set<std::string> heard;
        for (const auto& [at, body] : server.asked) {
            const auto told = statusesIn(body);
            QCOMPARE(told.size(), std::size_t(2));
            heard.insert(told.begin(), told.end());
            QVERIFY(at <= server.back + 2min);
        }
        QCOMPARE(heard.size(), std::size_t(2 * groups));
        for (int group = 0; group < groups; ++group) {
            QVERIFY(heard.contains(name(group) + "1 resolved"));
            QVERIFY(heard.contains(name(group) + "2 firing"));
        }
        // And nothing again until something changes.
        turnTo(server.back + 1h);
        QCOMPARE(server.asked.size(), std::size_t(groups));
    }
};

QTEST_GUILESS_MAIN(TestDeliveries)
#include "tst_deliveries.moc"
