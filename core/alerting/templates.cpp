// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/templates.h"

namespace watchfire::alerting {

NotificationTemplates::NotificationTemplates()
    : m_definitions(defaultTemplates())
{
}

Result<void> NotificationTemplates::add(std::string_view text)
{
    if (auto parsed = text::Template::parse(text); !parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    // Text outside of definitions prints nothing here: only definitions are taken.
    m_definitions += "\n";
    m_definitions += text;
    return {};
}

Result<std::string> NotificationTemplates::run(std::string_view text,
                                               const text::TemplateValue& data, Timestamp now,
                                               text::TemplateEscape escape) const
{
    if (text.empty()) {
        return std::string();
    }
    auto parsed = text::Template::parse(text);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    // What the text itself defines wins over the files'.
    text::Template all = *parsed;
    if (auto added = all.addDefinitions(m_definitions); !added) {
        return std::unexpected(std::move(added.error()));
    }
    if (auto added = all.addDefinitions(text); !added) {
        return std::unexpected(std::move(added.error()));
    }
    return all.execute(data, notificationFunctions(now), escape);
}

Result<std::string> NotificationTemplates::render(std::string_view text,
                                                  const text::TemplateValue& data,
                                                  Timestamp now) const
{
    return run(text, data, now, text::TemplateEscape::none);
}

Result<std::string> NotificationTemplates::renderHtml(std::string_view text,
                                                      const text::TemplateValue& data,
                                                      Timestamp now) const
{
    return run(text, data, now, text::TemplateEscape::html);
}

} // namespace watchfire::alerting
