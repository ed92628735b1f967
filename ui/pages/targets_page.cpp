// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/targets_page.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/models/targets_model.h"
#include "ui/pages/filter_text.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/job_dialog.h"
#include "ui/pages/job_edits.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

TargetsPage::TargetsPage(PageContext& context, QWidget* parent)
    : Page(context, u"targets"_s, parent)
    , m_model(new TargetsModel(this))
{
    m_tree = new ItemTree("targets.tree", this);
    m_tree->setAccessibleName(tr("Targets by job"));
    m_tree->setModel(m_model);
    m_tree->setColumns({110, 190, 0, 100, 80, 80, 240}, context.state);

    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(u"targets.splitter"_s);
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(buildDetail());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(0, false);
    m_detail->hide();

    m_empty = new EmptyState(tr("Nothing is watched yet."), tr("Add a job"),
                             tr("For example a node exporter at localhost:9100."), "targets.empty",
                             this);
    m_nothing = new EmptyState(tr("No target fits the filter."), tr("Show all"), {},
                               "targets.nothing", this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_nothing);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->setSpacing(8);
    column->addWidget(buildTop());
    column->addWidget(m_stack, 1);

    connect(m_empty, &EmptyState::actionClicked, this, [this] { perform(u"new-job"_s); });
    connect(m_nothing, &EmptyState::actionClicked, this, [this] { m_filter->clear(); });
    connect(m_tree, &ItemTree::currentIdChanged, this, &TargetsPage::showDetail);
    connect(m_tree, &ItemTree::rowActivated, this, [this] { graphCurrent(); });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &TargetsPage::openMenu);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { keep(u"splitter"_s, m_splitter->saveState()); });
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
    connect(&bridge(), &EngineBridge::targetsChanged, this, &TargetsPage::takeSnapshot);
    m_filter->setText(kept(u"filter"_s).toString());
    takeSnapshot(bridge().targets());
}

QWidget* TargetsPage::buildTop()
{
    auto* const top = new QWidget(this);
    m_filter = filterEdit(tr("Filter: words, state:down, job:node"), "targets.filter", this);
    m_filter->setMinimumWidth(240);
    m_filter->setMaximumWidth(420);
    m_all = chipButton("targets.all", std::nullopt, this);
    m_up = chipButton("targets.up", theme::State::up, this);
    m_down = chipButton("targets.down", theme::State::critical, this);
    m_shown = mutedLabel({}, this);
    QPushButton* const add = button(tr("Add job"), "add", "targets.add", this);

    auto* const row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_filter, 1);
    row->addWidget(m_all);
    row->addWidget(m_up);
    row->addWidget(m_down);
    row->addWidget(m_shown);
    row->addStretch(1);
    row->addWidget(add);

    connect(m_filter, &QLineEdit::textChanged, this, &TargetsPage::applyFilter);
    connect(m_all, &QToolButton::clicked, this,
            [this] { m_filter->setText(withState(m_filter->text(), {})); });
    toggleState(m_up, m_filter, u"up"_s);
    toggleState(m_down, m_filter, u"down"_s);
    connect(add, &QPushButton::clicked, this, [this] { perform(u"new-job"_s); });
    return top;
}

QWidget* TargetsPage::buildDetail()
{
    m_detail = new QWidget(this);
    m_detail->setObjectName(u"targets.detail"_s);
    m_detail->setAccessibleName(tr("Details of the target"));
    m_detailShape = new QLabel(this);
    m_detailTitle = headingLabel({}, this);
    m_detailTitle->setObjectName(u"targets.detail.title"_s);
    m_detailError = plainLabel({}, this);
    m_detailError->setObjectName(u"targets.detail.error"_s);
    m_detailError->setWordWrap(true);
    m_detailError->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detailWarning = plainLabel({}, this);
    m_detailWarning->setObjectName(u"targets.detail.warning"_s);
    m_detailWarning->setWordWrap(true);
    m_detailWarning->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QPushButton* const graph = button(tr("Graph this target"), "graph", "targets.graph", this);
    m_edit = button(tr("Edit job"), "edit", "targets.edit", this);
    m_delete = button(tr("Delete job"), "delete", "targets.delete", this);
    m_facts = new FactSheet("targets.facts", this);
    m_labels = new FactSheet("targets.labels", this);

    auto* const header = new QHBoxLayout;
    header->setSpacing(8);
    header->addWidget(m_detailShape);
    header->addWidget(m_detailTitle, 1);
    header->addWidget(graph);
    header->addWidget(m_edit);
    header->addWidget(m_delete);
    auto* const sheets = new QWidget(this);
    auto* const columns = new QHBoxLayout(sheets);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(24);
    const auto titled = [this](const QString& title, QWidget* sheet) {
        auto* const box = new QVBoxLayout;
        box->setSpacing(4);
        QLabel* const label = plainLabel(title, this);
        QFont bold = label->font();
        bold.setBold(true);
        label->setFont(bold);
        box->addWidget(label);
        box->addWidget(sheet, 1);
        return box;
    };
    columns->addLayout(titled(tr("Scrape"), m_facts), 1);
    columns->addLayout(titled(tr("Labels"), m_labels), 1);
    auto* const scroll = new QScrollArea(this);
    scroll->setWidget(sheets);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    sheets->setAutoFillBackground(false);

    auto* const column = new QVBoxLayout(m_detail);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    column->addLayout(header);
    column->addWidget(m_detailError);
    column->addWidget(m_detailWarning);
    column->addWidget(scroll, 1);
    m_detail->setMinimumHeight(180);

    connect(graph, &QPushButton::clicked, this, &TargetsPage::graphCurrent);
    connect(m_edit, &QPushButton::clicked, this, [this] {
        if (current() != nullptr) {
            editJob(current()->job);
        }
    });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        if (current() != nullptr) {
            deleteJob(current()->job);
        }
    });
    return m_detail;
}

void TargetsPage::visit(const QString& item)
{
    m_filter->setText(item);
    if (m_model->shownCount() == 1) {
        const QModelIndex group = m_model->index(0, 0);
        m_tree->select(m_model->index(0, 0, group).data(idRole).toULongLong());
    }
}

bool TargetsPage::perform(const QString& command)
{
    if (command != "new-job"_L1) {
        return false;
    }
    auto* const dialog = new JobDialog(context(), std::nullopt, window());
    // A filter must not hide what was just added.
    connect(dialog, &JobDialog::saved, m_filter, &QLineEdit::clear);
    dialog->open();
    return true;
}

void TargetsPage::applyFilter(const QString& text)
{
    m_model->setFilter(text);
    keep(u"filter"_s, text);
    showCounts();
}

void TargetsPage::takeSnapshot(const TargetsPtr& targets)
{
    m_model->setFilter(m_filter->text());
    m_model->setSnapshot(targets, bridge().now());
    showCounts();
    showDetail(m_tree->currentId());
}

void TargetsPage::showCounts()
{
    const auto& targets = *bridge().targets();
    m_all->setText(tr("All %1").arg(targets.targets.size()));
    m_up->setText(tr("Up %1").arg(targets.up));
    m_down->setText(tr("Down %1").arg(targets.down));
    const QString filter = m_filter->text();
    m_up->setChecked(hasState(filter, u"up"_s));
    m_down->setChecked(hasState(filter, u"down"_s));
    m_all->setChecked(!filter.contains("state:"_L1));
    m_shown->setText(
        m_model->isFiltered()
            ? tr("%1 of %2 shown").arg(m_model->shownCount()).arg(m_model->totalCount())
            : QString());
    m_stack->setCurrentIndex(m_model->totalCount() == 0 ? 1 : m_model->shownCount() == 0 ? 2 : 0);
}

const engine::TargetStatus* TargetsPage::current() const
{
    return m_model->itemAt(m_model->indexOf(m_tree->currentId()));
}

const config::ScrapeConfig* TargetsPage::jobOf(const std::string& name) const
{
    const auto& jobs = bridge().config()->config.scrapeConfigs;
    const auto found = std::ranges::find(jobs, name, &config::ScrapeConfig::jobName);
    return found == jobs.end() ? nullptr : &*found;
}

void TargetsPage::showDetail(std::uint64_t id)
{
    const engine::TargetStatus* const target = m_model->itemAt(m_model->indexOf(id));
    m_detail->setVisible(target != nullptr);
    if (target == nullptr) {
        return;
    }
    m_detailShape->setPixmap(
        theme::stateIcon(shapeOf(TargetsModel::stateOf(*target)).value_or(theme::State::unknown))
            .pixmap(QSize(18, 18), devicePixelRatioF()));
    m_detailTitle->setText(
        u"%1 · %2"_s.arg(TargetsModel::stateWord(*target), TargetsModel::endpointOf(*target)));
    m_detailError->setText(fromUtf8(target->lastError));
    m_detailError->setVisible(!target->lastError.empty());
    m_detailWarning->setText(tr("Not taken: %1").arg(fromUtf8(target->lastWarning)));
    m_detailWarning->setVisible(!target->lastWarning.empty());
    const bool scraped = target->lastScrape != Timestamp{};
    m_facts->setFacts({
        {tr("Job"), fromUtf8(target->job)},
        {tr("URL"), fromUtf8(target->url), true},
        {tr("Last scrape"),
         scraped ? tr("%1, took %2, %3 samples")
                       .arg(agoText(target->lastScrape, bridge().now()),
                            durationText(target->lastDuration), countText(target->samples))
                 : tr("not yet")},
        {tr("Schedule"),
         tr("every %1, timeout %2")
             .arg(fromUtf8(text::formatDuration(target->interval)),
                  fromUtf8(text::formatDuration(target->timeout)))},
    });
    QList<FactSheet::Fact> labels;
    for (const Label label : target->labels) {
        labels << FactSheet::Fact{fromUtf8(label.name), fromUtf8(label.value), true};
    }
    m_labels->setFacts(labels);
    const bool isOurs = jobOf(target->job) != nullptr;
    m_edit->setEnabled(isOurs);
    m_delete->setEnabled(isOurs);
    m_edit->setToolTip(isOurs ? QString() : tr("Built-in collectors are set up in Settings."));
    m_delete->setToolTip(m_edit->toolTip());
}

void TargetsPage::graphCurrent()
{
    if (const engine::TargetStatus* const target = current()) {
        emit navigate(
            u"explore"_s,
            u"scrape_duration_seconds{job=\"%1\",instance=\"%2\"}"_s.arg(
                fromUtf8(target->labels.get("job")), fromUtf8(target->labels.get("instance"))));
    }
}

void TargetsPage::editJob(const std::string& name)
{
    if (const config::ScrapeConfig* const job = jobOf(name)) {
        (new JobDialog(context(), *job, window()))->open();
    } else {
        emit navigate(u"settings"_s, u"collectors"_s);
    }
}

void TargetsPage::deleteJob(const std::string& name)
{
    removeJob(context().edits, bridge().config()->config, name, this, {});
}

void TargetsPage::openMenu(const QPoint& at)
{
    const QModelIndex index = m_tree->indexAt(at);
    const TargetsModel::Group* const group = m_model->groupAt(index);
    if (group == nullptr) {
        return;
    }
    const std::string job = group->all.front()->job;
    const bool isOurs = jobOf(job) != nullptr;
    const auto& paused = bridge().config()->config.own.pausedJobs;
    const bool isPaused = std::ranges::find(paused, job) != paused.end();
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const engine::TargetStatus* const target = m_model->itemAt(index)) {
        menu->addAction(theme::icon("graph"), tr("Graph this target"), this,
                        &TargetsPage::graphCurrent);
        menu->addAction(theme::icon("copy"), tr("Copy URL"), this,
                        [url = fromUtf8(target->url)] { QApplication::clipboard()->setText(url); });
        menu->addSeparator();
    }
    menu->addAction(
        isPaused ? theme::icon("run") : theme::icon("pause"),
        isPaused ? tr("Resume job %1").arg(fromUtf8(job)) : tr("Pause job %1").arg(fromUtf8(job)),
        this, [this, job, isPaused] { pauseJob(context().edits, job, !isPaused, this, {}); });
    menu->addAction(theme::icon("edit"), tr("Edit job %1…").arg(fromUtf8(job)), this,
                    [this, job] { editJob(job); });
    menu->addAction(theme::icon("delete"), tr("Delete job %1").arg(fromUtf8(job)), this,
                    [this, job] { deleteJob(job); })
        ->setEnabled(isOurs);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

} // namespace watchfire::ui
