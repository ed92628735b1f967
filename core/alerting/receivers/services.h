// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/email.h"
#include "core/alerting/receivers/http_receiver.h"
#include "core/config/receivers.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// From what the configuration says of a receiver to what tells it: secrets are read, each time
/// anew where they lie in files, and the builder of the service is called. The configurations are
/// `settled`.
namespace watchfire::alerting {

/// Reads secrets and remembers them, and the first that could not be had.
class Secrets {
public:
    /// "" after a fault.
    std::string operator()(const config::SecretSource& source);
    std::string file(const std::string& path);
    void remember(std::string secret) { m_values.push_back(std::move(secret)); }

    const std::optional<Error>& fault() const { return m_fault; }
    const std::vector<std::string>& values() const { return m_values; }

private:
    std::optional<Error> m_fault;
    std::vector<std::string> m_values;
};

// Each yields the requests of one notification. Fails with ErrorKind::invalid where a template or a
// secret is at fault.
using Requests = Result<std::vector<HttpRequest>>;
/// `labels` of the route are rendered by then.
Requests requestsOf(const config::WebhookConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::SlackConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::DiscordConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::TelegramConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::PagerdutyConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::OpsgenieConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::PushoverConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::TeamsConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);
Requests requestsOf(const config::TeamsFlowConfig& config, Texts& texts, Secrets& secrets,
                    const Notification& notification);

// What each service's answer means (`judge`): 5xx is worth another try; 429 too where the service
// limits rates that way (PagerDuty v2, Opsgenie, Telegram), and 403 with PagerDuty v1.
// Source: Alertmanager 0.34, the retriers of notify.
Result<void> judgeAnswer(const config::WebhookConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::SlackConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::DiscordConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::TelegramConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::PagerdutyConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::OpsgenieConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::PushoverConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::TeamsConfig& config, const HttpResponse& response);
Result<void> judgeAnswer(const config::TeamsFlowConfig& config, const HttpResponse& response);

/// The server that takes a receiver's mail, with the password read.
Result<MailServer> mailServer(const config::EmailConfig& config, Secrets& secrets);

} // namespace watchfire::alerting
