// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/access.h"

#include "core/base/files.h"

#include <cstdlib>
#include <filesystem>
#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

std::string withoutSlash(std::string url)
{
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

std::string variable(const char* name)
{
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets any
    return value == nullptr ? std::string() : std::string(value);
}

Result<KubeAccess> accessOfPod(const KubeEnvironment& environment)
{
    if (environment.host.empty() || environment.port.empty()) {
        return fail(ErrorKind::invalid,
                    "this is not a pod of a cluster (KUBERNETES_SERVICE_HOST and "
                    "KUBERNETES_SERVICE_PORT are not set); name a kubeconfig_file or an "
                    "api_server");
    }
    KubeAccess access;
    const bool isIpv6 = environment.host.contains(':');
    access.server = std::format("https://{}{}{}:{}", isIpv6 ? "[" : "", environment.host,
                                isIpv6 ? "]" : "", environment.port);
    BearerAuth auth;
    auth.tokenFile = environment.accountFolder + "/token";
    access.client.auth = std::move(auth);
    access.client.tls.caFile = environment.accountFolder + "/ca.crt";
    return access;
}

Result<std::string> namespaceOfPod(const KubeEnvironment& environment)
{
    auto name = readFile(environment.accountFolder + "/namespace");
    if (!name) {
        return std::unexpected(name.error().within("could not determine the pod's namespace"));
    }
    if (name->empty()) {
        return fail(ErrorKind::invalid, "could not read own namespace name (empty file)");
    }
    return name;
}

} // namespace

KubeEnvironment KubeEnvironment::ofProcess()
{
    KubeEnvironment out;
    out.host = variable("KUBERNETES_SERVICE_HOST");
    out.port = variable("KUBERNETES_SERVICE_PORT");
    return out;
}

Result<KubeAccess> accessOf(const config::KubernetesDiscovery& config,
                            const KubeEnvironment& environment)
{
    if (!config.kubeconfigFile.empty()) {
        auto text = readFile(config.kubeconfigFile);
        if (!text) {
            return std::unexpected(std::move(text.error()));
        }
        auto access = accessOfKubeconfig(
            *std::move(text), std::filesystem::path(config.kubeconfigFile).parent_path().string());
        return access ? std::move(access)
                      : std::unexpected(access.error().within(config.kubeconfigFile));
    }
    if (!config.apiServer.empty()) {
        KubeAccess access;
        access.server = withoutSlash(config.apiServer);
        access.client = config.client;
        return access;
    }
    auto access = accessOfPod(environment);
    if (access && config.ownNamespace) {
        auto name = namespaceOfPod(environment);
        if (!name) {
            return std::unexpected(std::move(name.error()));
        }
        access->ownNamespace = *std::move(name);
    }
    return access;
}

} // namespace watchfire::discovery
