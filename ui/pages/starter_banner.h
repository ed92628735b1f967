// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace watchfire::ui {

/// "Nothing here tells you of trouble yet. Start with: host down, … — Add all · Choose · Not now".
/// Shown while there is no rule at all, until somebody says *Not now*, which is remembered.
class StarterBanner final : public QFrame {
    Q_OBJECT

public:
    StarterBanner(PageContext& context, const char* objectName, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void tell();
    void addAll();

    PageContext& m_context;
    QLabel* m_text;
    QLabel* m_refused;
    QPushButton* m_addAll;
};

} // namespace watchfire::ui
