// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/discovery/consul_answers.h"
#include "core/discovery/docker_answers.h"
#include "core/discovery/group_text.h"
#include "core/discovery/json_places.h"
#include "core/discovery/kubernetes/access.h"
#include "core/discovery/kubernetes/answers.h"
#include "core/discovery/kubernetes/targets.h"
#include "core/encoding/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

using namespace watchfire;
using namespace watchfire::discovery;

namespace {

constexpr int kubeResources = 7;

void readGroups(const Result<Groups>& groups, std::size_t size)
{
    if (!groups) {
        WF_CHECK(groups.error().where.has_value());
        WF_CHECK(groups.error().where->begin <= size);
    }
}

void readCluster(KubeResource resource, std::string_view text, bool isWatch)
{
    auto answer = isWatch ? readKubeWatch(resource, text) : readKubeList(resource, text);
    if (!answer) {
        return;
    }
    KubeStore store;
    for (KubeChange& change : answer->changes) {
        store.put(std::move(change.object));
    }
    config::KubernetesDiscovery config;
    config.attachNodeMetadata = true;
    config.attachNamespaceMetadata = true;
    for (const auto role :
         {config::KubernetesRole::node, config::KubernetesRole::pod,
          config::KubernetesRole::service, config::KubernetesRole::endpoints,
          config::KubernetesRole::endpointSlice, config::KubernetesRole::ingress}) {
        config.role = role;
        for (const config::TargetGroup& group : groupsOfCluster(config, store)) {
            WF_CHECK(group.targets.size() == 1);
        }
    }
}

} // namespace

// The first byte says what the rest is. Any bytes are an answer or are refused; a text that the
// JSON parser refuses for its form has a place where it is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const int kind = data[0] - '0';
    const std::string text(data + 1, data + size);
    switch (kind) {
    case 0:
        readGroups(groupsFromJson(text), text.size());
        if (const auto json = encoding::parseJson(text)) {
            WF_CHECK(!placesOf(text).fault);
            WF_CHECK(placesOf(text).elements.size() == json->items().size());
        }
        return 0;
    case 1:
        static_cast<void>(groupsFromYaml(text));
        return 0;
    case 2: // containers and networks
        static_cast<void>(groupsOfContainers({}, text.substr(0, text.find('\n')),
                                             text.substr(std::min(text.find('\n'), text.size()))));
        return 0;
    case 3:
        static_cast<void>(groupsOfService({}, "s", "dc", text));
        static_cast<void>(servicesOf(text));
        static_cast<void>(datacenterOf(text));
        return 0;
    case 4:
        static_cast<void>(accessOfKubeconfig(text, "/folder"));
        return 0;
    default:
        const int which = (kind % (2 * kubeResources) + 2 * kubeResources) % (2 * kubeResources);
        readCluster(static_cast<KubeResource>(which / 2), text, which % 2 == 1);
        return 0;
    }
}
