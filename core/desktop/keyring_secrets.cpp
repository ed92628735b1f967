// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/keyring_secrets.h"

#include <format>
#include <memory>
#include <stop_token>
#include <utility>

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <qt6keychain/keychain.h>

namespace watchfire::desktop {

using namespace Qt::StringLiterals;

namespace {

Error errorOf(const QKeychain::Job& job, const std::string& key)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {ErrorKind::notFound, std::format("the keyring has no secret {}", key)};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {ErrorKind::unavailable, "the keyring was not unlocked"};
    case QKeychain::NoBackendAvailable:
        return {ErrorKind::unavailable, "there is no keyring on this desktop"};
    default:
        return {ErrorKind::io, std::format("the keyring: {}", job.errorString().toStdString())};
    }
}

} // namespace

KeyringSecrets::KeyringSecrets(QString service)
    : m_service(std::move(service))
    , m_context(new QObject)
{
    m_thread.setObjectName(u"keyring"_s);
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

KeyringSecrets::~KeyringSecrets()
{
    m_thread.quit();
    m_thread.wait();
}

bool KeyringSecrets::isAvailable()
{
    static const QString name = u"org.freedesktop.secrets"_s;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return false;
    }
    QDBusConnectionInterface* const interface = bus.interface();
    if (interface->isServiceRegistered(name)) {
        return true;
    }
    const QDBusReply<QStringList> startable = interface->activatableServiceNames();
    return startable.isValid() && startable.value().contains(name);
}

Ticket KeyringSecrets::read(std::string key, Reply<Secret> reply)
{
    std::stop_source source;
    auto kept = std::make_shared<Reply<Secret>>(std::move(reply));
    QMetaObject::invokeMethod(
        m_context,
        [this, key = std::move(key), kept, token = source.get_token()] {
            auto* const job = new QKeychain::ReadPasswordJob(m_service, m_context);
            job->setKey(QString::fromStdString(key));
            QObject::connect(job, &QKeychain::Job::finished, m_context, [job, key, kept, token] {
                if (token.stop_requested()) {
                    return;
                }
                if (job->error() != QKeychain::NoError) {
                    (*kept)(std::unexpected(errorOf(*job, key)));
                } else {
                    (*kept)(Secret(job->textData().toStdString()));
                }
            });
            job->start();
        },
        Qt::QueuedConnection);
    return Ticket(std::move(source));
}

Ticket KeyringSecrets::write(std::string key, Secret secret, Reply<void> reply)
{
    std::stop_source source;
    auto kept = std::make_shared<Reply<void>>(std::move(reply));
    QMetaObject::invokeMethod(
        m_context,
        [this, key = std::move(key), secret = std::move(secret), kept, token = source.get_token()] {
            QKeychain::Job* job = nullptr;
            if (secret.empty()) {
                job = new QKeychain::DeletePasswordJob(m_service, m_context);
            } else {
                auto* const write = new QKeychain::WritePasswordJob(m_service, m_context);
                write->setTextData(QString::fromStdString(secret.reveal()));
                job = write;
            }
            job->setKey(QString::fromStdString(key));
            QObject::connect(job, &QKeychain::Job::finished, m_context,
                             [job, key, kept, token, removes = secret.empty()] {
                                 if (token.stop_requested()) {
                                     return;
                                 }
                                 const bool isFine = job->error() == QKeychain::NoError
                                     || (removes && job->error() == QKeychain::EntryNotFound);
                                 if (isFine) {
                                     (*kept)(Result<void>());
                                 } else {
                                     (*kept)(std::unexpected(errorOf(*job, key)));
                                 }
                             });
            job->start();
        },
        Qt::QueuedConnection);
    return Ticket(std::move(source));
}

} // namespace watchfire::desktop
