// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"

#include <chrono>

#include <QDBusConnection>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>

class QDBusServiceWatcher;

namespace watchfire::desktop {

/// Popups over org.freedesktop.Notifications, all calls asynchronous. One popup per group: a
/// later word on it replaces the earlier one, a resolved group says so quietly and closes after
/// five seconds. Actions: Show (the default), Silence 1 h, Snooze 15 min.
///
/// `show` and `withdraw` are safe from any thread; everything else happens on the thread the
/// object lives on, `acted` and the signals included. Without a notification service each
/// notification is handed out by `undelivered`, for the window to show it.
///
/// Source: Desktop Notifications Specification 1.2.
class DesktopNotifier final : public QObject, public Notifier {
    Q_OBJECT
public:
    explicit DesktopNotifier(QDBusConnection bus, NotificationActed acted,
                             QObject* parent = nullptr);
    ~DesktopNotifier() override;

    void show(const Notification& notification) override;
    void withdraw(std::string_view groupKey) override;

    /// No popups for that long; what came meanwhile and still fires is shown afterwards. Zero:
    /// again from now on. On the object's thread.
    void mute(std::chrono::minutes span);

signals:
    void undelivered(const watchfire::Notification& notification);

private slots:
    void onActionInvoked(uint id, const QString& action);
    void onClosed(uint id, uint reason);
    void onActivationToken(uint id, const QString& token);

private:
    struct Popup {
        Notification notification;
        uint id = 0; ///< 0: the service has not answered yet
        bool underWay = false;
        bool renew = false; ///< changed while the service was asked
        bool close = false; ///< withdrawn meanwhile
        QString token;
    };

    void readCapabilities();
    void sendWaiting();
    void showHere(const Notification& notification);
    void send(const std::string& groupKey);
    void answered(const std::string& groupKey, uint id);
    void closeHere(const std::string& groupKey);
    std::string groupOf(uint id) const;

    QDBusConnection m_bus;
    NotificationActed m_acted;
    QDBusServiceWatcher* m_watcher = nullptr;
    QStringList m_capabilities;
    QTimer m_mute; ///< runs while popups are muted
    bool m_ready = false; ///< the capabilities are known; until then popups wait
    QHash<std::string, Popup> m_popups;
};

} // namespace watchfire::desktop
