// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_changes.h"

#include "ui/models/format.h"
#include "ui/pages/job_yaml.h"
#include "ui/pages/text_changes.h"

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QStringList linesOf(const config::ScrapeConfig& job, const config::GlobalConfig& global)
{
    QStringList lines = fromUtf8(jobYaml(job, global)).split(u'\n', Qt::SkipEmptyParts);
    if (job.seriesBudget != 0) {
        lines << u"# watchfire.yml: series_budget: %1"_s.arg(job.seriesBudget);
    }
    return lines;
}

} // namespace

void showJobChanges(const config::ScrapeConfig& before, const config::ScrapeConfig& after,
                    const config::GlobalConfig& global, QWidget* parent)
{
    (new TextChanges("job.changes",
                     TextChanges::tr("Changes of job %1").arg(fromUtf8(before.jobName)),
                     linesOf(before, global), linesOf(after, global), parent,
                     before != after ? TextChanges::tr("Only secrets, which are not shown, change.")
                                     : QString()))
        ->show();
}

} // namespace watchfire::ui
