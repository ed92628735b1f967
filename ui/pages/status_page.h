// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QVBoxLayout;

namespace watchfire::ui {

class FactSheet;
class ItemTree;
class LogModel;

/// How Watchfire itself is doing: what is wrong, the store, the configuration in force, the
/// engine's log, its own metrics.
class StatusPage final : public Page {
    Q_OBJECT

public:
    explicit StatusPage(PageContext& context, QWidget* parent = nullptr);

    void refresh() override;
    QLineEdit* filterBox() const override;

private:
    QWidget* buildSummary();
    QWidget* buildLog();
    QWidget* buildSeries();
    QWidget* buildMetrics();
    void showStatus();
    void showProblems();
    void reload();
    void askMetrics();
    void showMetrics();
    void askSeries();
    void showSeries(const CardinalityReport& report);

    QTabWidget* m_tabs;
    QVBoxLayout* m_problems;
    QWidget* m_calm;
    QString m_problemsShown;
    FactSheet* m_store;
    FactSheet* m_program;
    FactSheet* m_config;
    QLabel* m_reloaded;
    LogModel* m_log;
    ItemTree* m_logTree;
    QLineEdit* m_logFilter;
    QLineEdit* m_metricsFilter;
    QPlainTextEdit* m_metrics;
    QString m_metricsText;
    QLabel* m_seriesFailed;
    FactSheet* m_topMetrics;
    FactSheet* m_topLabels;
    FactSheet* m_topPairs;
    FactSheet* m_churn;
    std::optional<Timestamp> m_countedAt;
    Pending m_counting;
    Pending m_pending;
    Pending m_reloading;
};

} // namespace watchfire::ui
