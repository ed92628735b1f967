// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <vector>

#include <QWidget>

class QComboBox;
class QLabel;
class QSplitter;

namespace watchfire::ui {

class DiffTree;

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
    void showSteps(const engine::RelabelOutcome& outcome, const std::vector<RelabelRule>& rules);

    std::vector<engine::RelabelOutcome> m_series;
    engine::RelabelOutcome m_target;
    std::vector<RelabelRule> m_rules;
    std::vector<RelabelRule> m_metricRules;
    QComboBox* m_what;
    QLabel* m_note;
    QSplitter* m_splitter;
    DiffTree* m_seriesView;
    DiffTree* m_stepsView;
};

} // namespace watchfire::ui
