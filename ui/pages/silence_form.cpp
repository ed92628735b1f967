// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/silence_form.h"

#include "ui/models/format.h"

#include <algorithm>

#include <QCoreApplication>

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::SilenceForm)
};

std::unexpected<Error> refused(const QString& text)
{
    return fail(ErrorKind::invalid, text.toStdString());
}

} // namespace

Result<Matchers> toMatchers(const std::vector<MatcherField>& fields)
{
    Matchers matchers;
    for (const MatcherField& field : fields) {
        const QString name = field.name.trimmed();
        if (name.isEmpty() && field.value.isEmpty()) {
            continue;
        }
        if (name.isEmpty()) {
            return refused(Words::tr("Name the label that should be “%1”.").arg(field.value));
        }
        auto matcher = Matcher::make(field.type, name.toStdString(), field.value.toStdString());
        if (!matcher) {
            return std::unexpected(matcher.error());
        }
        matchers.push_back(std::move(*matcher));
    }
    if (matchers.empty()) {
        return refused(Words::tr("Name at least one label and the value it must have."));
    }
    // Source: Alertmanager API v2: a silence needs a matcher that does not match the empty string.
    if (std::ranges::all_of(matchers, &Matcher::matchesEmpty)) {
        return refused(Words::tr("These rows fit every alert; at least one must ask for a value."));
    }
    return matchers;
}

std::vector<MatcherField> fieldsFor(const Labels& labels)
{
    std::vector<MatcherField> fields;
    for (const Label label : labels) {
        fields.push_back({fromUtf8(label.name), MatchType::equal, fromUtf8(label.value)});
    }
    // The alert's name is what a person looks for first.
    std::ranges::stable_partition(
        fields, [](const MatcherField& field) { return field.name == QLatin1String("alertname"); });
    return fields;
}

std::vector<MatcherField> fieldsOf(const Matchers& matchers)
{
    std::vector<MatcherField> fields;
    for (const Matcher& matcher : matchers) {
        fields.push_back({fromUtf8(matcher.name()), matcher.type(), fromUtf8(matcher.value())});
    }
    return fields;
}

std::vector<const engine::AlertStatus*> matchedBy(const Matchers& matchers,
                                                  const engine::AlertsSnapshot& alerts)
{
    std::vector<const engine::AlertStatus*> matched;
    for (const engine::AlertStatus& alert : alerts.alerts) {
        if (matchesAll(matchers, alert.labels)) {
            matched.push_back(&alert);
        }
    }
    return matched;
}

} // namespace watchfire::ui
