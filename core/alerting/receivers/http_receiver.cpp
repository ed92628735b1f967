// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/http_receiver.h"

#include <memory>
#include <stop_token>
#include <utility>

namespace watchfire::alerting {

namespace {

/// The requests of one notification under way. Each begins when the one before it is answered,
/// so one thread at a time works here.
struct Sequence : std::enable_shared_from_this<Sequence> {
    HttpFetcher& fetcher;
    HttpReceiver::Judge judge;
    Prepared what;
    Reply<void> reply;
    std::stop_source stop;
    std::size_t next = 0;

    Sequence(HttpFetcher& by, HttpReceiver::Judge how, Prepared prepared, Reply<void> whom)
        : fetcher(by)
        , judge(std::move(how))
        , what(std::move(prepared))
        , reply(std::move(whom))
    {
    }

    void sendNext()
    {
        if (stop.stop_requested()) {
            return;
        }
        if (next == what.requests.size()) {
            reply({});
            return;
        }
        // Detached: one that is no longer wanted runs to its end or its time-out, unheard.
        fetcher
            .fetch(std::move(what.requests[next++]),
                   [self = shared_from_this()](Result<HttpResponse> response) {
                       self->answered(std::move(response));
                   })
            .detach();
    }

    void answered(Result<HttpResponse> response)
    {
        auto judged = response ? judge(*response) : unanswered(std::move(response.error()));
        if (judged) {
            sendNext();
        } else if (!stop.stop_requested()) {
            judged.error().message
                = withoutSecrets(std::move(judged.error().message), what.secrets);
            reply(std::move(judged));
        }
    }

    /// Alertmanager tries again after any of these; an address that is none stays so.
    static Result<void> unanswered(Error error)
    {
        if (error.kind == ErrorKind::io || error.kind == ErrorKind::limit) {
            error.kind = ErrorKind::unavailable;
        }
        return std::unexpected(std::move(error));
    }
};

} // namespace

std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets)
{
    constexpr std::string_view instead = "<secret>";
    for (const std::string& secret : secrets) {
        std::size_t at = secret.empty() ? std::string::npos : text.find(secret);
        while (at != std::string::npos) {
            text.replace(at, secret.size(), instead);
            at = text.find(secret, at + instead.size());
        }
    }
    return text;
}

Ticket HttpReceiver::send(Notification notification, Reply<void> reply)
{
    auto prepared = m_prepare(notification);
    if (!prepared) {
        reply(std::unexpected(std::move(prepared.error())));
        return {};
    }
    auto sequence
        = std::make_shared<Sequence>(m_fetcher, m_judge, std::move(*prepared), std::move(reply));
    sequence->sendNext();
    return Ticket(sequence->stop);
}

Ticket MailReceiver::send(Notification notification, Reply<void> reply)
{
    auto message = m_build(notification);
    if (!message) {
        reply(std::unexpected(std::move(message.error())));
        return {};
    }
    return m_sender.send(std::move(*message), std::move(reply));
}

Ticket WorkedReceiver::send(Notification notification, Reply<void> reply)
{
    std::stop_source stop;
    m_workers.run([inner = m_inner, notification = std::move(notification),
                   reply = std::move(reply), dropped = stop.get_token()]() mutable {
        if (!dropped.stop_requested()) {
            // Detached: what is no longer wanted runs to its end, and whoever asked has gone.
            inner->send(std::move(notification), std::move(reply)).detach();
        }
    });
    return Ticket(stop);
}

} // namespace watchfire::alerting
