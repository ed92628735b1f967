// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/dns_resolver.h"

#include "core/text/duration.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <format>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <utility>
#include <vector>

#include <QDnsLookup>
#include <QHostAddress>
#include <QThread>
#include <QTimer>

namespace watchfire::net {

namespace {

using Records = std::vector<DnsRecord>;

QDnsLookup::Type typeOf(DnsType type)
{
    switch (type) {
    case DnsType::a:
        return QDnsLookup::A;
    case DnsType::aaaa:
        return QDnsLookup::AAAA;
    case DnsType::srv:
        return QDnsLookup::SRV;
    case DnsType::mx:
        return QDnsLookup::MX;
    case DnsType::ns:
        return QDnsLookup::NS;
    }
    return QDnsLookup::A;
}

std::string hostOf(const QString& name)
{
    std::string out = name.toStdString();
    if (out.ends_with('.')) {
        out.pop_back();
    }
    return out;
}

Records addresses(const QDnsLookup& lookup, QAbstractSocket::NetworkLayerProtocol protocol)
{
    Records out;
    for (const QDnsHostAddressRecord& record : lookup.hostAddressRecords()) {
        if (record.value().protocol() == protocol) {
            out.push_back({record.value().toString().toStdString(), 0});
        }
    }
    return out;
}

Records recordsOf(const QDnsLookup& lookup, DnsType type)
{
    Records out;
    switch (type) {
    case DnsType::a:
        return addresses(lookup, QAbstractSocket::IPv4Protocol);
    case DnsType::aaaa:
        return addresses(lookup, QAbstractSocket::IPv6Protocol);
    case DnsType::srv:
        for (const QDnsServiceRecord& record : lookup.serviceRecords()) {
            out.push_back({hostOf(record.target()), record.port()});
        }
        return out;
    case DnsType::mx:
        for (const QDnsMailExchangeRecord& record : lookup.mailExchangeRecords()) {
            out.push_back({hostOf(record.exchange()), 0});
        }
        return out;
    case DnsType::ns:
        for (const QDnsDomainNameRecord& record : lookup.nameServerRecords()) {
            out.push_back({hostOf(record.value()), 0});
        }
        return out;
    }
    return out;
}

/// Nothing where the answer is an answer, also that there is no such name.
std::optional<Error> errorOf(const QDnsLookup& lookup)
{
    const std::string name = lookup.name().toStdString();
    switch (lookup.error()) {
    case QDnsLookup::NoError:
    case QDnsLookup::NotFoundError:
        return std::nullopt;
    case QDnsLookup::TimeoutError:
        return Error{ErrorKind::timeout, std::format("no name server answered for {}", name)};
    case QDnsLookup::InvalidRequestError:
        return Error{
            ErrorKind::invalid,
            std::format("{} cannot be asked for: {}", name, lookup.errorString().toStdString())};
    case QDnsLookup::ServerFailureError:
        return Error{ErrorKind::unavailable,
                     std::format("the name server could not answer for {}", name)};
    case QDnsLookup::ServerRefusedError:
        return Error{ErrorKind::unavailable,
                     std::format("the name server refused to answer for {}", name)};
    case QDnsLookup::ResolverError:
    case QDnsLookup::OperationCancelledError:
    case QDnsLookup::InvalidReplyError:
        break;
    }
    return Error{
        ErrorKind::unavailable,
        std::format("{} could not be looked up: {}", name, lookup.errorString().toStdString())};
}

/// One lookup under way, over the names it may stand for. Lives on the desk's thread.
class Question : public QObject {
public:
    Question(DnsType type, std::string name, const DnsOptions& options,
             std::move_only_function<void(Result<Records>)> done)
        : m_type(type)
        , m_name(std::move(name))
        , m_options(options)
        , m_done(std::move(done))
    {
    }

    void begin()
    {
        m_names = candidateNames(m_name, m_options.search());
        // A completion may be too long where the name alone is not.
        std::erase_if(m_names, [](const std::string& name) { return !isAskable(name); });
        if (m_names.empty()) {
            finish(fail(ErrorKind::invalid, std::format("\"{}\" is no name of a host", m_name)));
            return;
        }
        QTimer::singleShot(m_options.timeout, this, [this] {
            finish(fail(ErrorKind::timeout,
                        std::format("no name server answered for {} within {}", m_name,
                                    text::formatDuration(m_options.timeout))));
        });
        askNext();
    }

private:
    void askNext()
    {
        m_lookup
            = std::make_unique<QDnsLookup>(typeOf(m_type), QString::fromStdString(m_names[m_next]));
        if (!m_options.nameserver.empty()) {
            m_lookup->setNameserver(QHostAddress(QString::fromStdString(m_options.nameserver)),
                                    m_options.port);
        }
        connect(m_lookup.get(), &QDnsLookup::finished, this, [this] { answered(); });
        m_lookup->lookup();
    }

    void answered()
    {
        if (auto error = errorOf(*m_lookup)) {
            m_error = m_error ? std::move(m_error) : std::move(error);
        } else if (Records records = recordsOf(*m_lookup, m_type); !records.empty()) {
            finish(std::move(records));
            return;
        }
        if (++m_next < m_names.size()) {
            m_lookup.release()->deleteLater(); // it is the sender
            askNext();
        } else if (m_error) {
            finish(std::unexpected(std::move(*m_error)));
        } else {
            finish(Records());
        }
    }

    void finish(Result<Records> result)
    {
        // The answer ends this object, soon: its timer may still come.
        if (auto done = std::exchange(m_done, nullptr)) {
            done(std::move(result));
        }
    }

    DnsType m_type;
    std::string m_name;
    const DnsOptions& m_options;
    std::move_only_function<void(Result<Records>)> m_done;
    std::vector<std::string> m_names;
    std::size_t m_next = 0;
    std::optional<Error> m_error; ///< the first
    std::unique_ptr<QDnsLookup> m_lookup;
};

} // namespace

/// The thread with its questions. An object of it takes what others leave for the thread.
class QtDnsResolver::Desk {
public:
    explicit Desk(DnsOptions options)
        : m_options(std::move(options))
    {
        m_thread.setObjectName(QStringLiteral("net-dns"));
        m_context.moveToThread(&m_thread);
        m_thread.start();
    }
    ~Desk()
    {
        QMetaObject::invokeMethod(
            &m_context, [this] { m_questions.clear(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void ask(std::uint64_t id, DnsType type, std::string name, Reply<Records> reply)
    {
        QMetaObject::invokeMethod(
            &m_context,
            [this, id, type, name = std::move(name),
             reply = std::make_shared<Reply<Records>>(std::move(reply))]() mutable {
                begin(id, type, std::move(name), std::move(*reply));
            },
            Qt::QueuedConnection);
    }

    void cancel(std::uint64_t id)
    {
        QMetaObject::invokeMethod(
            &m_context, [this, id] { m_questions.erase(id); }, Qt::QueuedConnection);
    }

    std::uint64_t nextId() { return ++m_lastId; }

private:
    void begin(std::uint64_t id, DnsType type, std::string name, Reply<Records> reply)
    {
        auto question = std::make_unique<Question>(
            type, std::move(name), m_options,
            [this, id, reply = std::move(reply)](Result<Records> result) mutable {
                auto over = m_questions.extract(id);
                over.mapped().release()->deleteLater();
                reply(std::move(result));
            });
        Question& begun = *question;
        m_questions.emplace(id, std::move(question));
        begun.begin();
    }

    const DnsOptions m_options;
    std::atomic<std::uint64_t> m_lastId = 0;
    QThread m_thread;
    QObject m_context;
    std::unordered_map<std::uint64_t, std::unique_ptr<Question>> m_questions; ///< of the thread
};

QtDnsResolver::QtDnsResolver(DnsOptions options)
    : m_desk(std::make_unique<Desk>(std::move(options)))
{
}

QtDnsResolver::~QtDnsResolver() = default;

Ticket QtDnsResolver::lookup(DnsType type, std::string name, Reply<std::vector<DnsRecord>> reply)
{
    std::stop_source source;
    // The callback lives in a holder that the reply owns, so it is gone when the question is.
    struct Holder {
        std::optional<std::stop_callback<std::function<void()>>> callback;
    };
    auto holder = std::make_shared<Holder>();
    const std::uint64_t id = m_desk->nextId();
    holder->callback.emplace(source.get_token(), [desk = m_desk.get(), id] { desk->cancel(id); });
    m_desk->ask(id, type, std::move(name),
                [holder, token = source.get_token(),
                 reply = std::move(reply)](Result<std::vector<DnsRecord>> result) mutable {
                    if (!token.stop_requested()) {
                        reply(std::move(result));
                    }
                });
    return Ticket(std::move(source));
}

} // namespace watchfire::net
