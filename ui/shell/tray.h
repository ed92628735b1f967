// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"

#include <chrono>

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

namespace watchfire::ui {

/// The icon in the panel: calm, the number of firing alerts, or paused. A panel may start after
/// us, so it is looked for every ten seconds for two minutes.
class Tray final : public QObject {
    Q_OBJECT

public:
    explicit Tray(EngineBridge& bridge, QObject* parent = nullptr);
    ~Tray() override;

    /// The icon is in a panel now: a window may hide into it.
    bool isShown() const;

    static constexpr std::chrono::seconds retryEvery{10};
    static constexpr int retries = 12;

signals:
    void openRequested();
    /// An alert was chosen; a filter that finds it.
    void alertRequested(const QString& filter);
    void mutePopupsRequested();
    void quitRequested();

private:
    void tryToShow();
    void update();
    void fillFiring();

    EngineBridge& m_bridge;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QMenu* m_firing;
    QAction* m_pause;
    QTimer m_retry;
    int m_tries = 0;
    int m_shownFiring = -1;
    bool m_shownPaused = false;
};

} // namespace watchfire::ui
