// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace watchfire::app {

/// SIGTERM, SIGINT and SIGHUP as Qt signals, on the thread this lives on. One per process.
class UnixSignals final : public QObject {
    Q_OBJECT
public:
    /// Before any thread is started, so that all inherit it and only this object sees them.
    static void block();
    /// After `block` and the application object.
    UnixSignals();
    ~UnixSignals() override;

signals:
    void quitAsked();
    void reloadAsked();

private:
    int m_descriptor = -1;
    QSocketNotifier* m_notifier = nullptr;
};

} // namespace watchfire::app
