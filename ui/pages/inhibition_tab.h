// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/page.h"

#include <optional>
#include <vector>

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace watchfire::ui {

class FieldNote;

/// The inhibition rules, with what each of them mutes now. They are added, changed and deleted
/// here.
class InhibitionTab final : public QWidget {
    Q_OBJECT

public:
    explicit InhibitionTab(PageContext& context, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildList();
    /// Nothing where nobody sees it: it is told once it is shown.
    void tell();
    void tellSelection();
    /// Nothing: no rule is selected.
    std::optional<std::size_t> current() const;
    void add();
    void edit();
    void remove();

    PageContext& m_context;
    std::vector<config::InhibitRuleConfig> m_shown;
    QStackedWidget* m_stack;
    QTreeWidget* m_rules;
    FieldNote* m_note;
    QPushButton* m_edit;
    QPushButton* m_delete;
};

} // namespace watchfire::ui
