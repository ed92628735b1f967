// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/portal_popups.h"

#include <chrono>
#include <utility>

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QVariantMap>

namespace watchfire::desktop {

namespace {

using namespace Qt::StringLiterals;

const QString service = u"org.freedesktop.portal.Desktop"_s;
const QString path = u"/org/freedesktop/portal/desktop"_s;
const QString portal = u"org.freedesktop.portal.Notification"_s;

constexpr std::chrono::milliseconds patience = std::chrono::seconds(8);

QDBusMessage call(const QString& interface, const QString& method, const QVariantList& arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return message;
}

const QString namesBegin = u"popup-"_s;

QString nameOf(PopupId id)
{
    return namesBegin + QString::number(id);
}

std::optional<PopupId> idOf(const QString& name)
{
    bool isNumber = false;
    const PopupId id = QStringView(name).mid(namesBegin.size()).toULongLong(&isNumber);
    return name.startsWith(namesBegin) && isNumber ? std::optional(id) : std::nullopt;
}

QString priorityOf(const Popup& popup)
{
    return popup.urgency == 2 ? u"urgent"_s : popup.urgency == 1 ? u"normal"_s : u"low"_s;
}

/// Of what comes with an action since version 2: the target, then data of the platform.
QString tokenIn(const QVariant& parameters)
{
    const auto values = qdbus_cast<QVariantList>(parameters);
    for (const QVariant& value : values) {
        if (value.metaType() == QMetaType::fromType<QDBusArgument>()) {
            const auto argument = value.value<QDBusArgument>();
            if (argument.currentSignature() == u"a{sv}") {
                const auto data = qdbus_cast<QVariantMap>(argument);
                return data.value(u"activation-token"_s).toString();
            }
        }
    }
    return {};
}

} // namespace

bool isInSandbox()
{
    return QFile::exists(u"/.flatpak-info"_s) || qEnvironmentVariableIsSet("SNAP");
}

PortalPopups::PortalPopups(QDBusConnection bus, QObject* parent)
    : PopupChannel(parent)
    , m_bus(std::move(bus))
    , m_watcher(service, m_bus, QDBusServiceWatcher::WatchForOwnerChange)
{
    qDBusRegisterMetaType<QList<QVariantMap>>();
    m_bus.connect(QString(), path, portal, u"ActionInvoked"_s, this,
                  SLOT(onActionInvoked(QDBusMessage)));
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString&, const QString&, const QString& owner) {
                if (m_owner.isEmpty() || owner != m_owner) {
                    ++m_round;
                    m_owner = owner;
                    m_open.clear();
                    emit lost(!owner.isEmpty());
                }
            });
}

PortalPopups::~PortalPopups()
{
    for (const auto& [id, popup] : m_open) {
        remove(id);
    }
}

void PortalPopups::look()
{
    auto* const watcher
        = new QDBusPendingCallWatcher(m_bus.asyncCall(call(u"org.freedesktop.DBus.Properties"_s,
                                                           u"Get"_s, {portal, u"version"_s}),
                                                      int(patience.count())),
                                      this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, round = m_round](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QDBusVariant> reply = *finished;
                finished->deleteLater();
                if (round != m_round) {
                    return; // another look is under way, at whoever is there now
                }
                if (reply.isError()) {
                    emit found(false);
                    return;
                }
                m_version = reply.value().variant().toUInt();
                askOwner(m_bus, service, [this, round](const QString& owner) {
                    if (round == m_round) {
                        m_owner = owner;
                        emit found(true);
                    }
                });
            });
}

void PortalPopups::post(PopupId id, const Popup& popup)
{
    m_open.insert_or_assign(id, popup);
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(portal, u"AddNotification"_s, {nameOf(id), serialized(popup)}),
                        int(patience.count())),
        this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, round = m_round](QDBusPendingCallWatcher* finished) {
                finished->deleteLater();
                if (finished->isError() && round == m_round) {
                    // All of them are seen elsewhere from now on.
                    for (const auto& [open, shown] : std::exchange(m_open, {})) {
                        remove(open);
                    }
                    ++m_round;
                    emit failed(finished->error().message());
                }
            });
}

QVariantMap PortalPopups::serialized(const Popup& popup) const
{
    QList<QVariantMap> buttons;
    if (popup.canSilence) {
        buttons.append({{u"label"_s, tr("Silence 1 h")}, {u"action"_s, u"silence"_s}});
    }
    if (popup.canSnooze) {
        buttons.append({{u"label"_s, tr("Snooze 15 min")}, {u"action"_s, u"snooze"_s}});
    }
    QVariantMap out{{u"title"_s, popup.text.summary},
                    {u"body"_s, popup.text.body},
                    {u"priority"_s, priorityOf(popup)},
                    {u"default-action"_s, u"show"_s},
                    {u"buttons"_s, QVariant::fromValue(buttons)}};
    if (m_version >= 2) {
        if (popup.isQuiet || sound() == PopupSound::none) {
            out.insert(u"sound"_s, u"silent"_s);
        }
        if (popup.isResolved) {
            out.insert(u"display-hint"_s, QStringList{u"transient"_s});
        } else if (popup.urgency == 2) {
            out.insert(u"display-hint"_s, QStringList{u"persistent"_s});
        }
    }
    return out;
}

void PortalPopups::close(PopupId id)
{
    if (m_open.erase(id) > 0) {
        remove(id);
    }
}

void PortalPopups::remove(PopupId id)
{
    QDBusMessage message = call(portal, u"RemoveNotification"_s, {nameOf(id)});
    message.setAutoStartService(false);
    m_bus.send(message);
}

void PortalPopups::onActionInvoked(const QDBusMessage& message)
{
    const QVariantList values = message.arguments(); // name, action, parameters
    const auto id = idOf(values.value(0).toString());
    if (!id || !m_open.contains(*id) || message.service() != m_owner) {
        return;
    }
    const QString action = values.value(1).toString();
    const QString token = tokenIn(values.value(2));
    if (action == u"show") {
        emit acted(*id, NotificationAction::show, token);
        // The desktop has taken it away, or not; a portal does not say.
        close(*id);
        emit ended(*id, PopupEnd::dismissed);
    } else if (action == u"silence") {
        emit acted(*id, NotificationAction::silence1h, token);
    } else if (action == u"snooze") {
        emit acted(*id, NotificationAction::snooze15m, token);
    }
}

} // namespace watchfire::desktop
