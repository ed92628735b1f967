// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/route_labels.h"

#include "core/alerting/template_data.h"
#include "core/base/log.h"

#include <algorithm>
#include <format>
#include <map>
#include <utility>

namespace watchfire::alerting {

namespace {

/// Renders each label at most once, whoever refers to it.
class Rendering {
public:
    Rendering(const NotificationTemplates& templates, const Notification& notification,
              Timestamp now)
        : m_templates(templates)
        , m_labels(notification.routeLabels)
        , m_functions(notificationFunctions(now))
    {
        Notification seen = notification;
        seen.reason = "unknown";
        m_data = templateData(seen);
        m_functions["routeLabels"] =
            [this](std::span<const text::TemplateValue> arguments) -> Result<text::TemplateValue> {
            const std::string* const name = arguments.empty() ? nullptr : arguments[0].asText();
            if (name == nullptr) {
                return fail(ErrorKind::invalid, "routeLabels needs a name");
            }
            return resolve(*name).transform(
                [](std::string&& text) { return text::TemplateValue(std::move(text)); });
        };
    }

    Result<std::string> resolve(const std::string& name)
    {
        const auto label
            = std::ranges::find(m_labels, name, &config::NamedTexts::value_type::first);
        if (label == m_labels.end()) {
            return std::string();
        }
        if (const auto known = m_done.find(name); known != m_done.end()) {
            return known->second;
        }
        if (std::ranges::contains(m_underWay, name)) {
            std::string cycle;
            for (const std::string& one : m_underWay) {
                cycle += one + " -> ";
            }
            return fail(ErrorKind::invalid,
                        std::format("route label cycle detected: {}{}", cycle, name));
        }
        m_underWay.push_back(name);
        auto rendered = m_templates.render(label->second, m_data, m_functions);
        m_underWay.pop_back();
        if (rendered) {
            m_done.emplace(name, *rendered);
        }
        return rendered;
    }

private:
    const NotificationTemplates& m_templates;
    const config::NamedTexts& m_labels;
    text::TemplateValue m_data;
    text::TemplateFunctions m_functions;
    std::map<std::string, std::string> m_done;
    std::vector<std::string> m_underWay;
};

} // namespace

config::NamedTexts renderedRouteLabels(const NotificationTemplates& templates,
                                       const Notification& notification, Timestamp now)
{
    Rendering rendering(templates, notification, now);
    config::NamedTexts out;
    for (const auto& [name, text] : notification.routeLabels) {
        if (auto rendered = rendering.resolve(name)) {
            out.emplace_back(name, *std::move(rendered));
        } else {
            log(LogLevel::warning, "alerting", "route label {}: {}", name,
                rendered.error().message);
        }
    }
    return out;
}

} // namespace watchfire::alerting
