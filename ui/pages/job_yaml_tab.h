// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/yaml_pane.h"

namespace watchfire::ui {

/// The job as text.
class JobYamlTab final : public YamlPane {
    Q_OBJECT

public:
    /// `file`: where relative paths are seen from.
    JobYamlTab(std::string file, QWidget* parent = nullptr);

    /// The job as the forms have it. A text that says the same already stays as it is.
    void setJob(const config::ScrapeConfig& job, const config::GlobalConfig& global);

signals:
    /// A good job was typed.
    void jobTyped(const watchfire::config::ScrapeConfig& job);

protected:
    Verdict judge(const std::string& text) override;
    void adopt() override;
    std::string goodText() const override;

private:
    void tellHelp();

    std::string m_file;
    config::ScrapeConfig m_job; ///< in force
    config::ScrapeConfig m_typed; ///< the newest good one
    config::GlobalConfig m_global;
};

} // namespace watchfire::ui
