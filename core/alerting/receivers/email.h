// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"
#include "core/config/receivers.h"
#include "core/ports/mail.h"

#include <string>
#include <string_view>

namespace watchfire::alerting {

struct EmailSettings : config::EmailSettings {
    MailServer server;
};

/// A mail with both bodies as alternatives, in quoted-printable. `idSeed` makes the Message-Id
/// unique; `host` names the machine in it. Fails with ErrorKind::invalid where a template or an
/// address is wrong.
///
/// Source: RFC 5322, RFC 2045 to 2047; Alertmanager 0.33, notify/email.
Result<MailMessage> emailMessage(const EmailSettings& settings, Texts& texts,
                                 const Notification& notification, Timestamp now,
                                 std::string_view idSeed, std::string_view host);

/// name@host out of "Name <name@host>" or of itself. Nothing: no address.
std::optional<std::string> bareAddress(std::string_view text);
/// The text as a header may hold it: itself where it is printable ASCII, else encoded words.
std::string encodedWords(std::string_view text);
/// Lines of at most 76 characters, ending with CR LF.
std::string quotedPrintable(std::string_view text);

} // namespace watchfire::alerting
