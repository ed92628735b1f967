// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "ui/models/relabel_model.h"

#include <vector>

#include <QStyledItemDelegate>
#include <QWidget>

class QComboBox;
class QLabel;
class QSplitter;
class QTreeView;

namespace watchfire::ui {

/// Draws the icon of a change beside its word, and label names and values in the fixed font.
class ChangeDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

/// Relabelling step by step: of the target, or of the series of its last answer.
class RelabelView final : public QWidget {
    Q_OBJECT

public:
    /// `prefix` begins the names of its parts.
    RelabelView(const QByteArray& prefix, QWidget* parent = nullptr);

    /// Rules are those of the job as they are now.
    void setTarget(const engine::RelabelOutcome& outcome, std::vector<RelabelRule> rules);
    void setMetrics(std::vector<engine::RelabelOutcome> outcomes, std::vector<RelabelRule> rules);
    /// Nothing to show, and why.
    void clear(const QString& why);

private:
    void show(int what);
    void showSeries(int row);
    void expandSteps();

    RelabelStepsModel* m_steps;
    RelabelOutcomesModel* m_series;
    engine::RelabelOutcome m_target;
    std::vector<RelabelRule> m_rules;
    std::vector<RelabelRule> m_metricRules;
    QComboBox* m_what;
    QLabel* m_note;
    QSplitter* m_splitter;
    QTreeView* m_seriesView;
    QTreeView* m_stepsView;
};

} // namespace watchfire::ui
