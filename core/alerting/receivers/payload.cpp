// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/payload.h"

#include "core/alerting/route_labels.h"
#include "core/alerting/template_data.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::alerting {

Texts::Texts(const NotificationTemplates& templates, const Notification& notification,
             Timestamp now)
    : m_templates(templates)
    , m_functions(notificationFunctions(now))
{
    if (notification.routeLabels.empty()) {
        m_data = templateData(notification);
        return;
    }
    Notification rendered = notification;
    rendered.routeLabels = renderedRouteLabels(templates, notification, now);
    m_data = templateData(rendered);
    m_functions["routeLabels"]
        = [labels = std::move(rendered.routeLabels)](
              std::span<const text::TemplateValue> arguments) -> Result<text::TemplateValue> {
        const std::string* const name = arguments.empty() ? nullptr : arguments[0].asText();
        if (name == nullptr) {
            return fail(ErrorKind::invalid, "routeLabels needs a name");
        }
        const auto found
            = std::ranges::find(labels, *name, &std::pair<std::string, std::string>::first);
        return text::TemplateValue(found == labels.end() ? std::string() : found->second);
    };
}

std::string Texts::take(Result<std::string> rendered)
{
    if (rendered) {
        return std::move(*rendered);
    }
    if (!m_fault) {
        m_fault = std::move(rendered.error());
    }
    return {};
}

std::string truncated(std::string_view text, std::size_t characters)
{
    std::size_t seen = 0;
    std::size_t lastStart = 0; // of the last character that fits
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (!begins) {
            continue;
        }
        if (++seen == characters) {
            lastStart = i;
        } else if (seen > characters) {
            return std::string(text.substr(0, lastStart)) + "…";
        }
    }
    return std::string(text);
}

HttpRequest postJson(std::string url, std::string body)
{
    HttpRequest request;
    request.method = "POST";
    request.url = std::move(url);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = std::move(body);
    request.maxBody = std::uint64_t{1} << 20;
    return request;
}

std::string formEncoded(std::initializer_list<std::pair<std::string_view, std::string>> fields)
{
    std::string out;
    for (const auto& [name, value] : fields) {
        out += (out.empty() ? "" : "&") + percentEncode(name) + "=" + percentEncode(value);
    }
    return out;
}

Result<void> judge(std::string_view service, const HttpResponse& response,
                   std::initializer_list<int> retried)
{
    if (response.status / 100 == 2) {
        return {};
    }
    const bool again
        = response.status / 100 == 5 || std::ranges::contains(retried, response.status);
    return fail(
        again ? ErrorKind::unavailable : ErrorKind::invalid,
        std::format("{} answered {}: {}", service, response.status, response.body.substr(0, 200)));
}

} // namespace watchfire::alerting
