// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <vector>

#include <QTimer>
#include <QWidget>

class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace watchfire::ui {

class FieldNote;
class ReceiverReport;

/// Who is told: the receivers, each with where it sends, how it was told lately and which routes
/// name it. They are added, changed, deleted and tried from here.
class ReceiversTab final : public QWidget {
    Q_OBJECT

public:
    explicit ReceiversTab(PageContext& context, QWidget* parent = nullptr);

private:
    void takeConfig();
    void tellDeliveries();
    void tellSelection();
    const config::ReceiverConfig* current() const;
    void add();
    void edit();
    void remove();
    void test();

    PageContext& m_context;
    config::AlertmanagerConfig m_shown; ///< what the list was made of
    QTreeWidget* m_list;
    FieldNote* m_note;
    ReceiverReport* m_report;
    QPushButton* m_test;
    QPushButton* m_edit;
    QPushButton* m_delete;
    QTimer m_tick; ///< "told 4 min ago" grows old
};

} // namespace watchfire::ui
