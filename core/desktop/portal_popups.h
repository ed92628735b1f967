// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/desktop/popup_channel.h"

#include <map>
#include <optional>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>

namespace watchfire::desktop {

/// Popups by the notification portal, for a program in a sandbox. A portal says neither that a
/// popup was closed nor that the desktop wants none, and tells the text from markup itself.
///
/// Popups that are open when this goes are removed: they would outlast the program.
///
/// Source: XDG Desktop Portal documentation, org.freedesktop.portal.Notification, version 2;
/// what version 1 does not know is left out where only that is there.
class PortalPopups final : public PopupChannel {
    Q_OBJECT
public:
    explicit PortalPopups(QDBusConnection bus, QObject* parent = nullptr);
    ~PortalPopups() override;

    void look() override;
    void post(PopupId id, const Popup& popup) override;
    void close(PopupId id) override;

private slots:
    void onActionInvoked(const QDBusMessage& message);

private:
    QVariantMap serialized(const Popup& popup) const;
    void remove(PopupId id);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QString m_owner; ///< unique name of the portal; empty: not known
    uint m_version = 1;
    unsigned m_round = 0; ///< of portals; answers of one before are not looked at
    std::map<PopupId, Popup> m_open;
};

/// Whether this process runs in a sandbox of Flatpak or Snap, so that it must ask portals.
/// Source: Flatpak documentation, "Sandbox Permissions" (/.flatpak-info); Snapcraft documentation,
/// "Environment variables" (SNAP).
bool isInSandbox();

} // namespace watchfire::desktop
