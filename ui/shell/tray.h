// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/theme/state.h"

#include <chrono>
#include <memory>

#include <QDBusServiceWatcher>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

namespace watchfire::ui {

/// The icon in the panel: calm, the number of firing alerts and the worst of them, or paused.
/// Alerts that are silenced or inhibited do not count. A panel may start after
/// us: one on the session bus is noticed whenever it comes, one of X11 is looked for every ten
/// seconds for two minutes.
///
/// Qt asks the bus for a panel once and keeps the answer for good, so it is not asked, nor is its
/// icon made, before there is one.
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
    void watchBus();
    void tryToShow();
    void update();
    void showState();
    void fillFiring();

    EngineBridge& m_bridge;
    std::unique_ptr<QSystemTrayIcon> m_icon; ///< null: no panel yet
    QDBusServiceWatcher m_busPanel;
    bool m_hasBusPanel = false;
    bool m_isOnBus = false; ///< the icon is; else it is X11's
    QMenu m_menu;
    QMenu* m_firing;
    QAction* m_pause;
    QTimer m_retry;
    int m_tries = 0;
    int m_shownFiring = -1;
    theme::State m_shownWorst = theme::State::unknown;
    bool m_shownPaused = false;
};

} // namespace watchfire::ui
