// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/targets_world.h"

#include <algorithm>
#include <cmath>

namespace watchfire::tests {

using namespace std::chrono_literals;

namespace {

RelabelRule rule(RelabelAction action, std::vector<std::string> sources, const std::string& regex,
                 const std::string& target, const std::string& replacement)
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = regex;
    made.targetLabel = target;
    made.replacement = replacement;
    return made;
}

config::ScrapeConfig job(const std::string& name, std::vector<std::string> targets)
{
    config::ScrapeConfig made;
    made.jobName = name;
    made.scrapeInterval = 15s;
    made.scrapeTimeout = 10s;
    made.staticConfigs = {{std::move(targets), {}, name + "/0"}};
    return made;
}

/// "a|b\.c" of that matcher in the query.
std::vector<std::string> alternatives(const std::string& expr, const std::string& label)
{
    std::vector<std::string> values;
    const auto begin = expr.find(label + "=~\"");
    if (begin == std::string::npos) {
        return values;
    }
    const auto from = begin + label.size() + 3;
    std::string value;
    for (const char c : expr.substr(from, expr.find('"', from) - from) + '|') {
        if (c == '|') {
            values.push_back(value);
            value.clear();
        } else if (c != '\\') {
            value += c;
        }
    }
    return values;
}

} // namespace

engine::TargetsSnapshot fewTargets()
{
    std::vector<engine::TargetStatus> all;
    const auto add = [&](const std::string& name, const std::string& instance) -> auto& {
        all.push_back(madeTarget(all.size() + 1, name, instance));
        auto& target = all.back();
        target.lastScrape = targetsNow - 900ms * std::int64_t(all.size());
        target.lastDuration = std::chrono::microseconds(4200 + 1700 * std::int64_t(all.size() % 5));
        target.samples = 380 + 97 * all.size();
        target.scrapeOffset = 3200ms;
        return target;
    };
    add("api", "api1.example.net:8080");
    add("api", "api2.example.net:8080");
    auto& slow = add("api", "api3.example.net:8080");
    slow.health = engine::Health::down;
    slow.lastError = "server returned HTTP status 503 Service Unavailable: upstream is draining, "
                     "retry later";
    slow.samples = 0;
    slow.lastDuration = 1240ms;
    auto& host = add("host", "desk");
    host.url = "collector:host";
    host.collector = true;
    host.labels = Labels{{"job", "host"}, {"instance", "desk"}};
    for (const char* const name : {"db1", "db2", "web1", "web2", "web3", "cache1"}) {
        auto& node = add("node", std::string(name) + ".example.net:9100");
        node.labels = Labels{{"job", "node"},
                             {"instance", node.instance},
                             {"env", "production"},
                             {"rack", name[0] == 'w' ? "a1" : "b2"}};
    }
    all[4].health = engine::Health::down;
    all[4].lastError = "cannot connect to db1.example.net:9100: Connection refused";
    all[4].samples = 0;
    all[6].lastWarning
        = "2 samples out of order, older than what is stored of their series: dropped";
    all[9].health = engine::Health::unknown;
    all[9].lastScrape = {};
    for (const char* const name : {"edge1", "edge2", "edge3"}) {
        auto& proxy = add("proxy", std::string(name) + ".example.net:8404");
        proxy.paused = true;
    }
    auto& self = add("watchfire", "desk");
    self.url = "collector:watchfire";
    self.collector = true;
    self.labels = Labels{{"job", "watchfire"}, {"instance", "desk"}};

    auto snapshot = snapshotOf(std::move(all));
    snapshot.discoveries
        = {{"node", "file", "/etc/watchfire/targets/node-*.yml", 6, targetsNow - 12s, ""},
           {"proxy", "http", "http://inventory.example.net/proxies", 3, targetsNow - 4min,
            "Get http://inventory.example.net/proxies: 401 Unauthorized"}};
    for (const char* const address : {"10.0.4.7:9100", "10.0.4.8:9100", "10.0.4.9:8081"}) {
        engine::TargetStatus dropped;
        dropped.job = "node";
        dropped.discoveredLabels = Labels{{"__address__", address},
                                          {"__meta_filepath", "targets/node-test.yml"},
                                          {"__metrics_path__", "/metrics"},
                                          {"__scheme__", "http"},
                                          {"env", "test"},
                                          {"job", "node"}};
        snapshot.dropped.push_back(dropped);
    }
    return snapshot;
}

config::Config targetsConfig()
{
    config::Config config;
    config.global.scrapeInterval = 15s;
    config.scrapeConfigs
        = {job("api", {"api1.example.net:8080", "api2.example.net:8080", "api3.example.net:8080"}),
           job("node", {}), job("proxy", {})};
    config.scrapeConfigs[1].relabel
        = {rule(RelabelAction::drop, {"env"}, "test", "", "$1"),
           rule(RelabelAction::replace, {"__address__"}, "([a-z]+)\\d.*", "role", "$1"),
           rule(RelabelAction::labelDrop, {}, "__meta_.*", "", "$1")};
    config.scrapeConfigs[1].metricRelabel
        = {rule(RelabelAction::drop, {"__name__"}, "go_.*", "", "$1")};
    config.own.pausedJobs = {"proxy"};
    return config;
}

engine::TargetDetail madeDetail()
{
    engine::TargetDetail detail;
    auto& steps = detail.relabelling;
    steps.discovered = Labels{{"__address__", "db1.example.net:9100"},
                              {"__meta_filepath", "targets/node-prod.yml"},
                              {"__metrics_path__", "/metrics"},
                              {"__scheme__", "http"},
                              {"env", "production"},
                              {"job", "node"}};
    const Labels withRole = steps.discovered.with("role", "db");
    const Labels bare = withRole.without("__meta_filepath");
    steps.steps = {{steps.discovered, steps.discovered, true},
                   {steps.discovered, withRole, true},
                   {withRole, bare, true}};
    steps.url = "http://db1.example.net:9100/metrics";
    steps.labels = Labels{{"env", "production"},
                          {"instance", "db1.example.net:9100"},
                          {"job", "node"},
                          {"role", "db"}};
    detail.answeredAt = targetsNow - 4s;
    detail.status = 200;
    detail.contentType = "text/plain; version=0.0.4; charset=utf-8";
    detail.timings = {300us, 900us, 0us, 6200us, 8100us};
    for (int cpu = 0; cpu < 120; ++cpu) {
        if (cpu == 5) {
            detail.body += "node_cpu_seconds_total{cpu=\"5\",mode=\"idle\" 12345\n";
        }
        detail.body += "# HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.\n"
                       "node_cpu_seconds_total{cpu=\""
            + std::to_string(cpu) + "\",mode=\"idle\"} 8412.5\n";
    }
    detail.errorLine = 11;
    detail.error = "line 11, column 41: expected , or } after a label, found a space";
    engine::RelabelOutcome kept;
    kept.discovered = Labels{{"__name__", "node_load1"}};
    kept.steps = {{kept.discovered, kept.discovered, true}};
    kept.labels = kept.discovered;
    engine::RelabelOutcome gone;
    gone.discovered = Labels{{"__name__", "go_goroutines"}};
    gone.steps = {{gone.discovered, gone.discovered, false}};
    detail.metricRelabelling = {kept, gone};
    for (int i = 0; i < 20; ++i) {
        const bool failed = i < 3 || i == 11;
        detail.log.push_back({targetsNow - 4s - 15s * i, std::chrono::microseconds(8100 + 130 * i),
                              failed ? std::uint64_t(0) : std::uint64_t(1204),
                              failed ? detail.error : std::string()});
    }
    return detail;
}

std::vector<engine::FoundExporter> madeFound()
{
    return {{"node exporter", "node", "localhost:9100", "http", "/metrics", 412, "loopback"},
            {"HAProxy", "haproxy", "localhost:8404", "http", "/metrics", 0, "loopback"},
            {"node exporter", "node", "nas.local:9100", "http", "/metrics", 388, "mDNS"}};
}

Result<QueryResult> targetsPast(const std::vector<engine::TargetStatus>& targets,
                                const engine::QueryRequest& request)
{
    const bool isUp = request.expr.contains("up{");
    const auto instances = alternatives(request.expr, "instance");
    const auto jobs = alternatives(request.expr, "job");
    Matrix matrix;
    for (const engine::TargetStatus& target : targets) {
        if (!std::ranges::contains(instances, target.instance)
            || !std::ranges::contains(jobs, target.job)) {
            continue;
        }
        MatrixSeries series;
        series.labels
            = isUp ? target.labels : target.labels.with("__name__", "scrape_duration_seconds");
        const double seed = double(target.id * 377 % 100) / 100;
        int cell = 0;
        for (Timestamp at = request.start; at <= request.end; at += request.step, ++cell) {
            if (seed > 0.7 && cell < 9) {
                continue; // younger than the rest
            }
            const bool isDown
                = target.health == engine::Health::down ? cell > 43 : seed < 0.3 && cell / 3 == 7;
            series.atMs.push_back(unixMs(at));
            series.values.push_back(isUp ? isDown ? cell == 44 ? 0.4 : 0.0 : 1.0
                                         : 0.008 + 0.003 * std::sin(cell * 0.4 + seed * 9)
                                            + (isDown ? 0.01 : 0));
        }
        matrix.push_back(std::move(series));
    }
    QueryResult result;
    result.value = std::move(matrix);
    return result;
}

void showTargets(FakeEngine& engine, engine::TargetsSnapshot snapshot)
{
    engine.onQuery
        = [targets = std::make_shared<const std::vector<engine::TargetStatus>>(snapshot.targets)](
              const engine::QueryRequest& request) { return targetsPast(*targets, request); };
    engine.publish(std::move(snapshot));
}

void fillWithTargets(FakeEngine& engine)
{
    showTargets(engine, fewTargets());
    engine::ConfigSnapshot config;
    config.config = targetsConfig();
    engine.publish(std::move(config));
    engine.onInspectTarget
        = [](std::uint64_t) -> Result<engine::TargetDetail> { return madeDetail(); };
}

} // namespace watchfire::tests
