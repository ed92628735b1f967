// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/freedesktop_popups.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QDBusArgument>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QVariantMap>

namespace watchfire::desktop {

namespace {

using namespace Qt::StringLiterals;

const QString service = u"org.freedesktop.Notifications"_s;
const QString path = u"/org/freedesktop/Notifications"_s;
const QString properties = u"org.freedesktop.DBus.Properties"_s;

/// A service may have to be started first; one that does not answer in that time does not show
/// popups either.
constexpr std::chrono::milliseconds patience = std::chrono::seconds(8);

QDBusMessage call(const QString& method, const QVariantList& arguments = {},
                  const QString& interface = service)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return message;
}

} // namespace

FreedesktopPopups::FreedesktopPopups(QDBusConnection bus, QObject* parent)
    : PopupChannel(parent)
    , m_bus(std::move(bus))
    , m_watcher(service, m_bus, QDBusServiceWatcher::WatchForOwnerChange)
{
    const auto listen = [this](const QString& interface, const QString& name, const char* slot) {
        m_bus.connect(QString(), path, interface, name, this, slot);
    };
    listen(service, u"ActionInvoked"_s, SLOT(onActionInvoked(QDBusMessage)));
    listen(service, u"NotificationClosed"_s, SLOT(onClosed(QDBusMessage)));
    listen(service, u"ActivationToken"_s, SLOT(onActivationToken(QDBusMessage)));
    listen(properties, u"PropertiesChanged"_s, SLOT(onPropertiesChanged(QDBusMessage)));
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString&, const QString&, const QString& owner) { ownerChanged(owner); });
}

FreedesktopPopups::~FreedesktopPopups()
{
    for (const auto& [id, open] : m_open) {
        closeAtService(open.id);
    }
}

void FreedesktopPopups::ownerChanged(const QString& owner)
{
    if (!m_owner.isEmpty() && owner == m_owner) {
        return; // its answer was quicker than the news of it
    }
    ++m_round;
    m_owner = owner;
    m_open.clear();
    emit lost(!owner.isEmpty());
    if (owner.isEmpty()) {
        tellInhibited(false); // by whoever is there next, perhaps
    }
}

void FreedesktopPopups::look()
{
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"GetCapabilities"_s), int(patience.count())), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, round = m_round](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QStringList> reply = *finished;
                finished->deleteLater();
                if (round != m_round) {
                    return; // another look is under way, at whoever is there now
                }
                if (reply.isError()) {
                    tellInhibited(false);
                    emit found(false);
                    return;
                }
                m_capabilities = reply.value();
                readOwner();
            });
}

/// After what it can do, who it is.
void FreedesktopPopups::readOwner()
{
    askOwner(m_bus, service, [this, round = m_round](const QString& owner) {
        if (round == m_round) {
            m_owner = owner;
            readInhibited(true);
        }
    });
}

/// `isLooking`: this is the last question of a look.
void FreedesktopPopups::readInhibited(bool isLooking)
{
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"Get"_s, {service, u"Inhibited"_s}, properties),
                        int(patience.count())),
        this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, isLooking, round = m_round](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QDBusVariant> reply = *finished;
                finished->deleteLater();
                if (round != m_round) {
                    return;
                }
                // Most services have no such property.
                tellInhibited(!reply.isError() && reply.value().variant().toBool());
                if (isLooking) {
                    emit found(true);
                }
            });
}

void FreedesktopPopups::tellInhibited(bool isInhibited)
{
    if (std::exchange(m_isInhibited, isInhibited) != isInhibited) {
        emit inhibitedChanged(isInhibited);
    }
}

void FreedesktopPopups::onPropertiesChanged(const QDBusMessage& message)
{
    // interface, changed values, names of others that changed
    const QVariantList values = message.arguments();
    if (message.service() != m_owner || values.size() != 3 || values[0].toString() != service) {
        return;
    }
    const auto changed = qdbus_cast<QVariantMap>(values[1]);
    if (const auto inhibited = changed.constFind(u"Inhibited"_s); inhibited != changed.cend()) {
        tellInhibited(inhibited->toBool());
    } else if (values[2].toStringList().contains(u"Inhibited"_s)) {
        readInhibited(false);
    }
}

void FreedesktopPopups::post(PopupId id, const Popup& popup)
{
    Open& open = m_open[id];
    open.popup = popup;
    open.isClosing = false;
    if (open.isUnderWay) {
        open.isChanged = true;
    } else {
        send(id);
    }
}

void FreedesktopPopups::send(PopupId id)
{
    Open& open = m_open.at(id);
    const Popup& popup = open.popup;
    QStringList actions;
    if (m_capabilities.contains(u"actions"_s)) {
        actions << u"default"_s << tr("Show");
        if (popup.canSilence) {
            actions << u"silence"_s << tr("Silence 1 h");
        }
        if (popup.canSnooze) {
            actions << u"snooze"_s << tr("Snooze 15 min");
        }
    }
    const bool readsMarkup = m_capabilities.contains(u"body-markup"_s);
    const int timeout = popup.urgency == 2 ? 0 : -1; // milliseconds; 0: none, -1: the service's own
    open.isUnderWay = true;
    open.isChanged = false;
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"Notify"_s,
                             {u"Watchfire"_s, open.id, u"watchfire"_s, popup.text.summary,
                              readsMarkup ? popup.text.body.toHtmlEscaped() : popup.text.body,
                              actions, hintsOf(popup), timeout}),
                        int(patience.count())),
        this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, id, round = m_round](QDBusPendingCallWatcher* finished) {
                finished->deleteLater();
                if (round == m_round) {
                    answered(id, finished->reply());
                }
            });
}

QVariantMap FreedesktopPopups::hintsOf(const Popup& popup) const
{
    QVariantMap hints{{u"urgency"_s, QVariant::fromValue<uchar>(popup.urgency)},
                      {u"desktop-entry"_s, u"watchfire"_s},
                      {u"category"_s, u"device.error"_s}};
    if (popup.urgency == 2) {
        hints.insert(u"resident"_s, true);
    }
    if (popup.isResolved) {
        hints.insert(u"transient"_s, true);
    }
    if (popup.isQuiet || sound() == PopupSound::none) {
        hints.insert(u"suppress-sound"_s, true);
    } else if (sound() == PopupSound::severity && m_capabilities.contains(u"sound"_s)) {
        hints.insert(u"sound-name"_s, soundOf(popup.urgency));
    }
    return hints;
}

void FreedesktopPopups::answered(PopupId id, const QDBusMessage& reply)
{
    const auto found = m_open.find(id);
    if (found == m_open.end()) {
        return;
    }
    if (reply.type() != QDBusMessage::ReplyMessage) {
        // All of them are seen elsewhere from now on.
        for (const auto& [other, open] : std::exchange(m_open, {})) {
            closeAtService(open.id);
        }
        ++m_round;
        emit failed(reply.errorMessage());
        return;
    }
    Open& open = found->second;
    open.isUnderWay = false;
    open.id = reply.arguments().value(0).toUInt();
    if (open.isClosing) {
        close(id);
    } else if (open.isChanged) {
        send(id);
    }
}

void FreedesktopPopups::close(PopupId id)
{
    const auto found = m_open.find(id);
    if (found == m_open.end()) {
        return;
    }
    if (found->second.isUnderWay) {
        found->second.isClosing = true;
        return;
    }
    closeAtService(found->second.id);
    m_open.erase(found);
}

void FreedesktopPopups::closeAtService(uint id)
{
    if (id != 0) {
        QDBusMessage message = call(u"CloseNotification"_s, {id});
        message.setAutoStartService(false);
        m_bus.send(message);
    }
}

std::optional<PopupId> FreedesktopPopups::popupOf(uint id) const
{
    const auto found = std::ranges::find_if(
        m_open, [id](const auto& entry) { return id != 0 && entry.second.id == id; });
    return found == m_open.end() ? std::nullopt : std::optional(found->first);
}

void FreedesktopPopups::onActivationToken(const QDBusMessage& message)
{
    const QVariantList values = message.arguments(); // id, token
    if (const auto id = popupOf(values.value(0).toUInt()); id && message.service() == m_owner) {
        m_open.at(*id).token = values.value(1).toString();
    }
}

void FreedesktopPopups::onActionInvoked(const QDBusMessage& message)
{
    const QVariantList values = message.arguments(); // id, action
    const auto id = popupOf(values.value(0).toUInt());
    if (!id || message.service() != m_owner) {
        return;
    }
    const QString token = std::exchange(m_open.at(*id).token, {}); // good for one activation
    const QString action = values.value(1).toString();
    if (action == u"default") {
        emit acted(*id, NotificationAction::show, token);
    } else if (action == u"silence") {
        emit acted(*id, NotificationAction::silence1h, token);
    } else if (action == u"snooze") {
        emit acted(*id, NotificationAction::snooze15m, token);
    }
}

void FreedesktopPopups::onClosed(const QDBusMessage& message)
{
    const QVariantList values = message.arguments(); // id, reason
    const auto id = popupOf(values.value(0).toUInt());
    // One that is being changed comes again with that.
    if (!id || message.service() != m_owner || m_open.at(*id).isUnderWay) {
        return;
    }
    m_open.erase(*id);
    constexpr uint dismissedByUser = 2;
    emit ended(
        *id, values.value(1).toUInt() == dismissedByUser ? PopupEnd::dismissed : PopupEnd::expired);
}

} // namespace watchfire::desktop
