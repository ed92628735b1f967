// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/routing.h"

#include <vector>

#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTreeWidget;

namespace watchfire::ui {

/// The routing tree. Somebody types the labels of an alert, or chooses an active one, and sees
/// which way it goes.
class RoutingTab final : public QWidget {
    Q_OBJECT

public:
    explicit RoutingTab(PageContext& context, QWidget* parent = nullptr);

    /// The labels that are tried, as somebody would type them.
    void tryLabels(const QString& labels);

private:
    void takeConfig();
    void light();

    PageContext& m_context;
    std::vector<RouteNode> m_nodes;
    config::RouteConfig m_root; ///< what the tree was made of
    QLineEdit* m_labels;
    QLabel* m_outcome;
    QTreeWidget* m_tree;
};

/// The inhibition rules, with what each of them mutes now.
class InhibitionTab final : public QWidget {
    Q_OBJECT

public:
    explicit InhibitionTab(PageContext& context, QWidget* parent = nullptr);

private:
    void tell();

    PageContext& m_context;
    QStackedWidget* m_stack;
    QTreeWidget* m_rules;
};

} // namespace watchfire::ui
