// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_tab.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace watchfire::ui {

/// When and where targets are asked, and in which format they may answer.
class JobBasicsTab final : public JobTab {
    Q_OBJECT

public:
    explicit JobBasicsTab(const config::GlobalConfig& global, QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;

private:
    QLineEdit* edit(const char* name, const QString& accessibleName,
                    const QString& placeholder = {});
    FieldNote* note(const char* name, QWidget* field);
    QCheckBox* flag(const char* name, const QString& text);

    QLineEdit* m_interval;
    QLineEdit* m_timeout;
    QComboBox* m_scheme;
    QLineEdit* m_path;
    QLineEdit* m_parameters;
    QComboBox* m_fallback;
    QCheckBox* m_compression;
    QCheckBox* m_extraMetrics;
    QCheckBox* m_nativeHistograms;
    QCheckBox* m_classicHistograms;
    QCheckBox* m_customBuckets;
};

} // namespace watchfire::ui
