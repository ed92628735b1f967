// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <cstdint>
#include <string>
#include <vector>

class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace watchfire::ui {

class AlertDetail;
class AlertsModel;
class ItemTree;
class RoutingTab;
class SilencesModel;
struct MatcherField;
struct TraceLink;

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
    static constexpr int silencesTab = 1;

    QWidget* buildActive();
    void connectDetail();
    /// Goes where a cause lies.
    void follow(const TraceLink& link);
    void showSilence(const std::string& id);
    QWidget* buildSilences();
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
    /// Offers a silence like one that is over.
    void recreate(const engine::SilenceStatus& old);

    AlertsModel* m_active;
    SilencesModel* m_silences;
    QTabWidget* m_tabs;
    RoutingTab* m_routing;
    QLineEdit* m_filter;
    QToolButton* m_firing;
    QToolButton* m_pending;
    QToolButton* m_silenced;
    QStackedWidget* m_activeStack;
    QSplitter* m_splitter;
    ItemTree* m_activeTree;
    AlertDetail* m_detail;
    QLineEdit* m_silencesFilter;
    QStackedWidget* m_silencesStack;
    ItemTree* m_silencesTree;
    QPushButton* m_editSilence;
    QPushButton* m_extend;
    QPushButton* m_expire;
    QPushButton* m_recreate;
    Pending m_origins;
};

} // namespace watchfire::ui
