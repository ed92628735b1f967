// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/discovery/kubernetes/objects.h"
#include "core/encoding/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// What can be listed and watched.
enum class KubeResource : std::uint8_t {
    pods,
    nodes,
    services,
    endpoints,
    endpointSlices,
    ingresses,
    namespaces
};

/// The path of the API for those of a namespace (empty: of the cluster).
std::string pathOf(KubeResource resource, std::string_view nameSpace);

struct KubeChange {
    bool isDeleted = false;
    KubeObject object;
};

/// An answer of the API server, read.
struct KubeAnswer {
    std::vector<KubeChange> changes; ///< a list has no deleted ones
    std::string resourceVersion; ///< to watch from; empty: none was told
    std::string next; ///< of a list: the token of the next page; empty: this was the last
    bool isExpired = false; ///< the version or token was too old: list again
};

/// A page of a list. Fails with ErrorKind::invalid where it is none.
///
/// Source: Kubernetes documentation, "Kubernetes API Concepts", "Retrieving large results sets in
/// chunks".
Result<KubeAnswer> readKubeList(KubeResource resource, std::string_view body);

/// The whole body of a watch: JSON values one after the other. A last one that was cut off is
/// passed over, since the next watch begins before it. Fails with ErrorKind::invalid, or with
/// what the server says is wrong.
///
/// Source: Kubernetes documentation, "Kubernetes API Concepts", "Efficient detection of changes".
Result<KubeAnswer> readKubeWatch(KubeResource resource, std::string_view body);

/// One object of that kind.
KubeObject readKubeObject(KubeResource resource, const encoding::JsonValue& json);

} // namespace watchfire::discovery
