// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/groups.h"

#include "core/text/quote.h"

#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

std::string labelNameFrom(std::string_view name)
{
    std::string out;
    out.reserve(name.size());
    while (!name.empty()) {
        const bool plain = isPlain(name.front());
        out += plain ? name.front() : '_';
        name.remove_prefix(plain ? 1 : text::decodeUtf8(name).bytes);
    }
    return out;
}

std::string hostPort(std::string_view host, std::uint32_t port)
{
    return host.contains(':') ? std::format("[{}]:{}", host, port)
                              : std::format("{}:{}", host, port);
}

void merge(LabelsBuilder& under, const Labels& over)
{
    for (const Label& label : over) {
        under.set(label.name, label.value);
    }
}

void addTarget(Groups& groups, std::string_view source, std::string address, Labels labels)
{
    config::TargetGroup group;
    group.targets.push_back(std::move(address));
    group.labels = std::move(labels);
    group.source = std::format("{}:{}", source, groups.size());
    groups.push_back(std::move(group));
}

} // namespace watchfire::discovery
