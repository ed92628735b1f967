// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QHash>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace watchfire::tests {

/// A desktop portal on the session bus that records notifications. Needs a bus of its own (DBUS in
/// watchfire_test).
class FakePortal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Notification")
    Q_PROPERTY(uint version READ version CONSTANT)
public:
    /// One notification as it was handed over.
    struct Added {
        QString id;
        QVariantMap values;
        QList<QVariantMap> buttons;
    };
    QList<Added> added;
    QStringList removed;

    explicit FakePortal(uint version)
        : m_version(version)
    {
        qDBusRegisterMetaType<QList<QVariantMap>>();
    }

    bool start()
    {
        m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              QStringLiteral("fake-portal"));
        return m_bus.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), this,
                                    QDBusConnection::ExportAllSlots
                                        | QDBusConnection::ExportAllSignals
                                        | QDBusConnection::ExportAllProperties)
            && m_bus.registerService(QStringLiteral("org.freedesktop.portal.Desktop"));
    }
    void stop()
    {
        m_bus.unregisterService(QStringLiteral("org.freedesktop.portal.Desktop"));
        m_bus.unregisterObject(QStringLiteral("/org/freedesktop/portal/desktop"));
    }
    uint version() const { return m_version; }
    /// As the desktop tells of an action since version 2: with data of the platform.
    void invoke(const QString& id, const QString& action, const QString& token)
    {
        emit ActionInvoked(
            id, action,
            {QVariant::fromValue(QVariantMap{{QStringLiteral("activation-token"), token}})});
    }

public slots:
    void AddNotification(const QString& id, const QVariantMap& notification) // NOLINT: D-Bus' names
    {
        Added one{id, notification, {}};
        one.buttons = qdbus_cast<QList<QVariantMap>>(
            notification.value(QStringLiteral("buttons")).value<QDBusArgument>());
        added.append(one);
    }
    void RemoveNotification(const QString& id) { removed << id; } // NOLINT

signals:
    void ActionInvoked(const QString& id, const QString& action, // NOLINT
                       const QVariantList& parameter);

private:
    QDBusConnection m_bus = QDBusConnection(QString());
    uint m_version;
};

} // namespace watchfire::tests
