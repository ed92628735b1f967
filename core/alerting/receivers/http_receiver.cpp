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
    std::vector<HttpRequest> requests;
    Reply<void> reply;
    std::stop_source stop;
    std::size_t next = 0;

    Sequence(HttpFetcher& by, HttpReceiver::Judge how, std::vector<HttpRequest> what,
             Reply<void> whom)
        : fetcher(by)
        , judge(std::move(how))
        , requests(std::move(what))
        , reply(std::move(whom))
    {
    }

    void sendNext()
    {
        if (stop.stop_requested()) {
            return;
        }
        if (next == requests.size()) {
            reply({});
            return;
        }
        // Detached: one that is no longer wanted runs to its end or its time-out, unheard.
        fetcher
            .fetch(std::move(requests[next++]),
                   [self = shared_from_this()](Result<HttpResponse> response) {
                       self->answered(std::move(response));
                   })
            .detach();
    }

    void answered(Result<HttpResponse> response)
    {
        auto judged = response ? judge(*response)
                               : Result<void>(std::unexpected(std::move(response.error())));
        if (judged) {
            sendNext();
        } else if (!stop.stop_requested()) {
            reply(std::move(judged));
        }
    }
};

} // namespace

Ticket HttpReceiver::send(Notification notification, Reply<void> reply)
{
    auto requests = m_build(notification);
    if (!requests) {
        reply(std::unexpected(std::move(requests.error())));
        return {};
    }
    auto sequence
        = std::make_shared<Sequence>(m_fetcher, m_judge, std::move(*requests), std::move(reply));
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

} // namespace watchfire::alerting
