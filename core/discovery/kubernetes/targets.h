// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/discovery.h"
#include "core/discovery/groups.h"
#include "core/discovery/kubernetes/objects.h"

/// From the objects of a cluster to targets: one group each, with its labels.
///
/// Source: Prometheus documentation, "Configuration", kubernetes_sd_config.
namespace watchfire::discovery {

/// All targets of the role.
Groups groupsOfCluster(const config::KubernetesDiscovery& config, const KubeStore& store);

// What the roles share.

/// What is to be attached to targets beside their own labels.
struct KubeAttach {
    const KubeStore& store;
    bool node = false;
    bool nameSpace = false;
};

/// The value of a label __meta_kubernetes_NAME; an empty value removes it.
void setKube(LabelsBuilder& labels, std::string_view name, std::string_view value);
/// …_label_, …_labelpresent_, …_annotation_ and …_annotationpresent_ of that kind of object.
void addTexts(LabelsBuilder& labels, std::string_view kind, const KubeMeta& meta);
/// Those and the name.
void addMeta(LabelsBuilder& labels, std::string_view kind, const KubeMeta& meta);
void addPod(LabelsBuilder& labels, const KubePod& pod);
void addService(LabelsBuilder& labels, const KubeService& service);
/// Where that is asked for, and the node or namespace is known.
void attachNode(LabelsBuilder& labels, const KubeAttach& attach, std::string_view node);
void attachNamespace(LabelsBuilder& labels, const KubeAttach& attach, std::string_view nameSpace);
std::string_view truth(bool value);

void addTargets(Groups& groups, const KubePod& pod, const KubeAttach& attach);
void addTargets(Groups& groups, const KubeNode& node, const KubeAttach& attach);
void addTargets(Groups& groups, const KubeService& service, const KubeAttach& attach);
void addTargets(Groups& groups, const KubeEndpoints& endpoints, const KubeAttach& attach);
void addTargets(Groups& groups, const KubeEndpointSlice& slice, const KubeAttach& attach);
void addTargets(Groups& groups, const KubeIngress& ingress, const KubeAttach& attach);

} // namespace watchfire::discovery
