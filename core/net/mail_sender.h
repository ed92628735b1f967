// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/ports/mail.h"

#include <stop_token>

namespace watchfire::net {

/// Sends mail over SMTP with libcurl, one message after another on a thread of its own, each on
/// a connection of its own. Replies come on that thread. A dropped ticket ends its message within
/// a second; so does the destructor, without replies.
///
/// With a user, the strongest of the ways of authentication that the server offers is taken.
class CurlMailSender final : public MailSender {
public:
    CurlMailSender();
    ~CurlMailSender() override;
    CurlMailSender(const CurlMailSender&) = delete;
    CurlMailSender& operator=(const CurlMailSender&) = delete;

    Ticket send(MailMessage message, Reply<void> reply) override;

private:
    std::stop_source m_closing;
    ThreadPool m_thread; ///< last: it uses the above
};

} // namespace watchfire::net
