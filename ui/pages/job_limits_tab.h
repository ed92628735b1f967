// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_tab.h"

class QComboBox;
class QLineEdit;

namespace watchfire::ui {

/// How much a target may answer, and the job may have.
class JobLimitsTab final : public JobTab {
    Q_OBJECT

public:
    explicit JobLimitsTab(const config::Config& config, QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;

private:
    QLineEdit* edit(const LimitField& field, const config::Config& config);
    /// The field alone, or beside its unit.
    QWidget* boxOf(const LimitField& field, QLineEdit* edit);

    std::map<QString, QLineEdit*> m_limits;
    std::map<QString, QComboBox*> m_units;
};

} // namespace watchfire::ui
