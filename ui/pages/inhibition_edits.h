// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"

#include <cstddef>

/// The undoable changes of inhibition rules. `done` as in Edits::changeConfig. Rules have no names:
/// one is known by what it says, the first of several that say the same.
namespace watchfire::ui {

/// As the last.
void addInhibition(Edits& edits, const config::InhibitRuleConfig& rule, QObject* context,
                   Edits::Done done);
void changeInhibition(Edits& edits, const config::InhibitRuleConfig& from,
                      const config::InhibitRuleConfig& to, QObject* context, Edits::Done done);
/// The one at `place`, where it still says `rule`.
void removeInhibition(Edits& edits, std::size_t place, const config::InhibitRuleConfig& rule,
                      QObject* context, Edits::Done done);

} // namespace watchfire::ui
