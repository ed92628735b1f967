// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/target_actions.h"

#include "core/text/quote.h"
#include "ui/models/format.h"
#include "ui/models/targets_model.h"
#include "ui/pages/found_exporters.h"
#include "ui/pages/job_dialog.h"
#include "ui/pages/job_edits.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

TargetActions::TargetActions(PageContext& context, QWidget* list, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_scrapeNow(add("scrapeNow", "run", Qt::CTRL | Qt::Key_R, list))
    , m_graph(add("graph", "graph", {}, list))
    , m_copyUrl(add("copyUrl", "copy", QKeySequence::Copy, list))
    , m_pause(add("pauseJob", "pause", Qt::CTRL | Qt::SHIFT | Qt::Key_P, list))
    , m_edit(add("editJob", "edit", Qt::Key_F2, list))
    , m_clone(add("cloneJob", "copy", Qt::CTRL | Qt::Key_D, list))
    , m_delete(add("deleteJob", "delete", QKeySequence::Delete, list))
{
    connect(m_scrapeNow, &QAction::triggered, this, &TargetActions::scrape);
    connect(m_graph, &QAction::triggered, this, &TargetActions::graphCurrent);
    connect(m_copyUrl, &QAction::triggered, this,
            [this] { QApplication::clipboard()->setText(fromUtf8(m_target->url)); });
    connect(m_pause, &QAction::triggered, this, [this] {
        const auto& paused = m_context.bridge.config()->config.own.pausedJobs;
        const bool isPaused = std::ranges::contains(paused, m_job);
        ui::pauseJob(
            m_context.edits, m_job, !isPaused, this,
            telling(isPaused ? tr("The job was not resumed.") : tr("The job was not paused.")));
    });
    connect(m_edit, &QAction::triggered, this, &TargetActions::edit);
    connect(m_clone, &QAction::triggered, this, &TargetActions::clone);
    connect(m_delete, &QAction::triggered, this, [this] {
        removeJob(m_context.edits, m_context.bridge.config()->config, m_job, this,
                  telling(tr("The job was not deleted.")));
    });
    connect(&context.bridge, &EngineBridge::configChanged, this, &TargetActions::update);
    update();
}

QAction* TargetActions::add(const char* name, const char* icon, const QKeySequence& keys,
                            QWidget* list)
{
    auto* const action = new QAction(theme::icon(icon), {}, this);
    action->setObjectName(u"targets.action."_s + QString::fromLatin1(name));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    list->addAction(action);
    return action;
}

Edits::Done TargetActions::telling(const QString& what)
{
    return [this, what](const Result<void>& result) {
        if (!result) {
            emit failed(what, fromUtf8(result.error().message));
        }
    };
}

void TargetActions::setCurrent(const engine::TargetStatus* target, const std::string& job)
{
    if (target != nullptr) {
        m_target = *target;
    } else {
        m_target.reset();
    }
    m_job = job;
    update();
}

const config::ScrapeConfig* TargetActions::jobConfig(const std::string& name) const
{
    const auto& jobs = m_context.bridge.config()->config.scrapeConfigs;
    const auto found = std::ranges::find(jobs, name, &config::ScrapeConfig::jobName);
    return found == jobs.end() ? nullptr : &*found;
}

void TargetActions::update()
{
    const QString job = fromUtf8(m_job);
    const bool isJob = !m_job.empty();
    const bool isOurs = jobConfig() != nullptr;
    const auto& paused = m_context.bridge.config()->config.own.pausedJobs;
    const bool isPaused = std::ranges::contains(paused, m_job);
    m_scrapeNow->setText(tr("Scrape now"));
    m_scrapeNow->setEnabled(m_target.has_value() && !m_scraping.contains(m_target->id));
    m_graph->setText(m_target ? tr("Graph this target") : tr("Graph this job"));
    m_graph->setEnabled(isJob);
    m_copyUrl->setText(tr("Copy URL"));
    m_copyUrl->setEnabled(m_target.has_value());
    m_pause->setText(isPaused ? tr("Resume job %1").arg(job) : tr("Pause job %1").arg(job));
    m_pause->setIcon(theme::icon(isPaused ? "run" : "pause"));
    m_pause->setEnabled(isJob);
    m_edit->setText(isOurs || !isJob ? tr("Edit job %1…").arg(job) : tr("Collectors…"));
    m_edit->setEnabled(isJob);
    m_clone->setText(tr("Clone job %1…").arg(job));
    m_clone->setEnabled(isOurs);
    m_delete->setText(tr("Delete job %1").arg(job));
    m_delete->setEnabled(isOurs);
}

void TargetActions::scrape()
{
    const std::uint64_t id = m_target->id;
    const QString endpoint = TargetsModel::endpointOf(*m_target);
    m_scraping[id]
        = m_context.bridge.scrapeNow(id, this, [this, id, endpoint](const Result<void>& result) {
              m_scraping.erase(id);
              update();
              if (result) {
                  emit scraped(id);
              } else {
                  emit failed(tr("%1 could not be scraped now.").arg(endpoint),
                              fromUtf8(result.error().message));
              }
          });
    update();
}

void TargetActions::graphCurrent()
{
    const auto quoted = [](std::string_view text) { return fromUtf8(text::quote(text)); };
    if (m_target) {
        emit navigate(
            u"explore"_s,
            u"scrape_duration_seconds{job=%1,instance=%2}"_s.arg(
                quoted(m_target->labels.get("job")), quoted(m_target->labels.get("instance"))));
    } else {
        emit navigate(u"explore"_s, u"scrape_duration_seconds{job=%1}"_s.arg(quoted(m_job)));
    }
}

void TargetActions::edit()
{
    if (const config::ScrapeConfig* const job = jobConfig()) {
        (new JobDialog(m_context, *job, qobject_cast<QWidget*>(parent())->window()))->open();
    } else {
        emit collectorsWanted();
    }
}

void TargetActions::clone()
{
    config::ScrapeConfig copy = *jobConfig();
    copy.jobName = freeJobName(copy.jobName, m_context.bridge.config()->config.scrapeConfigs);
    // In force first, so that the dialog changes a job that there is; undo takes it away again.
    addJob(m_context.edits, copy, this, [this, copy](const Result<void>& result) {
        if (result) {
            (new JobDialog(m_context, copy, qobject_cast<QWidget*>(parent())->window()))->open();
        } else {
            emit failed(tr("The job was not cloned."), fromUtf8(result.error().message));
        }
    });
}

void TargetActions::openMenu(QWidget* parent, const QPoint& globalAt)
{
    auto* const menu = new QMenu(parent);
    menu->setObjectName(u"targets.menu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_target) {
        menu->addActions({m_scrapeNow, m_graph, m_copyUrl});
        menu->addSeparator();
    }
    menu->addActions({m_pause, m_edit, m_clone, m_delete});
    menu->popup(globalAt);
}

} // namespace watchfire::ui
