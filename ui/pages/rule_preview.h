// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"
#include "ui/pages/rule_findings.h"

#include <chrono>
#include <optional>

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QSplitter;
class QTreeWidget;

namespace watchfire::ui {

namespace chart {
class TimeChart;
}

/// "Would have fired 3×, 41 min in all, longest 22 min" — or that it would not have.
QString verdictOf(const engine::BacktestReport& report);

/// What a rule that is being written would have done: the curves it looks at with its threshold,
/// when it would have been pending and fired, and how its alerts would read now. It asks the
/// engine a moment after each change; what was shown stays until the answer comes.
class RulePreviewPanel final : public QWidget {
    Q_OBJECT

public:
    RulePreviewPanel(PageContext& context, bool alerting, QWidget* parent = nullptr);

    /// None: the rule has faults now, and the picture is that of before.
    void setDraft(std::optional<RuleDraft> draft);
    chart::TimeChart* chart() const { return m_chart; }
    RuleFindings* findings() const { return m_findings; }

signals:
    /// The threshold was dragged on the chart; `finished`: it was let go there.
    void thresholdDragged(double value, bool finished);

private:
    QWidget* buildExamples();
    void ask();
    TimeRange range() const;
    void askBacktest();
    void askCurves();
    void askPreview();
    void take(const Result<engine::BacktestReport>& result, TimeRange range,
              std::chrono::milliseconds step);
    void draw(std::shared_ptr<const Matrix> curves, TimeRange range, std::chrono::milliseconds step,
              const std::string& why);
    void showBands(const engine::BacktestReport& report);
    void showThreshold(std::optional<double> value);
    void take(const Result<engine::RulePreview>& result);
    void showExamples(const engine::RulePreview& preview);

    PageContext& m_context;
    bool m_alerting;
    std::optional<RuleDraft> m_draft;
    chart::TimeChart* m_chart;
    QLabel* m_verdict;
    QComboBox* m_range;
    QLabel* m_now;
    QTreeWidget* m_examples;
    RuleFindings* m_findings;
    QSplitter* m_splitter;
    QTimer m_pause;
    Pending m_backtest;
    Pending m_preview;
};

} // namespace watchfire::ui
