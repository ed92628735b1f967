// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/targets_tab.h"

#include "ui/models/format.h"
#include "ui/models/targets_model.h"
#include "ui/pages/filter_text.h"
#include "ui/pages/target_actions.h"
#include "ui/pages/target_detail.h"
#include "ui/pages/target_history.h"
#include "ui/pages/target_tree.h"
#include "ui/pages/widgets.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::array chipNames{".up", ".down", ".unknown", ".paused"};
constexpr std::array chipShapes{theme::State::up, theme::State::critical, theme::State::unknown,
                                theme::State::silenced};
const std::array<QString, targetStates> stateWords{u"up"_s, u"down"_s, u"unknown"_s, u"paused"_s};

QString chipText(TargetState state, std::size_t count)
{
    const QString number = countText(count);
    switch (state) {
    case TargetState::up:
        return TargetsTab::tr("Up %1").arg(number);
    case TargetState::down:
        return TargetsTab::tr("Down %1").arg(number);
    case TargetState::unknown:
        return TargetsTab::tr("Unknown %1").arg(number);
    case TargetState::paused:
        return TargetsTab::tr("Paused %1").arg(number);
    }
    return number;
}

} // namespace

TargetsTab::TargetsTab(PageContext& context, TargetsList list, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_list(list)
    , m_prefix(list == TargetsList::dropped ? "dropped" : "targets")
    , m_model(new TargetsModel(list, this))
    , m_history(new TargetHistory(context.bridge, this))
    , m_stack(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
{
    setObjectName(QString::fromLatin1(named(".tab")));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(buildTop());
    column->addWidget(m_stack, 1);
    buildTree();
    buildPlaceholders();
    connectEverything();
    m_filter->setText(kept(u"filter"_s).toString());
    showCounts();
}

QByteArray TargetsTab::named(const char* part) const
{
    return m_prefix + part;
}

QVariant TargetsTab::kept(const QString& key) const
{
    return m_context.state.value(QString::fromLatin1(m_prefix) + u'/' + key);
}

void TargetsTab::keep(const QString& key, const QVariant& value)
{
    m_context.state.setValue(QString::fromLatin1(m_prefix) + u'/' + key, value);
}

QWidget* TargetsTab::buildTop()
{
    auto* const top = new QWidget(this);
    m_filter
        = filterEdit(m_list == TargetsList::dropped ? tr("Filter: words, job:node, label=value")
                                                    : tr("Filter: words, state:down, label=value"),
                     named(".filter").constData(), top);
    m_filter->setToolTip(tr("Words are parts of names, addresses, labels and errors. label:part is "
                            "a part of that label's value, label=value all of it."));
    m_filter->setMinimumWidth(180);
    m_filter->setMaximumWidth(420);
    m_shown = mutedLabel({}, top);
    m_shown->setObjectName(QString::fromLatin1(named(".shown")));
    auto* const row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_filter, 4);
    if (m_list == TargetsList::scraped) {
        buildChips(row);
    }
    row->addSpacing(4);
    row->addWidget(m_shown);
    row->addStretch(1);
    if (m_list == TargetsList::scraped) {
        QPushButton* const add = button(tr("Add job"), "add", "targets.add", top);
        QPushButton* const find = button(tr("Find"), "search", "targets.find", top);
        find->setToolTip(tr("Find exporters on this machine and in the local network"));
        find->setAccessibleName(tr("Find exporters"));
        row->addWidget(add);
        row->addWidget(find);
        connect(add, &QPushButton::clicked, this, &TargetsTab::newJobWanted);
        connect(find, &QPushButton::clicked, this, &TargetsTab::findWanted);
    }
    return top;
}

void TargetsTab::buildChips(QHBoxLayout* row)
{
    m_all = chipButton("targets.all", std::nullopt, this);
    row->addWidget(m_all);
    connect(m_all, &QToolButton::clicked, this,
            [this] { m_filter->setText(withState(m_filter->text(), {})); });
    for (std::size_t i = 0; i < targetStates; ++i) {
        m_chips[i] = chipButton(named(chipNames.at(i)).constData(), chipShapes.at(i), this);
        row->addWidget(m_chips[i]);
        toggleState(m_chips[i], m_filter, stateWords.at(i));
    }
}

void TargetsTab::buildTree()
{
    m_tree = new TargetTree(named(".tree").constData(), m_model, this);
    m_tree->setAccessibleName(m_list == TargetsList::dropped ? tr("Dropped targets by job")
                                                             : tr("Targets by job"));
    m_tree->setColumns({122, 166, 0, 92, 126, 76, 116, 0}, m_context.state);
    m_actions = new TargetActions(m_context, m_tree, this);
    m_detail = new TargetDetailPane(m_context, *m_actions, m_prefix, m_list, this);
    if (m_list == TargetsList::dropped) {
        m_tree->showOnly({TargetsModel::state, TargetsModel::endpoint, TargetsModel::labels});
    }
    m_splitter->setObjectName(QString::fromLatin1(named(".splitter")));
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
    m_stack->addWidget(m_splitter);
}

void TargetsTab::buildPlaceholders()
{
    m_empty = m_list == TargetsList::dropped
        ? new EmptyState(tr("No target is dropped by relabelling."), {},
                         tr("What the rules of a job keep from being scraped is listed here."),
                         "dropped.empty", this)
        : new EmptyState(tr("Nothing is watched yet."), tr("Add a job"),
                         tr("For example a node exporter at localhost:9100."), "targets.empty",
                         this);
    m_nothing = new EmptyState(tr("No target fits the filter."), tr("Show all"), {},
                               named(".nothing").constData(), this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_nothing);
}

void TargetsTab::connectEverything()
{
    connect(m_filter, &QLineEdit::textChanged, this, &TargetsTab::applyFilter);
    connect(m_empty, &EmptyState::actionClicked, this, &TargetsTab::newJobWanted);
    connect(m_nothing, &EmptyState::actionClicked, m_filter, &QLineEdit::clear);
    connect(m_tree, &ItemTree::currentIdChanged, this, &TargetsTab::showCurrent);
    connect(m_tree, &ItemTree::rowActivated, m_actions->graph(), &QAction::trigger);
    connect(m_tree, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        if (m_tree->indexAt(at).isValid()) {
            m_actions->openMenu(this, m_tree->viewport()->mapToGlobal(at));
        }
    });
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { keep(u"splitter"_s, m_splitter->saveState()); });
    connect(m_model, &TargetsModel::changed, this, [this] {
        showCounts();
        showCurrent();
    });
    connect(m_model, &TargetsModel::settled, this, &TargetsTab::settled);
    connect(m_actions, &TargetActions::navigate, this, &TargetsTab::navigate);
    connect(m_actions, &TargetActions::failed, this, &TargetsTab::failed);
    connect(m_actions, &TargetActions::collectorsWanted, this, &TargetsTab::collectorsWanted);
    connect(&m_context.bridge, &EngineBridge::targetsChanged, this, &TargetsTab::takeSnapshot);
    if (m_list == TargetsList::scraped) {
        connect(m_tree, &TargetTree::visibleRowsChanged, this, &TargetsTab::askForHistory);
        connect(m_history, &TargetHistory::changed, m_model, &TargetsModel::setTraces);
    }
    m_tick.setInterval(std::chrono::seconds(1));
    connect(&m_tick, &QTimer::timeout, this, &TargetsTab::tick);
    m_tick.start();
}

void TargetsTab::takeSnapshot()
{
    if (!isVisible()) {
        return; // nobody looks: no work
    }
    m_model->setSnapshot(m_context.bridge.targets(), m_context.bridge.now());
}

void TargetsTab::applyFilter(const QString& text)
{
    m_tree->openAsNew();
    m_model->setFilter(text);
    keep(u"filter"_s, text);
    showCounts();
}

void TargetsTab::visit(const QString& filter)
{
    m_openOnly = true;
    if (m_filter->text() == filter && !m_model->isSettling()) {
        settled();
    } else {
        m_filter->setText(filter);
    }
}

void TargetsTab::refresh()
{
    m_history->refresh();
}

void TargetsTab::tick()
{
    if (isVisible()) {
        m_model->setNow(m_context.bridge.now());
        m_detail->setNow(m_context.bridge.now());
    }
}

void TargetsTab::settled()
{
    showCounts();
    const bool isOnly = m_model->totalCount() == 1 && !m_tree->currentIndex().isValid();
    if ((m_openOnly || isOnly) && m_model->shownCount() == 1) {
        for (int group = 0; group < m_model->rowCount(); ++group) {
            const QModelIndex row = m_model->index(0, 0, m_model->index(group, 0));
            if (row.isValid()) {
                m_tree->select(row.data(idRole).toULongLong());
            }
        }
    }
    m_openOnly = false;
}

void TargetsTab::showCounts()
{
    const QString filter = m_filter->text();
    const TargetCounts& counts = m_model->counts();
    if (m_all != nullptr) {
        m_all->setText(tr("All %1").arg(countText(counts.all())));
        m_all->setChecked(!filter.contains("state:"_L1));
        for (std::size_t i = 0; i < targetStates; ++i) {
            const bool isChosen = hasState(filter, stateWords.at(i));
            m_chips[i]->setText(chipText(TargetState(i), counts.in.at(i)));
            m_chips[i]->setChecked(isChosen);
            // Up and down are always asked about; the others when there are any.
            m_chips[i]->setVisible(i < 2 || isChosen || counts.in.at(i) > 0);
        }
    }
    m_shown->setText(m_model->isFiltered()
                         ? tr("%1 of %2 shown")
                               .arg(countText(std::uint64_t(m_model->shownCount())),
                                    countText(std::uint64_t(m_model->totalCount())))
                         : QString());
    QWidget* shown = m_stack->currentWidget(); // while nobody knows better
    if (m_model->rowCount() > 0) {
        shown = m_splitter;
    } else if (m_context.bridge.hasTargets() && !m_model->isSettling()) {
        shown = m_model->isFiltered() && m_model->totalCount() > 0
            ? static_cast<QWidget*>(m_nothing)
            : static_cast<QWidget*>(m_empty);
    }
    if (m_stack->currentWidget() != shown) {
        m_stack->setCurrentWidget(shown);
    }
}

void TargetsTab::showCurrent()
{
    const QModelIndex current = m_tree->currentIndex();
    const engine::TargetStatus* const target = m_model->itemAt(current);
    const TargetGroup* const group = m_model->groupAt(current);
    m_actions->setCurrent(target, group != nullptr ? group->job : std::string());
    if (target != nullptr) {
        m_detail->showTarget(*target);
    } else if (group != nullptr) {
        m_detail->showJob(*group);
    } else {
        m_detail->clear();
    }
}

void TargetsTab::askForHistory()
{
    if (!m_tree->isVisible()) {
        return;
    }
    std::vector<TargetHistory::Wanted> wanted;
    const QModelIndexList rows = m_tree->visibleRows();
    for (const QModelIndex& row : rows) {
        if (const engine::TargetStatus* const target = m_model->itemAt(row)) {
            wanted.push_back({target->id, target->labels});
        }
    }
    m_history->want(std::move(wanted));
}

void TargetsTab::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        if (!m_filter->text().isEmpty()) {
            m_filter->clear();
            return;
        }
        if (m_tree->currentIndex().isValid()) {
            m_tree->setCurrentIndex({});
            m_tree->setFocus();
            return;
        }
    }
    QWidget::keyPressEvent(event);
}

void TargetsTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    takeSnapshot();
    tick();
    askForHistory();
}

void TargetsTab::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_history->want({});
}

} // namespace watchfire::ui
