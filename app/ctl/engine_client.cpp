// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/engine_client.h"

#include "app/options.h"
#include "core/base/files.h"
#include "core/net/http_fetcher.h"

#include <format>
#include <future>

namespace watchfire::ctl {

Result<std::string> engineUrl(const Context& context)
{
    if (!context.url.empty()) {
        return context.url.ends_with('/') ? context.url.substr(0, context.url.size() - 1)
                                          : context.url;
    }
    const auto file = app::Paths::of(context.profile).state / "instance.json";
    const auto state = readFile(file).and_then(
        [](const std::string& text) { return encoding::parseJson(text); });
    if (!state) {
        return fail(ErrorKind::unavailable,
                    std::format("no engine runs on this profile ({} is not there); name one "
                                "with --url, or a store with --data",
                                file.string()));
    }
    const std::string_view url = (*state)["url"].asString();
    if (url.empty()) {
        return fail(ErrorKind::unavailable,
                    "the running engine serves no HTTP; start it with --listen 127.0.0.1:9090");
    }
    return std::string(url);
}

namespace {

Result<HttpResponse> fetch(HttpRequest request, const Parameters& parameters)
{
    request.timeout = std::chrono::minutes(3);
    request.maxBody = std::uint64_t{4} << 30;
    for (char joint = '?'; const auto& [name, value] : parameters) {
        request.url += joint + percentEncode(name) + '=' + percentEncode(value);
        joint = '&';
    }
    net::CurlFetcher fetcher;
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    const Ticket ticket
        = fetcher.fetch(std::move(request), [&promise](Result<HttpResponse> response) {
              promise.set_value(std::move(response));
          });
    auto response = future.get();
    if (!response) {
        return fail(ErrorKind::unavailable, response.error().message);
    }
    return response;
}

} // namespace

Result<encoding::JsonValue> ask(const Context& context, const std::string& path,
                                const Parameters& parameters)
{
    auto url = engineUrl(context);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    HttpRequest request;
    request.method = "GET";
    request.url = *url + path;
    auto response = fetch(std::move(request), parameters);
    if (!response) {
        return std::unexpected(std::move(response.error()));
    }
    auto json = encoding::parseJson(response->body);
    if (!json) {
        return fail(ErrorKind::unavailable,
                    std::format("{} answered {} without JSON", *url, response->status));
    }
    if ((*json)["status"].asString() != "success") {
        return fail(ErrorKind::invalid, std::string((*json)["error"].asString()));
    }
    return json;
}

Result<encoding::JsonValue> askAlertmanager(const Context& context, const std::string& method,
                                            const std::string& path, const Parameters& parameters,
                                            const encoding::JsonValue& body)
{
    auto url = engineUrl(context);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    HttpRequest request;
    request.method = method;
    request.url = *url + "/api/v2/" + path;
    if (!body.isNull()) {
        request.headers = {{"Content-Type", "application/json"}};
        request.body = body.toJson();
    }
    const auto response = fetch(std::move(request), parameters);
    if (!response) {
        return std::unexpected(response.error());
    }
    const auto json = response->body.empty() ? Result<encoding::JsonValue>(encoding::JsonValue())
                                             : encoding::parseJson(response->body);
    if (response->status / 100 == 2) {
        return json ? *json
                    : Result<encoding::JsonValue>(fail(
                          ErrorKind::unavailable, std::format("{} answered without JSON", *url)));
    }
    const encoding::JsonValue said = json.value_or(encoding::JsonValue());
    std::string words(said.isObject() ? said["message"].asString() : said.asString());
    if (words.empty()) {
        words = said.isNull() && !response->body.empty()
            ? response->body
            : std::format("{} answered {}", *url, response->status);
    }
    return fail(response->status == 404 ? ErrorKind::notFound : ErrorKind::invalid,
                std::move(words));
}

} // namespace watchfire::ctl
