// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/alerting/receivers/integrations.h"
#include "core/alerting/silences.h"
#include "core/base/clock.h"
#include "core/base/executor.h"

#include <memory>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>

namespace watchfire::ctl {

/// The Alertmanager of the cases: dispatcher, silences and log, webhooks into a list, and a clock
/// that only moves when asked to.
class AlertingRig {
public:
    /// A request that a webhook made.
    struct Sent {
        Timestamp at{};
        QJsonObject body;
    };

    /// `config` is an alertmanager.yml as JSON, which is YAML too. Fails where it is refused.
    static Result<std::unique_ptr<AlertingRig>> make(const QJsonObject& config, Timestamp start);

    /// Statuses of the first answers to webhooks; 200 from then on.
    void answerWith(const QJsonArray& statuses);
    /// Alerts as cases have them: labels, annotations, resolved, started_s_ago, ends_in_s; those
    /// that say nothing of their start have `startsAt`.
    void post(const QJsonArray& alerts, Timestamp startsAt);
    /// Makes a silence from matchers and an end; its id.
    Result<std::string> silence(const QJsonArray& matchers, Timestamp startsAt, Timestamp endsAt);
    /// Turns the clock, stopping wherever something is due.
    void turnTo(Timestamp until);

    Timestamp now() const { return m_now; }
    alerting::Dispatcher& dispatcher() { return *m_dispatcher; }
    alerting::Silences& silences() { return m_silences; }
    const std::vector<Sent>& sent() const { return m_fetcher.sent; }

private:
    struct Fetcher final : HttpFetcher {
        const Timestamp* now = nullptr;
        std::vector<Sent> sent;
        std::vector<int> answers;
        Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;
    };

    struct NoPopups final : Notifier {
        void show(const Notification&) override { }
        void withdraw(std::string_view) override { }
    };
    struct Turned final : Clock {
        const Timestamp* at = nullptr;
        Timestamp now() const override { return *at; }
    };

    explicit AlertingRig(Timestamp start);

    Timestamp m_now;
    Turned m_clock;
    Fetcher m_fetcher;
    NoPopups m_notifier;
    InlineExecutor m_owner;
    alerting::Silences m_silences;
    alerting::NotificationLog m_log;
    std::unique_ptr<alerting::Dispatcher> m_dispatcher;
};

/// A receiver `w` with a webhook, and a route of its own keys that leads to it.
QJsonObject webhookConfig(QJsonObject route, QJsonObject webhook);

} // namespace watchfire::ctl
