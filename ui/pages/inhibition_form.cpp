// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inhibition_form.h"

#include "core/config/matcher_text.h"
#include "ui/models/format.h"
#include "ui/pages/route_form.h"

#include <utility>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::InhibitionForm)
};

Matchers matchersOf(const QString& text)
{
    return config::parseMatchers(text.trimmed().toStdString()).value_or(Matchers());
}

} // namespace

InhibitionForm InhibitionForm::of(const config::InhibitRuleConfig& rule)
{
    return {matcherWords(rule.source), matcherWords(rule.target), wordsText(rule.equal)};
}

config::InhibitRuleConfig toInhibition(const InhibitionForm& form,
                                       const config::InhibitRuleConfig& base)
{
    const InhibitionForm before = InhibitionForm::of(base);
    config::InhibitRuleConfig rule = base;
    if (form.source != before.source) {
        rule.source = matchersOf(form.source);
    }
    if (form.target != before.target) {
        rule.target = matchersOf(form.target);
    }
    // Names may have spaces in the file, which words cannot have.
    if (form.equal != before.equal) {
        rule.equal = readWords(form.equal);
    }
    return rule;
}

FieldFaults checkInhibition(const InhibitionForm& form,
                            const std::optional<config::InhibitRuleConfig>& old)
{
    FieldFaults faults;
    const auto check = [&](const QString& field, const QString& text, bool mayBeEmpty) {
        if (text.trimmed().isEmpty()) {
            if (!mayBeEmpty) {
                faults[field]
                    = Words::tr(R"(Say which alerts, such as severity="critical", team="db".)");
            }
        } else if (const auto read = config::parseMatchers(text.trimmed().toStdString()); !read) {
            faults[field] = fromUtf8(read.error().message);
        }
    };
    check(u"source"_s, form.source, old && old->source.empty());
    check(u"target"_s, form.target, old && old->target.empty());
    if (faults.empty() && matchersOf(form.source) == matchersOf(form.target)) {
        // An alert that is both is not muted by its like (inhibit.go, hasEqual).
        faults[u"target"_s]
            = Words::tr("These are the same alerts, and such never mute each other.");
    }
    return faults;
}

} // namespace watchfire::ui
