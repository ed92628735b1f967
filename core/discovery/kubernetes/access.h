// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/discovery.h"
#include "core/ports/http.h"

#include <string>

namespace watchfire::discovery {

/// Where a cluster's API server is, and as whom it is spoken to.
struct KubeAccess {
    std::string server; ///< URL without a final slash
    HttpClientOptions client;
    HttpHeaders headers; ///< of every request
    std::string ownNamespace; ///< of the pod this runs in, where it was asked for
};

/// What a program in a pod finds around it.
struct KubeEnvironment {
    std::string host; ///< of the API server; empty: this is no pod
    std::string port;
    std::string accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    static KubeEnvironment ofProcess();
};

/// By the configuration: the API server it names, the kubeconfig it names, or the service
/// account of the pod. Reads files. Fails with ErrorKind::invalid, unsupported or io and what is
/// wrong, with the file's name.
Result<KubeAccess> accessOf(const config::KubernetesDiscovery& config,
                            const KubeEnvironment& environment);

/// The access that the current context of a kubeconfig stands for. Files it names are relative
/// to `folder`. Programs that make credentials (exec, auth-provider) are not run: fails with
/// ErrorKind::unsupported then.
///
/// Source: Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files";
/// kubeconfig v1 reference.
Result<KubeAccess> accessOfKubeconfig(std::string text, const std::string& folder);

} // namespace watchfire::discovery
