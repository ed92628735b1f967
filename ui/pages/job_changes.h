// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <QDialog>

namespace watchfire::ui {

/// What a change of a job means in its file: the lines that go and those that come, before
/// anything is saved. Secrets are hidden. Not modal.
class JobChanges final : public QDialog {
    Q_OBJECT

public:
    JobChanges(const config::ScrapeConfig& before, const config::ScrapeConfig& after,
               const config::GlobalConfig& global, QWidget* parent);
};

} // namespace watchfire::ui
