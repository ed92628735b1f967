// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/model/secret.h"
#include "core/ports/http.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace watchfire {

enum class MailSecurity {
    none,
    startTls, ///< required: a server that does not offer it is refused
    implicitTls ///< TLS from the first byte, as on port 465
};

/// A server that takes mail, and how we talk to it.
struct MailServer {
    std::string host;
    std::uint16_t port = 25;
    std::string hello; ///< how we name ourselves; empty: the machine's name
    MailSecurity security = MailSecurity::startTls;
    TlsOptions tls;
    std::string user; ///< empty: no authentication
    std::string identity; ///< whom to act for, with PLAIN; empty: the user
    Secret password;
    std::string mechanisms; ///< of SASL, by commas: "PLAIN,LOGIN"; empty: any that both know
    friend bool operator==(const MailServer&, const MailServer&) = default;
};

/// One message on its way. Source: RFC 5321, RFC 5322.
struct MailMessage {
    MailServer server;
    std::string from; ///< the bare address
    std::vector<std::string> to; ///< bare addresses
    std::string text; ///< headers and body, lines ending with CR LF
    std::chrono::milliseconds timeout{10'000};
    /// Where set: the server's last line, filled before the reply and left alone after.
    std::shared_ptr<std::string> answer{};
};

/// Sends mail; the reply comes on a thread of the sender's. Errors: unavailable (cannot connect,
/// or the server says try later: 4yz), timeout, invalid (the server refuses for good: 5yz).
struct MailSender {
    virtual ~MailSender() = default;
    virtual Ticket send(MailMessage message, Reply<void> reply) = 0;
};

} // namespace watchfire
