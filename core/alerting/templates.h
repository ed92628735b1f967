// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/text/template.h"

#include <string>
#include <string_view>

namespace watchfire::alerting {

/// The templates of notifications: the named ones that Alertmanager brings along
/// (slack.default.title and so on, with their texts), and a person's own on top. Once filled, from
/// any thread.
class NotificationTemplates {
public:
    NotificationTemplates();

    /// Takes the definitions of a file of templates; a newer one replaces an older one of its
    /// name. Fails with ErrorKind::invalid and the span at fault.
    Result<void> add(std::string_view text);

    /// Runs a text over data (`templateData`) with functions (`notificationFunctions`; those of
    /// `now` where a moment is given). An empty text stays empty. Fails with ErrorKind::invalid, or
    /// limit where it grows beyond 1 MiB.
    Result<std::string> render(std::string_view text, const text::TemplateValue& data,
                               const text::TemplateFunctions& functions) const;
    Result<std::string> render(std::string_view text, const text::TemplateValue& data,
                               Timestamp now) const;
    /// The same for HTML: what is printed is escaped, but for safeHtml and safeUrl. Values are
    /// escaped alike wherever they stand, in text and in attributes; a value inside a script or
    /// a style is not made safe.
    Result<std::string> renderHtml(std::string_view text, const text::TemplateValue& data,
                                   const text::TemplateFunctions& functions) const;
    Result<std::string> renderHtml(std::string_view text, const text::TemplateValue& data,
                                   Timestamp now) const;

private:
    Result<std::string> run(std::string_view text, const text::TemplateValue& data,
                            const text::TemplateFunctions& functions,
                            text::TemplateEscape escape) const;

    text::Template m_definitions;
};

/// The functions that templates may call beside those of the language.
///
/// Source: Alertmanager 0.33 documentation, "Notification template reference", functions.
text::TemplateFunctions notificationFunctions(Timestamp now);

/// The definitions that are always there. Their names and what they print are Alertmanager's.
std::string_view defaultTemplates();

} // namespace watchfire::alerting
