// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"

/// The undoable changes of jobs. `done` as in Edits::changeConfig.
namespace watchfire::ui {

void addJob(Edits& edits, const config::ScrapeConfig& job, QObject* context, Edits::Done done);
/// Finds the job by the name it had.
void changeJob(Edits& edits, const config::ScrapeConfig& from, const config::ScrapeConfig& to,
               QObject* context, Edits::Done done);
/// Undo puts it back where it stood.
void removeJob(Edits& edits, const config::Config& config, const std::string& name,
               QObject* context, Edits::Done done);
/// Pauses a job, or lets it go on.
void pauseJob(Edits& edits, const std::string& name, bool paused, QObject* context,
              Edits::Done done);

} // namespace watchfire::ui
