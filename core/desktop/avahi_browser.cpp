// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/avahi_browser.h"

#include <algorithm>
#include <format>
#include <functional>
#include <stop_token>
#include <utility>

#include <QByteArrayList>
#include <QDBusArgument>
#include <QDBusError>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QMetaObject>
#include <QTimer>

namespace watchfire::desktop {

namespace {

using namespace Qt::StringLiterals;

const QString avahi = u"org.freedesktop.Avahi"_s;
const QString serverInterface = u"org.freedesktop.Avahi.Server"_s;
const QString browserInterface = u"org.freedesktop.Avahi.ServiceBrowser"_s;

constexpr int anyInterface = -1;
constexpr int anyProtocol = -1;
constexpr std::size_t mostItems = 1'000;
constexpr qsizetype mostEarly = 1'000;

QDBusMessage call(const QString& path, const QString& interface, const QString& method,
                  const QVariantList& arguments = {})
{
    QDBusMessage message = QDBusMessage::createMethodCall(avahi, path, interface, method);
    message.setArguments(arguments);
    return message;
}

Error asError(const QDBusError& error, const std::string& service)
{
    if (error.name() == u"org.freedesktop.Avahi.InvalidServiceTypeError") {
        return {ErrorKind::invalid, std::format("\"{}\" is no type of a service", service)};
    }
    if (error.type() == QDBusError::ServiceUnknown || error.type() == QDBusError::Disconnected) {
        return {ErrorKind::unavailable,
                "Avahi, which browses the local network, does not run here"};
    }
    return {
        ErrorKind::unavailable,
        std::format("Avahi cannot browse the local network: {}", error.message().toStdString())};
}

/// One string of a TXT record. Source: RFC 6763, section 6.4.
std::pair<std::string, std::string> asPair(const QByteArray& text)
{
    const qsizetype equals = text.indexOf('=');
    const QString key = QString::fromUtf8(text.first(equals < 0 ? text.size() : equals));
    const QString value = QString::fromUtf8(equals < 0 ? QByteArray() : text.mid(equals + 1));
    return {key.toStdString(), value.toStdString()};
}

} // namespace

/// One browsing under way.
struct AvahiBrowser::Search {
    std::string service;
    Reply<std::vector<MdnsService>> reply;
    QString path; ///< of its browser in Avahi; empty until it is known
    std::map<std::string, MdnsService> found;
    std::size_t items = 0;
    int resolving = 0;
    bool hasAll = false;
};

AvahiBrowser::AvahiBrowser(QDBusConnection bus, std::chrono::milliseconds patience, QObject* parent)
    : QObject(parent)
    , m_bus(std::move(bus))
    , m_patience(patience)
{
    // Of any path: a browser may speak before its path is known here.
    m_bus.connect(avahi, QString(), browserInterface, u"ItemNew"_s, this,
                  SLOT(onItemNew(QDBusMessage)));
    m_bus.connect(avahi, QString(), browserInterface, u"AllForNow"_s, this,
                  SLOT(onAllForNow(QDBusMessage)));
    m_bus.connect(avahi, QString(), browserInterface, u"Failure"_s, this,
                  SLOT(onFailure(QDBusMessage)));
}

AvahiBrowser::~AvahiBrowser()
{
    for (const auto& [id, search] : m_searches) {
        release(*search);
    }
}

Ticket AvahiBrowser::browse(std::string service, Reply<std::vector<MdnsService>> reply)
{
    std::stop_source source;
    // The callback lives in a holder that the reply owns, so it is gone when the search is.
    struct Holder {
        std::optional<std::stop_callback<std::function<void()>>> callback;
    };
    auto holder = std::make_shared<Holder>();
    const std::uint64_t id = ++m_lastId;
    holder->callback.emplace(source.get_token(), [this, id] {
        QMetaObject::invokeMethod(this, [this, id] { cancel(id); }, Qt::QueuedConnection);
    });
    auto answer = std::make_shared<Reply<std::vector<MdnsService>>>(
        [holder, token = source.get_token(),
         reply = std::move(reply)](Result<std::vector<MdnsService>> result) mutable {
            if (!token.stop_requested()) {
                reply(std::move(result));
            }
        });
    QMetaObject::invokeMethod(
        this,
        [this, id, service = std::move(service), answer] {
            begin(id, service, std::move(*answer));
        },
        Qt::QueuedConnection);
    return Ticket(std::move(source));
}

void AvahiBrowser::begin(std::uint64_t id, const std::string& service,
                         Reply<std::vector<MdnsService>> reply)
{
    auto search = std::make_unique<Search>();
    search->service = service;
    search->reply = std::move(reply);
    m_searches.emplace(id, std::move(search));
    QTimer::singleShot(m_patience, this, [this, id] { finishWhole(id); });
    const QVariantList arguments{anyInterface, anyProtocol, QString::fromStdString(service),
                                 QString(), 0U};
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"/"_s, serverInterface, u"ServiceBrowserNew"_s, arguments)), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, id, service](QDBusPendingCallWatcher* finished) {
                const QDBusPendingReply<QDBusObjectPath> path = *finished;
                finished->deleteLater();
                if (path.isError()) {
                    finish(id, std::unexpected(asError(path.error(), service)));
                } else {
                    begun(id, path.value().path());
                }
                forgetEarly();
            });
}

void AvahiBrowser::begun(std::uint64_t id, const QString& path)
{
    const auto found = m_searches.find(id);
    if (found == m_searches.end()) {
        Search over;
        over.path = path;
        release(over); // its time was over before Avahi answered
        return;
    }
    found->second->path = path;
    const auto early = std::exchange(m_early, {});
    for (const QDBusMessage& message : early) {
        if (message.member() == u"ItemNew") {
            onItemNew(message);
        } else if (message.member() == u"AllForNow") {
            onAllForNow(message);
        } else {
            onFailure(message);
        }
    }
}

/// Once each search knows its path, what is left was for one that is over.
void AvahiBrowser::forgetEarly()
{
    if (std::ranges::none_of(m_searches,
                             [](const auto& one) { return one.second->path.isEmpty(); })) {
        m_early.clear();
    }
}

std::optional<std::uint64_t> AvahiBrowser::searchOf(const QDBusMessage& message)
{
    bool anyWithoutPath = false;
    for (const auto& [id, search] : m_searches) {
        if (search->path == message.path()) {
            return id;
        }
        anyWithoutPath = anyWithoutPath || search->path.isEmpty();
    }
    if (anyWithoutPath && m_early.size() < mostEarly) {
        m_early.append(message);
    }
    return std::nullopt;
}

void AvahiBrowser::onItemNew(const QDBusMessage& message)
{
    if (const auto id = searchOf(message); id && ++m_searches.at(*id)->items <= mostItems) {
        resolve(*id, message);
    }
}

void AvahiBrowser::onAllForNow(const QDBusMessage& message)
{
    if (const auto id = searchOf(message)) {
        Search& search = *m_searches.at(*id);
        search.hasAll = true;
        if (search.resolving == 0) {
            finishWhole(*id);
        }
    }
}

void AvahiBrowser::onFailure(const QDBusMessage& message)
{
    if (const auto id = searchOf(message)) {
        finish(*id,
               fail(ErrorKind::unavailable,
                    std::format("Avahi cannot browse the local network: {}",
                                message.arguments().value(0).toString().toStdString())));
    }
}

void AvahiBrowser::resolve(std::uint64_t id, const QDBusMessage& item)
{
    // interface, protocol, name, type, domain, flags
    QVariantList arguments
        = item.arguments().first(std::min<qsizetype>(5, item.arguments().size()));
    arguments << anyProtocol << 0U;
    ++m_searches.at(id)->resolving;
    auto* const watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"/"_s, serverInterface, u"ResolveService"_s, arguments)), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, id](QDBusPendingCallWatcher* finished) {
                finished->deleteLater();
                resolved(id, finished->reply());
            });
}

void AvahiBrowser::resolved(std::uint64_t id, const QDBusMessage& answer)
{
    const auto known = m_searches.find(id);
    if (known == m_searches.end()) {
        return;
    }
    Search& search = *known->second;
    --search.resolving;
    const QVariantList values = answer.arguments();
    // interface, protocol, name, type, domain, host, protocol, address, port, txt, flags. One that
    // does not answer any more is an error, and left out.
    if (answer.type() == QDBusMessage::ReplyMessage && values.size() >= 10) {
        const QString whole = values[2].toString() + u'.' + values[4].toString();
        MdnsService& service = search.found[whole.toStdString()];
        service.name = values[2].toString().toStdString();
        service.host = values[5].toString().toStdString();
        service.port = static_cast<std::uint16_t>(values[8].toUInt());
        if (const std::string address = values[7].toString().toStdString();
            !address.empty() && !std::ranges::contains(service.addresses, address)) {
            service.addresses.push_back(address);
        }
        service.texts.clear();
        for (const QByteArray& text : qdbus_cast<QByteArrayList>(values[9])) {
            service.texts.push_back(asPair(text));
        }
    }
    if (search.hasAll && search.resolving == 0) {
        finishWhole(id);
    }
}

void AvahiBrowser::finishWhole(std::uint64_t id)
{
    const auto known = m_searches.find(id);
    if (known == m_searches.end()) {
        return;
    }
    std::vector<MdnsService> services;
    for (auto& [name, service] : known->second->found) {
        std::ranges::sort(service.addresses);
        services.push_back(std::move(service));
    }
    finish(id, std::move(services));
}

void AvahiBrowser::finish(std::uint64_t id, Result<std::vector<MdnsService>> result)
{
    auto over = m_searches.extract(id);
    if (!over.empty()) {
        release(*over.mapped());
        over.mapped()->reply(std::move(result));
    }
}

void AvahiBrowser::cancel(std::uint64_t id)
{
    if (const auto over = m_searches.extract(id); !over.empty()) {
        release(*over.mapped());
    }
}

void AvahiBrowser::release(const Search& search)
{
    if (!search.path.isEmpty()) {
        m_bus.asyncCall(call(search.path, browserInterface, u"Free"_s));
    }
}

} // namespace watchfire::desktop
