// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace watchfire::tests {

/// A service on one interface of one machine.
struct AnnouncedService {
    int interface = 2;
    QString name;
    QString type = QStringLiteral("_prometheus-http._tcp");
    QString host;
    QString address; ///< empty: it does not answer any more
    quint16 port = 0;
    QByteArrayList txt;
};

/// Avahi on the session bus, as far as a browser uses it. Needs a bus of its own (DBUS in
/// watchfire_test); answers while the events of its thread are handled.
/// Source: Avahi's D-Bus interfaces org.freedesktop.Avahi.Server and .ServiceBrowser.
class FakeAvahi : public QDBusVirtualObject {
public:
    QList<AnnouncedService> announced;
    QStringList open; ///< browsers that are not freed
    bool saysAll = true; ///< ends a browser's first round
    bool speaksFirst = false; ///< tells of services before it tells the browser's path
    QString failure; ///< a browser tells this instead

    bool start()
    {
        qDBusRegisterMetaType<QByteArrayList>();
        m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              QStringLiteral("fake-avahi"));
        return m_bus.registerVirtualObject(QStringLiteral("/"), this, QDBusConnection::SubPath)
            && m_bus.registerService(name());
    }
    void stop()
    {
        m_bus.unregisterService(name());
        m_bus.unregisterObject(QStringLiteral("/"), QDBusConnection::UnregisterTree);
    }

    QString introspect(const QString&) const override { return {}; }

    bool handleMessage(const QDBusMessage& message, const QDBusConnection& bus) override
    {
        if (message.member() == u"ServiceBrowserNew") {
            browse(message, bus);
        } else if (message.member() == u"ResolveService") {
            bus.send(resolve(message));
        } else if (message.member() == u"Free") {
            open.removeAll(message.path());
            bus.send(message.createReply());
        } else {
            return false;
        }
        return true;
    }

private:
    static QString name() { return QStringLiteral("org.freedesktop.Avahi"); }

    void browse(const QDBusMessage& message, const QDBusConnection& bus)
    {
        const QString type = message.arguments().value(2).toString();
        if (!type.endsWith(u"._tcp") && !type.endsWith(u"._udp")) {
            bus.send(message.createErrorReply(
                QStringLiteral("org.freedesktop.Avahi.InvalidServiceTypeError"),
                QStringLiteral("Invalid service type")));
            return;
        }
        const QString path = QStringLiteral("/Client1/ServiceBrowser%1").arg(++m_last);
        open << path;
        const QDBusMessage reply = message.createReply(QVariant::fromValue(QDBusObjectPath(path)));
        if (!speaksFirst) {
            bus.send(reply);
        }
        if (!failure.isEmpty()) {
            signal(path, QStringLiteral("Failure"), {failure});
        }
        for (const AnnouncedService& service : announced) {
            if (service.type == type) {
                signal(path, QStringLiteral("ItemNew"),
                       {service.interface, 0, service.name, service.type, QStringLiteral("local"),
                        4U});
            }
        }
        if (saysAll && failure.isEmpty()) {
            signal(path, QStringLiteral("AllForNow"), {});
        }
        if (speaksFirst) {
            bus.send(reply);
        }
    }

    void signal(const QString& path, const QString& member, const QVariantList& arguments)
    {
        QDBusMessage message = QDBusMessage::createSignal(
            path, QStringLiteral("org.freedesktop.Avahi.ServiceBrowser"), member);
        message.setArguments(arguments);
        m_bus.send(message);
    }

    QDBusMessage resolve(const QDBusMessage& message) const
    {
        const QVariantList asked = message.arguments();
        for (const AnnouncedService& service : announced) {
            if (service.name == asked.value(2).toString()
                && service.interface == asked.value(0).toInt() && !service.address.isEmpty()) {
                return message.createReply({service.interface, 0, service.name, service.type,
                                            QStringLiteral("local"), service.host, 0,
                                            service.address, QVariant::fromValue(service.port),
                                            QVariant::fromValue(service.txt), 0U});
            }
        }
        return message.createErrorReply(QStringLiteral("org.freedesktop.Avahi.TimeoutError"),
                                        QStringLiteral("Timeout reached"));
    }

    QDBusConnection m_bus = QDBusConnection(QString());
    int m_last = 0;
};

} // namespace watchfire::tests
