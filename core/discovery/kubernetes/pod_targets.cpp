// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/targets.h"

#include <string>
#include <utility>

namespace watchfire::discovery {

void addTargets(Groups& groups, const KubePod& pod, const KubeAttach& attach)
{
    // A pod that starts or was evicted has no address. One on a node that we do not know is on
    // one that the node selectors leave out.
    if (pod.ip.empty() || (attach.node && attach.store.find<KubeNode>(pod.nodeName) == nullptr)) {
        return;
    }
    LabelsBuilder common;
    addPod(common, pod);
    setKube(common, "namespace", pod.meta.nameSpace);
    attachNode(common, attach, pod.nodeName);
    attachNamespace(common, attach, pod.meta.nameSpace);
    const std::string source = "pod/" + pod.meta.key();
    for (const KubePod::Container& container : pod.containers) {
        LabelsBuilder own = common;
        setKube(own, "pod_container_name", container.name);
        setKube(own, "pod_container_id", container.id);
        setKube(own, "pod_container_image", container.image);
        setKube(own, "pod_container_init", truth(container.isInit));
        if (container.ports.empty()) {
            // Relabelling is to add the port.
            addTarget(groups, source, pod.ip, own.build());
            continue;
        }
        for (const KubePod::Port& port : container.ports) {
            LabelsBuilder labels = own;
            setKube(labels, "pod_container_port_number", std::to_string(port.number));
            setKube(labels, "pod_container_port_name", port.name);
            setKube(labels, "pod_container_port_protocol", port.protocol);
            addTarget(groups, source, hostPort(pod.ip, port.number), labels.build());
        }
    }
}

} // namespace watchfire::discovery
