// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/consul_answers.h"

#include "core/encoding/json.h"

#include <algorithm>

namespace watchfire::discovery {

using encoding::JsonValue;

namespace {

constexpr std::string_view prefix = "__meta_consul_";

std::unexpected<Error> unlike(std::string_view what)
{
    return fail(ErrorKind::invalid, "the answer is not " + std::string(what));
}

/// The worst of the checks of an instance and its node; maintenance goes before all.
std::string_view healthOf(const JsonValue& checks)
{
    bool maintenance = false;
    bool critical = false;
    bool warning = false;
    for (const JsonValue& check : checks.items()) {
        const std::string_view id = check["CheckID"].asString();
        if (id == "_node_maintenance" || id.starts_with("_service_maintenance:")) {
            maintenance = true;
            continue;
        }
        const std::string_view status = check["Status"].asString();
        if (status == "critical") {
            critical = true;
        } else if (status == "warning") {
            warning = true;
        } else if (status != "passing") {
            return "";
        }
    }
    return maintenance ? "maintenance" : critical ? "critical" : warning ? "warning" : "passing";
}

std::string tagsOf(const JsonValue& tags, const std::string& separator)
{
    // Surrounded by separators, so that a regex need not care where a tag stands.
    std::string out = separator;
    bool first = true;
    for (const JsonValue& tag : tags.items()) {
        out += (first ? "" : separator) + std::string(tag.asString());
        first = false;
    }
    return out + separator;
}

/// What one instance has of its own.
Labels labelsOfInstance(const config::ConsulDiscovery& config, const JsonValue& entry)
{
    const JsonValue& node = entry["Node"];
    const JsonValue& service = entry["Service"];
    LabelsBuilder labels;
    const auto set = [&](std::string_view name, std::string_view value) {
        labels.set(std::string(prefix) + std::string(name), value);
    };
    const auto setAll = [&](std::string_view kind, const JsonValue& values) {
        for (const auto& [name, value] : values.members()) {
            set(std::string(kind) + labelNameFrom(name), value.asString());
        }
    };
    set("address", node["Address"].asString());
    set("node", node["Node"].asString());
    set("namespace", service["Namespace"].asString());
    set("partition", service["Partition"].asString());
    set("tags", tagsOf(service["Tags"], config.tagSeparator));
    set("service_address", service["Address"].asString());
    set("service_port", std::to_string(service["Port"].asInteger()));
    set("service_id", service["ID"].asString());
    set("health", healthOf(entry["Checks"]));
    setAll("metadata_", node["Meta"]);
    setAll("service_metadata_", service["Meta"]);
    setAll("tagged_address_", node["TaggedAddresses"]);
    return labels.build();
}

} // namespace

Result<std::string> datacenterOf(std::string_view answer)
{
    const auto json = encoding::parseJson(answer);
    const std::string_view name
        = json ? (*json)["Config"]["Datacenter"].asString() : std::string_view();
    if (name.empty()) {
        return unlike("that of a Consul agent: it names no datacenter");
    }
    return std::string(name);
}

Result<ConsulServices> servicesOf(std::string_view answer)
{
    const auto json = encoding::parseJson(answer);
    if (!json || !json->isObject()) {
        return unlike("a catalogue of services");
    }
    ConsulServices out;
    for (const auto& [name, tags] : json->members()) {
        auto& [service, all] = out.emplace_back(name, std::vector<std::string>());
        for (const JsonValue& tag : tags.items()) {
            all.emplace_back(tag.asString());
        }
    }
    return out;
}

Result<Groups> groupsOfService(const config::ConsulDiscovery& config, std::string_view service,
                               std::string_view datacenter, std::string_view answer)
{
    const auto json = encoding::parseJson(answer);
    if (!json || (!json->isArray() && !json->isNull())) {
        return unlike("a list of a service's instances");
    }
    LabelsBuilder common;
    common.set("__meta_consul_service", service);
    common.set("__meta_consul_dc", datacenter);
    Groups groups;
    for (const JsonValue& entry : json->items()) {
        // An instance may be registered through another node than it runs on.
        const std::string_view own = entry["Service"]["Address"].asString();
        const std::string_view address = own.empty() ? entry["Node"]["Address"].asString() : own;
        const auto port = static_cast<std::uint32_t>(entry["Service"]["Port"].asInteger());
        LabelsBuilder labels = common;
        merge(labels, labelsOfInstance(config, entry));
        addTarget(groups, service, hostPort(address, port), labels.build());
    }
    return groups;
}

} // namespace watchfire::discovery
