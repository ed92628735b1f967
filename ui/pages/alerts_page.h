// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <cstdint>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace watchfire::ui {

class AlertHistoryModel;
class AlertsModel;
class EmptyState;
class FactSheet;
class ItemTree;
class RoutingTab;
class SilencesModel;
class StateShape;
struct MatcherField;

/// What fires, what is silenced and until when, and what happened.
class AlertsPage final : public Page {
    Q_OBJECT

public:
    explicit AlertsPage(PageContext& context, QWidget* parent = nullptr);

    /// `item` is a filter of the active alerts.
    void visit(const QString& item) override;
    bool perform(const QString& command) override;
    QLineEdit* filterBox() const override { return m_filter; }

private:
    QWidget* buildActive();
    QWidget* buildActiveDetail();
    QWidget* buildSilences();
    QWidget* buildHistory();
    void takeSnapshot(const AlertsPtr& alerts);
    void askOrigins();
    void showWhat();
    void showDetail(std::uint64_t id);
    void openActiveMenu(const QPoint& at);
    void silence(const std::vector<MatcherField>& fields);
    void silenceCurrent();
    const engine::SilenceStatus* currentSilence() const;
    void editCurrent();
    void extendCurrent();
    void expireCurrent();
    void recreateCurrent();

    AlertsModel* m_active;
    SilencesModel* m_silences;
    AlertHistoryModel* m_history;
    QTabWidget* m_tabs;
    RoutingTab* m_routing;
    QLineEdit* m_filter;
    QToolButton* m_firing;
    QToolButton* m_pending;
    QToolButton* m_silenced;
    QStackedWidget* m_activeStack;
    QSplitter* m_splitter;
    ItemTree* m_activeTree;
    QWidget* m_detail;
    StateShape* m_detailShape;
    QLabel* m_detailTitle;
    FactSheet* m_facts;
    FactSheet* m_labels;
    QPushButton* m_exploreButton;
    QPushButton* m_ruleButton;
    QPushButton* m_silenceButton;
    QStackedWidget* m_silencesStack;
    ItemTree* m_silencesTree;
    QPushButton* m_editSilence;
    QPushButton* m_extend;
    QPushButton* m_expire;
    QPushButton* m_recreate;
    QStackedWidget* m_historyStack;
    ItemTree* m_historyTree;
    Pending m_origins;
};

} // namespace watchfire::ui
