// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_tab.h"

namespace watchfire::ui {

class ClientPanel;

/// How the targets are asked.
class JobSecurityTab final : public JobTab {
    Q_OBJECT

public:
    explicit JobSecurityTab(QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;
    void showFaults(const JobFaults& faults, bool all) override;
    QWidget* firstFault(const JobFaults& faults) override;
    void forgetTouches() override;

private:
    ClientPanel* m_panel;
};

} // namespace watchfire::ui
