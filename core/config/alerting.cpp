// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/alerting.h"

#include "core/config/client.h"

#include <algorithm>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

AlertmanagersConfig readEntry(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.plain");
    AlertmanagersConfig out;
    out.client = readClient(fields);
    fields.text("scheme", out.scheme);
    fields.text("path_prefix", out.pathPrefix);
    fields.duration("timeout", out.timeout);
    readRelabel(fields, "relabel_configs", "", out.relabel);
    readRelabel(fields, "alert_relabel_configs", "", out.alertRelabel);
    readStaticConfigs(fields, out.staticConfigs, out.relabel.empty());
    out.discoveries = readDiscoveries(fields, true);
    return out;
}

void prepare(std::vector<RelabelRule>& rules, bool classicNames)
{
    for (RelabelRule& rule : rules) {
        rule.classicNames = classicNames;
        // One that cannot be prepared was a fault when the file was read.
        static_cast<void>(rule.prepare());
    }
}

} // namespace

AlertingConfig alertingOf(const Config& config, const std::filesystem::path& file)
{
    AlertingConfig out;
    const auto section = std::ranges::find(config.foreign, "alerting", &ForeignSection::name);
    if (section == config.foreign.end()) {
        return out;
    }
    const auto document = encoding::YamlDocument::parse(section->text.reveal());
    if (!document || document->root() == nullptr || !document->root()->isMapping()) {
        return out;
    }
    Findings told; // when the file was read
    Reading reading(file.string(), told);
    Fields fields(reading, *document->root(), "config.plain");
    readRelabel(fields, "alert_relabel_configs", "", out.alertRelabel);
    fields.list("alertmanagers", "", [&](const YamlNode& node) {
        out.alertmanagers.push_back(readEntry(reading, node));
    });
    const bool classicNames = config.global.nameValidationScheme == "legacy";
    prepare(out.alertRelabel, classicNames);
    for (AlertmanagersConfig& entry : out.alertmanagers) {
        prepare(entry.relabel, classicNames);
        prepare(entry.alertRelabel, classicNames);
    }
    return out;
}

} // namespace watchfire::config
