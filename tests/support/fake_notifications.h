// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace watchfire::tests {

/// One call of Notify, as a notification server sees it.
struct ShownPopup {
    uint id = 0;
    uint replaces = 0;
    QString summary;
    QString body;
    QStringList actions;
    QVariantMap hints;
    int timeout = 0;
};

/// A notification server on the session bus that records instead of showing. Needs a bus of
/// its own (DBUS in watchfire_test).
class FakeNotifications : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    QList<ShownPopup> shown;
    QList<uint> closed;
    QStringList capabilities{QStringLiteral("actions"), QStringLiteral("body")};

    bool start()
    {
        m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              QStringLiteral("fake-notifications"));
        return m_bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), this,
                                    QDBusConnection::ExportAllSlots
                                        | QDBusConnection::ExportAllSignals)
            && m_bus.registerService(QStringLiteral("org.freedesktop.Notifications"));
    }
    void stop()
    {
        m_bus.unregisterService(QStringLiteral("org.freedesktop.Notifications"));
        m_bus.unregisterObject(QStringLiteral("/org/freedesktop/Notifications"));
    }

public slots:
    QStringList GetCapabilities() { return capabilities; } // NOLINT: the names are D-Bus'
    uint Notify(const QString&, uint replaces, const QString&, const QString& summary, // NOLINT
                const QString& body, const QStringList& actions, const QVariantMap& hints,
                int timeout)
    {
        const uint id = replaces != 0 ? replaces : ++m_last;
        shown.append({id, replaces, summary, body, actions, hints, timeout});
        emit recorded();
        return id;
    }
    void CloseNotification(uint id) // NOLINT
    {
        closed.append(id);
        emit recorded();
        emit NotificationClosed(id, 3);
    }

signals:
    void ActionInvoked(uint id, const QString& action); // NOLINT
    void NotificationClosed(uint id, uint reason); // NOLINT
    void ActivationToken(uint id, const QString& token); // NOLINT
    void recorded();

private:
    QDBusConnection m_bus = QDBusConnection(QString());
    uint m_last = 0;
};

} // namespace watchfire::tests
