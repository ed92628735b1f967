// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/targets.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace watchfire::discovery {

namespace {

/// The pods behind the endpoints of one object, and which of their ports these cover.
class PodsSeen {
public:
    explicit PodsSeen(const KubeStore& store)
        : m_store(store)
    {
    }

    /// The pod that is meant, if it is known.
    const KubePod* find(const KubeReference& target) const
    {
        return target.kind == "Pod" ? m_store.find<KubePod>(target.nameSpace + '/' + target.name)
                                    : nullptr;
    }
    void cover(const KubePod& pod, std::optional<std::uint32_t> port)
    {
        auto& ports = m_ports[&pod];
        if (port) {
            ports.push_back(*port);
        }
    }
    /// Ports of those pods' containers that no endpoint covers are targets, too.
    void addRest(Groups& groups, std::string_view source, const LabelsBuilder& common) const
    {
        for (const auto& [pod, covered] : m_ports) {
            if (pod->ip.empty()) {
                continue;
            }
            for (const KubePod::Container& container : pod->containers) {
                for (const KubePod::Port& port : container.ports) {
                    if (!std::ranges::contains(covered, port.number)) {
                        addPort(groups, source, common, *pod, container, port);
                    }
                }
            }
        }
    }
    /// What is known of the container that serves the port.
    static void describe(LabelsBuilder& labels, const KubePod::Container& container,
                         const KubePod::Port& port, std::string_view protocol)
    {
        setKube(labels, "pod_container_name", container.name);
        setKube(labels, "pod_container_image", container.image);
        setKube(labels, "pod_container_port_name", port.name);
        setKube(labels, "pod_container_port_number", std::to_string(port.number));
        setKube(labels, "pod_container_port_protocol", protocol);
        setKube(labels, "pod_container_init", truth(container.isInit));
    }

private:
    static void addPort(Groups& groups, std::string_view source, LabelsBuilder labels,
                        const KubePod& pod, const KubePod::Container& container,
                        const KubePod::Port& port)
    {
        describe(labels, container, port, port.protocol);
        addPod(labels, pod);
        addTarget(groups, source, hostPort(pod.ip, port.number), labels.build());
    }

    struct ByKey {
        bool operator()(const KubePod* a, const KubePod* b) const
        {
            return a->meta.key() < b->meta.key();
        }
    };
    const KubeStore& m_store;
    std::map<const KubePod*, std::vector<std::uint32_t>, ByKey> m_ports;
};

class EndpointTargets {
public:
    EndpointTargets(Groups& groups, const KubeEndpoints& endpoints, const KubeAttach& attach)
        : m_groups(groups)
        , m_attach(attach)
        , m_source("endpoints/" + endpoints.meta.key())
        , m_pods(attach.store)
    {
        setKube(m_common, "namespace", endpoints.meta.nameSpace);
        if (const auto* const service = attach.store.find<KubeService>(endpoints.meta.key())) {
            addService(m_common, *service);
        }
        addMeta(m_common, "endpoints", endpoints.meta);
        attachNamespace(m_common, attach, endpoints.meta.nameSpace);
    }

    void add(const KubeEndpoints::Address& address, const KubeEndpoints::Port& port, bool isReady)
    {
        LabelsBuilder labels = m_common;
        setKube(labels, "endpoint_port_name", port.name);
        setKube(labels, "endpoint_port_protocol", port.protocol);
        setKube(labels, "endpoint_ready", truth(isReady));
        setKube(labels, "endpoint_address_target_kind", address.target.kind);
        setKube(labels, "endpoint_address_target_name", address.target.name);
        setKube(labels, "endpoint_node_name", address.nodeName.value_or(""));
        setKube(labels, "endpoint_hostname", address.hostname);
        if (address.nodeName) {
            attachNode(labels, m_attach, *address.nodeName);
        } else if (address.target.kind == "Node") {
            attachNode(labels, m_attach, address.target.name);
        }
        if (const KubePod* const pod = m_pods.find(address.target)) {
            addPod(labels, *pod);
            for (const KubePod::Container& container : pod->containers) {
                const auto found
                    = std::ranges::find(container.ports, port.number, &KubePod::Port::number);
                if (found != container.ports.end()) {
                    PodsSeen::describe(labels, container, *found, port.protocol);
                }
            }
            m_pods.cover(*pod, port.number);
        }
        addTarget(m_groups, m_source, hostPort(address.ip, port.number), labels.build());
    }
    void addRest() { m_pods.addRest(m_groups, m_source, m_common); }

private:
    Groups& m_groups;
    const KubeAttach& m_attach;
    std::string m_source;
    LabelsBuilder m_common;
    PodsSeen m_pods;
};

class SliceTargets {
public:
    SliceTargets(Groups& groups, const KubeEndpointSlice& slice, const KubeAttach& attach,
                 const KubeService* service)
        : m_groups(groups)
        , m_attach(attach)
        , m_source("endpointslice/" + slice.meta.key())
        , m_pods(attach.store)
    {
        setKube(m_common, "namespace", slice.meta.nameSpace);
        setKube(m_common, "endpointslice_address_type", slice.addressType);
        addMeta(m_common, "endpointslice", slice.meta);
        if (service != nullptr) {
            addService(m_common, *service);
        }
        attachNamespace(m_common, attach, slice.meta.nameSpace);
    }

    void add(const std::string& address, const KubeEndpointSlice::Endpoint& endpoint,
             const KubeEndpointSlice::Port& port)
    {
        LabelsBuilder labels = m_common;
        describePort(labels, port);
        describeEndpoint(labels, endpoint);
        if (endpoint.target.kind == "Node") {
            attachNode(labels, m_attach, endpoint.target.name);
        } else if (endpoint.nodeName) {
            attachNode(labels, m_attach, *endpoint.nodeName);
        }
        if (const KubePod* const pod = m_pods.find(endpoint.target)) {
            addPod(labels, *pod);
            describeContainer(labels, *pod, port);
            m_pods.cover(*pod, port.number);
        }
        addTarget(m_groups, m_source, port.number ? hostPort(address, *port.number) : address,
                  labels.build());
    }
    void addRest() { m_pods.addRest(m_groups, m_source, m_common); }

private:
    static void describePort(LabelsBuilder& labels, const KubeEndpointSlice::Port& port)
    {
        setKube(labels, "endpointslice_port_name", port.name.value_or(""));
        setKube(labels, "endpointslice_port_protocol", port.protocol.value_or(""));
        setKube(labels, "endpointslice_port_app_protocol", port.appProtocol.value_or(""));
        setKube(labels, "endpointslice_port", port.number ? std::to_string(*port.number) : "");
    }

    static void describeEndpoint(LabelsBuilder& labels, const KubeEndpointSlice::Endpoint& endpoint)
    {
        const auto condition = [&labels](std::string_view name, std::optional<bool> value) {
            setKube(labels, "endpointslice_endpoint_conditions_" + std::string(name),
                    value ? truth(*value) : "");
        };
        condition("ready", endpoint.ready);
        condition("serving", endpoint.serving);
        condition("terminating", endpoint.terminating);
        setKube(labels, "endpointslice_endpoint_hostname", endpoint.hostname.value_or(""));
        setKube(labels, "endpointslice_endpoint_node_name", endpoint.nodeName.value_or(""));
        setKube(labels, "endpointslice_endpoint_zone", endpoint.zone.value_or(""));
        setKube(labels, "endpointslice_address_target_kind", endpoint.target.kind);
        setKube(labels, "endpointslice_address_target_name", endpoint.target.name);
        for (const auto& [name, value] : endpoint.topology) {
            const std::string end = labelNameFrom(name);
            setKube(labels, "endpointslice_endpoint_topology_" + end, value);
            setKube(labels, "endpointslice_endpoint_topology_present_" + end, "true");
        }
    }

    static void describeContainer(LabelsBuilder& labels, const KubePod& pod,
                                  const KubeEndpointSlice::Port& port)
    {
        for (const KubePod::Container& container : pod.containers) {
            const auto found = std::ranges::find_if(container.ports, [&](const auto& one) {
                return port.number && *port.number == one.number;
            });
            if (found != container.ports.end()) {
                PodsSeen::describe(labels, container, *found, found->protocol);
            }
        }
    }

    Groups& m_groups;
    const KubeAttach& m_attach;
    std::string m_source;
    LabelsBuilder m_common;
    PodsSeen m_pods;
};

/// The second slice of a service with two address families: it would repeat the first one's
/// targets.
bool isSecondFamily(const KubeEndpointSlice& slice, const KubeService* service)
{
    return service != nullptr
        && (service->ipFamilyPolicy == "PreferDualStack"
            || service->ipFamilyPolicy == "RequireDualStack")
        && !service->firstIpFamily.empty() && service->firstIpFamily != slice.addressType;
}

} // namespace

void addTargets(Groups& groups, const KubeEndpoints& endpoints, const KubeAttach& attach)
{
    EndpointTargets targets(groups, endpoints, attach);
    for (const KubeEndpoints::Subset& subset : endpoints.subsets) {
        for (const KubeEndpoints::Port& port : subset.ports) {
            for (const KubeEndpoints::Address& address : subset.ready) {
                targets.add(address, port, true);
            }
            for (const KubeEndpoints::Address& address : subset.notReady) {
                targets.add(address, port, false);
            }
        }
    }
    targets.addRest();
}

void addTargets(Groups& groups, const KubeEndpointSlice& slice, const KubeAttach& attach)
{
    const std::string_view name = slice.meta.label("kubernetes.io/service-name");
    const KubeService* const service = name.empty()
        ? nullptr
        : attach.store.find<KubeService>(slice.meta.nameSpace + '/' + std::string(name));
    if (isSecondFamily(slice, service)) {
        return;
    }
    SliceTargets targets(groups, slice, attach, service);
    for (const KubeEndpointSlice::Endpoint& endpoint : slice.endpoints) {
        for (const KubeEndpointSlice::Port& port : slice.ports) {
            for (const std::string& address : endpoint.addresses) {
                targets.add(address, endpoint, port);
            }
        }
    }
    targets.addRest();
}

} // namespace watchfire::discovery
