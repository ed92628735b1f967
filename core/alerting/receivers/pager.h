// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"
#include "core/config/receivers.h"

#include <vector>

/// Payloads of PagerDuty, Opsgenie and Pushover.
namespace watchfire::alerting {

using config::PagerdutySettings;

/// An event of the Events API v2, or of v1 with a service key: trigger while something fires, else
/// resolve, both under the hash of the group's key. The summary is cut at 1024 characters; details
/// of an event over 512 kB are left out. An empty key is a fault. Source: PagerDuty, "Events API
/// v2", "Events API v1"; Alertmanager 0.34, notify/pagerduty.
Result<HttpRequest> pagerdutyRequest(const PagerdutySettings& settings, Texts& texts,
                                     const Notification& notification);
/// Where events of v1 go.
inline constexpr std::string_view pagerdutyV1
    = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";

using config::OpsgenieResponder;
using config::OpsgenieSettings;

/// The requests of one notification, to be sent one after another: create, and with
/// `updateAlerts` new message and description; or close, when all is resolved. The message is cut
/// at 130 characters.
/// Source: Opsgenie, "Alert API"; Alertmanager 0.33, notify/opsgenie.
Result<std::vector<HttpRequest>> opsgenieRequests(const OpsgenieSettings& settings, Texts& texts,
                                                  const Notification& notification);

using config::PushoverSettings;

/// A form. Title, message and link are cut at 250, 1024 and 512 characters; a message that is
/// empty says "(no details)", for the service refuses empty ones. Secrets go in the body, where no
/// log of addresses shows them.
/// Source: Pushover, "Message API"; Alertmanager 0.33, notify/pushover.
Result<HttpRequest> pushoverRequest(const PushoverSettings& settings, Texts& texts);

} // namespace watchfire::alerting
