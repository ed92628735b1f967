// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/quiet_routes.h"
#include "ui/pages/routing.h"

#include <optional>
#include <vector>

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace watchfire::ui {

class FieldNote;

/// The routing tree. Somebody types the labels of an alert, or chooses an active one, and sees
/// which way it goes. Routes are added, changed, moved and deleted here; under it are the quiet
/// hours.
class RoutingTab final : public QWidget {
    Q_OBJECT

public:
    explicit RoutingTab(PageContext& context, QWidget* parent = nullptr);

    /// The labels that are tried, as somebody would type them.
    void tryLabels(const QString& labels);

private:
    QWidget* buildRoutes();
    void takeConfig();
    void light();
    void tellSelection();
    /// Nothing: no route is selected.
    std::optional<RoutePathTo> current() const;
    void add();
    void edit();
    void remove();
    void move(int by);
    Edits::Done telling();

    PageContext& m_context;
    std::vector<RouteNode> m_nodes;
    config::RouteConfig m_root; ///< what the tree was made of
    QLineEdit* m_labels;
    QLabel* m_outcome;
    QTreeWidget* m_tree;
    std::vector<QTreeWidgetItem*> m_items; ///< by node
    std::optional<RoutePathTo> m_wanted; ///< to be selected once the edit is in force
    FieldNote* m_note;
    QPushButton* m_edit;
    QPushButton* m_delete;
    QToolButton* m_up;
    QToolButton* m_down;
};

} // namespace watchfire::ui
