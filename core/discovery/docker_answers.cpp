// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/docker_answers.h"

#include "core/encoding/json.h"

#include <algorithm>
#include <format>
#include <map>
#include <set>
#include <utility>

namespace watchfire::discovery {

using encoding::JsonValue;

namespace {

constexpr std::string_view containerPrefix = "__meta_docker_container_";
constexpr std::string_view networkPrefix = "__meta_docker_network_";
constexpr std::string_view portPrefix = "__meta_docker_port_";

using Containers = std::map<std::string_view, const JsonValue*>; ///< by ID
using NetworkLabels = std::map<std::string_view, Labels>; ///< by ID
using Networks = std::vector<std::pair<std::string_view, const JsonValue*>>; ///< by name

std::string joined(std::string_view prefix, std::string_view name)
{
    return std::string(prefix) + std::string(name);
}

std::string_view truth(const JsonValue& value)
{
    return value.asBool() ? "true" : "false";
}

Result<JsonValue> listOf(std::string_view text, std::string_view what)
{
    auto list = encoding::parseJson(text);
    if (!list) {
        return std::unexpected(list.error().within(std::format("the list of {}", what)));
    }
    if (!list->isArray() && !list->isNull()) {
        return fail(ErrorKind::invalid, std::format("the list of {} is not a list", what));
    }
    return list;
}

NetworkLabels labelsOfNetworks(const JsonValue& networks)
{
    NetworkLabels out;
    for (const JsonValue& network : networks.items()) {
        LabelsBuilder labels;
        const auto set = [&](std::string_view name, std::string_view value) {
            labels.set(joined(networkPrefix, name), value);
        };
        set("id", network["Id"].asString());
        set("name", network["Name"].asString());
        set("scope", network["Scope"].asString());
        set("internal", truth(network["Internal"]));
        set("ingress", truth(network["Ingress"]));
        for (const auto& [name, value] : network["Labels"].members()) {
            set("label_" + labelNameFrom(name), value.asString());
        }
        out[network["Id"].asString()] = labels.build();
    }
    return out;
}

LabelsBuilder labelsOfContainer(const JsonValue& container)
{
    LabelsBuilder labels;
    const auto set = [&](std::string_view name, std::string_view value) {
        labels.set(joined(containerPrefix, name), value);
    };
    set("id", container["Id"].asString());
    set("name", container["Names"].items().front().asString());
    set("network_mode", container["HostConfig"]["NetworkMode"].asString());
    set("image", container["Image"].asString());
    set("image_id", container["ImageID"].asString());
    for (const auto& [name, value] : container["Labels"].members()) {
        set("label_" + labelNameFrom(name), value.asString());
    }
    return labels;
}

Networks ownNetworks(const JsonValue& container)
{
    Networks out;
    for (const auto& [name, network] : container["NetworkSettings"]["Networks"].members()) {
        out.emplace_back(name, &network);
    }
    return out;
}

/// Those of the container, or of the one whose network it shares.
Networks networksOf(const JsonValue& container, const Containers& all)
{
    constexpr std::string_view sharing = "container:";
    Networks out = ownNetworks(container);
    std::set<std::string_view> passed; // a circle of containers must not hold us
    std::string_view mode = container["HostConfig"]["NetworkMode"].asString();
    while (out.empty() && mode.starts_with(sharing)) {
        const std::string_view other = mode.substr(sharing.size());
        const auto found = all.find(other);
        if (found == all.end() || !passed.insert(other).second) {
            break;
        }
        out = ownNetworks(*found->second);
        mode = (*found->second)["HostConfig"]["NetworkMode"].asString();
    }
    return out;
}

void keepUsable(Networks& networks, bool firstOnly)
{
    std::erase_if(networks, [](const auto& network) { return network.second->isNull(); });
    std::ranges::sort(networks, {}, &Networks::value_type::first);
    if (firstOnly && networks.size() > 1) {
        networks.resize(1);
    }
}

std::string_view addressIn(const JsonValue& network)
{
    const std::string_view address = network["IPAddress"].asString();
    return address.empty() ? network["GlobalIPv6Address"].asString() : address;
}

class Collector {
public:
    Collector(const config::DockerDiscovery& config, const NetworkLabels& networks)
        : m_config(config)
        , m_networks(networks)
    {
    }

    void add(const JsonValue& container, const JsonValue& network)
    {
        const std::string_view address = addressIn(network);
        LabelsBuilder common = labelsOfContainer(container);
        common.set(joined(networkPrefix, "ip"), address);
        if (const auto found = m_networks.find(network["NetworkID"].asString());
            found != m_networks.end()) {
            merge(common, found->second);
        }
        bool exposes = false;
        for (const JsonValue& port : container["Ports"].items()) {
            if (port["Type"].asString() == "tcp") {
                exposes = true;
                addPort(common, address, port);
            }
        }
        if (!exposes) {
            const bool onHost = container["HostConfig"]["NetworkMode"].asString() == "host";
            addTarget(m_groups, "docker",
                      onHost ? m_config.hostNetworkingHost : hostPort(address, m_config.port),
                      common.build());
        }
    }
    Groups take() { return std::move(m_groups); }

private:
    void addPort(LabelsBuilder labels, std::string_view address, const JsonValue& port)
    {
        const auto number = static_cast<std::uint32_t>(port["PrivatePort"].asInteger());
        labels.set(joined(portPrefix, "private"), std::to_string(number));
        if (const std::int64_t published = port["PublicPort"].asInteger(); published > 0) {
            labels.set(joined(portPrefix, "public"), std::to_string(published));
            labels.set(joined(portPrefix, "public_ip"), port["IP"].asString());
        }
        addTarget(m_groups, "docker", hostPort(address, number), labels.build());
    }

    const config::DockerDiscovery& m_config;
    const NetworkLabels& m_networks;
    Groups m_groups;
};

} // namespace

Result<Groups> groupsOfContainers(const config::DockerDiscovery& config,
                                  std::string_view containers, std::string_view networks)
{
    const auto list = listOf(containers, "containers");
    if (!list) {
        return std::unexpected(list.error());
    }
    const auto networkList = listOf(networks, "networks");
    if (!networkList) {
        return std::unexpected(networkList.error());
    }
    Containers all;
    for (const JsonValue& container : list->items()) {
        all[container["Id"].asString()] = &container;
    }
    const NetworkLabels labels = labelsOfNetworks(*networkList);
    Collector collector(config, labels);
    for (const JsonValue& container : list->items()) {
        if (container["Names"].items().empty()) {
            continue;
        }
        Networks own = networksOf(container, all);
        keepUsable(own, config.matchFirstNetwork);
        for (const auto& [name, network] : own) {
            collector.add(container, *network);
        }
    }
    return collector.take();
}

std::string dockerFilters(const std::vector<config::DiscoveryFilter>& filters)
{
    std::map<std::string_view, std::vector<std::string_view>> byName;
    for (const config::DiscoveryFilter& filter : filters) {
        auto& values = byName[filter.name];
        values.insert(values.end(), filter.values.begin(), filter.values.end());
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject();
    for (const auto& [name, values] : byName) {
        json.key(name).beginArray();
        for (const std::string_view value : values) {
            json.string(value);
        }
        json.endArray();
    }
    json.endObject();
    return out;
}

} // namespace watchfire::discovery
