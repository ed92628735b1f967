// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_tab.h"

namespace watchfire::ui {

void JobTab::showFaults(const JobFaults& faults, bool all)
{
    m_notes.show(faults.fields, all);
}

QWidget* JobTab::firstFault(const JobFaults& faults)
{
    return m_notes.firstOf(faults.fields);
}

void JobTab::forgetTouches()
{
    m_notes.forgetTouches();
}

void JobTab::change(const QWidget* field)
{
    m_notes.touch(field);
    emit edited();
}

} // namespace watchfire::ui
