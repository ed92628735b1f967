// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_security_tab.h"

#include "ui/pages/client_panel.h"
#include "ui/pages/form_layout.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

JobSecurityTab::JobSecurityTab(QWidget* parent)
    : JobTab(parent)
    , m_panel(new ClientPanel(u"job.dialog."_s, SecretStore::desktop, this))
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(m_panel, this));
    connect(m_panel, &ClientPanel::edited, this, &JobTab::edited);
}

void JobSecurityTab::fill(const JobForm& form, const config::ScrapeConfig& base)
{
    m_panel->fill(form.client, base.client, base.keptSecrets);
}

void JobSecurityTab::collect(JobForm& form) const
{
    form.client = m_panel->form();
}

void JobSecurityTab::showFaults(const JobFaults& faults, bool all)
{
    m_panel->showFaults(faults.fields, all);
}

QWidget* JobSecurityTab::firstFault(const JobFaults& faults)
{
    return m_panel->firstFault(faults.fields);
}

void JobSecurityTab::forgetTouches()
{
    m_panel->forgetTouches();
}

} // namespace watchfire::ui
