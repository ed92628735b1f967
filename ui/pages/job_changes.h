// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

class QWidget;

namespace watchfire::ui {

/// Shows what a change of a job means in its file: the lines that go and those that come, before
/// anything is saved. Secrets are hidden. Not modal.
void showJobChanges(const config::ScrapeConfig& before, const config::ScrapeConfig& after,
                    const config::GlobalConfig& global, QWidget* parent);

} // namespace watchfire::ui
