// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/notifier.h"

#include "core/base/log.h"
#include "core/desktop/popup_text.h"

#include <chrono>
#include <utility>

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QMetaObject>
#include <QTimer>
#include <QVariantMap>

namespace watchfire::desktop {

namespace {

using namespace Qt::StringLiterals;

const QString service = u"org.freedesktop.Notifications"_s;
const QString path = u"/org/freedesktop/Notifications"_s;

constexpr auto resolvedShownFor = std::chrono::seconds(5);

QDBusMessage call(const QString& method)
{
    return QDBusMessage::createMethodCall(service, path, service, method);
}

} // namespace

DesktopNotifier::DesktopNotifier(QDBusConnection bus, NotificationActed acted, QObject* parent)
    : QObject(parent)
    , m_bus(std::move(bus))
    , m_acted(std::move(acted))
    , m_watcher(
          new QDBusServiceWatcher(service, m_bus, QDBusServiceWatcher::WatchForOwnerChange, this))
{
    m_bus.connect(service, path, service, u"ActionInvoked"_s, this,
                  SLOT(onActionInvoked(uint, QString)));
    m_bus.connect(service, path, service, u"NotificationClosed"_s, this,
                  SLOT(onClosed(uint, uint)));
    m_bus.connect(service, path, service, u"ActivationToken"_s, this,
                  SLOT(onActivationToken(uint, QString)));
    connect(m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString&, const QString&, const QString& owner) {
                // Another server knows nothing of the popups of the one before. Those that it has
                // not answered for, or that still wait, are not among them.
                const auto groups = m_popups.keys();
                for (const std::string& group : groups) {
                    Popup& popup = m_popups[group];
                    if (popup.id != 0 && !popup.underWay) {
                        m_popups.remove(group);
                    } else {
                        popup.id = 0;
                    }
                }
                if (!owner.isEmpty()) {
                    readCapabilities();
                }
            });
    m_mute.setSingleShot(true);
    connect(&m_mute, &QTimer::timeout, this, &DesktopNotifier::sendWaiting);
    readCapabilities();
}

DesktopNotifier::~DesktopNotifier() = default;

void DesktopNotifier::readCapabilities()
{
    auto* const watcher
        = new QDBusPendingCallWatcher(m_bus.asyncCall(call(u"GetCapabilities"_s)), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QStringList> reply = *finished;
                m_capabilities = reply.isError() ? QStringList() : reply.value();
                finished->deleteLater();
                m_ready = true;
                if (!m_mute.isActive()) {
                    sendWaiting();
                }
            });
}

void DesktopNotifier::sendWaiting()
{
    const auto groups = m_popups.keys();
    for (const std::string& group : groups) {
        const Popup& popup = m_popups[group];
        if (popup.id != 0 || popup.underWay) {
            continue;
        }
        if (popup.notification.isResolved()) {
            m_popups.remove(group); // it came and went unseen
        } else {
            send(group);
        }
    }
}

void DesktopNotifier::mute(std::chrono::minutes span)
{
    if (span.count() > 0) {
        m_mute.start(span);
    } else {
        m_mute.stop();
        sendWaiting();
    }
}

void DesktopNotifier::show(const Notification& notification)
{
    QMetaObject::invokeMethod(
        this, [this, notification] { showHere(notification); }, Qt::QueuedConnection);
}

void DesktopNotifier::withdraw(std::string_view groupKey)
{
    QMetaObject::invokeMethod(
        this, [this, key = std::string(groupKey)] { closeHere(key); }, Qt::QueuedConnection);
}

void DesktopNotifier::showHere(const Notification& notification)
{
    Popup& popup = m_popups[notification.groupKey];
    popup.notification = notification;
    popup.close = false;
    if (popup.underWay) {
        popup.renew = true;
    } else if (m_ready && !m_mute.isActive()) {
        send(notification.groupKey);
    }
}

void DesktopNotifier::send(const std::string& groupKey)
{
    Popup& popup = m_popups[groupKey];
    const Notification& notification = popup.notification;
    const PopupText text = popupText(notification, m_capabilities.contains(u"body-markup"_s));
    const unsigned char urgency = urgencyOf(notification);
    QVariantMap hints{{u"urgency"_s, QVariant::fromValue<uchar>(urgency)},
                      {u"desktop-entry"_s, u"watchfire"_s},
                      {u"category"_s, u"device.error"_s}};
    QStringList actions;
    if (m_capabilities.contains(u"actions"_s)) {
        actions << u"default"_s << tr("Show");
        if (!notification.isResolved()) {
            actions << u"silence"_s << tr("Silence 1 h") << u"snooze"_s << tr("Snooze 15 min");
        }
    }
    int timeout = -1;
    if (urgency == 2) {
        hints.insert(u"resident"_s, true);
        timeout = 0;
    }
    QDBusMessage message = call(u"Notify"_s);
    message.setArguments({u"Watchfire"_s, popup.id, u"watchfire"_s, text.summary, text.body,
                          actions, hints, timeout});
    popup.underWay = true;
    popup.renew = false;
    auto* const watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, groupKey](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<uint> reply = *finished;
                finished->deleteLater();
                if (reply.isError()) {
                    const Notification lost = m_popups.take(groupKey).notification;
                    log(LogLevel::warning, "desktop", "no popup for {}: {}", lost.groupKey,
                        reply.error().message().toStdString());
                    emit undelivered(lost);
                    return;
                }
                answered(groupKey, reply.value());
            });
}

void DesktopNotifier::answered(const std::string& groupKey, uint id)
{
    const auto found = m_popups.find(groupKey);
    if (found == m_popups.end()) {
        return;
    }
    found->underWay = false;
    found->id = id;
    if (found->close) {
        closeHere(groupKey);
    } else if (found->renew) {
        send(groupKey);
    } else if (found->notification.isResolved()) {
        QTimer::singleShot(resolvedShownFor, this, [this, groupKey, id] {
            const auto popup = m_popups.find(groupKey);
            if (popup != m_popups.end() && popup->id == id && popup->notification.isResolved()) {
                closeHere(groupKey);
            }
        });
    }
}

void DesktopNotifier::closeHere(const std::string& groupKey)
{
    const auto found = m_popups.find(groupKey);
    if (found == m_popups.end()) {
        return;
    }
    if (found->underWay) {
        found->close = true;
        return;
    }
    if (found->id != 0) {
        QDBusMessage message = call(u"CloseNotification"_s);
        message.setArguments({found->id});
        m_bus.asyncCall(message);
    }
    m_popups.erase(found);
}

std::string DesktopNotifier::groupOf(uint id) const
{
    for (auto popup = m_popups.begin(); popup != m_popups.end(); ++popup) {
        if (popup->id == id && id != 0) {
            return popup.key();
        }
    }
    return {};
}

void DesktopNotifier::onActivationToken(uint id, const QString& token)
{
    if (const std::string group = groupOf(id); !group.empty()) {
        m_popups[group].token = token;
    }
}

void DesktopNotifier::onActionInvoked(uint id, const QString& action)
{
    const std::string group = groupOf(id);
    if (group.empty()) {
        return;
    }
    const Popup popup = m_popups.value(group);
    NotificationAction what = NotificationAction::show;
    if (action == u"silence") {
        what = NotificationAction::silence1h;
    } else if (action == u"snooze") {
        what = NotificationAction::snooze15m;
    }
    if (what != NotificationAction::show) {
        closeHere(group); // resident popups would stay
    }
    m_acted(popup.notification, what, popup.token.toStdString());
}

void DesktopNotifier::onClosed(uint id, uint reason)
{
    const std::string group = groupOf(id);
    if (group.empty()) {
        return;
    }
    const Popup popup = m_popups.take(group);
    constexpr uint dismissedByUser = 2;
    if (reason == dismissedByUser) {
        m_acted(popup.notification, NotificationAction::dismissed, {});
    }
}

} // namespace watchfire::desktop
