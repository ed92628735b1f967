// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_view.h"

#include "ui/models/format.h"
#include "ui/pages/diff_tree.h"
#include "ui/pages/widgets.h"

#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

RelabelView::RelabelView(const QByteArray& prefix, QWidget* parent)
    : QWidget(parent)
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
    m_seriesView = new DiffTree((prefix + ".relabel.series").constData(),
                                tr("Series of the last answer"), tr("Series, label"), this);
    m_stepsView = new DiffTree((prefix + ".relabel.steps").constData(),
                               tr("Relabelling step by step"), tr("Rule, label"), this);
    for (DiffTree* const view : {m_seriesView, m_stepsView}) {
        view->setFrameShape(QFrame::NoFrame);
    }
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
    connect(m_seriesView, &DiffTree::currentTopChanged, this, &RelabelView::showSeries);
    clear({});
}

void RelabelView::clear(const QString& why)
{
    m_series.clear();
    m_seriesView->setRows({}, false);
    m_stepsView->setRows({}, true);
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
    m_series = std::move(outcomes);
    std::vector<DiffRow> rows;
    rows.reserve(m_series.size());
    for (const engine::RelabelOutcome& outcome : m_series) {
        rows.push_back(outcomeRow(outcome));
    }
    m_seriesView->setRows(std::move(rows), false);
    show(m_what->currentIndex());
}

void RelabelView::show(int what)
{
    m_splitter->show();
    m_seriesView->setVisible(what == 1);
    if (what == 1) {
        m_note->setText(m_metricRules.empty() ? tr("The job has no rules for its series.")
                                              : QString());
        if (m_seriesView->currentTop() >= 0) {
            showSeries(m_seriesView->currentTop());
        } else {
            m_seriesView->setCurrentIndex(m_seriesView->model()->index(0, 0));
        }
        return;
    }
    m_note->setText(m_target.steps.empty() ? tr("The job has no rules for its targets.")
                                           : QString());
    showSteps(m_target, m_rules);
}

void RelabelView::showSeries(int row)
{
    if (m_what->currentIndex() == 1 && row >= 0) {
        showSteps(m_series[std::size_t(row)], m_metricRules);
    }
}

void RelabelView::showSteps(const engine::RelabelOutcome& outcome,
                            const std::vector<RelabelRule>& rules)
{
    const auto& before = m_stepsView->rows();
    const bool isFirst = before.empty() || before.front().children.empty();
    m_stepsView->setRows(wayRows(outcome, rules), true);
    if (isFirst) {
        // What went in is known; what the rules did to it is the question.
        m_stepsView->collapse(m_stepsView->model()->index(0, 0));
    }
}

} // namespace watchfire::ui
