// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <optional>
#include <vector>

#include <QTimer>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace watchfire::ui {

class FieldNote;

/// The quiet hours and other time intervals: when they are, what is mute in them, whether that is
/// so now and when it next changes.
class QuietList final : public QWidget {
    Q_OBJECT

public:
    explicit QuietList(PageContext& context, QWidget* parent = nullptr);

    void add();

private:
    void takeConfig();
    void tellNow();
    void tellSelection();
    const config::NamedIntervalsConfig* current() const;
    void edit();
    void remove();

    PageContext& m_context;
    config::AlertmanagerConfig m_shown; ///< what the list was made of
    std::vector<std::optional<Timestamp>> m_changes; ///< the next one, by row
    Timestamp m_toldAt{};
    QStackedWidget* m_stack;
    QTreeWidget* m_list;
    FieldNote* m_note;
    QPushButton* m_edit;
    QPushButton* m_delete;
    QTimer m_tick;
};

} // namespace watchfire::ui
