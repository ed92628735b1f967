// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#include "watchfire/client/process.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#if defined(__unix__)
#include <unistd.h>
#endif

namespace watchfire::client {

namespace {

namespace fs = std::filesystem;

std::string readAll(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

#if defined(__unix__)
double systemNumber(int name, double otherwise)
{
    const long value = sysconf(name);
    return value > 0 ? static_cast<double>(value) : otherwise;
}
double ticksPerSecond()
{
    return systemNumber(_SC_CLK_TCK, 100);
}
double pageBytes()
{
    return systemNumber(_SC_PAGESIZE, 4096);
}
#else
double ticksPerSecond()
{
    return 100;
}
double pageBytes()
{
    return 4096;
}
#endif

/// The fields of /proc/self/stat from the third on: before it stands the command's name in
/// parentheses, which may hold anything.
std::vector<double> statFields(const std::string& text)
{
    const std::size_t end = text.rfind(')');
    std::vector<double> fields;
    if (end == std::string::npos) {
        return fields;
    }
    std::istringstream rest(text.substr(end + 1));
    for (std::string word; rest >> word;) {
        fields.push_back(std::strtod(word.c_str(), nullptr));
    }
    return fields;
}

/// The number in the line of `text` that starts with `key`; NaN: none.
double numberAfter(const std::string& text, const std::string& key)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.compare(0, key.size(), key) == 0) {
            const char* const from = line.c_str() + key.size();
            char* end = nullptr;
            const double value = std::strtod(from, &end);
            if (end != from) {
                return value;
            }
            // "unlimited"
            return std::strstr(from, "unlimited") != nullptr ? INFINITY : NAN;
        }
    }
    return NAN;
}

double countEntries(const fs::path& folder)
{
    std::error_code error;
    double count = 0;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        ++count;
    }
    return error ? NAN : count;
}

void collect(const fs::path& proc, std::vector<FamilySnapshot>& out)
{
    const auto add = [&out](const char* name, MetricType type, const char* help, double value) {
        if (!std::isnan(value)) {
            out.push_back(single(name, type, help, value));
        }
    };
    // Source: proc(5), /proc/pid/stat; fields[0] is the third.
    const std::vector<double> fields = statFields(readAll(proc / "self" / "stat"));
    if (fields.size() >= 22) {
        add("process_cpu_seconds_total", MetricType::counter,
            "Total user and system CPU time spent in seconds.",
            (fields[11] + fields[12]) / ticksPerSecond());
        add("process_virtual_memory_bytes", MetricType::gauge, "Virtual memory size in bytes.",
            fields[20]);
        add("process_resident_memory_bytes", MetricType::gauge, "Resident memory size in bytes.",
            fields[21] * pageBytes());
        add("process_start_time_seconds", MetricType::gauge,
            "Start time of the process since unix epoch in seconds.",
            numberAfter(readAll(proc / "stat"), "btime ") + fields[19] / ticksPerSecond());
    }
    const std::string limits = readAll(proc / "self" / "limits");
    add("process_max_fds", MetricType::gauge, "Maximum number of open file descriptors.",
        numberAfter(limits, "Max open files"));
    add("process_virtual_memory_max_bytes", MetricType::gauge,
        "Maximum amount of virtual memory available in bytes.",
        numberAfter(limits, "Max address space"));
    add("process_open_fds", MetricType::gauge, "Number of open file descriptors.",
        countEntries(proc / "self" / "fd"));
}

} // namespace

Collector processCollector(std::string proc)
{
    return [proc = std::move(proc)](std::vector<FamilySnapshot>& out) { collect(proc, out); };
}

} // namespace watchfire::client
