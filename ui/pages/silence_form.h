// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/engine/snapshots.h"
#include "core/model/matcher.h"

#include <string>
#include <vector>

#include <QString>

/// What the silence dialog's fields mean, apart from the dialog.
namespace watchfire::ui {

/// One row of the dialog.
struct MatcherField {
    QString name;
    MatchType type = MatchType::equal;
    QString value;
};

/// The rows as matchers; rows without a name and value are left out. Fails when none is left,
/// when one does not compile, and when together they would match every alert there could be.
Result<Matchers> toMatchers(const std::vector<MatcherField>& fields);

/// Rows that match just that label set.
std::vector<MatcherField> fieldsFor(const Labels& labels);

/// Rows that say what those matchers do.
std::vector<MatcherField> fieldsOf(const Matchers& matchers);

/// The alerts among them that those matchers mute.
std::vector<const engine::AlertStatus*> matchedBy(const Matchers& matchers,
                                                  const engine::AlertsSnapshot& alerts);

} // namespace watchfire::ui
