// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QApplication>

namespace watchfire::app {

/// Measures how long the GUI thread works on each event, nested ones within their outermost.
/// The time the processor spent on it, so that a busy machine does not blur the figure.
class TimedApplication final : public QApplication {
    Q_OBJECT
public:
    using QApplication::QApplication;
    /// Called after each event with the seconds it took.
    std::function<void(double)> onEvent;

    bool notify(QObject* receiver, QEvent* event) override;

private:
    int m_depth = 0;
};

} // namespace watchfire::app
