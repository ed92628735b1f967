// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <vector>

#include <QDialog>

class QLabel;
class QListWidget;
class QPushButton;

namespace watchfire::ui {

class FieldNote;

/// Which of the starter rules are wanted, each with when it tells, its expression, and what it
/// finds now. Not modal.
class StarterDialog final : public QDialog {
    Q_OBJECT

public:
    StarterDialog(PageContext& context, QWidget* parent);

    void open() override { show(); }

private:
    std::vector<config::RuleConfig> chosen() const;
    void showCurrent();
    void count();
    void add();

    PageContext& m_context;
    QListWidget* m_list;
    QLabel* m_sense;
    QLabel* m_expr;
    QLabel* m_now;
    FieldNote* m_refused;
    QPushButton* m_add;
    Pending m_asking;
};

} // namespace watchfire::ui
