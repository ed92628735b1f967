// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/models/alert_trace_lines.h"
#include "ui/pages/page.h"

#include <optional>
#include <vector>

#include <QList>
#include <QTimer>
#include <QWidget>

class QGridLayout;
class QLabel;
class QScrollArea;

namespace watchfire::ui {

class StateShape;

/// Of the routes that take an alert with these labels, in the tree's order.
std::vector<TraceRouteTimes> routeTimesOf(const config::AlertmanagerConfig& config,
                                          const Labels& labels);

/// Why an alert was told, or was not: each stage on its way from the rule to the receivers, with
/// its outcome, the cause in a sentence and links to where that lies. It asks the engine again
/// with each snapshot, and each second, while it is seen; rows stay while their kinds do, so that a
/// selection or the focus survives.
class AlertTraceView final : public QWidget {
    Q_OBJECT

public:
    explicit AlertTraceView(PageContext& context, QWidget* parent = nullptr);

    /// Nothing: no alert.
    void showAlert(std::optional<Labels> labels);

signals:
    void linkActivated(const watchfire::ui::TraceLink& link);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Row {
        StateShape* shape; ///< null: the stage was not reached
        QLabel* outcome;
        QLabel* text;
    };

    void ask();
    void take(const Result<engine::AlertTrace>& result);
    void present(const QList<TraceSection>& sections);
    void rebuild(const QList<TraceSection>& sections);
    void addRow(QGridLayout* grid, int at, const TraceLine& line);
    QWidget* linksOf(const TraceLine& line, int row);
    void say(const QString& message);

    PageContext& m_context;
    std::optional<Labels> m_labels;
    QList<TraceSection> m_sections; ///< shown
    QList<Row> m_rows;
    QScrollArea* m_scroll;
    QLabel* m_message;
    QTimer m_second;
    Pending m_pending;
    bool m_again = false; ///< something changed since it was asked
};

} // namespace watchfire::ui
