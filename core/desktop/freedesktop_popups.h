// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/desktop/popup_channel.h"

#include <map>
#include <optional>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QStringList>

namespace watchfire::desktop {

/// Popups over org.freedesktop.Notifications. What the service can do is read again each time
/// another one takes the name. Popups that are open when this goes are closed: nobody would hear
/// their buttons.
///
/// Signals are taken of whoever owns the name and of nobody else. Who that is, it asks
/// the bus itself: with a match by the service's name Qt would ask, and wait.
///
/// Source: Desktop Notifications Specification 1.2, "D-BUS Protocol", "Hints", "Markup"; the
/// property Inhibited as Plasma's notification service has it.
class FreedesktopPopups final : public PopupChannel {
    Q_OBJECT
public:
    explicit FreedesktopPopups(QDBusConnection bus, QObject* parent = nullptr);
    ~FreedesktopPopups() override;

    void look() override;
    void post(PopupId id, const Popup& popup) override;
    void close(PopupId id) override;

private slots:
    void onActionInvoked(const QDBusMessage& message);
    void onClosed(const QDBusMessage& message);
    void onActivationToken(const QDBusMessage& message);
    void onPropertiesChanged(const QDBusMessage& message);

private:
    struct Open {
        Popup popup;
        uint id = 0; ///< the service's; 0: it has not answered yet
        bool isUnderWay = false;
        bool isChanged = false; ///< while the service was asked
        bool isClosing = false; ///< likewise
        QString token;
    };

    void ownerChanged(const QString& owner);
    void readOwner();
    void readInhibited(bool isLooking);
    void tellInhibited(bool isInhibited);
    void send(PopupId id);
    void answered(PopupId id, const QDBusMessage& reply);
    void closeAtService(uint id);
    QVariantMap hintsOf(const Popup& popup) const;
    std::optional<PopupId> popupOf(uint id) const;

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QString m_owner; ///< unique name of the service; empty: not known
    QStringList m_capabilities;
    bool m_isInhibited = false;
    unsigned m_round = 0; ///< of services; answers of one before are not looked at
    std::map<PopupId, Open> m_open;
};

} // namespace watchfire::desktop
