// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/templates.h"

#include "core/base/check.h"

#include <utility>

namespace watchfire::alerting {

NotificationTemplates::NotificationTemplates()
{
    static const text::Template usual = [] {
        auto parsed = text::Template::parse(defaultTemplates());
        WF_CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    m_definitions = usual;
}

Result<void> NotificationTemplates::add(std::string_view text)
{
    // Text outside of definitions prints nothing here: only definitions are taken.
    return m_definitions.addDefinitions(text);
}

Result<std::string> NotificationTemplates::run(std::string_view text,
                                               const text::TemplateValue& data,
                                               const text::TemplateFunctions& functions,
                                               text::TemplateEscape escape) const
{
    if (text.empty()) {
        return std::string();
    }
    if (!text.contains("{{")) {
        return std::string(text); // nothing is to be carried out
    }
    auto parsed = text::Template::parse(text);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    // What the text itself defines wins over the files'.
    parsed->addMissingDefinitions(m_definitions);
    return parsed->execute(data, functions, escape);
}

Result<std::string> NotificationTemplates::render(std::string_view text,
                                                  const text::TemplateValue& data,
                                                  const text::TemplateFunctions& functions) const
{
    return run(text, data, functions, text::TemplateEscape::none);
}

Result<std::string> NotificationTemplates::render(std::string_view text,
                                                  const text::TemplateValue& data,
                                                  Timestamp now) const
{
    return render(text, data, notificationFunctions(now));
}

Result<std::string>
NotificationTemplates::renderHtml(std::string_view text, const text::TemplateValue& data,
                                  const text::TemplateFunctions& functions) const
{
    return run(text, data, functions, text::TemplateEscape::html);
}

Result<std::string> NotificationTemplates::renderHtml(std::string_view text,
                                                      const text::TemplateValue& data,
                                                      Timestamp now) const
{
    return renderHtml(text, data, notificationFunctions(now));
}

} // namespace watchfire::alerting
