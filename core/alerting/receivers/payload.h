// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/templates.h"
#include "core/base/clock.h"
#include "core/ports/desktop.h"
#include "core/ports/http.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the builders of payloads have in common. A builder is a pure function: configuration,
/// templates and a notification in, the requests that tell it out.
namespace watchfire::alerting {

/// Renders the texts of one notification, and keeps the first fault, so that a builder can fill
/// in a whole payload and ask once. The labels of the route are rendered first, each once, for
/// `routeLabels` and the data.
class Texts {
public:
    Texts(const NotificationTemplates& templates, const Notification& notification, Timestamp now);
    Texts(const Texts&) = delete; // its functions refer to it
    Texts& operator=(const Texts&) = delete;

    /// The text with its actions carried out; "" after a fault.
    std::string operator()(std::string_view text)
    {
        return take(m_templates.render(text, m_data, m_functions));
    }
    std::string html(std::string_view text)
    {
        return take(m_templates.renderHtml(text, m_data, m_functions));
    }
    const std::optional<Error>& fault() const { return m_fault; }

private:
    std::string take(Result<std::string> rendered);

    const NotificationTemplates& m_templates;
    text::TemplateValue m_data;
    text::TemplateFunctions m_functions;
    std::optional<Error> m_fault;
};

/// At most that many characters; a text that is longer ends with … in the last place.
std::string truncated(std::string_view text, std::size_t characters);

/// A POST of JSON.
HttpRequest postJson(std::string url, std::string body);
/// name=value&…, percent-encoded as forms are.
std::string formEncoded(std::initializer_list<std::pair<std::string_view, std::string>> fields);

/// What a service's answer means. 2xx is success; 5xx and what `retried` lists are worth another
/// try (ErrorKind::unavailable); all else is final (ErrorKind::invalid).
/// Source: Alertmanager 0.33, notify.Retrier.
Result<void> judge(std::string_view service, const HttpResponse& response,
                   std::initializer_list<int> retried = {});

} // namespace watchfire::alerting
