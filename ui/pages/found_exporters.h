// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/engine/snapshots.h"
#include "ui/pages/edits.h"

#include <span>
#include <string>
#include <vector>

#include <QString>

/// Exporters that the engine has found and no job scrapes: what is said of them, and the jobs
/// that would scrape them.
namespace watchfire::ui {

using Found = std::vector<engine::FoundExporter>;

/// "node exporter :9100 (412 series)": on this machine the port is enough.
QString foundText(const engine::FoundExporter& found);
/// The first few of them, and how many more.
QString foundText(std::span<const engine::FoundExporter> found);
/// What it is known by from one start to the next: its URL.
QString foundKey(const engine::FoundExporter& found);

/// Jobs with static targets, one for each program, under names that are free in `config`;
/// everything else is as the configuration has it for all jobs.
std::vector<config::ScrapeConfig> jobsFor(std::span<const engine::FoundExporter> found,
                                          const config::Config& config);

/// Puts those jobs in force, as one edit that can be undone.
void addFound(Edits& edits, const config::Config& config,
              std::span<const engine::FoundExporter> found, QObject* context, Edits::Done done);

/// A name that no job of the configuration has: the one wished for, or with a number behind it.
std::string freeJobName(const std::string& wished, const std::vector<config::ScrapeConfig>& jobs);

} // namespace watchfire::ui
