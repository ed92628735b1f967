// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/desktop/popup_board.h"
#include "core/desktop/popup_channel.h"
#include "core/ports/desktop.h"
#include "core/ports/popups.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <QDBusConnection>
#include <QObject>
#include <QTimeZone>
#include <QTimer>

namespace watchfire::desktop {

/// What a notifier has of the world; tests bring their own.
struct NotifierSurroundings {
    const Clock* clock = nullptr; ///< of the machine where none is given; must outlive it
    QTimeZone zone = QTimeZone(QTimeZone::LocalTime); ///< of quiet hours
    std::optional<bool> isInSandbox; ///< unset: as this process is
};

/// Popups of the desktop: by org.freedesktop.Notifications, in a sandbox by the portal. Which there
/// are, `PopupBoard` decides. Without a service, or while it does not answer, the window shows
/// them: it is handed all of them by `windowPopupsChanged`, and they move once a service is there.
///
/// `show` and `withdraw` are safe from any thread; everything else happens on the thread the
/// object lives on, `acted` and the signals included. Nothing waits for the bus.
class DesktopNotifier final : public QObject, public Notifier, private PopupScreen {
    Q_OBJECT
public:
    explicit DesktopNotifier(QDBusConnection bus, NotificationActed acted,
                             QObject* parent = nullptr);
    DesktopNotifier(QDBusConnection bus, NotificationActed acted, NotifierSurroundings surroundings,
                    QObject* parent = nullptr);
    ~DesktopNotifier() override;

    void show(const Notification& notification) override;
    void withdraw(std::string_view groupKey) override;

    // On the object's thread:
    void setSettings(const PopupSettings& settings);
    /// No popups for that long; what came meanwhile and still fires is shown afterwards. Zero:
    /// again from now on.
    void mute(std::chrono::minutes span);
    /// What the person chose of a popup in the window.
    void act(PopupId id, NotificationAction action);
    /// No service shows popups, as far as is known.
    bool isWindowOnly() const { return m_state == State::window; }
    /// What the window is to show now.
    const std::vector<PopupCard>& windowPopups() const { return m_cards; }
    /// Looks at the clock; otherwise that happens when something is due.
    void turn();

signals:
    void windowPopupsChanged(const std::vector<watchfire::PopupCard>& cards);
    void windowOnlyChanged(bool isWindowOnly);

private:
    enum class State {
        looking, ///< for the service
        idle, ///< it ended, and nothing has to be shown
        service,
        window,
    };

    void post(PopupId id, const Popup& popup) override;
    void close(PopupId id) override;
    void look();
    void enter(State state);
    void serviceFound(bool isThere);
    void serviceLost(bool hasSuccessor);
    void handle(PopupId id, NotificationAction action, const QString& token);
    void plan();

    NotificationActed m_acted;
    SystemClock m_systemClock;
    const Clock& m_clock;
    QTimeZone m_zone;
    PopupSettings m_settings;
    Timestamp m_mutedUntil{};
    State m_state = State::idle;
    Timestamp m_lookedAt{};
    std::unique_ptr<PopupChannel> m_channel;
    PopupBoard m_board{*this};
    std::vector<PopupCard> m_cards; ///< in the window
    QTimer m_timer;
};

} // namespace watchfire::desktop
