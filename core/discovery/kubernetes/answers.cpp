// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/answers.h"

#include "core/ports/http.h"
#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::discovery {

using encoding::JsonValue;

namespace {

constexpr std::int64_t goneStatus = 410;

std::pair<std::string_view, std::string_view> groupAndName(KubeResource resource)
{
    constexpr std::string_view core = "/api/v1";
    switch (resource) {
    case KubeResource::pods:
        return {core, "pods"};
    case KubeResource::nodes:
        return {core, "nodes"};
    case KubeResource::services:
        return {core, "services"};
    case KubeResource::endpoints:
        return {core, "endpoints"};
    case KubeResource::endpointSlices:
        return {"/apis/discovery.k8s.io/v1", "endpointslices"};
    case KubeResource::ingresses:
        return {"/apis/networking.k8s.io/v1", "ingresses"};
    case KubeResource::namespaces:
        return {core, "namespaces"};
    }
    return {core, "pods"};
}

/// Takes one event of a watch into the answer.
Result<void> takeEvent(KubeResource resource, const JsonValue& event, KubeAnswer& answer)
{
    const std::string_view type = event["type"].asString();
    const JsonValue& object = event["object"];
    if (type == "ERROR") {
        if (object["code"].asInteger() == goneStatus) {
            answer.isExpired = true;
            return {};
        }
        return fail(ErrorKind::unavailable,
                    std::format("the watch ended: {}", object["message"].asString()));
    }
    if (const std::string_view version = object["metadata"]["resourceVersion"].asString();
        !version.empty()) {
        answer.resourceVersion = version;
    }
    if (type == "ADDED" || type == "MODIFIED" || type == "DELETED") {
        answer.changes.push_back({type == "DELETED", readKubeObject(resource, object)});
    } else if (type != "BOOKMARK") {
        return fail(ErrorKind::invalid,
                    std::format("the watch has an event of type {}", text::quote(type)));
    }
    return {};
}

} // namespace

std::string pathOf(KubeResource resource, std::string_view nameSpace)
{
    const auto [group, name] = groupAndName(resource);
    return nameSpace.empty()
        ? std::format("{}/{}", group, name)
        : std::format("{}/namespaces/{}/{}", group, percentEncode(nameSpace), name);
}

Result<KubeAnswer> readKubeList(KubeResource resource, std::string_view body)
{
    const auto json = encoding::parseJson(body);
    if (!json || !json->isObject()) {
        return fail(ErrorKind::invalid, "the answer of the API server is not a list");
    }
    const JsonValue& list = (*json)["items"];
    if (!list.isArray() && !list.isNull()) {
        return fail(ErrorKind::invalid, "the answer of the API server is not a list");
    }
    KubeAnswer answer;
    answer.resourceVersion = (*json)["metadata"]["resourceVersion"].asString();
    answer.next = (*json)["metadata"]["continue"].asString();
    answer.changes.reserve(list.items().size());
    for (const JsonValue& item : list.items()) {
        answer.changes.push_back({false, readKubeObject(resource, item)});
    }
    return answer;
}

Result<KubeAnswer> readKubeWatch(KubeResource resource, std::string_view body)
{
    KubeAnswer answer;
    while (!body.empty() && !answer.isExpired) {
        const std::size_t end = std::min(body.find('\n'), body.size());
        const std::string_view line = body.substr(0, end);
        const bool isLast = end + 1 >= body.size();
        body.remove_prefix(std::min(end + 1, body.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
            continue;
        }
        const auto event = encoding::parseJson(line);
        if (!event) {
            if (isLast) {
                break;
            }
            return fail(ErrorKind::invalid, "the answer of the API server is not a watch");
        }
        if (auto taken = takeEvent(resource, *event, answer); !taken) {
            return std::unexpected(std::move(taken.error()));
        }
    }
    return answer;
}

} // namespace watchfire::discovery
