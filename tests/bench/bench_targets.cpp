// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/groups.h"
#include "core/encoding/json.h"
#include "core/scrape/job.h"
#include "core/scrape/scraper.h"
#include "core/scrape/target.h"
#include "core/storage/memory_store.h"
#include "tests/support/fake_dns.h"
#include "tests/support/fake_fetcher.h"
#include "tests/support/fake_watcher.h"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <ctime>
#include <deque>
#include <format>

/// Ten thousand discovered targets, each with the labels a pod has and seven rules: what all of
/// them cost, what a change of one costs, and how long the engine's thread is kept.
namespace {

using namespace watchfire;

constexpr std::size_t targets = 10'000;

discovery::Groups groupsOf(std::size_t changed)
{
    discovery::Groups groups;
    for (std::size_t i = 0; i < targets; ++i) {
        LabelsBuilder labels;
        for (int n = 0; n < 30; ++n) {
            labels.set(std::format("__meta_kubernetes_pod_label_name_{}", n),
                       std::format("value-{}-{}", n, i % 97));
        }
        labels.set("__meta_kubernetes_pod_name", std::format("pod-{}", i));
        labels.set("__meta_kubernetes_namespace", std::format("space-{}", i % 13));
        labels.set("__meta_kubernetes_pod_uid", std::format("{}", i == 0 ? changed : 0));
        discovery::addTarget(groups, "pod",
                             std::format("10.{}.{}.{}:9100", i >> 16, i >> 8 & 255, i & 255),
                             labels.build());
    }
    return groups;
}

std::shared_ptr<const config::ScrapeConfig> job()
{
    auto job = std::make_shared<config::ScrapeConfig>();
    job->jobName = "pods";
    job->scrapeInterval = std::chrono::minutes(1);
    job->scrapeTimeout = std::chrono::seconds(10);
    const auto add = [&](RelabelAction action, std::vector<std::string> from, std::string to,
                         std::string regex) {
        RelabelRule rule;
        rule.action = action;
        rule.sourceLabels = std::move(from);
        rule.targetLabel = std::move(to);
        rule.regexText = std::move(regex);
        rule.givenRegex = true;
        job->relabel.push_back(std::move(rule));
    };
    using enum RelabelAction;
    add(keep, {"__meta_kubernetes_pod_label_name_1"}, "", "value-.*");
    add(drop, {"__meta_kubernetes_pod_label_name_2"}, "", "nothing");
    add(replace, {"__meta_kubernetes_namespace"}, "namespace", "(.*)");
    add(replace, {"__meta_kubernetes_pod_name"}, "pod", "(.*)");
    add(replace, {"__address__"}, "__address__", "([^:]+):.*");
    add(labelMap, {}, "", "__meta_kubernetes_pod_label_(.+)");
    add(labelDrop, {}, "", "name_2.");
    job->relabel[4].replacement = "$1:8080";
    static_cast<void>(scrape::prepareRules(*job));
    return job;
}

void relabelAll(benchmark::State& state)
{
    const auto config = job();
    const std::vector groups{std::make_shared<const discovery::Groups>(groupsOf(0))};
    for (auto _ : state) {
        scrape::TargetBook book(scrape::Ceilings{});
        benchmark::DoNotOptimize(book.update(config, groups).active);
    }
}
BENCHMARK(relabelAll)->Unit(benchmark::kMillisecond);

void changeOne(benchmark::State& state)
{
    const auto config = job();
    std::vector<std::vector<scrape::GroupsPtr>> turns;
    for (std::size_t i = 0; i < 2; ++i) {
        turns.push_back({std::make_shared<const discovery::Groups>(groupsOf(i))});
    }
    scrape::TargetBook book(scrape::Ceilings{});
    benchmark::DoNotOptimize(book.update(config, turns[1]).active);
    std::size_t turn = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(book.update(config, turns[turn++ % 2]).active);
    }
}
BENCHMARK(changeOne)->Unit(benchmark::kMillisecond);

std::string asJson(const discovery::Groups& groups)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const config::TargetGroup& group : groups) {
        json.beginObject().key("targets").beginArray().string(group.targets.front()).endArray();
        json.key("labels").beginObject();
        for (const Label& label : group.labels) {
            json.key(label.name).string(label.value);
        }
        json.endObject().endObject();
    }
    json.endArray();
    return out;
}

/// Of this thread, so that a busy machine does not count.
std::chrono::nanoseconds processorTime()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// Runs tasks one by one and keeps the time of the longest.
struct TimedExecutor final : Executor {
    std::deque<Task> tasks;
    std::chrono::nanoseconds longest{};
    void run(Task task) override { tasks.push_back(std::move(task)); }
    void drain()
    {
        while (!tasks.empty()) {
            Task task = std::move(tasks.front());
            tasks.pop_front();
            const auto start = processorTime();
            task();
            longest = std::max(longest, processorTime() - start);
        }
    }
};

/// The longest that the home thread is kept by one task, from the discovery's answer to the last
/// target in force.
void keepHome(benchmark::State& state)
{
    test::TurnedClock clock;
    test::FakeFetcher fetcher;
    test::FakeDns dns;
    test::FakeWatcher watcher;
    storage::MemoryStore store;
    TimedExecutor home;
    test::HeldExecutor workers;
    config::ScrapeConfig config = *job();
    config.discoveries = {config::HttpDiscovery{"http://sd/", std::chrono::minutes(1), {}}};
    const std::array bodies{asJson(groupsOf(0)), asJson(groupsOf(1))};
    const auto timed = [&home](const auto& call) {
        const auto start = processorTime();
        call();
        home.longest = std::max(home.longest, processorTime() - start);
    };
    for (auto _ : state) {
        scrape::Scraper scraper({fetcher, home, workers, store, clock, dns, watcher});
        scraper.setPaused(true); // discovery alone is looked at
        for (const std::string& body : bodies) {
            fetcher.answer("http://sd/", body, "application/json");
            timed([&] { scraper.apply({config}); });
            clock.at += std::chrono::minutes(1);
            timed([&] { scraper.advance(clock.at); });
            while (!workers.tasks.empty() || !home.tasks.empty()) {
                workers.drain();
                home.drain();
            }
        }
        benchmark::DoNotOptimize(scraper.targets()->targets.size());
    }
    state.counters["longest_ms"] = std::chrono::duration<double, std::milli>(home.longest).count();
}
BENCHMARK(keepHome)->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace

BENCHMARK_MAIN();
