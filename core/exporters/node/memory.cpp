// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <format>

namespace watchfire::exporters::node {

bool collectMemory(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/meminfo");
    if (!text) {
        return false;
    }
    for (const std::string_view line : linesOf(*text)) {
        const auto words = wordsOf(line);
        if (words.size() < 2 || !words[0].ends_with(':')) {
            continue;
        }
        // "Active(anon):" is Active_anon, and what is given in kB gets the unit's name.
        std::string name;
        for (const char c : words[0].substr(0, words[0].size() - 1)) {
            if (c == '(') {
                name += '_';
            } else if (c != ')') {
                name += c;
            }
        }
        const bool inKb = words.size() > 2 && words[2] == "kB";
        const double value = numberOf(words[1]).value_or(0) * (inKb ? 1024 : 1);
        const std::string field = name + (inKb ? "_bytes" : "");
        sink.single("node_memory_" + field, "gauge",
                    std::format("Memory information field {}.", field), value);
    }
    return true;
}

bool collectVmstat(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/vmstat");
    if (!text) {
        return false;
    }
    for (const std::string_view line : linesOf(*text)) {
        const auto words = wordsOf(line);
        if (words.size() != 2) {
            continue;
        }
        const std::string_view key = words[0];
        const bool wanted = key.starts_with("oom_kill") || key.starts_with("pgpg")
            || key.starts_with("pswp") || (key.starts_with("pg") && key.contains("fault"));
        if (wanted) {
            sink.single(std::format("node_vmstat_{}", key), "untyped",
                        std::format("/proc/vmstat information field {}.", key),
                        numberOf(words[1]).value_or(0));
        }
    }
    return true;
}

} // namespace watchfire::exporters::node
