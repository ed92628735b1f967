// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/form_text.h"

#include <optional>

#include <QString>

/// An inhibition rule as fields.
namespace watchfire::ui {

struct InhibitionForm {
    QString source; ///< severity="critical", team=~"db|web": while one of these fires
    QString target; ///< these are muted
    QString equal; ///< words: labels that both have alike

    static InhibitionForm of(const config::InhibitRuleConfig& rule);
    friend bool operator==(const InhibitionForm&, const InhibitionForm&) = default;
};

/// What the form cannot say stays as in `base`.
config::InhibitRuleConfig toInhibition(const InhibitionForm& form,
                                       const config::InhibitRuleConfig& base);

/// By the names of the fields: source, target. `old`: the rule that is changed, if one is; what it
/// has empty may stay so.
FieldFaults checkInhibition(const InhibitionForm& form,
                            const std::optional<config::InhibitRuleConfig>& old);

} // namespace watchfire::ui
