// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/avahi_browser.h"

#include <algorithm>
#include <format>
#include <stop_token>
#include <utility>

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace watchfire::desktop {

using namespace Qt::StringLiterals;

namespace {

const QString avahi = u"org.freedesktop.Avahi"_s;
const QString server = u"org.freedesktop.Avahi.Server"_s;
const QString browser = u"org.freedesktop.Avahi.ServiceBrowser"_s;
constexpr int anyInterface = -1;
constexpr int anyProtocol = -1;

QDBusMessage call(const QString& path, const QString& interface, const QString& method,
                  const QVariantList& arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(avahi, path, interface, method);
    message.setArguments(arguments);
    return message;
}

/// "path=/m" of a TXT record.
std::vector<std::pair<std::string, std::string>> textsOf(const QDBusArgument& argument)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const QByteArray& text : qdbus_cast<QList<QByteArray>>(argument)) {
        const qsizetype equals = text.indexOf('=');
        out.emplace_back(text.left(equals < 0 ? text.size() : equals).toStdString(),
                         equals < 0 ? std::string() : text.mid(equals + 1).toStdString());
    }
    return out;
}

} // namespace

/// One look around, on the object's thread.
struct AvahiBrowser::Question {
    QString path; ///< of Avahi's browser; empty: it is not made yet
    Reply<std::vector<MdnsService>> reply;
    std::stop_token token;
    std::vector<MdnsService> found;
    int resolving = 0;
    bool isAllKnown = false;
    QTimer patience;
};

AvahiBrowser::AvahiBrowser(QDBusConnection bus, std::chrono::milliseconds patience, QObject* parent)
    : QObject(parent)
    , m_bus(std::move(bus))
    , m_patience(patience)
{
    for (const QString& signal : {u"ItemNew"_s, u"AllForNow"_s, u"Failure"_s}) {
        m_bus.connect(avahi, {}, browser, signal, this, SLOT(onSignal(QDBusMessage)));
    }
}

Ticket AvahiBrowser::browse(std::string service, Reply<std::vector<MdnsService>> reply)
{
    std::stop_source source;
    auto kept = std::make_shared<Reply<std::vector<MdnsService>>>(std::move(reply));
    QMetaObject::invokeMethod(
        this,
        [this, service = std::move(service), kept, token = source.get_token()] {
            begin(QString::fromStdString(service), std::move(*kept), token);
        },
        Qt::QueuedConnection);
    return Ticket(std::move(source));
}

void AvahiBrowser::begin(const QString& service, Reply<std::vector<MdnsService>> reply,
                         const std::stop_token& token)
{
    auto question = std::make_shared<Question>();
    question->reply = std::move(reply);
    question->token = token;
    question->patience.setSingleShot(true);
    connect(&question->patience, &QTimer::timeout, this, [this, weak = std::weak_ptr(question)] {
        if (const QuestionPtr still = weak.lock()) {
            finish(still, std::move(still->found));
        }
    });
    question->patience.start(m_patience);
    ++m_beginning;
    auto* const made = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"/"_s, server, u"ServiceBrowserNew"_s,
                             {anyInterface, anyProtocol, service, QString(), 0U})),
        this);
    connect(made, &QDBusPendingCallWatcher::finished, this, [this, made, question] {
        made->deleteLater();
        const QList<QDBusMessage> early = --m_beginning > 0 ? m_early : std::exchange(m_early, {});
        const QDBusPendingReply<QDBusObjectPath> path = *made;
        if (path.isError()) {
            finish(question,
                   fail(ErrorKind::unavailable,
                        std::format("nobody here looks for announced services: {}",
                                    path.error().message().toStdString())));
            return;
        }
        question->path = path.value().path();
        m_questions.insert(question->path, question);
        if (!question->reply) {
            finish(question, {}); // nobody waits any more
            return;
        }
        for (const QDBusMessage& message : early) {
            if (message.path() == question->path) {
                handle(question, message);
            }
        }
    });
}

void AvahiBrowser::onSignal(const QDBusMessage& message)
{
    if (const QuestionPtr question = m_questions.value(message.path())) {
        handle(question, message);
    } else if (m_beginning > 0) {
        m_early.append(message);
    }
}

void AvahiBrowser::handle(const QuestionPtr& question, const QDBusMessage& message)
{
    const QVariantList arguments = message.arguments();
    if (message.member() == u"ItemNew"_s && arguments.size() >= 5) {
        resolve(question, arguments);
    } else if (message.member() == u"AllForNow"_s) {
        question->isAllKnown = true;
        finishIfDone(question);
    } else if (message.member() == u"Failure"_s) {
        finish(
            question,
            fail(ErrorKind::unavailable, "Avahi: " + arguments.value(0).toString().toStdString()));
    }
}

/// `item`: interface, protocol, name, type, domain, …
void AvahiBrowser::resolve(const QuestionPtr& question, const QVariantList& item)
{
    ++question->resolving;
    auto* const resolved = new QDBusPendingCallWatcher(
        m_bus.asyncCall(call(u"/"_s, server, u"ResolveService"_s,
                             item.mid(0, 5) + QVariantList{anyProtocol, 0U})),
        this);
    connect(resolved, &QDBusPendingCallWatcher::finished, this, [this, resolved, question] {
        resolved->deleteLater();
        --question->resolving;
        // interface, protocol, name, type, domain, host, protocol, address, port, texts, flags
        const QDBusMessage answer = resolved->reply();
        const QVariantList values = answer.arguments();
        if (answer.type() == QDBusMessage::ReplyMessage && values.size() >= 10) {
            MdnsService service;
            service.name = values[2].toString().toStdString();
            service.host = values[5].toString().toStdString();
            service.port = static_cast<std::uint16_t>(values[8].toUInt());
            service.texts = textsOf(values[9].value<QDBusArgument>());
            // The same one may be there on several interfaces and for both protocols.
            const auto same = std::ranges::find_if(question->found, [&](const MdnsService& other) {
                return other.name == service.name && other.host == service.host
                    && other.port == service.port;
            });
            MdnsService& kept
                = same == question->found.end() ? question->found.emplace_back(service) : *same;
            std::string address = values[7].toString().toStdString();
            if (!std::ranges::contains(kept.addresses, address)) {
                kept.addresses.push_back(std::move(address));
            }
        }
        finishIfDone(question);
    });
}

void AvahiBrowser::finishIfDone(const QuestionPtr& question)
{
    if (question->isAllKnown && question->resolving == 0) {
        finish(question, std::move(question->found));
    }
}

void AvahiBrowser::finish(const QuestionPtr& question, Result<std::vector<MdnsService>> result)
{
    question->patience.stop();
    if (!question->path.isEmpty() && m_questions.remove(question->path) > 0) {
        m_bus.asyncCall(call(question->path, browser, u"Free"_s, {}));
    }
    if (auto reply = std::exchange(question->reply, nullptr);
        reply && !question->token.stop_requested()) {
        if (result) {
            std::ranges::sort(*result, {}, &MdnsService::name);
        }
        reply(std::move(result));
    }
}

} // namespace watchfire::desktop
