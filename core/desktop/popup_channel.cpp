// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/popup_channel.h"

#include <utility>

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace watchfire::desktop {

void PopupChannel::askOwner(const QDBusConnection& bus, const QString& service,
                            std::function<void(const QString&)> then)
{
    const QString name = QStringLiteral("org.freedesktop.DBus");
    QDBusMessage question = QDBusMessage::createMethodCall(
        name, QStringLiteral("/org/freedesktop/DBus"), name, QStringLiteral("GetNameOwner"));
    question << service;
    auto* const watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [then = std::move(then)](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QString> reply = *finished;
                finished->deleteLater();
                then(reply.isError() ? QString() : reply.value());
            });
}

} // namespace watchfire::desktop
