// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/host_collector.h"

#include "core/exporters/node/filesystem.h"

#include <array>
#include <chrono>
#include <utility>
#include <vector>

namespace watchfire::exporters::node {

namespace {

struct Collector {
    std::string_view name;
    bool (*collect)(const Source&, Sink&);
};

constexpr std::array collectors{
    Collector{"arp", &collectArp},
    Collector{"conntrack", &collectConnectionTracking},
    Collector{"cpu", &collectCpu},
    Collector{"cpufreq", &collectCpuFrequency},
    Collector{"diskstats", &collectDisks},
    Collector{"entropy", &collectEntropy},
    Collector{"filefd", &collectFileDescriptors},
    Collector{"hwmon", &collectHwmon},
    Collector{"loadavg", &collectLoad},
    Collector{"meminfo", &collectMemory},
    Collector{"netclass", &collectNetworkDevices},
    Collector{"netdev", &collectNetworkTraffic},
    Collector{"netstat", &collectNetworkStatistics},
    Collector{"os", &collectOs},
    Collector{"powersupplyclass", &collectPowerSupplies},
    Collector{"pressure", &collectPressure},
    Collector{"schedstat", &collectSchedulerStatistics},
    Collector{"sockstat", &collectSockets},
    Collector{"softnet", &collectSoftnet},
    Collector{"stat", &collectStat},
    Collector{"thermal_zone", &collectThermalZones},
    Collector{"time", &collectTime},
    Collector{"timex", &collectClockSynchronisation},
    Collector{"uname", &collectUname},
    Collector{"vmstat", &collectVmstat},
};

} // namespace

HostCollector::HostCollector(std::filesystem::path root, MountProbe probe)
    : m_source(std::move(root))
    , m_probe(std::move(probe))
{
}

std::string HostCollector::collect()
{
    const std::lock_guard lock(m_mutex);
    std::string out;
    out.reserve(std::size_t{128} << 10);
    Sink sink(out);
    struct Outcome {
        std::string_view name;
        double seconds = 0;
        bool ok = false;
    };
    std::vector<Outcome> outcomes;
    const auto run = [&outcomes](std::string_view name, auto collect) {
        const auto begin = std::chrono::steady_clock::now();
        const bool ok = collect();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        outcomes.push_back({name, took.count(), ok});
    };
    for (const Collector& collector : collectors) {
        run(collector.name, [&] { return collector.collect(m_source, sink); });
    }
    run("filesystem", [&] { return collectFilesystems(m_source, sink, m_probe); });
    run("processes", [&] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return m_processes.collect(m_source, sink,
                                   std::chrono::floor<std::chrono::seconds>(now).count());
    });
    sink.family("node_scrape_collector_duration_seconds", "gauge",
                "node_exporter: Duration of a collector scrape.");
    for (const Outcome& outcome : outcomes) {
        sink.sample(outcome.seconds, {{"collector", outcome.name}});
    }
    sink.family("node_scrape_collector_success", "gauge",
                "node_exporter: Whether a collector succeeded.");
    for (const Outcome& outcome : outcomes) {
        sink.sample(outcome.ok ? 1 : 0, {{"collector", outcome.name}});
    }
    return out;
}

} // namespace watchfire::exporters::node
