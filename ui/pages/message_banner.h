// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/state.h"

#include <QFrame>
#include <QString>

class QLabel;
class QPushButton;
class QToolButton;

namespace watchfire::ui {

class StateShape;

/// One thing a person should know, inside the page it is about: cause in bold, then what follows
/// from it and what helps, and at most one button. Hidden until something is shown.
class MessageBanner final : public QFrame {
    Q_OBJECT

public:
    /// Its parts are called `objectName`.cause, .rest, .action and .close.
    explicit MessageBanner(QWidget* parent = nullptr, const char* objectName = "banner");

    void show(theme::State state, const QString& cause, const QString& rest = {},
              const QString& action = {});
    void clear();
    QString cause() const;

signals:
    void actionClicked();
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::State m_state = theme::State::warning;
    StateShape* m_shape;
    QLabel* m_cause;
    QLabel* m_rest;
    QPushButton* m_action;
    QToolButton* m_close;
};

} // namespace watchfire::ui
