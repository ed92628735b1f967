// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QFuture>
#include <QPromise>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace watchfire::ui::theme {

namespace {

const QString service = u"org.freedesktop.portal.Desktop"_s;
const QString path = u"/org/freedesktop/portal/desktop"_s;
const QString interface = u"org.freedesktop.portal.Settings"_s;
const QString appearance = u"org.freedesktop.appearance"_s;
const QString schemeKey = u"color-scheme"_s;
const QString contrastKey = u"contrast"_s;

bool sessionBusIsNamed()
{
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        || QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + u"/bus"_s);
}

/// Older portals wrap the value in a variant once more.
QVariant unwrapped(QVariant value)
{
    while (value.metaType() == QMetaType::fromType<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    return value;
}

} // namespace

PortalAppearance::PortalAppearance(QObject* parent)
    : QObject(parent)
{
}

PortalAppearance::~PortalAppearance() = default;

void PortalAppearance::start()
{
    if (!sessionBusIsNamed()) {
        return;
    }
    auto promise = std::make_shared<QPromise<QDBusConnection>>();
    QFuture<QDBusConnection> opened = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise] {
        promise->addResult(QDBusConnection::sessionBus());
        promise->finish();
    });
    opened.then(this, [this](const QDBusConnection& bus) {
        if (bus.isConnected()) {
            startOn(bus);
        }
    });
}

void PortalAppearance::startOn(const QDBusConnection& bus)
{
    QDBusConnection own(bus);
    own.connect(service, path, interface, u"SettingChanged"_s, this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    ask(bus, schemeKey);
    ask(bus, contrastKey);
}

void PortalAppearance::ask(const QDBusConnection& bus, const QString& key)
{
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, u"Read"_s);
    call << appearance << key;
    auto* const watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, key](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QDBusVariant> reply = *finished;
                if (reply.isValid()) {
                    take(key, reply.value().variant());
                }
                finished->deleteLater();
            });
}

void PortalAppearance::settingChanged(const QString& space, const QString& key,
                                      const QDBusVariant& value)
{
    if (space == appearance) {
        take(key, value.variant());
    }
}

void PortalAppearance::take(const QString& key, const QVariant& value)
{
    const uint number = unwrapped(value).toUInt();
    const auto schemeBefore = m_scheme;
    const auto contrastBefore = m_contrast;
    if (key == schemeKey) {
        m_scheme = number == 1 ? std::optional(Scheme::dark)
            : number == 2      ? std::optional(Scheme::light)
                               : std::nullopt;
    } else if (key == contrastKey) {
        m_contrast = number == 1 ? Contrast::high : Contrast::normal;
    }
    if (m_scheme != schemeBefore || m_contrast != contrastBefore) {
        emit changed();
    }
}

} // namespace watchfire::ui::theme
