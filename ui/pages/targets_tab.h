// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/targets_plan.h"
#include "ui/pages/page.h"

#include <array>
#include <cstdint>

#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace watchfire::ui {

class EmptyState;
class TargetActions;
class TargetDetailPane;
class TargetHistory;
class TargetTree;
class TargetsModel;

/// One list of targets by job with its filter and the details of the current one: those that are
/// scraped, or those that relabelling dropped.
class TargetsTab final : public QWidget {
    Q_OBJECT

public:
    TargetsTab(PageContext& context, TargetsList list, QWidget* parent = nullptr);

    /// Comes from elsewhere with a filter; where that leaves one target, it is opened.
    void visit(const QString& filter);
    /// Time has gone by: what is known of the past is asked again.
    void refresh();
    QLineEdit* filterBox() const { return m_filter; }

signals:
    void navigate(const QString& page, const QString& item);
    void newJobWanted();
    void findWanted();
    void collectorsWanted();
    void failed(const QString& what, const QString& cause);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildTop();
    void buildChips(QHBoxLayout* row);
    void buildTree();
    void buildPlaceholders();
    void connectEverything();
    void takeSnapshot();
    void applyFilter(const QString& text);
    void tick();
    void settled();
    void showCounts();
    void showCurrent();
    void askForHistory();
    QByteArray named(const char* part) const;
    QVariant kept(const QString& key) const;
    void keep(const QString& key, const QVariant& value);

    PageContext& m_context;
    TargetsList m_list;
    QByteArray m_prefix; ///< of names and of what is remembered
    TargetsModel* m_model;
    TargetHistory* m_history;
    QLineEdit* m_filter = nullptr;
    QToolButton* m_all = nullptr;
    std::array<QToolButton*, targetStates> m_chips{};
    QLabel* m_shown = nullptr;
    QStackedWidget* m_stack;
    EmptyState* m_empty = nullptr;
    EmptyState* m_nothing = nullptr;
    QSplitter* m_splitter;
    TargetTree* m_tree = nullptr;
    TargetActions* m_actions = nullptr;
    TargetDetailPane* m_detail = nullptr;
    QTimer m_tick;
    bool m_openOnly = false; ///< the one target that is left, once it is known
};

} // namespace watchfire::ui
