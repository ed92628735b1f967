// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <string>

#include <QElapsedTimer>
#include <QStringList>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace watchfire::ui {

namespace chart {
class TimeChart;
}
namespace editor {
class PromqlEditor;
}
class EmptyState;
class FieldNote;
class ItemTree;
class MetricsModel;
class ResultTableModel;

/// A question in PromQL and its answer as graph and table, beside the tree of metrics.
class ExplorePage final : public Page {
    Q_OBJECT

public:
    explicit ExplorePage(PageContext& context, QWidget* parent = nullptr);

    /// `item` is an expression; it runs.
    void visit(const QString& item) override;
    void refresh() override;
    bool perform(const QString& command) override;
    QLineEdit* filterBox() const override { return m_metricFilter; }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildMetrics();
    QWidget* buildQuery();
    QWidget* buildTable();
    editor::PromqlEditor* makeEditor();
    void connectChart();
    void run();
    void ask();
    void askGraph(TimeRange range);
    void askTable(TimeRange range);
    void takeGraph(Result<QueryResult> result, const engine::QueryRequest& request,
                   TimeRange range);
    void takeTable(Result<QueryResult> result);
    void sayFault(const Error& error);
    void sayAnswer(const QueryResult& result, std::size_t series, std::chrono::milliseconds step);
    void fillHistory();
    void walkHistory(int direction);
    void rememberQuery(const QString& text);
    bool showsTable() const;

    MetricsModel* m_metrics;
    QLineEdit* m_metricFilter;
    ItemTree* m_metricTree;
    QLabel* m_metricHelp;
    QSplitter* m_splitter;
    editor::PromqlEditor* m_editor;
    FieldNote* m_fault;
    QPushButton* m_run;
    QToolButton* m_historyButton;
    QTabBar* m_tabs;
    QLabel* m_stat;
    QStackedWidget* m_answers; ///< the answer, or the empty state
    QStackedWidget* m_forms; ///< graph, table
    EmptyState* m_empty;
    chart::TimeChart* m_chart;
    ResultTableModel* m_table;
    QTableView* m_tableView;
    QLabel* m_tableCount;
    QLineEdit* m_tableFilter;
    std::string m_expr; ///< that was run last
    QStringList m_history; ///< newest first
    int m_historyAt = -1;
    Pending m_pending;
    QElapsedTimer m_since;
};

} // namespace watchfire::ui
