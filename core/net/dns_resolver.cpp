// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/dns_resolver.h"

#include <algorithm>
#include <format>
#include <memory>
#include <stop_token>
#include <utility>

#include <QDnsLookup>
#include <QTimer>

namespace watchfire::net {

namespace {

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

std::string withoutDot(const QString& name)
{
    std::string out = name.toStdString();
    if (out.ends_with('.')) {
        out.pop_back();
    }
    return out;
}

std::vector<DnsRecord> recordsOf(const QDnsLookup& lookup)
{
    std::vector<DnsRecord> out;
    switch (lookup.type()) {
    case QDnsLookup::SRV:
        for (const QDnsServiceRecord& record : lookup.serviceRecords()) {
            out.push_back({withoutDot(record.target()), record.port()});
        }
        break;
    case QDnsLookup::MX:
        for (const QDnsMailExchangeRecord& record : lookup.mailExchangeRecords()) {
            out.push_back({withoutDot(record.exchange()), 0});
        }
        break;
    case QDnsLookup::NS:
        for (const QDnsDomainNameRecord& record : lookup.nameServerRecords()) {
            out.push_back({withoutDot(record.value()), 0});
        }
        break;
    default:
        // A CNAME on the way brings addresses of other names with it.
        for (const QDnsHostAddressRecord& record : lookup.hostAddressRecords()) {
            out.push_back({record.value().toString().toStdString(), 0});
        }
    }
    return out;
}

Result<std::vector<DnsRecord>> resultOf(const QDnsLookup& lookup, const std::string& name)
{
    switch (lookup.error()) {
    case QDnsLookup::NoError:
        return recordsOf(lookup);
    case QDnsLookup::NotFoundError:
        return std::vector<DnsRecord>();
    case QDnsLookup::InvalidRequestError:
        return fail(ErrorKind::invalid, std::format("\"{}\" is not a name to look up", name));
    case QDnsLookup::TimeoutError:
        return fail(ErrorKind::timeout,
                    std::format("no name server answered the question for {}", name));
    default:
        return fail(ErrorKind::unavailable,
                    std::format("cannot look up {}: {}", name, lookup.errorString().toStdString()));
    }
}

/// One question under way, on the resolver's thread. Whatever ends it first answers.
struct Question {
    QDnsLookup lookup;
    std::string name;
    Reply<std::vector<DnsRecord>> reply;
    std::stop_token token;

    void answer(Result<std::vector<DnsRecord>> result)
    {
        if (auto once = std::exchange(reply, nullptr); once && !token.stop_requested()) {
            once(std::move(result));
        }
    }
};

} // namespace

QtDnsResolver::QtDnsResolver()
    : QtDnsResolver(Options())
{
}

QtDnsResolver::QtDnsResolver(Options options)
    : m_options(std::move(options))
{
}

Ticket QtDnsResolver::lookup(DnsType type, std::string name, Reply<std::vector<DnsRecord>> reply)
{
    std::stop_source source;
    auto question = std::make_shared<Question>();
    question->name = std::move(name);
    question->reply = std::move(reply);
    question->token = source.get_token();
    if (question->name.empty()) {
        question->answer(fail(ErrorKind::invalid, "a name to look up is missing"));
        return {};
    }
    question->lookup.moveToThread(m_thread.context()->thread());
    m_thread.post([this, type, question = std::move(question)] {
        QDnsLookup& lookup = question->lookup;
        lookup.setType(typeOf(type));
        lookup.setName(QString::fromStdString(question->name));
        if (m_options.server) {
            lookup.setNameserver(m_options.server->first, m_options.server->second);
        }
        // The question lives as long as somebody may end it.
        auto* const timer = new QTimer(m_thread.context());
        timer->setSingleShot(true);
        QObject::connect(timer, &QTimer::timeout, m_thread.context(), [question] {
            question->answer(
                fail(ErrorKind::timeout,
                     std::format("no name server answered the question for {}", question->name)));
            question->lookup.abort();
        });
        QObject::connect(&lookup, &QDnsLookup::finished, timer, [question, timer] {
            question->answer(resultOf(question->lookup, question->name));
            timer->deleteLater();
        });
        timer->start(m_options.timeout);
        lookup.lookup();
    });
    return Ticket(std::move(source));
}

} // namespace watchfire::net
