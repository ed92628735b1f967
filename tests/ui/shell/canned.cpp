// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/canned.h"

#include "core/promql/syntax/parser.h"
#include "tests/ui/canned_rules.h"

#include <cmath>
#include <numbers>

namespace watchfire::tests {

using namespace std::chrono_literals;

namespace {

engine::TargetStatus target(std::uint64_t id, const std::string& job, const std::string& instance,
                            std::uint64_t samples, std::chrono::milliseconds ago)
{
    engine::TargetStatus status;
    status.id = id;
    status.job = job;
    status.instance = instance;
    status.url = "http://" + instance + "/metrics";
    status.labels = Labels{{"job", job}, {"instance", instance}};
    status.health = engine::Health::up;
    status.lastScrape = cannedNow - ago;
    status.lastDuration = std::chrono::microseconds(4000 + 700 * std::int64_t(id));
    status.samples = samples;
    status.interval = 15s;
    status.timeout = 10s;
    return status;
}

engine::TargetsSnapshot cannedTargets()
{
    engine::TargetsSnapshot snapshot;
    auto host = target(1, "host", "desk", 612, 1200ms);
    host.url = "collector:host";
    host.collector = true;
    host.interval = 5s;
    auto self = target(2, "watchfire", "desk", 96, 2300ms);
    self.url = "collector:watchfire";
    self.collector = true;
    self.interval = 5s;
    auto down = target(3, "node", "db1:9100", 0, 4s);
    down.health = engine::Health::down;
    down.lastError = "cannot connect to db1:9100: Connection refused";
    down.labels = Labels{{"job", "node"}, {"instance", "db1:9100"}, {"rack", "b2"}};
    auto web1 = target(4, "node", "web1:9100", 1204, 2s);
    web1.lastWarning = "2 samples out of order, older than what is stored of their series: dropped";
    web1.labels = Labels{{"job", "node"}, {"instance", "web1:9100"}, {"rack", "a1"}};
    auto web2 = target(5, "node", "web2:9100", 1198, 9s);
    web2.labels = Labels{{"job", "node"}, {"instance", "web2:9100"}, {"rack", "a2"}};
    auto haproxy = target(6, "haproxy", "edge:8404", 842, 6s);
    snapshot.targets = {haproxy, host, down, web1, web2, self};
    snapshot.up = 5;
    snapshot.down = 1;
    return snapshot;
}

config::RuleConfig alertRule(const std::string& name, const std::string& expr,
                             std::chrono::milliseconds hold, const std::string& severity,
                             const std::string& summary)
{
    config::RuleConfig rule;
    rule.alert = name;
    rule.expr = expr;
    rule.forDuration = hold;
    rule.labels = {{"severity", severity}};
    rule.annotations = {{"summary", summary}};
    return rule;
}

config::Config cannedConfig()
{
    config::Config config;
    config.global.scrapeInterval = 15s;
    config.global.evaluationInterval = 15s;
    config::ScrapeConfig node;
    node.jobName = "node";
    node.scrapeInterval = 15s;
    node.scrapeTimeout = 10s;
    node.staticConfigs = {{{"db1:9100", "web1:9100", "web2:9100"}, {}, "node/0"}};
    config::ScrapeConfig haproxy = node;
    haproxy.jobName = "haproxy";
    haproxy.staticConfigs = {{{"edge:8404"}, {}, "haproxy/0"}};
    config.scrapeConfigs = {node, haproxy};
    config.ruleFiles = {"rules/*.yml"};
    config::RuleGroupConfig hosts;
    hosts.name = "hosts";
    hosts.file = "rules/hosts.yml";
    hosts.interval = 15s;
    hosts.rules = {alertRule("TargetDown", "up == 0", 1min, "critical",
                             "{{ $labels.instance }} does not answer"),
                   alertRule("DiskAlmostFull",
                             "node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.05",
                             5min, "warning", "{{ $labels.mountpoint }} is almost full"),
                   alertRule("HighLoad", "node_load1 > 2 * count by (instance) (node_cpu_seconds)",
                             10min, "warning", "High load on {{ $labels.instance }}")};
    config::RuleConfig recording;
    recording.record = "job:up:ratio";
    recording.expr = "avg by (job) (up)";
    hosts.rules.push_back(recording);
    config.ruleGroups = {hosts};
    return config;
}

engine::RulesSnapshot cannedRules()
{
    engine::RulesSnapshot snapshot;
    const auto config = cannedConfig();
    const config::RuleGroupConfig& hosts = config.ruleGroups.front();
    engine::RuleGroupStatus group;
    group.name = hosts.name;
    group.file = hosts.file;
    group.interval = hosts.interval;
    group.lastEvaluation = cannedNow - 7s;
    group.duration = 3100us;
    group.nextDue = cannedNow + 8s;
    for (const config::RuleConfig& rule : hosts.rules) {
        engine::RuleStatus status;
        status.rule = rule;
        status.health = engine::Health::up;
        status.lastEvaluation = cannedNow - 7s;
        status.duration = 740us;
        group.rules.push_back(status);
    }
    group.rules[0].state = AlertState::firing;
    group.rules[0].firing = 1;
    group.rules[1].state = AlertState::firing;
    group.rules[1].firing = 2;
    group.rules[2].state = AlertState::pending;
    group.rules[2].pending = 1;
    snapshot.groups = {group};
    return snapshot;
}

engine::AlertStatus alert(std::uint64_t id, const config::RuleConfig& rule,
                          std::vector<std::pair<std::string, std::string>> labels,
                          const std::string& summary, AlertState state, double value,
                          std::chrono::milliseconds ago)
{
    engine::AlertStatus status;
    status.id = id;
    status.rule = rule.alert;
    status.group = "hosts";
    labels.emplace_back("alertname", rule.alert);
    labels.emplace_back("severity", rule.labels.front().second);
    status.labels = Labels::fromPairs(std::move(labels));
    status.annotations = Labels{{"summary", summary}};
    status.state = state;
    status.activeAt = cannedNow - ago;
    status.firedAt = state == AlertState::firing ? cannedNow - ago + 1min : Timestamp{};
    status.value = value;
    status.receiver = "desktop";
    status.expr = rule.expr;
    return status;
}

engine::AlertsSnapshot cannedAlerts()
{
    engine::AlertsSnapshot snapshot;
    const auto config = cannedConfig();
    const auto& rules = config.ruleGroups.front().rules;
    snapshot.alerts = {
        alert(11, rules[0], {{"instance", "db1:9100"}, {"job", "node"}}, "db1:9100 does not answer",
              AlertState::firing, 0, 14min),
        alert(12, rules[1], {{"instance", "web1:9100"}, {"job", "node"}, {"mountpoint", "/var"}},
              "/var is almost full", AlertState::firing, 0.028, 3h + 20min),
        alert(13, rules[1], {{"instance", "web2:9100"}, {"job", "node"}, {"mountpoint", "/srv"}},
              "/srv is almost full", AlertState::firing, 0.041, 42min),
        alert(14, rules[2], {{"instance", "desk"}, {"job", "host"}}, "High load on desk",
              AlertState::pending, 9.4, 4min),
    };
    snapshot.alerts[2].silenced = true;
    snapshot.alerts[2].silencedBy = {"silence-0"};
    engine::SilenceStatus silence;
    silence.id = "silence-0";
    silence.matchers
        = {Matcher::equal("instance", "web2:9100"), Matcher::equal("alertname", "DiskAlmostFull")};
    silence.startsAt = cannedNow - 30min;
    silence.endsAt = cannedNow + 90min;
    silence.createdBy = "kim";
    silence.comment = "disk is being replaced";
    silence.matched = 1;
    snapshot.silences = {silence};
    const auto event = [&](std::chrono::milliseconds ago, const engine::AlertStatus& about,
                           const std::string& what) {
        snapshot.history.push_back({cannedNow - ago, about.labels, what});
    };
    event(4min, snapshot.alerts[3], "pending");
    event(13min, snapshot.alerts[0], "firing");
    event(14min, snapshot.alerts[0], "pending");
    event(30min, snapshot.alerts[2], "silenced");
    event(41min, snapshot.alerts[2], "firing");
    event(3h + 19min, snapshot.alerts[1], "firing");
    snapshot.firing = 2;
    snapshot.pending = 1;
    snapshot.silenced = 1;
    return snapshot;
}

engine::StatusSnapshot cannedStatus()
{
    engine::StatusSnapshot status;
    status.at = cannedNow;
    status.startedAt = cannedNow - 26h;
    status.series = 12'480;
    status.samplesPerSecond = 842;
    status.samplesTotal = 78'812'345;
    status.storeBytes = std::uint64_t(1.2 * 1024 * 1024 * 1024);
    status.retention = std::chrono::days(180);
    status.retentionBytes = std::uint64_t(20) << 30;
    status.retentionSize = status.retentionBytes;
    status.retentionPercentage = 10;
    status.storeUsedBytes = std::uint64_t(0.9 * 1024 * 1024 * 1024);
    status.oldestSample = cannedNow - 9 * 24h;
    status.dataDirectory = "/home/kim/.local/share/watchfire/data";
    const auto log = [&](std::chrono::milliseconds ago, LogLevel level, const std::string& from,
                         const std::string& text) {
        status.log.push_back({cannedNow - ago, level, from, text});
    };
    log(26h, LogLevel::info, "engine", "store opened, 12,102 series, 78 ms");
    log(26h - 1s, LogLevel::info, "scrape", "2 jobs, 4 targets, 2 collectors");
    log(14min, LogLevel::warning, "scrape",
        "node db1:9100: cannot connect to db1:9100: Connection refused");
    log(2min, LogLevel::info, "tsdb", "window 2026-11-18 00:00 sealed: 96 MB in 1.3 s");
    return status;
}

/// A curve of its own for every series: two slow waves and a little noise, all from the seed.
double curve(std::uint64_t seed, std::int64_t atMs)
{
    const double t = double(atMs) / 60'000;
    const double phase = double(seed % 997) / 997 * 2 * std::numbers::pi;
    const auto noise = std::uint64_t(atMs / 5000) * 0x9E37'79B9'7F4A'7C15 ^ seed * 0xBF58'476D;
    return 0.5 + 0.28 * std::sin(t / 7 + phase) + 0.14 * std::sin(t / 1.9 + 2 * phase)
        + 0.06 * (double(noise >> 40) / double(1 << 24) - 0.5);
}

struct Look {
    const char* inExpr;
    std::vector<Labels> series;
    double low;
    double high;
};

const std::vector<Look>& looks()
{
    static const std::vector<Look> all{
        {"node_cpu", {Labels{}}, 6, 34},
        {"Mem", {Labels{}}, 5.9e9, 6.4e9},
        {"disk_read", {Labels{{"direction", "read"}}}, 0, 3e7},
        {"disk_written", {Labels{{"direction", "write"}}}, 2e6, 9e7},
        {"network_receive", {Labels{{"direction", "receive"}}}, 1e5, 4e6},
        {"network_transmit", {Labels{{"direction", "transmit"}}}, 3e4, 8e5},
        {"scrape_duration",
         {Labels{{"job", "haproxy"}}, Labels{{"job", "host"}}, Labels{{"job", "node"}},
          Labels{{"job", "watchfire"}}},
         0.003,
         0.012},
        {"samples_appended", {Labels{}}, 780, 860},
        {"up",
         {Labels{{"__name__", "up"}, {"job", "node"}, {"instance", "db1:9100"}},
          Labels{{"__name__", "up"}, {"job", "node"}, {"instance", "web1:9100"}},
          Labels{{"__name__", "up"}, {"job", "node"}, {"instance", "web2:9100"}}},
         1,
         1},
    };
    return all;
}

Result<QueryResult> answer(const engine::QueryRequest& request)
{
    // The real parser says what is wrong, so that errors look as they will.
    if (auto parsed = promql::parse(request.expr); !parsed) {
        return std::unexpected(parsed.error());
    }
    Look look{"", {}, 0, 100};
    for (const Look& each : looks()) {
        if (request.expr.find(each.inExpr) != std::string::npos) {
            look = each;
            break;
        }
    }
    if (look.series.empty()) {
        for (const char* mode : {"idle", "iowait", "system", "user"}) {
            look.series.push_back(Labels{{"instance", "desk"}, {"mode", mode}});
        }
    }
    QueryResult result;
    result.statistics.seriesRead = look.series.size() * 12;
    result.statistics.samplesRead = 18'240;
    result.statistics.evaluate = 4ms;
    const auto valueAt = [&](const Labels& labels, std::int64_t atMs) {
        return look.low + (look.high - look.low) * curve(labels.hash(), atMs);
    };
    if (request.step.count() == 0) {
        Vector vector;
        for (const Labels& labels : look.series) {
            vector.push_back(
                {labels, unixMs(request.end), valueAt(labels, unixMs(request.end)), nullptr});
        }
        result.value = std::move(vector);
        return result;
    }
    Matrix matrix;
    for (const Labels& labels : look.series) {
        MatrixSeries series;
        series.labels = labels;
        for (Timestamp at = request.start; at <= request.end; at += request.step) {
            series.atMs.push_back(unixMs(at));
            series.values.push_back(valueAt(labels, unixMs(at)));
        }
        matrix.push_back(std::move(series));
    }
    result.value = std::move(matrix);
    return result;
}

} // namespace

void fillWithCannedWorld(FakeEngine& engine)
{
    engine.publish(cannedTargets());
    engine.publish(cannedAlerts());
    engine.publish(cannedRules());
    engine.publish(cannedStatus());
    engine::ConfigSnapshot config;
    config.config = cannedConfig();
    config.file = "/home/kim/.config/watchfire/prometheus.yml";
    engine.publish(std::move(config));
    engine.onQuery = answer;
    engine.onBacktest = [](const engine::BacktestRequest& request) {
        return Result<engine::BacktestReport>(cannedBacktest(request));
    };
    engine.onPreviewRule = [](const engine::RulePreviewRequest& request) {
        return Result<engine::RulePreview>(cannedPreview(request));
    };
    engine.onLabels = [](const engine::LabelsRequest&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"go_goroutines",
                                        "haproxy_backend_up",
                                        "node_cpu_seconds_total",
                                        "node_disk_read_bytes_total",
                                        "node_filesystem_avail_bytes",
                                        "node_filesystem_size_bytes",
                                        "node_load1",
                                        "node_load15",
                                        "node_memory_MemAvailable_bytes",
                                        "node_memory_MemTotal_bytes",
                                        "node_network_receive_bytes_total",
                                        "process_cpu_seconds_total",
                                        "process_resident_memory_bytes",
                                        "scrape_duration_seconds",
                                        "scrape_samples_scraped",
                                        "up",
                                        "watchfire_storage_samples_appended_total"};
    };
    engine.onMetadata = []() -> Result<std::vector<FamilyMetadata>> {
        return std::vector<FamilyMetadata>{
            {"node_cpu_seconds",
             {MetricType::counter, "Seconds the CPUs spent in each mode.", "seconds"}},
            {"node_cpu_seconds_total",
             {MetricType::counter, "Seconds the CPUs spent in each mode.", ""}},
            {"node_load1", {MetricType::gauge, "1m load average.", ""}},
            {"process_resident_memory_bytes",
             {MetricType::gauge, "Resident memory size in bytes.", ""}}};
    };
}

} // namespace watchfire::tests
