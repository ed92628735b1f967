// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// What is sent to Alertmanager's API. Its own files, because the texts are more than Qt's reader
/// of sources (moc) understands.
namespace watchfire::tests {

/// An alertmanager.yml with a tree of routes, one of them mute, and an inhibition.
extern const char* const routing;
/// The body with a firing page, a warning that it inhibits, one that nothing inhibits, and one on
/// the mute route.
extern const char* const fourAlerts;

/// A request that Alertmanager's API refuses, and what it answers.
struct RefusedRequest {
    const char* name;
    std::string method;
    std::string path;
    std::string body;
    int status;
    std::string answer;
};
std::vector<RefusedRequest> refusedRequests();

inline constexpr std::string_view ofAlertA
    = "{\"name\":\"alertname\",\"value\":\"A\",\"isRegex\":false}";
/// The body that makes a silence; `more` are further members, each after a comma.
std::string silenceBody(const std::string& startsAt, const std::string& endsAt,
                        const std::string& more = {}, std::string_view matcher = ofAlertA);
/// The time so long from now, as bodies have it.
std::string in(std::chrono::minutes time);

} // namespace watchfire::tests
