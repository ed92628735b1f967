// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/service.h"

#include <format>

namespace watchfire::api {

const std::string truncatedWarning = "results truncated due to limit";

namespace {

struct ApiError {
    int status;
    std::string_view type;
};

/// An error met after the request was found well-formed.
ApiError toApiError(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::invalid:
    case ErrorKind::conflict:
    case ErrorKind::limit:
    case ErrorKind::unsupported:
    case ErrorKind::outOfOrder:
        return {422, "execution"};
    case ErrorKind::timeout:
        return {503, "timeout"};
    case ErrorKind::cancelled:
        return {499, "canceled"};
    case ErrorKind::unavailable:
        return {503, "unavailable"};
    case ErrorKind::notFound:
        return {404, "not_found"};
    case ErrorKind::io:
    case ErrorKind::corrupt:
    case ErrorKind::internal:
        break;
    }
    return {500, "internal"};
}

/// ,"key":["text",…] where there are any.
void appendList(std::string& out, std::string_view key, std::span<const std::string> texts)
{
    if (texts.empty()) {
        return;
    }
    out += std::format(",\"{}\":", key);
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const std::string& text : texts) {
        json.string(text);
    }
    json.endArray();
}

} // namespace

void Call::answer(HttpResponse response)
{
    Reply<HttpResponse> reply;
    {
        const std::lock_guard lock(m_mutex);
        reply = std::exchange(m_reply, nullptr);
    }
    if (reply == nullptr) {
        return;
    }
    response.headers.insert(response.headers.end(), common.begin(), common.end());
    reply(std::move(response));
}

void Call::succeed(std::string_view dataJson, std::span<const std::string> warnings,
                   std::span<const std::string> infos)
{
    std::string body = dataJson.empty() ? R"({"status":"success")" : successHead();
    body += dataJson;
    succeedWith(std::move(body), warnings, infos);
}

std::string Call::successHead()
{
    return R"({"status":"success","data":)";
}

void Call::succeedWith(std::string body, std::span<const std::string> warnings,
                       std::span<const std::string> infos)
{
    appendList(body, "warnings", warnings);
    appendList(body, "infos", infos);
    body += '}';
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    answer(std::move(response));
}

void Call::failWith(int status, std::string_view type, std::string_view message,
                    std::string_view dataJson)
{
    HttpResponse response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    encoding::JsonWriter json(response.body);
    json.beginObject().field("status", "error");
    if (!dataJson.empty()) {
        json.key("data").raw(dataJson);
    }
    json.field("errorType", type).field("error", message).endObject();
    answer(std::move(response));
}

void Call::refuseParameter(std::string_view name, std::string_view message)
{
    refuse(std::format("invalid parameter \"{}\": {}", name, message));
}

void Call::failWith(const Error& error, std::string_view dataJson)
{
    const ApiError mapped = toApiError(error.kind);
    failWith(mapped.status, mapped.type, error.message, dataJson);
}

void Call::plain(int status, std::string body)
{
    HttpResponse response;
    response.status = status;
    if (!body.empty()) {
        response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    }
    response.body = std::move(body);
    answer(std::move(response));
}

void Call::hold(Ticket ticket)
{
    const std::lock_guard lock(m_mutex);
    if (m_cancelled) {
        return; // the ticket goes, and the work with it
    }
    m_work = std::move(ticket);
}

void Call::cancel()
{
    Ticket work;
    Reply<HttpResponse> reply;
    const std::lock_guard lock(m_mutex);
    m_cancelled = true;
    work = std::move(m_work);
    reply = std::exchange(m_reply, nullptr);
}

} // namespace watchfire::api
