// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/targets_page.h"

#include "ui/models/format.h"
#include "ui/pages/collectors_tab.h"
#include "ui/pages/found_banner.h"
#include "ui/pages/job_dialog.h"
#include "ui/pages/message_banner.h"
#include "ui/pages/targets_tab.h"
#include "ui/theme/icons.h"

#include <QLineEdit>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

TargetsPage::TargetsPage(PageContext& context, QWidget* parent)
    : Page(context, u"targets"_s, parent)
    , m_found(new FoundBanner(context, "targets.found", this))
    , m_paused(new MessageBanner(this, "targets.pausedBanner"))
    , m_failure(new MessageBanner(this, "targets.failure"))
    , m_tabs(new QTabWidget(this))
    , m_targets(new TargetsTab(context, TargetsList::scraped, this))
    , m_dropped(new TargetsTab(context, TargetsList::dropped, this))
    , m_collectors(new CollectorsTab(context, this))
{
    m_tabs->setObjectName(u"targets.tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_targets, theme::icon("targets"), tr("Targets"));
    m_tabs->addTab(m_dropped, theme::icon("filter"), tr("Dropped"));
    m_tabs->addTab(m_collectors, theme::icon("host"), tr("Collectors"));
    m_tabs->setCurrentIndex(kept(u"tab"_s, 0).toInt());
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->setSpacing(8);
    column->addWidget(m_found);
    column->addWidget(m_paused);
    column->addWidget(m_failure);
    column->addWidget(m_tabs, 1);

    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) { keep(u"tab"_s, tab); });
    for (TargetsTab* const tab : {m_targets, m_dropped}) {
        connect(tab, &TargetsTab::navigate, this, &Page::navigate);
        connect(tab, &TargetsTab::newJobWanted, this, [this] { perform(u"new-job"_s); });
        connect(tab, &TargetsTab::findWanted, m_found, &FoundBanner::find);
        connect(tab, &TargetsTab::collectorsWanted, this,
                [this] { m_tabs->setCurrentWidget(m_collectors); });
        connect(tab, &TargetsTab::failed, this, [this](const QString& what, const QString& cause) {
            m_failure->show(theme::State::critical, what, cause);
        });
    }
    connect(m_collectors, &CollectorsTab::navigate, this, &Page::navigate);
    connect(m_collectors, &CollectorsTab::targetWanted, this, &TargetsPage::visit);
    connect(m_paused, &MessageBanner::actionClicked, this,
            [this] { bridge().setScrapingPaused(false); });
    connect(m_paused, &MessageBanner::closed, this, [this] { m_pausedIsKnown = true; });
    connect(&bridge(), &EngineBridge::statusChanged, this, &TargetsPage::showPaused);
    connect(&bridge(), &EngineBridge::targetsChanged, this, &TargetsPage::nameTabs);
    showPaused();
    nameTabs();
}

void TargetsPage::showPaused()
{
    const bool isPaused = bridge().status()->paused;
    m_pausedIsKnown = m_pausedIsKnown && isPaused;
    if (isPaused && !m_pausedIsKnown) {
        if (m_paused->isHidden()) {
            m_paused->show(theme::State::silenced, tr("Scraping is paused."),
                           tr("No target is asked and nothing new is stored until it goes on."),
                           tr("Resume"));
        }
    } else {
        m_paused->clear();
    }
}

void TargetsPage::nameTabs()
{
    const auto dropped = bridge().targets()->dropped.size();
    m_tabs->setTabText(m_tabs->indexOf(m_dropped),
                       dropped == 0 ? tr("Dropped") : tr("Dropped (%1)").arg(countText(dropped)));
}

void TargetsPage::visit(const QString& item)
{
    m_tabs->setCurrentWidget(m_targets);
    m_targets->visit(item);
}

void TargetsPage::refresh()
{
    m_targets->refresh();
}

bool TargetsPage::perform(const QString& command)
{
    if (command == "find-exporters"_L1) {
        m_found->find();
        return true;
    }
    if (command != "new-job"_L1) {
        return false;
    }
    auto* const dialog = new JobDialog(context(), std::nullopt, window());
    connect(dialog, &JobDialog::saved, this, [this] {
        // Neither another tab nor a filter may hide what was just added.
        m_tabs->setCurrentWidget(m_targets);
        m_targets->filterBox()->clear();
    });
    dialog->open();
    return true;
}

QLineEdit* TargetsPage::filterBox() const
{
    const TargetsTab* const list = shownList();
    return list != nullptr ? list->filterBox() : nullptr;
}

TargetsTab* TargetsPage::shownList() const
{
    return qobject_cast<TargetsTab*>(m_tabs->currentWidget());
}

} // namespace watchfire::ui
