// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/cpu_details.h"

#include <array>
#include <set>

namespace watchfire::exporters::node {

namespace {

constexpr std::string_view cpuFolder = "/sys/devices/system/cpu";

/// "cpu0", "cpu1", … with their numbers.
std::vector<std::pair<std::string, std::string>> processors(const Source& source)
{
    std::vector<std::pair<std::string, std::string>> found;
    for (const std::string& entry : source.list(cpuFolder)) {
        const std::string number = entry.starts_with("cpu") ? entry.substr(3) : std::string();
        if (!number.empty() && number.find_first_not_of("0123456789") == std::string::npos) {
            found.emplace_back(std::string(cpuFolder) + '/' + entry, number);
        }
    }
    return found;
}

} // namespace

void collectThrottling(const Source& source, Sink& sink)
{
    Families families;
    std::set<std::pair<std::string, std::string>> cores; // threads of one core share a count
    std::set<std::string> packages;
    for (const auto& [folder, cpu] : processors(source)) {
        const std::string package = source.word(folder + "/topology/physical_package_id");
        const std::string core = source.word(folder + "/topology/core_id");
        const auto ofCore = source.number(folder + "/thermal_throttle/core_throttle_count");
        const auto ofPackage = source.number(folder + "/thermal_throttle/package_throttle_count");
        if (ofCore && cores.emplace(package, core).second) {
            families.add("node_cpu_core_throttles_total", "counter",
                         "Times a core was slowed down for its heat.", *ofCore,
                         {{"core", core}, {"package", package}});
        }
        if (ofPackage && packages.insert(package).second) {
            families.add("node_cpu_package_throttles_total", "counter",
                         "Times a package was slowed down for its heat.", *ofPackage,
                         {{"package", package}});
        }
    }
    families.writeTo(sink);
}

bool collectCpuFrequency(const Source& source, Sink& sink)
{
    struct Field {
        std::string_view file;
        std::string_view name;
        std::string_view help;
    };
    constexpr std::array fields{
        Field{"cpuinfo_cur_freq", "node_cpu_frequency_hertz", "Frequency of a processor."},
        Field{"cpuinfo_max_freq", "node_cpu_frequency_max_hertz",
              "Highest frequency of a processor."},
        Field{"cpuinfo_min_freq", "node_cpu_frequency_min_hertz",
              "Lowest frequency of a processor."},
        Field{"scaling_cur_freq", "node_cpu_scaling_frequency_hertz",
              "Frequency a processor was set to."},
        Field{"scaling_max_freq", "node_cpu_scaling_frequency_max_hertz",
              "Highest frequency a processor may be set to."},
        Field{"scaling_min_freq", "node_cpu_scaling_frequency_min_hertz",
              "Lowest frequency a processor may be set to."},
    };
    Families families;
    for (const auto& [folder, cpu] : processors(source)) {
        const std::string scaling = folder + "/cpufreq/";
        for (const Field& field : fields) {
            if (const auto kilohertz = source.number(scaling + std::string(field.file))) {
                families.add(std::string(field.name), "gauge", std::string(field.help),
                             *kilohertz * 1'000, {{"cpu", cpu}});
            }
        }
        const std::string now = source.word(scaling + "scaling_governor");
        const std::string all = source.word(scaling + "scaling_available_governors");
        for (const std::string_view governor : wordsOf(all)) {
            families.add("node_cpu_scaling_governor", "gauge",
                         "Which governor sets the frequency of a processor.",
                         governor == now ? 1 : 0,
                         {{"cpu", cpu}, {"governor", std::string(governor)}});
        }
    }
    families.writeTo(sink);
    return true;
}

bool collectSchedulerStatistics(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/schedstat");
    if (!text) {
        return false;
    }
    Families families;
    for (const std::string_view line : linesOf(*text)) {
        const auto words = wordsOf(line);
        // Source: Linux, Documentation/scheduler/sched-stats.rst; times in nanoseconds.
        if (words.size() < 10 || !words[0].starts_with("cpu")) {
            continue;
        }
        const std::string cpu(words[0].substr(3));
        families.add("node_schedstat_running_seconds_total", "counter",
                     "Time a processor ran processes.", numberOf(words[7]).value_or(0) / 1e9,
                     {{"cpu", cpu}});
        families.add("node_schedstat_waiting_seconds_total", "counter",
                     "Time processes waited for a processor.", numberOf(words[8]).value_or(0) / 1e9,
                     {{"cpu", cpu}});
        families.add("node_schedstat_timeslices_total", "counter",
                     "Slices of time a processor gave.", numberOf(words[9]).value_or(0),
                     {{"cpu", cpu}});
    }
    families.writeTo(sink);
    return true;
}

} // namespace watchfire::exporters::node
