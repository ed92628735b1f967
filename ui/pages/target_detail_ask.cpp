// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What the pane asks the engine for, and where the answers go.

#include "ui/models/format.h"
#include "ui/models/scrape_log_model.h"
#include "ui/pages/relabel_view.h"
#include "ui/pages/response_view.h"
#include "ui/pages/target_actions.h"
#include "ui/pages/target_detail.h"

#include <algorithm>

#include <QLabel>
#include <QTabWidget>

namespace watchfire::ui {

bool TargetDetailPane::needsDetail() const
{
    const int tab = m_tabs->currentIndex();
    return m_target && tab >= relabelTab && (!m_detail || m_target->lastScrape != m_detailOf);
}

void TargetDetailPane::askAgain()
{
    if (m_target && m_tabs->currentIndex() >= relabelTab) {
        ask();
    } else {
        m_detailOf = {}; // the next look asks
    }
}

void TargetDetailPane::ask()
{
    if (m_list == TargetsList::dropped && m_target->id == 0) {
        askAboutDropped();
        return;
    }
    m_pending = m_context.bridge.inspectTarget(
        m_target->id, this,
        [this, scrape = m_target->lastScrape](auto detail) { take(std::move(detail), scrape); });
}

/// The engine keeps nothing of a target that it dropped; what its job would do now tells.
void TargetDetailPane::askAboutDropped()
{
    const config::ScrapeConfig* const job = m_actions.jobConfig(m_target->job);
    if (job == nullptr) {
        sayInTabs(tr("Its job is gone."));
        return;
    }
    m_pending = m_context.bridge.previewJob(
        *job, this,
        [this, labels = m_target->discoveredLabels](const Result<engine::JobPreview>& preview) {
            if (!preview) {
                take(std::unexpected(preview.error()), {});
                return;
            }
            const auto found
                = std::ranges::find(preview->outcomes, labels, &engine::RelabelOutcome::discovered);
            if (found == preview->outcomes.end()) {
                sayInTabs(tr("It is not among the first %1 targets that are discovered now.")
                              .arg(countText(preview->outcomes.size())));
                return;
            }
            engine::TargetDetail detail;
            detail.relabelling = *found;
            take(std::move(detail), {});
        });
}

void TargetDetailPane::take(Result<engine::TargetDetail> detail, Timestamp scrape)
{
    m_filled.fill(false);
    m_detailOf = scrape;
    if (!detail) {
        m_detail.reset();
        sayInTabs(detail.error().kind == ErrorKind::notFound ? tr("This target is gone.")
                                                             : fromUtf8(detail.error().message));
        return;
    }
    m_detail = std::move(*detail);
    fillTab();
}

/// Only the tab that is looked at: a mebibyte of text costs something.
void TargetDetailPane::fillTab()
{
    const int tab = m_tabs->currentIndex();
    if (!m_detail || tab < 0 || m_filled.at(std::size_t(tab))) {
        return;
    }
    m_filled.at(std::size_t(tab)) = true;
    switch (tab) {
    case relabelTab: {
        const config::ScrapeConfig* const job = m_actions.jobConfig(m_target->job);
        m_relabel->setMetrics(m_detail->metricRelabelling,
                              job != nullptr ? job->metricRelabel : std::vector<RelabelRule>());
        m_relabel->setTarget(m_detail->relabelling,
                             job != nullptr ? job->relabel : std::vector<RelabelRule>());
        break;
    }
    case responseTab:
        m_response->setDetail(*m_detail, m_context.bridge.now());
        break;
    case logTab:
        m_logNote->setVisible(m_detail->log.empty());
        m_logNote->setText(tr("No scrape is on record yet."));
        m_log->setEvents(m_detail->log);
        break;
    default:
        break;
    }
}

void TargetDetailPane::sayInTabs(const QString& why)
{
    m_relabel->clear(why);
    m_response->clear(why);
    m_log->setEvents({});
    m_logNote->setText(why);
    m_logNote->setVisible(!why.isEmpty());
}

} // namespace watchfire::ui
