// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receiver.h"
#include "core/config/config.h"
#include "core/ports/http.h"

namespace watchfire::alerting {

/// The body of a webhook, version 4, with at most `maxAlerts` alerts (0: all) and the number of
/// those left out. What all have in common is said of all.
/// Source: Alertmanager documentation, webhook_config.
std::string webhookBody(const Notification& notification, std::uint64_t maxAlerts = 0);

/// Posts notifications as JSON. 5xx and failed connections are worth another try.
class WebhookReceiver final : public Receiver {
public:
    WebhookReceiver(HttpFetcher& fetcher, config::WebhookConfig config)
        : m_fetcher(fetcher)
        , m_config(std::move(config))
    {
    }
    Ticket send(Notification notification, Reply<void> reply) override;

private:
    HttpFetcher& m_fetcher;
    config::WebhookConfig m_config;
};

} // namespace watchfire::alerting
