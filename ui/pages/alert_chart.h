// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "ui/pages/page.h"

#include <memory>
#include <optional>
#include <string>

#include <QWidget>

namespace watchfire::ui {

namespace chart {
class TimeChart;
}

/// What an alert's rule looks at, over the range that all pages share, with its threshold and the
/// stretches in which the alert was pending and firing. It asks while it is seen.
class AlertChart final : public QWidget {
    Q_OBJECT

public:
    explicit AlertChart(PageContext& context, QWidget* parent = nullptr);

    /// Nothing: no alert.
    void showAlert(const engine::AlertStatus* alert);
    chart::TimeChart* chart() const { return m_chart; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void ask();
    void askCurve(TimeRange range);
    void askBands(TimeRange range);
    void readExpression();
    void take(Result<QueryResult> result, TimeRange range, std::chrono::milliseconds step);
    void take(const Result<std::vector<engine::AlertSpan>>& result);

    PageContext& m_context;
    Labels m_labels;
    std::string m_expr; ///< of the rule; empty: no alert
    std::string m_curve; ///< what is compared there
    chart::TimeChart* m_chart;
    Pending m_query;
    Pending m_spans;
};

/// Of the series of an expression those that an alert with these labels can have come from: whose
/// labels it has. All of them where a rule's own labels hide which.
Matrix seriesOfAlert(Matrix all, const Labels& alert);

} // namespace watchfire::ui
