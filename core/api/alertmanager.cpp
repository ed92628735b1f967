// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/alertmanager.h"

#include "core/config/matcher_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

namespace watchfire::api {

namespace {

/// The media type without its parameters, in lower case.
std::string mediaType(std::string_view contentType)
{
    std::string out(contentType.substr(0, contentType.find(';')));
    while (out.ends_with(' ')) {
        out.pop_back();
    }
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// What is said of a whole expression, with the anchors that the reference puts around it first.
std::string asAnchored(std::string message, std::string_view pattern)
{
    const std::string bare = std::format("`{}`", pattern);
    if (message.ends_with(bare)) {
        message.replace(message.size() - bare.size(), bare.size(),
                        std::format("`^(?:{})$`", pattern));
    }
    return message;
}

} // namespace

std::unexpected<Refusal> refusedWith(int status, std::string_view text)
{
    Refusal refusal{status, {}};
    encoding::JsonWriter(refusal.json).string(text);
    return std::unexpected(std::move(refusal));
}

std::unexpected<Refusal> refusedAs(int code, std::string_view message)
{
    Refusal refusal{code >= 600 ? 422 : code, {}};
    encoding::JsonWriter json(refusal.json);
    json.beginObject().key("code").integer(code);
    json.field("message", message).endObject();
    return std::unexpected(std::move(refusal));
}

void answerJson(const CallPtr& call, std::string json, int status)
{
    HttpResponse response;
    response.status = status;
    if (!json.empty()) {
        response.headers.emplace_back("Content-Type", "application/json");
        json += '\n';
    }
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(json);
    call->answer(std::move(response));
}

void answer(const CallPtr& call, const Refusal& refusal)
{
    answerJson(call, refusal.json, refusal.status);
}

void answer(const CallPtr& call, const Error& error)
{
    const int status = error.kind == ErrorKind::invalid ? 400
        : error.kind == ErrorKind::notFound             ? 404
                                                        : 500;
    answer(call, refusedWith(status, error.message).error());
}

bool flag(const Parameters& parameters, std::string_view name, bool otherwise)
{
    const auto given = parameters.all(name);
    if (given.empty() || given.back().empty()) {
        return otherwise;
    }
    static constexpr std::array<std::string_view, 10> yes{
        "true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"};
    return std::ranges::contains(yes, mediaType(given.back()));
}

OrRefusal<Matchers> filterOf(const Parameters& parameters, std::string_view name)
{
    Matchers matchers;
    for (const std::string_view text : parameters.all(name)) {
        if (text.starts_with('{') || text.ends_with('}')) {
            return refusedWith(400, std::format("unexpected open or close brace: {}", text));
        }
        auto matcher = config::parseMatcher(text);
        if (!matcher) {
            return refusedWith(400, matcher.error().message);
        }
        matchers.push_back(std::move(*matcher));
    }
    return matchers;
}

bool ReceiverFilter::takes(std::string_view receiver) const
{
    return (!name || name->matches(receiver)) && matchesAll(matchers, Labels{{"name", receiver}});
}

OrRefusal<ReceiverFilter> receiverFilterOf(const Parameters& parameters)
{
    ReceiverFilter filter;
    if (const auto given = parameters.all("receiver"); !given.empty()) {
        auto regex = text::Regex::compile(given.back());
        if (!regex) {
            return refusedWith(400,
                               "failed to parse receiver param: "
                                   + asAnchored(regex.error().message, given.back()));
        }
        filter.name = std::move(*regex);
    }
    for (const std::string_view text : parameters.all("receiver_matchers")) {
        auto matcher = config::parseMatcher(text);
        if (!matcher) {
            return refusedWith(
                400, "failed to parse receiver_matchers param: " + matcher.error().message);
        }
        filter.matchers.push_back(std::move(*matcher));
    }
    return filter;
}

OrRefusal<encoding::JsonValue> readBody(const HttpRequest& request, std::string_view name)
{
    const std::string_view given = header(request.headers, "Content-Type");
    const std::string type = given.empty() ? "application/octet-stream" : mediaType(given);
    if (!request.body.empty() && type != "application/json") {
        return refusedAs(415,
                         std::format("unsupported media type \"{}\", only [application/json] are "
                                     "allowed",
                                     type));
    }
    return parseBody(request.body, name);
}

OrRefusal<encoding::JsonValue> parseBody(std::string_view body, std::string_view name)
{
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return refusedAs(602, std::format("{} in body is required", name));
    }
    auto json = encoding::parseJson(body);
    if (!json) {
        return unreadable(name, json.error().message);
    }
    return std::move(*json);
}

std::string_view kindOf(const encoding::JsonValue& value)
{
    if (value.isString()) {
        return "string";
    }
    if (value.isBool()) {
        return "bool";
    }
    if (value.isArray()) {
        return "array";
    }
    if (value.isObject()) {
        return "object";
    }
    return value.isNumber() ? "number" : "null";
}

std::unexpected<Refusal> unreadable(std::string_view name, std::string_view why)
{
    return refusedAs(400, std::format("parsing {} body from \"\" failed, because {}", name, why));
}

std::unexpected<Refusal> wrongType(std::string_view name, const encoding::JsonValue& value,
                                   std::string_view where, std::string_view type)
{
    return unreadable(name,
                      std::format("json: cannot unmarshal {} into Go {}{} of type {}",
                                  kindOf(value), where.empty() ? "value" : "struct field ", where,
                                  type));
}

} // namespace watchfire::api
