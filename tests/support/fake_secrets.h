// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QMap>
#include <QString>
#include <QVariantMap>

namespace watchfire::tests {

/// A secret on the bus: session, parameters, value, content type.
struct WireSecret {
    QDBusObjectPath session;
    QByteArray parameters;
    QByteArray value;
    QString type;
};
using Attributes = QMap<QString, QString>;

inline QDBusArgument& operator<<(QDBusArgument& argument, const WireSecret& secret)
{
    argument.beginStructure();
    argument << secret.session << secret.parameters << secret.value << secret.type;
    argument.endStructure();
    return argument;
}
inline const QDBusArgument& operator>>(const QDBusArgument& argument, WireSecret& secret)
{
    argument.beginStructure();
    argument >> secret.session >> secret.parameters >> secret.value >> secret.type;
    argument.endStructure();
    return argument;
}

} // namespace watchfire::tests
Q_DECLARE_METATYPE(watchfire::tests::WireSecret)
Q_DECLARE_METATYPE(watchfire::tests::Attributes)

namespace watchfire::tests {

/// A secret service on the session bus: one collection, always open, sessions without encryption.
/// Needs a bus of its own (DBUS in watchfire_test); answers while the events of its thread are
/// handled.
/// Source: Secret Service API 0.2.
class FakeSecrets : public QDBusVirtualObject {
public:
    struct Item {
        Attributes attributes;
        QByteArray value;
        QString label;
    };
    QMap<QString, Item> items; ///< by path
    bool isLocked = false;
    bool isSilent = false;
    int asked = 0;

    bool start()
    {
        qDBusRegisterMetaType<WireSecret>();
        qDBusRegisterMetaType<Attributes>();
        qDBusRegisterMetaType<QMap<QDBusObjectPath, WireSecret>>();
        m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                              QStringLiteral("fake-secrets"));
        return m_bus.registerVirtualObject(root(), this, QDBusConnection::SubPath)
            && m_bus.registerService(name());
    }
    void stop()
    {
        m_bus.unregisterService(name());
        m_bus.unregisterObject(root(), QDBusConnection::UnregisterTree);
    }
    static QString name() { return QStringLiteral("org.freedesktop.secrets"); }

    QString introspect(const QString&) const override { return {}; }

    bool handleMessage(const QDBusMessage& message, const QDBusConnection& bus) override
    {
        ++asked;
        if (!isSilent) {
            bus.send(answer(message));
        }
        return true;
    }

private:
    static QString root() { return QStringLiteral("/org/freedesktop/secrets"); }
    static QDBusObjectPath none() { return QDBusObjectPath(QStringLiteral("/")); }

    QDBusMessage answer(const QDBusMessage& message)
    {
        const QString method = message.member();
        const QVariantList arguments = message.arguments();
        if (method == u"GetAll") {
            return message.createReply(QVariant::fromValue(QVariantMap()));
        }
        if (method == u"OpenSession") {
            if (arguments[0].toString() != u"plain") {
                return message.createErrorReply(QDBusError::NotSupported,
                                                QStringLiteral("only plain"));
            }
            return message.createReply(
                {QVariant::fromValue(QDBusVariant(QString())),
                 QVariant::fromValue(QDBusObjectPath(root() + QStringLiteral("/session/s1")))});
        }
        if (method == u"SearchItems") {
            return search(message);
        }
        if (method == u"Unlock") { // nobody is there to give the password
            return message.createReply(
                {QVariant::fromValue(QList<QDBusObjectPath>()), QVariant::fromValue(none())});
        }
        if (method == u"GetSecrets") {
            return secretsOf(message);
        }
        if (method == u"CreateItem") {
            return create(message);
        }
        if (method == u"Delete") {
            items.remove(message.path());
            return message.createReply(QVariant::fromValue(none()));
        }
        return message.createErrorReply(QDBusError::UnknownMethod, method);
    }

    QDBusMessage search(const QDBusMessage& message)
    {
        const auto wanted = qdbus_cast<Attributes>(message.arguments()[0]);
        QList<QDBusObjectPath> found;
        for (auto item = items.cbegin(); item != items.cend(); ++item) {
            bool matches = true;
            for (auto one = wanted.cbegin(); one != wanted.cend(); ++one) {
                matches = matches && item->attributes.value(one.key()) == one.value();
            }
            if (matches) {
                found << QDBusObjectPath(item.key());
            }
        }
        const QList<QDBusObjectPath> nothing;
        return message.createReply({QVariant::fromValue(isLocked ? nothing : found),
                                    QVariant::fromValue(isLocked ? found : nothing)});
    }

    QDBusMessage secretsOf(const QDBusMessage& message)
    {
        const auto paths = qdbus_cast<QList<QDBusObjectPath>>(message.arguments()[0]);
        const auto session = message.arguments()[1].value<QDBusObjectPath>();
        QMap<QDBusObjectPath, WireSecret> out;
        for (const QDBusObjectPath& path : paths) {
            out.insert(path,
                       {session, {}, items.value(path.path()).value, QStringLiteral("text/plain")});
        }
        return message.createReply(QVariant::fromValue(out));
    }

    QDBusMessage create(const QDBusMessage& message)
    {
        const auto properties = qdbus_cast<QVariantMap>(message.arguments()[0]);
        const auto secret = qdbus_cast<WireSecret>(message.arguments()[1]);
        Item item;
        item.attributes = qdbus_cast<Attributes>(
            properties.value(QStringLiteral("org.freedesktop.Secret.Item.Attributes")));
        item.label
            = properties.value(QStringLiteral("org.freedesktop.Secret.Item.Label")).toString();
        item.value = secret.value;
        QString path;
        for (auto known = items.cbegin(); known != items.cend(); ++known) {
            if (known->attributes == item.attributes) {
                path = known.key(); // replaces it
            }
        }
        if (path.isEmpty()) {
            path = root() + QStringLiteral("/collection/login/%1").arg(++m_last);
        }
        items.insert(path, item);
        return message.createReply(
            {QVariant::fromValue(QDBusObjectPath(path)), QVariant::fromValue(none())});
    }

    QDBusConnection m_bus = QDBusConnection(QString());
    int m_last = 0;
};

} // namespace watchfire::tests
