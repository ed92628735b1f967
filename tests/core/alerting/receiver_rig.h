// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/dispatcher.h"
#include "core/alerting/receivers/integrations.h"
#include "core/base/mailbox.h"
#include "core/config/file_view.h"
#include "core/net/http_fetcher.h"
#include "core/net/mail_sender.h"
#include "core/net/oauth2_fetcher.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::tests {

/// The whole way of a notification but the program around it: an alertmanager.yml as text, its
/// files of templates, routes, groups, every receiver, and the network. The clock is turned by
/// hand; answers of servers are awaited.
class ReceiverRig {
public:
    /// `others`: further files, by path.
    explicit ReceiverRig(std::string alertmanagerYml,
                         std::map<std::filesystem::path, std::string> others = {})
    {
        config::Paths paths = config::Paths::ofProfile("/c");
        config::FileTexts texts(others.begin(), others.end());
        texts.insert_or_assign(paths.alertmanager, std::move(alertmanagerYml));
        auto loaded
            = config::loadFrom(paths, config::FileView::only(std::move(texts)), config::Checkers());
        if (!loaded) {
            fault = loaded.error().front().toString();
            return;
        }
        warnings = loaded->warnings;
        config = loaded->config.alertmanager;
        m_dispatcher = std::make_unique<alerting::Dispatcher>(
            m_silences, m_log,
            [this](const config::ReceiverConfig& receiver) {
                return alerting::makeIntegrations(receiver, config.globals,
                                                  alerting::templatesOf(config), outside());
            },
            m_mailbox,
            [this](Timestamp, const Labels&, std::string what) {
                events.push_back(std::move(what));
            });
        m_dispatcher->apply(config, "http://am.example", clock.at);
    }
    ~ReceiverRig()
    {
        m_dispatcher.reset();
        m_mailbox.close();
    }
    ReceiverRig(const ReceiverRig&) = delete;
    ReceiverRig& operator=(const ReceiverRig&) = delete;

    alerting::Outside outside()
    {
        return {fetcher, m_notifier, clock, m_workers, &mail, "host.example"};
    }

    void put(std::vector<Alert> alerts) { m_dispatcher->put(alerts, clock.at); }

    /// Turns the clock so far, then waits until so many events were told of. False: they did not
    /// come in twenty seconds.
    bool turn(std::chrono::milliseconds by, std::size_t wanted)
    {
        clock.at += by;
        m_dispatcher->advance(clock.at);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (events.size() < wanted && std::chrono::steady_clock::now() < deadline) {
            m_mailbox.wait(deadline);
            m_mailbox.drain();
        }
        return events.size() >= wanted;
    }

    struct TurnedClock final : Clock {
        Timestamp at = Timestamp(std::chrono::seconds(1'767'323'045)); // 2026-01-02T03:04:05Z
        Timestamp now() const override { return at; }
    };

    std::string fault; ///< of the configuration; empty: it was read
    std::vector<config::Fault> warnings;
    config::AlertmanagerConfig config;
    TurnedClock clock;
    std::vector<std::string> events; ///< one for each alert of each notification
    net::CurlFetcher network;
    net::OAuth2Fetcher fetcher{network, clock};
    net::CurlMailSender mail;

private:
    struct NoPopups final : Notifier {
        void show(const Notification&) override { }
        void withdraw(std::string_view) override { }
    };

    Mailbox m_mailbox;
    NoPopups m_notifier;
    ThreadPool m_workers{1};
    alerting::Silences m_silences{nullptr, alerting::makeUuid};
    alerting::NotificationLog m_log{nullptr};
    std::unique_ptr<alerting::Dispatcher> m_dispatcher;
};

} // namespace watchfire::tests
