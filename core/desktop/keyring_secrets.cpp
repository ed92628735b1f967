// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/keyring_secrets.h"

#include <atomic>
#include <cstdint>
#include <format>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QMetaObject>
#include <QObject>
#include <QStringList>
#include <QThread>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace watchfire::desktop {

namespace {

using namespace Qt::StringLiterals;

const QStringList keyrings{u"org.freedesktop.secrets"_s, u"org.kde.kwalletd6"_s,
                           u"org.kde.kwalletd5"_s};

Error asError(const QKeychain::Job& job)
{
    const std::string key = job.key().toStdString();
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {ErrorKind::notFound, std::format("no secret is kept for {}", key)};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {ErrorKind::unavailable, "no keyring answers"};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {ErrorKind::unavailable, "the keyring is locked"};
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    return {ErrorKind::io, std::format("the keyring: {}", job.errorString().toStdString())};
}

} // namespace

/// The thread that QtKeychain's jobs live on.
class KeyringSecrets::Desk {
public:
    /// What becomes of a job: called with it when it is done, or with nothing when it took too
    /// long.
    using Done = std::move_only_function<void(QKeychain::Job*)>;

    explicit Desk(std::chrono::milliseconds patience)
        : m_patience(patience)
    {
        m_thread.setObjectName(u"keyring"_s);
        m_context.moveToThread(&m_thread);
        m_thread.start();
    }
    ~Desk()
    {
        QMetaObject::invokeMethod(
            &m_context, [this] { m_open.clear(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    std::uint64_t nextId() { return ++m_lastId; }

    /// `make` is called on the thread.
    void start(std::uint64_t id, std::function<QKeychain::Job*()> make, Done done)
    {
        QMetaObject::invokeMethod(
            &m_context,
            [this, id, make = std::move(make),
             shared = std::make_shared<Done>(std::move(done))]() mutable {
                begin(id, *make(), std::move(*shared));
            },
            Qt::QueuedConnection);
    }

    void cancel(std::uint64_t id)
    {
        QMetaObject::invokeMethod(
            &m_context, [this, id] { m_open.erase(id); }, Qt::QueuedConnection);
    }

private:
    void begin(std::uint64_t id, QKeychain::Job& job, Done done)
    {
        m_open.emplace(id, std::move(done));
        // A job deletes itself when it is done, and cannot be stopped before.
        QObject::connect(&job, &QKeychain::Job::finished, &m_context,
                         [this, id](QKeychain::Job* finished) { end(id, finished); });
        QTimer::singleShot(m_patience, &m_context, [this, id] { end(id, nullptr); });
        job.start();
    }

    void end(std::uint64_t id, QKeychain::Job* job)
    {
        if (auto over = m_open.extract(id); !over.empty()) {
            over.mapped()(job);
        }
    }

    const std::chrono::milliseconds m_patience;
    std::atomic<std::uint64_t> m_lastId = 0;
    QThread m_thread;
    QObject m_context;
    std::unordered_map<std::uint64_t, Done> m_open; ///< of the thread
};

namespace {

/// A ticket whose dropping is told to the desk; the guard lives in the reply.
template <class Desk> struct Cancelling {
    std::stop_source source;
    std::optional<std::stop_callback<std::function<void()>>> callback;

    Cancelling(Desk* desk, std::uint64_t id)
    {
        callback.emplace(source.get_token(), [desk, id] { desk->cancel(id); });
    }
};

Error tooLate()
{
    return {ErrorKind::unavailable, "the keyring does not answer"};
}

} // namespace

KeyringSecrets::KeyringSecrets(QString service, std::chrono::milliseconds patience)
    : m_service(std::move(service))
    , m_desk(std::make_unique<Desk>(patience))
{
}

KeyringSecrets::~KeyringSecrets() = default;

bool KeyringSecrets::isThere(const QDBusConnection& bus)
{
    if (!bus.isConnected() || !QKeychain::isAvailable()) {
        return false;
    }
    constexpr int patience = 1'000; // milliseconds
    const QString broker = u"org.freedesktop.DBus"_s;
    for (const QString& method : {u"ListNames"_s, u"ListActivatableNames"_s}) {
        const QDBusMessage names = bus.call(
            QDBusMessage::createMethodCall(broker, u"/org/freedesktop/DBus"_s, broker, method),
            QDBus::Block, patience);
        for (const QString& name : names.arguments().value(0).toStringList()) {
            if (keyrings.contains(name)) {
                return true;
            }
        }
    }
    return false;
}

Ticket KeyringSecrets::read(std::string key, Reply<Secret> reply)
{
    const std::uint64_t id = m_desk->nextId();
    auto cancelling = std::make_shared<Cancelling<Desk>>(m_desk.get(), id);
    std::stop_source source = cancelling->source;
    m_desk->start(
        id,
        [service = m_service, key = std::move(key)] {
            auto* const job = new QKeychain::ReadPasswordJob(service);
            job->setKey(QString::fromStdString(key));
            return job;
        },
        [cancelling, reply = std::move(reply)](QKeychain::Job* job) mutable {
            if (cancelling->source.stop_requested()) {
                return;
            }
            if (job == nullptr) {
                reply(std::unexpected(tooLate()));
            } else if (job->error() != QKeychain::NoError) {
                reply(std::unexpected(asError(*job)));
            } else {
                const auto* const read = static_cast<QKeychain::ReadPasswordJob*>(job);
                reply(Secret(read->binaryData().toStdString()));
            }
        });
    return Ticket(std::move(source));
}

Ticket KeyringSecrets::write(std::string key, Secret secret, Reply<void> reply)
{
    const std::uint64_t id = m_desk->nextId();
    auto cancelling = std::make_shared<Cancelling<Desk>>(m_desk.get(), id);
    std::stop_source source = cancelling->source;
    m_desk->start(
        id,
        [service = m_service, key = std::move(key),
         secret = std::move(secret)]() -> QKeychain::Job* {
            if (secret.empty()) {
                auto* const job = new QKeychain::DeletePasswordJob(service);
                job->setKey(QString::fromStdString(key));
                return job;
            }
            auto* const job = new QKeychain::WritePasswordJob(service);
            job->setKey(QString::fromStdString(key));
            job->setTextData(QString::fromStdString(secret.reveal()));
            return job;
        },
        [cancelling, reply = std::move(reply)](QKeychain::Job* job) mutable {
            if (cancelling->source.stop_requested()) {
                return;
            }
            if (job == nullptr) {
                reply(std::unexpected(tooLate()));
            } else if (job->error() != QKeychain::NoError
                       && job->error() != QKeychain::EntryNotFound) { // removed before
                reply(std::unexpected(asError(*job)));
            } else {
                reply({});
            }
        });
    return Ticket(std::move(source));
}

std::string KeyringSecrets::place() const
{
    return "the desktop's keyring";
}

} // namespace watchfire::desktop
