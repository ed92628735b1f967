// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_view.h"

#include "ui/models/format.h"
#include "ui/models/roles.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>
#include <utility>

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const char* iconOf(LabelChange change)
{
    switch (change) {
    case LabelChange::unchanged:
        return nullptr;
    case LabelChange::added:
        return "add";
    case LabelChange::changed:
        return "edit";
    case LabelChange::removed:
        return "remove";
    case LabelChange::dropped:
        return "stop";
    case LabelChange::failed:
        return "error";
    }
    return nullptr;
}

QTreeView* treeView(const QByteArray& name, const QString& accessibleName, QWidget* parent)
{
    auto* const view = new QTreeView(parent);
    view->setObjectName(QString::fromLatin1(name));
    view->setAccessibleName(accessibleName);
    view->setItemDelegate(new ChangeDelegate(view));
    view->setUniformRowHeights(true);
    view->setAllColumnsShowFocus(true);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setFrameShape(QFrame::NoFrame);
    view->header()->setStretchLastSection(true);
    view->header()->setHighlightSections(false);
    return view;
}

} // namespace

void ChangeDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (const QVariant change = index.data(changeRole); change.isValid()) {
        if (const char* const name = iconOf(LabelChange(change.toInt()))) {
            option->icon = theme::icon(name);
            option->decorationSize = QSize(14, 14);
            option->features |= QStyleOptionViewItem::HasDecoration;
        }
    }
    if (index.data(codeRole).toBool()) {
        const double size = option->font.pointSizeF();
        option->font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        option->font.setPointSizeF(size);
    }
    option->textElideMode = Qt::ElideRight;
}

QSize ChangeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    return {size.width(), std::max(24, size.height())};
}

RelabelView::RelabelView(const QByteArray& prefix, QWidget* parent)
    : QWidget(parent)
    , m_steps(new RelabelStepsModel(this))
    , m_series(new RelabelOutcomesModel(this))
    , m_what(new QComboBox(this))
    , m_note(mutedLabel({}, this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
{
    m_what->setObjectName(QString::fromLatin1(prefix + ".relabel.what"));
    m_what->setAccessibleName(tr("What was relabelled"));
    m_what->addItems({tr("Target"), tr("Series of the last answer")});
    m_what->setMinimumHeight(28);
    m_note->setObjectName(QString::fromLatin1(prefix + ".relabel.note"));
    m_note->setWordWrap(true);
    m_seriesView = treeView(prefix + ".relabel.series", tr("Series of the last answer"), this);
    m_seriesView->setRootIsDecorated(false);
    m_seriesView->setModel(m_series);
    m_seriesView->header()->resizeSection(RelabelOutcomesModel::change, 110);
    m_seriesView->header()->resizeSection(RelabelOutcomesModel::series, 220);
    m_stepsView = treeView(prefix + ".relabel.steps", tr("Relabelling step by step"), this);
    m_stepsView->setModel(m_steps);
    m_stepsView->header()->resizeSection(RelabelStepsModel::step, 300);
    m_stepsView->header()->resizeSection(RelabelStepsModel::change, 130);
    m_stepsView->header()->resizeSection(RelabelStepsModel::before, 150);
    m_splitter->setObjectName(QString::fromLatin1(prefix + ".relabel.splitter"));
    m_splitter->addWidget(m_seriesView);
    m_splitter->addWidget(m_stepsView);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setChildrenCollapsible(false);

    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_what);
    row->addWidget(m_note, 1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_splitter, 1);
    connect(m_what, &QComboBox::currentIndexChanged, this, &RelabelView::show);
    connect(m_seriesView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) { showSeries(current.row()); });
    clear({});
}

void RelabelView::clear(const QString& why)
{
    m_steps->clear();
    m_series->setOutcomes({});
    m_what->hide();
    m_splitter->hide();
    m_note->setText(why);
}

void RelabelView::setTarget(const engine::RelabelOutcome& outcome, std::vector<RelabelRule> rules)
{
    m_target = outcome;
    m_rules = std::move(rules);
    show(m_what->currentIndex());
}

void RelabelView::setMetrics(std::vector<engine::RelabelOutcome> outcomes,
                             std::vector<RelabelRule> rules)
{
    m_metricRules = std::move(rules);
    m_what->setItemText(1, tr("Series of the last answer (%1)").arg(countText(outcomes.size())));
    m_what->setVisible(!outcomes.empty());
    if (outcomes.empty()) {
        m_what->setCurrentIndex(0);
    }
    m_series->setOutcomes(std::move(outcomes));
    show(m_what->currentIndex());
}

void RelabelView::show(int what)
{
    m_splitter->show();
    m_seriesView->setVisible(what == 1);
    if (what == 1) {
        m_note->setText(m_metricRules.empty() ? tr("The job has no rules for its series.")
                                              : QString());
        if (m_seriesView->currentIndex().isValid()) {
            showSeries(m_seriesView->currentIndex().row());
        } else {
            m_seriesView->setCurrentIndex(m_series->index(0, 0));
        }
        return;
    }
    m_note->setText(m_target.steps.empty() ? tr("The job has no rules for its targets.")
                                           : QString());
    m_steps->setOutcome(m_target, m_rules);
    expandSteps();
}

void RelabelView::showSeries(int row)
{
    if (const engine::RelabelOutcome* const outcome = m_series->at(row)) {
        m_steps->setOutcome(*outcome, m_metricRules);
        expandSteps();
    }
}

void RelabelView::expandSteps()
{
    // What went in is known; what the rules did to it is the question.
    m_stepsView->expandAll();
    m_stepsView->collapse(m_steps->index(0, 0));
}

} // namespace watchfire::ui
