// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/targets.h"

#include <algorithm>
#include <format>
#include <ranges>
#include <utility>

namespace watchfire::discovery {

namespace {

constexpr std::string_view prefix = "__meta_kubernetes_";

template <class Kind> Groups groupsOf(const KubeStore& store, const KubeAttach& attach)
{
    Groups groups;
    for (const auto& [key, object] : store.all<Kind>()) {
        addTargets(groups, object, attach);
    }
    return groups;
}

bool matchesHost(std::string_view pattern, std::string_view host)
{
    if (pattern == host) {
        return true;
    }
    // A star stands for the whole of the first part and for nothing else.
    if (!pattern.starts_with("*.")) {
        return false;
    }
    const std::size_t dot = host.find('.');
    return dot != std::string_view::npos && host.substr(dot) == pattern.substr(1);
}

/// The address of a node by the order of preference the field has.
std::string_view addressOf(const KubeNode& node)
{
    for (const std::string_view type :
         {"InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname"}) {
        const auto found = std::ranges::find(node.addresses, type, &KubeTexts::value_type::first);
        if (found != node.addresses.end()) {
            return found->second;
        }
    }
    return {};
}

} // namespace

void setKube(LabelsBuilder& labels, std::string_view name, std::string_view value)
{
    labels.set(std::string(prefix) + std::string(name), value);
}

void addTexts(LabelsBuilder& labels, std::string_view kind, const KubeMeta& meta)
{
    for (const auto& [name, value] : meta.labels) {
        const std::string end = labelNameFrom(name);
        setKube(labels, std::format("{}_label_{}", kind, end), value);
        setKube(labels, std::format("{}_labelpresent_{}", kind, end), "true");
    }
    for (const auto& [name, value] : meta.annotations) {
        const std::string end = labelNameFrom(name);
        setKube(labels, std::format("{}_annotation_{}", kind, end), value);
        setKube(labels, std::format("{}_annotationpresent_{}", kind, end), "true");
    }
}

void addMeta(LabelsBuilder& labels, std::string_view kind, const KubeMeta& meta)
{
    setKube(labels, std::format("{}_name", kind), meta.name);
    addTexts(labels, kind, meta);
}

void addPod(LabelsBuilder& labels, const KubePod& pod)
{
    setKube(labels, "pod_ip", pod.ip);
    setKube(labels, "pod_ready", pod.ready);
    setKube(labels, "pod_phase", pod.phase);
    setKube(labels, "pod_node_name", pod.nodeName);
    setKube(labels, "pod_host_ip", pod.hostIp);
    setKube(labels, "pod_uid", pod.meta.uid);
    addMeta(labels, "pod", pod.meta);
    if (!pod.meta.controllerKind.empty()) {
        setKube(labels, "pod_controller_kind", pod.meta.controllerKind);
    }
    if (!pod.meta.controllerName.empty()) {
        setKube(labels, "pod_controller_name", pod.meta.controllerName);
    }
}

void addService(LabelsBuilder& labels, const KubeService& service)
{
    setKube(labels, "namespace", service.meta.nameSpace);
    addMeta(labels, "service", service.meta);
}

void attachNode(LabelsBuilder& labels, const KubeAttach& attach, std::string_view node)
{
    if (const KubeNode* const found = attach.node ? attach.store.find<KubeNode>(node) : nullptr) {
        addMeta(labels, "node", found->meta);
    }
}

void attachNamespace(LabelsBuilder& labels, const KubeAttach& attach, std::string_view nameSpace)
{
    if (const KubeNamespace* const found
        = attach.nameSpace ? attach.store.find<KubeNamespace>(nameSpace) : nullptr) {
        addTexts(labels, "namespace", found->meta);
    }
}

std::string_view truth(bool value)
{
    return value ? "true" : "false";
}

void addTargets(Groups& groups, const KubeNode& node, const KubeAttach& /*attach*/)
{
    const std::string_view address = addressOf(node);
    if (address.empty()) {
        return;
    }
    LabelsBuilder labels;
    setKube(labels, "node_provider_id", node.providerId);
    for (const auto& [type, status] : node.conditions) {
        setKube(labels, "node_condition_" + labelNameFrom(type), status);
    }
    addMeta(labels, "node", node.meta);
    labels.set("instance", node.meta.name);
    // The first of each type is the one that is set last.
    for (const auto& [type, value] : std::views::reverse(node.addresses)) {
        setKube(labels, "node_address_" + labelNameFrom(type), value);
    }
    addTarget(groups, "node/" + node.meta.name, hostPort(address, node.kubeletPort),
              labels.build());
}

void addTargets(Groups& groups, const KubeService& service, const KubeAttach& attach)
{
    LabelsBuilder common;
    addService(common, service);
    attachNamespace(common, attach, service.meta.nameSpace);
    for (const KubeService::Port& port : service.ports) {
        LabelsBuilder labels = common;
        setKube(labels, "service_port_name", port.name);
        setKube(labels, "service_port_number", std::to_string(port.number));
        setKube(labels, "service_port_protocol", port.protocol);
        setKube(labels, "service_type", service.type);
        if (service.type == "ExternalName") {
            setKube(labels, "service_external_name", service.externalName);
        } else {
            setKube(labels, "service_cluster_ip", service.clusterIp);
        }
        if (service.type == "LoadBalancer") {
            setKube(labels, "service_loadbalancer_ip", service.loadBalancerIps);
        }
        addTarget(groups, "svc/" + service.meta.key(),
                  hostPort(std::format("{}.{}.svc", service.meta.name, service.meta.nameSpace),
                           port.number),
                  labels.build());
    }
}

void addTargets(Groups& groups, const KubeIngress& ingress, const KubeAttach& attach)
{
    LabelsBuilder common;
    setKube(common, "namespace", ingress.meta.nameSpace);
    if (ingress.className) {
        setKube(common, "ingress_class_name", *ingress.className);
    }
    addMeta(common, "ingress", ingress.meta);
    attachNamespace(common, attach, ingress.meta.nameSpace);
    for (const KubeIngress::Rule& rule : ingress.rules) {
        const bool isTls = std::ranges::any_of(ingress.tlsHosts, [&](const std::string& pattern) {
            return matchesHost(pattern, rule.host);
        });
        for (const std::string& path : rule.paths) {
            LabelsBuilder labels = common;
            setKube(labels, "ingress_scheme", isTls ? "https" : "http");
            setKube(labels, "ingress_host", rule.host);
            setKube(labels, "ingress_path", path);
            addTarget(groups, "ingress/" + ingress.meta.key(), rule.host, labels.build());
        }
    }
}

Groups groupsOfCluster(const config::KubernetesDiscovery& config, const KubeStore& store)
{
    const KubeAttach attach{store, config.attachNodeMetadata, config.attachNamespaceMetadata};
    switch (config.role) {
    case config::KubernetesRole::node:
        return groupsOf<KubeNode>(store, attach);
    case config::KubernetesRole::pod:
        return groupsOf<KubePod>(store, attach);
    case config::KubernetesRole::service:
        return groupsOf<KubeService>(store, attach);
    case config::KubernetesRole::endpoints:
        return groupsOf<KubeEndpoints>(store, attach);
    case config::KubernetesRole::endpointSlice:
        return groupsOf<KubeEndpointSlice>(store, attach);
    case config::KubernetesRole::ingress:
        return groupsOf<KubeIngress>(store, attach);
    }
    return {};
}

} // namespace watchfire::discovery
