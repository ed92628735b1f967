// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

/// What discovery needs of the objects of a cluster; all else of them is let go as soon as they
/// are read, for there may be many.
///
/// Source: Kubernetes API reference, v1.
namespace watchfire::discovery {

using KubeTexts = std::vector<std::pair<std::string, std::string>>;

struct KubeMeta {
    std::string nameSpace; ///< empty: the object is the cluster's
    std::string name;
    std::string uid;
    KubeTexts labels;
    KubeTexts annotations;
    std::string controllerKind; ///< of the owner that controls it
    std::string controllerName;

    /// "namespace/name", or the name alone.
    std::string key() const;
    std::string_view label(std::string_view name) const;
};

/// What an endpoint stands for.
struct KubeReference {
    std::string kind; ///< empty: nothing
    std::string nameSpace;
    std::string name;
};

struct KubePod {
    struct Port {
        std::uint32_t number = 0;
        std::string name;
        std::string protocol;
    };
    struct Container {
        std::string name;
        std::string image;
        std::string id;
        std::vector<Port> ports;
        bool isInit = false;
    };
    KubeMeta meta;
    std::string ip;
    std::string hostIp;
    std::string nodeName;
    std::string phase;
    std::string ready = "unknown"; ///< or "true", "false"
    std::vector<Container> containers; ///< init containers last
};

struct KubeNode {
    KubeMeta meta;
    std::string providerId;
    std::uint32_t kubeletPort = 0;
    KubeTexts addresses; ///< type and address
    KubeTexts conditions; ///< type and status
};

struct KubeService {
    struct Port {
        std::uint32_t number = 0;
        std::string name;
        std::string protocol;
    };
    KubeMeta meta;
    std::string type;
    std::string clusterIp;
    std::string externalName;
    std::string loadBalancerIps; ///< by commas
    std::string ipFamilyPolicy;
    std::string firstIpFamily;
    std::vector<Port> ports;
};

struct KubeEndpoints {
    struct Address {
        std::string ip;
        std::string hostname;
        std::optional<std::string> nodeName;
        KubeReference target;
    };
    struct Port {
        std::uint32_t number = 0;
        std::string name;
        std::string protocol;
    };
    struct Subset {
        std::vector<Address> ready;
        std::vector<Address> notReady;
        std::vector<Port> ports;
    };
    KubeMeta meta;
    std::vector<Subset> subsets;
};

struct KubeEndpointSlice {
    struct Endpoint {
        std::vector<std::string> addresses;
        std::optional<bool> ready;
        std::optional<bool> serving;
        std::optional<bool> terminating;
        std::optional<std::string> hostname;
        std::optional<std::string> nodeName;
        std::optional<std::string> zone;
        KubeReference target;
        KubeTexts topology;
    };
    struct Port {
        std::optional<std::uint32_t> number;
        std::optional<std::string> name;
        std::optional<std::string> protocol;
        std::optional<std::string> appProtocol;
    };
    KubeMeta meta;
    std::string addressType;
    std::vector<Endpoint> endpoints;
    std::vector<Port> ports;
};

struct KubeIngress {
    struct Rule {
        std::string host;
        std::vector<std::string> paths; ///< one "/" where the rule names none
    };
    KubeMeta meta;
    std::optional<std::string> className;
    std::vector<Rule> rules;
    std::vector<std::string> tlsHosts;
};

struct KubeNamespace {
    KubeMeta meta;
};

using KubeObject = std::variant<KubePod, KubeNode, KubeService, KubeEndpoints, KubeEndpointSlice,
                                KubeIngress, KubeNamespace>;

/// All objects known, by kind and key. One thread at a time.
class KubeStore {
public:
    template <class Kind> using Map = std::map<std::string, Kind, std::less<>>;

    void put(KubeObject object);
    void remove(const KubeObject& object);
    /// These are all there are of the kind in that namespace (empty: in the cluster).
    template <class Kind> void clear(std::string_view nameSpace)
    {
        std::erase_if(std::get<Map<Kind>>(m_maps), [&](const auto& item) {
            return nameSpace.empty() || item.second.meta.nameSpace == nameSpace;
        });
    }
    template <class Kind> const Map<Kind>& all() const { return std::get<Map<Kind>>(m_maps); }
    template <class Kind> const Kind* find(std::string_view key) const
    {
        const auto& map = all<Kind>();
        const auto found = map.find(key);
        return found == map.end() ? nullptr : &found->second;
    }

private:
    std::tuple<Map<KubePod>, Map<KubeNode>, Map<KubeService>, Map<KubeEndpoints>,
               Map<KubeEndpointSlice>, Map<KubeIngress>, Map<KubeNamespace>>
        m_maps;
};

} // namespace watchfire::discovery
