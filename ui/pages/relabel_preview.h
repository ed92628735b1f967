// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QWidget>

class QLabel;

namespace watchfire::ui::chart {
class ProgressLine;
}

namespace watchfire::ui {

class DiffTree;
class FieldNote;

/// What relabelling makes of each target (or series), and of the chosen one step by step. What is
/// shown stays until something newer comes.
class RelabelPreview final : public QWidget {
    Q_OBJECT

public:
    struct Content {
        std::vector<engine::RelabelOutcome> outcomes;
        std::uint64_t total = 0; ///< of which the outcomes are the first
        std::vector<std::string> warnings; ///< of who was asked
        std::vector<RelabelRule> rules; ///< that made the outcomes
        bool areSeries = false;
    };

    explicit RelabelPreview(QWidget* parent = nullptr);

    void show(Content content);
    /// Nothing to show, and why.
    void clear(const QString& why);
    /// What is shown is older than the rules, and why; empty: it is not.
    void setOutdated(const QString& why);
    void setBusy(bool busy);

private:
    void showSteps(int outcome);

    Content m_content;
    QLabel* m_counts;
    FieldNote* m_note;
    chart::ProgressLine* m_progress;
    DiffTree* m_tree;
    QLabel* m_stepsTitle;
    DiffTree* m_steps;
};

} // namespace watchfire::ui
