// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receiver.h"
#include "core/alerting/receivers/payload.h"
#include "core/ports/mail.h"

#include <functional>
#include <vector>

namespace watchfire::alerting {

/// Any receiver that is told by HTTP requests: builds them, sends one after another, and ends
/// with the first that is refused.
class HttpReceiver final : public Receiver {
public:
    using Build = std::function<Result<std::vector<HttpRequest>>(const Notification&)>;
    using Judge = std::function<Result<void>(const HttpResponse&)>;

    HttpReceiver(HttpFetcher& fetcher, Build build, Judge judge)
        : m_fetcher(fetcher)
        , m_build(std::move(build))
        , m_judge(std::move(judge))
    {
    }
    Ticket send(Notification notification, Reply<void> reply) override;

private:
    HttpFetcher& m_fetcher;
    Build m_build;
    Judge m_judge;
};

/// A receiver that is told by mail.
class MailReceiver final : public Receiver {
public:
    using Build = std::function<Result<MailMessage>(const Notification&)>;

    MailReceiver(MailSender& sender, Build build)
        : m_sender(sender)
        , m_build(std::move(build))
    {
    }
    Ticket send(Notification notification, Reply<void> reply) override;

private:
    MailSender& m_sender;
    Build m_build;
};

} // namespace watchfire::alerting
