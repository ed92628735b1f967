// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/edit_conflict.h"

#include "core/config/export.h"
#include "core/config/value_parts.h"

#include <algorithm>
#include <format>
#include <span>
#include <string_view>
#include <utility>

namespace watchfire::config {

namespace {

using encoding::YamlKind;
using encoding::YamlValue;

/// The keys of `one` that `other` has not, or otherwise.
YamlValue differing(const YamlValue& one, const YamlValue& other)
{
    YamlValue out = YamlValue::mapping();
    for (const encoding::YamlMember& member : one.entries) {
        const YamlValue* const same = findKey(other, member.key);
        if (same == nullptr || *same != member.value) {
            out.entries.push_back(member);
        }
    }
    return out;
}

std::string told(const std::optional<YamlValue>& value, const std::optional<YamlValue>& other)
{
    if (!value) {
        return {};
    }
    const bool isMapping
        = value->kind == YamlKind::mapping && other && other->kind == YamlKind::mapping;
    const YamlValue part = isMapping ? differing(*value, *other) : *value;
    const bool isBare = part.kind == YamlKind::mapping && part.entries.empty();
    return isBare ? "# nothing more than that, or a secret\n" : encoding::emitYaml(part);
}

/// Each line further in.
std::string indented(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out += std::format("\n    {}", text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

} // namespace

YamlValue shownJob(const ScrapeConfig& job, const GlobalConfig& global)
{
    YamlValue out = jobValue(job, global, Style::effective);
    // What watchfire.yml says of it.
    out.set("series_budget", numberValue(job.seriesBudget));
    out.set("body_size_ceiling", numberValue(job.bodyCeiling));
    out.set("sample_ceiling", numberValue(job.sampleCeiling));
    out.set("secrets", textsValue(job.keptSecrets));
    out.set("file", textValue(job.file));
    return out;
}

YamlValue shownGroup(const RuleGroupConfig& group)
{
    return rulesValue(std::span(&group, 1)).entries.front().value.items.front();
}

YamlValue shownGlobal(const GlobalConfig& global)
{
    Config around;
    around.global = global;
    around.plainGlobal = true;
    return globalValue(around, Style::effective);
}

YamlValue shownAlertmanager(const AlertmanagerConfig& alertmanager)
{
    return alertmanagerValue(alertmanager, Style::effective);
}

EditConflict conflictOf(std::string place, const std::optional<YamlValue>& theirs,
                        const std::optional<YamlValue>& ours)
{
    return {std::move(place), told(theirs, ours), told(ours, theirs)};
}

std::string describe(const std::vector<EditConflict>& conflicts)
{
    std::string out = "the same was changed in the files meanwhile, and nothing was saved";
    for (const EditConflict& conflict : conflicts) {
        const auto side = [&out](std::string_view whose, const std::string& text) {
            out += std::format("\n  {}:{}", whose, text.empty() ? " it is gone" : indented(text));
        };
        out += std::format("\n{}", conflict.place);
        side("in the file", conflict.theirs);
        side("here", conflict.ours);
    }
    return out;
}

} // namespace watchfire::config
