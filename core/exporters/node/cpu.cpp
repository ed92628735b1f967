// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/cpu_details.h"
#include "core/exporters/node/source.h"

#include <array>

namespace watchfire::exporters::node {

namespace {

constexpr std::array<std::string_view, 8> modes{"user",   "nice", "system",  "idle",
                                                "iowait", "irq",  "softirq", "steal"};

} // namespace

bool collectCpu(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/stat");
    if (!text) {
        return false;
    }
    struct Cpu {
        std::string_view name;
        std::array<double, 10> ticks{};
    };
    std::vector<Cpu> cpus;
    for (const std::string_view line : linesOf(*text)) {
        const auto words = wordsOf(line);
        if (words.size() < 5 || !words[0].starts_with("cpu") || words[0] == "cpu") {
            continue;
        }
        Cpu cpu{words[0].substr(3), {}};
        for (std::size_t i = 0; i < cpu.ticks.size() && i + 1 < words.size(); ++i) {
            cpu.ticks[i] = numberOf(words[i + 1]).value_or(0);
        }
        cpus.push_back(cpu);
    }
    sink.family("node_cpu_guest_seconds_total", "counter",
                "Seconds the CPUs spent in guests (VMs) for each mode.");
    for (const Cpu& cpu : cpus) {
        sink.sample(cpu.ticks[8] / ticksPerSecond, {{"cpu", cpu.name}, {"mode", "user"}});
        sink.sample(cpu.ticks[9] / ticksPerSecond, {{"cpu", cpu.name}, {"mode", "nice"}});
    }
    sink.family("node_cpu_seconds_total", "counter", "Seconds the CPUs spent in each mode.");
    for (const Cpu& cpu : cpus) {
        for (std::size_t i = 0; i < modes.size(); ++i) {
            sink.sample(cpu.ticks[i] / ticksPerSecond, {{"cpu", cpu.name}, {"mode", modes[i]}});
        }
    }
    collectThrottling(source, sink);
    return !cpus.empty();
}

bool collectStat(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/stat");
    if (!text) {
        return false;
    }
    struct Field {
        std::string_view key;
        std::string_view name;
        std::string_view type;
        std::string_view help;
    };
    constexpr std::array fields{
        Field{"intr", "node_intr_total", "counter", "Total number of interrupts serviced."},
        Field{"ctxt", "node_context_switches_total", "counter",
              "Total number of context switches."},
        Field{"processes", "node_forks_total", "counter", "Total number of forks."},
        Field{"btime", "node_boot_time_seconds", "gauge", "Node boot time, in unixtime."},
        Field{"procs_running", "node_procs_running", "gauge",
              "Number of processes in runnable state."},
        Field{"procs_blocked", "node_procs_blocked", "gauge",
              "Number of processes blocked waiting for I/O to complete."},
    };
    for (const std::string_view line : linesOf(*text)) {
        const std::string_view key = line.substr(0, line.find(' '));
        for (const Field& field : fields) {
            if (key != field.key) {
                continue;
            }
            const auto words = wordsOf(line.substr(0, 64)); // intr goes on for pages
            if (words.size() > 1) {
                sink.single(field.name, field.type, field.help, numberOf(words[1]).value_or(0));
            }
        }
    }
    return true;
}

bool collectLoad(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/loadavg");
    const auto words = wordsOf(text ? std::string_view(*text) : std::string_view());
    if (words.size() < 3) {
        return false;
    }
    sink.single("node_load1", "gauge", "1m load average.", numberOf(words[0]).value_or(0));
    sink.single("node_load5", "gauge", "5m load average.", numberOf(words[1]).value_or(0));
    sink.single("node_load15", "gauge", "15m load average.", numberOf(words[2]).value_or(0));
    return true;
}

bool collectPressure(const Source& source, Sink& sink)
{
    struct Field {
        std::string_view file;
        std::string_view line;
        std::string_view name;
        std::string_view help;
    };
    constexpr std::array fields{
        Field{"/proc/pressure/cpu", "some", "node_pressure_cpu_waiting_seconds_total",
              "Total time in seconds that processes have waited for CPU time"},
        Field{"/proc/pressure/io", "some", "node_pressure_io_waiting_seconds_total",
              "Total time in seconds that processes have waited due to IO congestion"},
        Field{"/proc/pressure/io", "full", "node_pressure_io_stalled_seconds_total",
              "Total time in seconds no process could make progress due to IO congestion"},
        Field{"/proc/pressure/memory", "some", "node_pressure_memory_waiting_seconds_total",
              "Total time in seconds that processes have waited for memory"},
        Field{"/proc/pressure/memory", "full", "node_pressure_memory_stalled_seconds_total",
              "Total time in seconds no process could make progress due to memory congestion"},
        Field{"/proc/pressure/irq", "full", "node_pressure_irq_stalled_seconds_total",
              "Total time in seconds no process could make progress due to IRQ congestion"},
    };
    bool any = false;
    for (const Field& field : fields) {
        const auto text = source.read(field.file);
        if (!text) {
            continue;
        }
        for (const std::string_view line : linesOf(*text)) {
            const std::size_t total = line.find("total=");
            if (line.starts_with(field.line) && total != std::string_view::npos) {
                sink.single(field.name, "counter", field.help,
                            numberOf(line.substr(total + 6)).value_or(0) / 1e6);
                any = true;
            }
        }
    }
    return any;
}

} // namespace watchfire::exporters::node
