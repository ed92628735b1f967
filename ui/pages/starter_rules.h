// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"

#include <vector>

#include <QString>

/// Rules that most machines are well served by, to begin with.
namespace watchfire::ui {

struct StarterRule {
    config::RuleConfig rule;
    QString title; ///< "Disk filling up"
    QString sense; ///< one sentence: when it tells, and why that matters
};

const std::vector<StarterRule>& starterRules();

/// One edit for all of them, in a group of its own.
void addStarterRules(Edits& edits, const std::vector<config::RuleConfig>& rules, QObject* context,
                     Edits::Done done);

} // namespace watchfire::ui
