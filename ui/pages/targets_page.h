// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <cstdint>

class QLabel;
class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace watchfire::ui {

class EmptyState;
class FactSheet;
class ItemTree;
class TargetsModel;

/// Every target by job: is it up, since when, and if not, why not. Jobs are added, changed and
/// removed here.
class TargetsPage final : public Page {
    Q_OBJECT

public:
    explicit TargetsPage(PageContext& context, QWidget* parent = nullptr);

    void visit(const QString& item) override;
    bool perform(const QString& command) override;
    QLineEdit* filterBox() const override { return m_filter; }

private:
    QWidget* buildTop();
    QWidget* buildDetail();
    void takeSnapshot(const TargetsPtr& targets);
    void showCounts();
    void showDetail(std::uint64_t id);
    void applyFilter(const QString& text);
    void openMenu(const QPoint& at);
    void editJob(const std::string& name);
    void deleteJob(const std::string& name);
    const engine::TargetStatus* current() const;
    const config::ScrapeConfig* jobOf(const std::string& name) const;
    void graphCurrent();

    TargetsModel* m_model;
    QLineEdit* m_filter;
    QToolButton* m_all;
    QToolButton* m_up;
    QToolButton* m_down;
    QLabel* m_shown;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    EmptyState* m_nothing;
    QSplitter* m_splitter;
    ItemTree* m_tree;
    QWidget* m_detail;
    QLabel* m_detailShape;
    QLabel* m_detailTitle;
    QLabel* m_detailError;
    QLabel* m_detailWarning;
    FactSheet* m_facts;
    FactSheet* m_labels;
    QPushButton* m_edit;
    QPushButton* m_delete;
};

} // namespace watchfire::ui
