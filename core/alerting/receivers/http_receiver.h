// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receiver.h"
#include "core/alerting/receivers/payload.h"
#include "core/base/executor.h"
#include "core/ports/mail.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::alerting {

/// What tells one notification, and what of it nobody else may read.
struct Prepared {
    std::vector<HttpRequest> requests; ///< to be sent one after another
    std::vector<std::string> secrets; ///< addresses, tokens and the like: errors show none of them
};

/// The text with each of the secrets replaced by <secret>.
std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets);

/// Any receiver that is told by HTTP requests: prepares them, sends one after another, and ends
/// with the first that is refused. A request that got no answer is worth another try, unless its
/// address is none.
class HttpReceiver final : public Receiver {
public:
    using Prepare = std::function<Result<Prepared>(const Notification&)>;
    using Judge = std::function<Result<void>(const HttpResponse&)>;

    HttpReceiver(HttpFetcher& fetcher, Prepare prepare, Judge judge)
        : m_fetcher(fetcher)
        , m_prepare(std::move(prepare))
        , m_judge(std::move(judge))
    {
    }
    Ticket send(Notification notification, Reply<void> reply) override;

private:
    HttpFetcher& m_fetcher;
    Prepare m_prepare;
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

/// Lets another receiver work on a thread of `workers`: it carries out templates and reads files of
/// secrets, for which its caller has no time.
class WorkedReceiver final : public Receiver {
public:
    WorkedReceiver(std::shared_ptr<Receiver> inner, Executor& workers)
        : m_inner(std::move(inner))
        , m_workers(workers)
    {
    }
    Ticket send(Notification notification, Reply<void> reply) override;

private:
    std::shared_ptr<Receiver> m_inner;
    Executor& m_workers;
};

} // namespace watchfire::alerting
