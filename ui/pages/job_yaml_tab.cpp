// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_yaml_tab.h"

#include "ui/models/format.h"

using namespace Qt::StringLiterals;

namespace watchfire::ui {

JobYamlTab::JobYamlTab(std::string file, QWidget* parent)
    : YamlPane("job.dialog.yaml", tr("The job as YAML"), tr("Back to the forms’ job"), parent)
    , m_file(std::move(file))
{
}

void JobYamlTab::setJob(const config::ScrapeConfig& job, const config::GlobalConfig& global)
{
    const std::string shown = text();
    if (!shown.empty() && job == m_job && global == m_global) {
        return;
    }
    const std::string wanted
        = shown.empty() ? jobYaml(job, global) : changedYaml(shown, m_job, job, global);
    m_job = job;
    m_global = global;
    tellHelp();
    put(wanted);
}

void JobYamlTab::tellHelp()
{
    QStringList foreign;
    for (const config::DiscoveryConfig& discovery : m_job.discoveries) {
        if (const auto* const other = std::get_if<config::ForeignDiscovery>(&discovery)) {
            foreign << fromUtf8(other->section);
        }
    }
    QString help = tr("Secrets show as <secret>. One that is typed here stands in the file; typed "
                      "in a form it is kept by the desktop. Comments are for you: they go when the "
                      "dialog closes.");
    if (!foreign.isEmpty()) {
        foreign.removeDuplicates();
        help += u' ' + tr("Not shown, and kept as it is: %1.").arg(foreign.join(u", "_s));
    }
    setHelp(help);
}

YamlPane::Verdict JobYamlTab::judge(const std::string& text)
{
    const YamlReading reading = readJobYaml(text, m_job, m_global, m_file);
    if (reading.job) {
        m_typed = *reading.job;
    }
    return {reading.faults, reading.warnings, reading.job.has_value()};
}

void JobYamlTab::adopt()
{
    if (m_typed != m_job) {
        m_job = m_typed;
        emit jobTyped(m_job);
    }
}

std::string JobYamlTab::goodText() const
{
    return jobYaml(m_job, m_global);
}

} // namespace watchfire::ui
