// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ten thousand alerts that fire at once, from the rules' hand to what every receiver was sent and
// what the notification log keeps: in one group, and in ten thousand. With a store on disk.
#include "core/alerting/dispatcher.h"
#include "core/alerting/receivers/integrations.h"
#include "core/base/log.h"
#include "core/base/mailbox.h"
#include "core/tsdb/store.h"
#include "tests/bench/bench_folder.h"
#include "tests/bench/bench_main.h"

#include <atomic>
#include <format>
#include <fstream>
#include <unistd.h>

using namespace watchfire;

namespace {

struct Taker final : HttpFetcher {
    std::atomic<std::size_t> taken = 0;
    std::atomic<std::size_t> bytes = 0;
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        ++taken;
        bytes += request.body.size();
        HttpResponse response;
        response.headers = {{"Content-Type", "text/plain"}};
        response.body = "ok";
        reply(std::move(response));
        return {};
    }
};

struct NoPopups final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

/// Most memory this process had resident, in MiB.
double peakMiB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stod(line.substr(6)) / 1024;
        }
    }
    return 0;
}

void dispatch(benchmark::State& state, std::size_t alerts, bool oneGroup)
{
    const SystemClock clock;
    const bench::StoreFolder folder(std::format("watchfire-bench-alerting-{}", getpid()));
    const auto store = folder.open(clock);
    NoPopups popups;
    std::vector<Alert> firing;
    for (std::size_t i = 0; i < alerts; ++i) {
        Alert alert;
        alert.labels = {{"alertname", std::format("Alert{:02}", i % 50)},
                        {"instance", std::format("host{:05}:9100", i)},
                        {"job", "node"},
                        {"severity", "page"}};
        alert.annotations = {{"summary", std::format("Host {} is in trouble", i)}};
        alert.startsAt = clock.now();
        alert.endsAt = alert.startsAt + std::chrono::hours(1);
        firing.push_back(std::move(alert));
    }
    config::AlertmanagerConfig config;
    config.route.receiver = "r";
    if (!oneGroup) {
        config.route.groupBy = {"..."};
        config.route.groupByGiven = true;
    }
    config.route.groupWait = std::chrono::milliseconds(0);
    config.receivers.emplace_back().name = "r";
    config.receivers[0].webhooks.emplace_back().url.text = Secret("http://w/");
    config.receivers[0].slacks.emplace_back().apiUrl.text = Secret("http://s/");
    std::size_t requests = 0;
    for (auto _ : state) {
        Taker taker;
        Mailbox owner;
        ThreadPool workers(1);
        alerting::Silences silences(store.get(), alerting::makeUuid);
        alerting::NotificationLog log(store.get());
        std::size_t told = 0;
        alerting::Dispatcher dispatcher(
            silences, log,
            [&](const config::ReceiverConfig& receiver) {
                return alerting::makeIntegrations(receiver, config.globals,
                                                  alerting::templatesOf(config),
                                                  {taker, popups, clock, workers, nullptr, {}});
            },
            owner, [&told](Timestamp, const Labels&, const std::string&) { ++told; });
        dispatcher.apply(config, "http://am", clock.now());
        dispatcher.put(firing, clock.now());
        dispatcher.advance(clock.now());
        while (told < 2 * alerts) {
            owner.wait(std::chrono::steady_clock::now() + std::chrono::seconds(1));
            owner.drain();
            dispatcher.advance(clock.now());
        }
        requests = taker.taken;
        owner.close();
    }
    state.counters["requests"] = static_cast<double>(requests);
    state.counters["peak_MiB"] = peakMiB();
}

} // namespace

int main(int argc, char** argv)
{
    setLogSink([](LogLevel, std::string_view, std::string_view) { });
    return bench::runBenches(argc, argv, [](bool isSmall) {
        const std::size_t alerts = isSmall ? 200 : 10'000;
        for (const bool oneGroup : {true, false}) {
            benchmark::RegisterBenchmark(
                oneGroup ? "dispatch/one_group" : "dispatch/group_each",
                [=](benchmark::State& state) { dispatch(state, alerts, oneGroup); })
                ->Unit(benchmark::kMillisecond)
                ->Iterations(3)
                ->UseRealTime();
        }
    });
}
