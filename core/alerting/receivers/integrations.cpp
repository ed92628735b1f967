// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/integrations.h"

#include "core/alerting/receivers/desktop.h"
#include "core/alerting/receivers/services.h"
#include "core/alerting/route_labels.h"
#include "core/alerting/silences.h"
#include "core/base/log.h"
#include "core/config/receiver_keys.h"

#include <format>
#include <type_traits>
#include <utility>

namespace watchfire::alerting {

namespace {

/// The notification as a template of that receiver sees it.
template <class Config> Notification seenBy(const Config&, const Notification& notification)
{
    return notification;
}
Notification seenBy(const config::WebhookConfig& config, const Notification& notification)
{
    Notification seen = notification;
    if (config.maxAlerts > 0 && !config.payload.empty() && seen.alerts.size() > config.maxAlerts) {
        seen.alerts.resize(config.maxAlerts);
    }
    return seen;
}

template <class Config>
std::shared_ptr<Receiver> receiverOf(Config config, SharedTemplates templates,
                                     const Outside& outside)
{
    auto prepare = [config, templates = std::move(templates),
                    &clock = outside.clock](const Notification& notification) -> Result<Prepared> {
        const Timestamp now = clock.now();
        Texts texts(*templates, seenBy(config, notification), now);
        Secrets secrets;
        Notification told = notification;
        if (!told.routeLabels.empty()) {
            told.routeLabels = renderedRouteLabels(*templates, notification, now);
        }
        auto requests = requestsOf(config, texts, secrets, told);
        if (secrets.fault()) {
            return std::unexpected(*secrets.fault());
        }
        if (!requests) {
            requests.error().message
                = withoutSecrets(std::move(requests.error().message), secrets.values());
            return std::unexpected(std::move(requests.error()));
        }
        for (HttpRequest& request : *requests) {
            request.client = config.http.value_or(HttpClientOptions());
            if constexpr (requires { config.timeout; }) {
                if (config.timeout > std::chrono::milliseconds(0)) {
                    request.timeout = config.timeout;
                }
            }
        }
        return Prepared{std::move(*requests), secrets.values()};
    };
    return std::make_shared<HttpReceiver>(
        outside.fetcher, std::move(prepare),
        [config](const HttpResponse& response) { return judgeAnswer(config, response); });
}

struct NoMail final : Receiver {
    Ticket send(Notification, Reply<void> reply) override
    {
        reply(fail(ErrorKind::unsupported, "there is nothing here that sends mail"));
        return {};
    }
};

std::shared_ptr<Receiver> receiverOf(config::EmailConfig config, SharedTemplates templates,
                                     const Outside& outside)
{
    if (outside.mail == nullptr) {
        return std::make_shared<NoMail>();
    }
    auto build
        = [config = std::move(config), templates = std::move(templates), &clock = outside.clock,
           host = outside.host](const Notification& notification) -> Result<MailMessage> {
        const Timestamp now = clock.now();
        Texts texts(*templates, notification, now);
        Secrets secrets;
        EmailSettings settings{config, {}};
        auto server = mailServer(config, secrets);
        if (!server) {
            return std::unexpected(std::move(server.error()));
        }
        settings.server = std::move(*server);
        return emailMessage(settings, texts, notification, now, makeUuid(), host);
    };
    return std::make_shared<MailReceiver>(*outside.mail, std::move(build));
}

} // namespace

SharedTemplates templatesOf(const config::AlertmanagerConfig& config)
{
    auto out = std::make_shared<NotificationTemplates>();
    for (const config::TemplateFile& file : config.templateFiles) {
        if (auto added = out->add(file.text); !added) { // read files parse
            log(LogLevel::error, "alerting", "{}: {}", file.file, added.error().message);
        }
    }
    return out;
}

std::vector<Integration> makeIntegrations(const config::ReceiverConfig& receiver,
                                          const config::ReceiverGlobals& globals,
                                          SharedTemplates templates, const Outside& outside)
{
    std::vector<Integration> out;
    if (receiver.desktop) {
        out.push_back({"desktop", std::make_shared<DesktopReceiver>(outside.notifier), true});
    }
    const config::ReceiverConfig whole = config::settled(receiver, globals);
    config::eachReceiverKind([&](std::string_view section, auto list, std::string_view) {
        const std::string_view kind = section.substr(0, section.rfind('_'));
        std::size_t index = 0;
        for (const auto& config : whole.*list) {
            out.push_back({std::format("{}/{}", kind, index++),
                           std::make_shared<WorkedReceiver>(receiverOf(config, templates, outside),
                                                            outside.workers),
                           config.sendResolved});
        }
    });
    return out;
}

} // namespace watchfire::alerting
