// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/integrations.h"

#include <stop_token>
#include <string>
#include <vector>

namespace watchfire::alerting {

/// How one way out of a receiver took a test notification.
struct TrialAnswer {
    std::string integration; ///< "slack/0"
    bool ok = false;
    int status = 0; ///< of HTTP or SMTP; 0: no server answered
    std::string answer; ///< the server's words as they came, the first 64 KiB
    std::string error; ///< why it counts as not told; empty: it does
};

/// Sends one test notification to every way out of the receiver, one after another, without
/// another try and past the notification log. `resolved`: what an earlier one opened is over. The
/// reply comes on any thread. Once a stop was requested of what is returned, neither the reply nor
/// anything of `outside` is called any more.
std::stop_source tryReceiver(const config::ReceiverConfig& receiver,
                             const config::ReceiverGlobals& globals, SharedTemplates templates,
                             const Outside& outside, const std::string& externalUrl, bool resolved,
                             Reply<std::vector<TrialAnswer>> reply);

} // namespace watchfire::alerting
