// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_tab.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QStackedWidget;

namespace watchfire::ui {

class TextTable;

/// Labels that static targets bring, and what becomes of labels and times of the answers.
class JobLabelsTab final : public JobTab {
    Q_OBJECT

public:
    explicit JobLabelsTab(QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;
    void showFaults(const JobFaults& faults, bool all) override;
    QWidget* firstFault(const JobFaults& faults) override;
    /// The sources have changed, not by us: their groups are there to choose from.
    void setSources(const std::vector<SourceForm>& sources);

private:
    QCheckBox* flag(const char* name, const QString& text, const QString& help);
    void showGroup(int group);
    void takeRows();

    std::vector<GroupForm> m_groups; ///< of the static source
    int m_group = -1;
    QStackedWidget* m_stack;
    QLabel* m_groupLabel;
    QComboBox* m_groupBox;
    TextTable* m_table;
    FieldNote* m_note;
    QCheckBox* m_honorLabels;
    QCheckBox* m_honorTimestamps;
    QCheckBox* m_trackStaleness;
};

} // namespace watchfire::ui
