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
    explicit JobLimitsTab(const config::GlobalConfig& global, QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;

private:
    QLineEdit* edit(const QString& name, const QString& label, std::uint64_t global);

    QLineEdit* m_bodySize;
    QComboBox* m_bodyUnit;
    std::map<QString, QLineEdit*> m_limits;
};

} // namespace watchfire::ui
