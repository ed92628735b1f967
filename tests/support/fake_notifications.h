// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QObject>
#include <QSet>
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
class FakeNotifications : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
    Q_PROPERTY(bool Inhibited READ isInhibited)
public:
    QList<ShownPopup> shown;
    QList<uint> closed;
    QStringList capabilities{QStringLiteral("actions"), QStringLiteral("body")};
    int refusals = 0; ///< of the next popups

    bool start()
    {
        m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              QStringLiteral("fake-notifications"));
        return m_bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), this,
                                    QDBusConnection::ExportAllSlots
                                        | QDBusConnection::ExportAllSignals
                                        | QDBusConnection::ExportAllProperties)
            && m_bus.registerService(QStringLiteral("org.freedesktop.Notifications"));
    }
    void stop()
    {
        m_open.clear();
        m_bus.unregisterService(QStringLiteral("org.freedesktop.Notifications"));
        m_bus.unregisterObject(QStringLiteral("/org/freedesktop/Notifications"));
    }

    bool isInhibited() const { return m_isInhibited; }
    /// Before the start, or with the news of it.
    void setInhibited(bool isInhibited)
    {
        m_isInhibited = isInhibited;
        QDBusMessage news = QDBusMessage::createSignal(
            QStringLiteral("/org/freedesktop/Notifications"),
            QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("PropertiesChanged"));
        news << QStringLiteral("org.freedesktop.Notifications")
             << QVariantMap{{QStringLiteral("Inhibited"), isInhibited}} << QStringList();
        m_bus.send(news);
    }
    /// Ids that are on the screen now.
    QSet<uint> open() const { return m_open; }
    /// Most that ever were at one time.
    qsizetype mostOpen() const { return m_mostOpen; }
    /// As a person closes one, or its time is over.
    void end(uint id, uint reason)
    {
        m_open.remove(id);
        emit NotificationClosed(id, reason);
    }

public slots:
    QStringList GetCapabilities() { return capabilities; } // NOLINT: the names are D-Bus'
    uint Notify(const QString&, uint replaces, const QString&, const QString& summary, // NOLINT
                const QString& body, const QStringList& actions, const QVariantMap& hints,
                int timeout)
    {
        if (refusals > 0) {
            --refusals;
            sendErrorReply(QDBusError::LimitsExceeded, QStringLiteral("too many"));
            return 0;
        }
        const uint id = replaces != 0 ? replaces : ++m_last;
        m_open.insert(id);
        m_mostOpen = std::max(m_mostOpen, m_open.size());
        shown.append({id, replaces, summary, body, actions, hints, timeout});
        emit recorded();
        return id;
    }
    void CloseNotification(uint id) // NOLINT
    {
        closed.append(id);
        m_open.remove(id);
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
    QSet<uint> m_open;
    qsizetype m_mostOpen = 0;
    bool m_isInhibited = false;
};

} // namespace watchfire::tests
