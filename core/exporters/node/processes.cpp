// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/processes.h"

#include <algorithm>
#include <unistd.h>
#include <vector>

namespace watchfire::exporters::node {

namespace {

constexpr std::size_t most = 10;
constexpr std::int64_t shownFor = 600;
constexpr double fade = 0.8; // a round; some five rounds of memory

} // namespace

void Processes::readOne(const Source& source, const std::string& pid)
{
    const auto text = source.read("/proc/" + pid + "/stat");
    if (!text) {
        return; // it ended meanwhile
    }
    // The name stands in parentheses and may hold anything, spaces and parentheses too.
    const std::size_t open = text->find('(');
    const std::size_t close = text->rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return;
    }
    std::string name = text->substr(open + 1, close - open - 1);
    const auto words = wordsOf(std::string_view(*text).substr(close + 1));
    // Source: proc(5), /proc/pid/stat; words[0] is field 3.
    if (words.size() < 22) {
        return;
    }
    if (numberOf(words[20]).value_or(0) == 0) {
        // A thread of the kernel: "kworker/3:1-events" names its processor and work, which
        // would make a group of each.
        name.resize(std::min(name.find('/'), name.size()));
    }
    const double user = numberOf(words[11]).value_or(0) / ticksPerSecond;
    const double system = numberOf(words[12]).value_or(0) / ticksPerSecond;
    const auto startedAt = static_cast<std::uint64_t>(numberOf(words[19]).value_or(0));

    Group& group = m_groups[name];
    Seen& seen = m_seen[static_cast<std::uint64_t>(numberOf(pid).value_or(0))];
    if (seen.startedAt != startedAt) {
        seen = {startedAt, 0, 0, m_round};
    }
    const double newUser = std::max(0.0, user - seen.user);
    const double newSystem = std::max(0.0, system - seen.system);
    group.user += newUser;
    group.system += newSystem;
    group.recent += m_round == 1 ? 0 : newUser + newSystem;
    group.resident += numberOf(words[21]).value_or(0) * static_cast<double>(sysconf(_SC_PAGESIZE));
    group.virtualBytes += numberOf(words[20]).value_or(0);
    group.processes += 1;
    group.threads += numberOf(words[17]).value_or(0);
    seen.user = user;
    seen.system = system;
    seen.round = m_round;
}

bool Processes::collect(const Source& source, Sink& sink, std::int64_t nowSeconds)
{
    ++m_round;
    for (auto& [name, group] : m_groups) {
        group.recent *= fade;
        group.resident = group.virtualBytes = group.processes = group.threads = 0;
    }
    bool any = false;
    for (const std::string& entry : source.list("/proc")) {
        if (std::ranges::all_of(entry, [](char c) { return c >= '0' && c <= '9'; })) {
            readOne(source, entry);
            any = true;
        }
    }
    std::erase_if(m_seen, [this](const auto& seen) { return seen.second.round != m_round; });
    std::erase_if(m_groups, [nowSeconds](const auto& entry) {
        return entry.second.processes == 0 && entry.second.shownUntil < nowSeconds;
    });

    std::vector<std::pair<std::string_view, Group*>> ranked;
    for (auto& [name, group] : m_groups) {
        ranked.emplace_back(name, &group);
    }
    for (const auto measure : {&Group::recent, &Group::resident}) {
        const std::size_t count = std::min(most, ranked.size());
        std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(count),
                                  std::greater<>{},
                                  [measure](const auto& entry) { return entry.second->*measure; });
        for (std::size_t i = 0; i < count && ranked[i].second->*measure > 0; ++i) {
            ranked[i].second->shownUntil = nowSeconds + shownFor;
        }
    }
    std::erase_if(ranked, [nowSeconds](const auto& entry) {
        return entry.second->shownUntil < nowSeconds || entry.second->processes == 0;
    });
    std::ranges::sort(ranked, {}, &std::pair<std::string_view, Group*>::first);
    if (ranked.empty()) {
        return any;
    }
    sink.family("namedprocess_namegroup_cpu_seconds_total", "counter",
                "Processor time of all processes of that name, user and system.");
    for (const auto& [name, group] : ranked) {
        sink.sample(group->system, {{"groupname", name}, {"mode", "system"}});
        sink.sample(group->user, {{"groupname", name}, {"mode", "user"}});
    }
    sink.family("namedprocess_namegroup_memory_bytes", "gauge",
                "Memory of all processes of that name.");
    for (const auto& [name, group] : ranked) {
        sink.sample(group->resident, {{"groupname", name}, {"memtype", "resident"}});
        sink.sample(group->virtualBytes, {{"groupname", name}, {"memtype", "virtual"}});
    }
    sink.family("namedprocess_namegroup_num_procs", "gauge", "Processes of that name.");
    for (const auto& [name, group] : ranked) {
        sink.sample(group->processes, {{"groupname", name}});
    }
    sink.family("namedprocess_namegroup_num_threads", "gauge",
                "Threads of all processes of that name.");
    for (const auto& [name, group] : ranked) {
        sink.sample(group->threads, {{"groupname", name}});
    }
    return true;
}

} // namespace watchfire::exporters::node
