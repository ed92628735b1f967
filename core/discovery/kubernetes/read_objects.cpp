// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/answers.h"

#include <algorithm>
#include <utility>

namespace watchfire::discovery {

using encoding::JsonValue;

namespace {

std::string text(const JsonValue& value)
{
    return std::string(value.asString());
}

std::uint32_t number(const JsonValue& value)
{
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.asInteger(), 0, 65'535));
}

std::optional<std::string> optionalText(const JsonValue& value)
{
    return value.isString() ? std::optional(text(value)) : std::nullopt;
}

std::optional<bool> optionalBool(const JsonValue& value)
{
    return value.isBool() ? std::optional(value.asBool()) : std::nullopt;
}

std::string lowered(std::string_view value)
{
    std::string out(value);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

KubeTexts texts(const JsonValue& object)
{
    KubeTexts out;
    out.reserve(object.members().size());
    for (const auto& [name, value] : object.members()) {
        out.emplace_back(name, value.asString());
    }
    return out;
}

/// A list of {first: …, second: …}.
KubeTexts pairs(const JsonValue& list, std::string_view first, std::string_view second)
{
    KubeTexts out;
    for (const JsonValue& item : list.items()) {
        out.emplace_back(item[first].asString(), item[second].asString());
    }
    return out;
}

KubeMeta meta(const JsonValue& json)
{
    const JsonValue& from = json["metadata"];
    KubeMeta out;
    out.nameSpace = text(from["namespace"]);
    out.name = text(from["name"]);
    out.uid = text(from["uid"]);
    out.labels = texts(from["labels"]);
    out.annotations = texts(from["annotations"]);
    for (const JsonValue& owner : from["ownerReferences"].items()) {
        if (owner["controller"].asBool()) {
            out.controllerKind = text(owner["kind"]);
            out.controllerName = text(owner["name"]);
            break;
        }
    }
    return out;
}

KubeReference reference(const JsonValue& json)
{
    return {text(json["kind"]), text(json["namespace"]), text(json["name"])};
}

void readContainers(const JsonValue& containers, const JsonValue& statuses, bool isInit,
                    std::vector<KubePod::Container>& out)
{
    for (const JsonValue& container : containers.items()) {
        KubePod::Container to{text(container["name"]), text(container["image"]), {}, {}, isInit};
        for (const JsonValue& status : statuses.items()) {
            if (status["name"].asString() == to.name) {
                to.id = text(status["containerID"]);
                break;
            }
        }
        for (const JsonValue& port : container["ports"].items()) {
            to.ports.push_back(
                {number(port["containerPort"]), text(port["name"]), text(port["protocol"])});
        }
        out.push_back(std::move(to));
    }
}

KubePod pod(const JsonValue& json)
{
    const JsonValue& spec = json["spec"];
    const JsonValue& status = json["status"];
    KubePod out;
    out.meta = meta(json);
    out.ip = text(status["podIP"]);
    out.hostIp = text(status["hostIP"]);
    out.phase = text(status["phase"]);
    out.nodeName = text(spec["nodeName"]);
    for (const JsonValue& condition : status["conditions"].items()) {
        if (condition["type"].asString() == "Ready") {
            out.ready = lowered(condition["status"].asString());
            break;
        }
    }
    readContainers(spec["containers"], status["containerStatuses"], false, out.containers);
    readContainers(spec["initContainers"], status["initContainerStatuses"], true, out.containers);
    return out;
}

KubeNode node(const JsonValue& json)
{
    const JsonValue& status = json["status"];
    KubeNode out;
    out.meta = meta(json);
    out.providerId = text(json["spec"]["providerID"]);
    out.kubeletPort = number(status["daemonEndpoints"]["kubeletEndpoint"]["Port"]);
    out.addresses = pairs(status["addresses"], "type", "address");
    for (const auto& [type, value] : pairs(status["conditions"], "type", "status")) {
        out.conditions.emplace_back(lowered(type), lowered(value));
    }
    return out;
}

KubeService service(const JsonValue& json)
{
    const JsonValue& spec = json["spec"];
    KubeService out;
    out.meta = meta(json);
    out.type = text(spec["type"]);
    out.clusterIp = text(spec["clusterIP"]);
    out.externalName = text(spec["externalName"]);
    out.ipFamilyPolicy = text(spec["ipFamilyPolicy"]);
    if (const auto& families = spec["ipFamilies"].items(); !families.empty()) {
        out.firstIpFamily = text(families.front());
    }
    for (const JsonValue& ingress : json["status"]["loadBalancer"]["ingress"].items()) {
        if (const std::string_view ip = ingress["ip"].asString(); !ip.empty()) {
            out.loadBalancerIps += out.loadBalancerIps.empty() ? "" : ",";
            out.loadBalancerIps += ip;
        }
    }
    if (out.loadBalancerIps.empty()) {
        out.loadBalancerIps = text(spec["loadBalancerIP"]);
    }
    for (const JsonValue& port : spec["ports"].items()) {
        out.ports.push_back({number(port["port"]), text(port["name"]), text(port["protocol"])});
    }
    return out;
}

std::vector<KubeEndpoints::Address> addresses(const JsonValue& list)
{
    std::vector<KubeEndpoints::Address> out;
    for (const JsonValue& address : list.items()) {
        out.push_back({text(address["ip"]), text(address["hostname"]),
                       optionalText(address["nodeName"]), reference(address["targetRef"])});
    }
    return out;
}

KubeEndpoints endpoints(const JsonValue& json)
{
    KubeEndpoints out;
    out.meta = meta(json);
    for (const JsonValue& subset : json["subsets"].items()) {
        KubeEndpoints::Subset to;
        to.ready = addresses(subset["addresses"]);
        to.notReady = addresses(subset["notReadyAddresses"]);
        for (const JsonValue& port : subset["ports"].items()) {
            to.ports.push_back({number(port["port"]), text(port["name"]), text(port["protocol"])});
        }
        out.subsets.push_back(std::move(to));
    }
    return out;
}

KubeEndpointSlice::Endpoint endpoint(const JsonValue& json)
{
    KubeEndpointSlice::Endpoint out;
    for (const JsonValue& address : json["addresses"].items()) {
        out.addresses.push_back(text(address));
    }
    const JsonValue& conditions = json["conditions"];
    out.ready = optionalBool(conditions["ready"]);
    out.serving = optionalBool(conditions["serving"]);
    out.terminating = optionalBool(conditions["terminating"]);
    out.hostname = optionalText(json["hostname"]);
    out.nodeName = optionalText(json["nodeName"]);
    out.zone = optionalText(json["zone"]);
    out.target = reference(json["targetRef"]);
    out.topology = texts(json["deprecatedTopology"]);
    return out;
}

KubeEndpointSlice endpointSlice(const JsonValue& json)
{
    KubeEndpointSlice out;
    out.meta = meta(json);
    out.addressType = text(json["addressType"]);
    for (const JsonValue& one : json["endpoints"].items()) {
        out.endpoints.push_back(endpoint(one));
    }
    for (const JsonValue& port : json["ports"].items()) {
        KubeEndpointSlice::Port to;
        if (port["port"].isNumber()) {
            to.number = number(port["port"]);
        }
        to.name = optionalText(port["name"]);
        to.protocol = optionalText(port["protocol"]);
        to.appProtocol = optionalText(port["appProtocol"]);
        out.ports.push_back(std::move(to));
    }
    return out;
}

KubeIngress ingress(const JsonValue& json)
{
    const JsonValue& spec = json["spec"];
    KubeIngress out;
    out.meta = meta(json);
    out.className = optionalText(spec["ingressClassName"]);
    for (const JsonValue& rule : spec["rules"].items()) {
        KubeIngress::Rule to;
        to.host = text(rule["host"]);
        if (rule["http"].isObject()) {
            for (const JsonValue& path : rule["http"]["paths"].items()) {
                to.paths.emplace_back(path["path"].asString("/"));
                if (to.paths.back().empty()) {
                    to.paths.back() = "/";
                }
            }
        } else {
            to.paths.emplace_back("/");
        }
        out.rules.push_back(std::move(to));
    }
    for (const JsonValue& tls : spec["tls"].items()) {
        for (const JsonValue& host : tls["hosts"].items()) {
            out.tlsHosts.push_back(text(host));
        }
    }
    return out;
}

} // namespace

KubeObject readKubeObject(KubeResource resource, const JsonValue& json)
{
    switch (resource) {
    case KubeResource::pods:
        return pod(json);
    case KubeResource::nodes:
        return node(json);
    case KubeResource::services:
        return service(json);
    case KubeResource::endpoints:
        return endpoints(json);
    case KubeResource::endpointSlices:
        return endpointSlice(json);
    case KubeResource::ingresses:
        return ingress(json);
    case KubeResource::namespaces:
        return KubeNamespace{meta(json)};
    }
    return pod(json);
}

} // namespace watchfire::discovery
