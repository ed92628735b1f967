// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/pages/page.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <QObject>

class QAction;
class QMenu;

namespace watchfire::ui {

/// What can be done to the current target and its job: one action each, for the context menu, the
/// buttons of the details and the keyboard.
class TargetActions final : public QObject {
    Q_OBJECT

public:
    /// Keys work while the focus is in `list`.
    TargetActions(PageContext& context, QWidget* list, QObject* parent = nullptr);

    /// What they are about now: a target of a job, a whole job (null), or (empty) nothing.
    void setCurrent(const engine::TargetStatus* target, const std::string& job);
    /// The configuration of the job; null for collectors of our own, and for jobs that are gone.
    const config::ScrapeConfig* jobConfig() const { return jobConfig(m_job); }
    const config::ScrapeConfig* jobConfig(const std::string& name) const;

    QAction* scrapeNow() const { return m_scrapeNow; }
    QAction* graph() const { return m_graph; }
    QAction* pauseJob() const { return m_pause; }
    QAction* editJob() const { return m_edit; }
    QAction* cloneJob() const { return m_clone; }
    QAction* deleteJob() const { return m_delete; }
    void openMenu(QWidget* parent, const QPoint& globalAt);

signals:
    void navigate(const QString& page, const QString& item);
    /// Collectors are switched, not edited.
    void collectorsWanted();
    /// A turn was taken beside the schedule.
    void scraped(std::uint64_t target);
    void failed(const QString& what, const QString& cause);

private:
    QAction* add(const char* name, const char* icon, const QKeySequence& keys, QWidget* list);
    void update();
    void scrape();
    void graphCurrent();
    void edit();
    void clone();
    Edits::Done telling(const QString& what);

    PageContext& m_context;
    std::string m_job;
    std::optional<engine::TargetStatus> m_target;
    std::map<std::uint64_t, Pending> m_scraping;
    QAction* m_scrapeNow;
    QAction* m_graph;
    QAction* m_copyUrl;
    QAction* m_pause;
    QAction* m_edit;
    QAction* m_clone;
    QAction* m_delete;
};

} // namespace watchfire::ui
