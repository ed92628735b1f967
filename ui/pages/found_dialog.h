// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/found_exporters.h"

#include <QDialog>

class QListWidget;
class QPushButton;

namespace watchfire::ui {

/// Which of the exporters found are to be watched. Not modal; goes when it is closed.
class FoundDialog final : public QDialog {
    Q_OBJECT

public:
    FoundDialog(Found found, QWidget* parent);

signals:
    void chosen(const watchfire::ui::Found& found);

private:
    Found checkedOnes() const;
    void count();

    Found m_found;
    QListWidget* m_list;
    QPushButton* m_add;
};

} // namespace watchfire::ui
