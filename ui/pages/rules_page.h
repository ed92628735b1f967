// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"

#include <cstdint>
#include <optional>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace watchfire::ui {

class FactSheet;
class ItemTree;
class RulesModel;
class StateShape;
struct RuleRow;

/// Alerting and recording rules by group: what they ask, how that went, who fires. Rules are
/// made and changed by a form.
class RulesPage final : public Page {
    Q_OBJECT

public:
    explicit RulesPage(PageContext& context, QWidget* parent = nullptr);

    void visit(const QString& item) override;
    bool perform(const QString& command) override;
    QLineEdit* filterBox() const override { return m_filter; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildTop();
    QWidget* buildDetail();
    void takeSnapshot(const RulesPtr& rules);
    void showWhat();
    void showDetail(std::uint64_t id);
    void openMenu(const QPoint& at);
    void openGroupMenu(const engine::RuleGroupStatus& group, const QPoint& at);
    void duplicate();
    const RuleRow* current() const;
    std::optional<PlacedRule> placed(const RuleRow& row) const;
    void edit();
    void remove();
    void explore();

    RulesModel* m_model;
    QLineEdit* m_filter;
    QLabel* m_counts;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    ItemTree* m_tree;
    QWidget* m_detail;
    StateShape* m_detailShape;
    QLabel* m_detailTitle;
    QLabel* m_detailError;
    FactSheet* m_facts;
    QPushButton* m_edit;
    QPushButton* m_delete;
};

} // namespace watchfire::ui
