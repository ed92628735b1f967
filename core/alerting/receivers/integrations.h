// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/delivery.h"
#include "core/alerting/templates.h"
#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/config/config.h"
#include "core/ports/desktop.h"
#include "core/ports/http.h"
#include "core/ports/mail.h"

#include <memory>
#include <string>
#include <vector>

namespace watchfire::alerting {

/// What receivers need of the world. All must outlive them.
struct Outside {
    HttpFetcher& fetcher;
    Notifier& notifier;
    const Clock& clock;
    Executor& workers; ///< carry out templates and read files of secrets
    MailSender* mail = nullptr; ///< nullptr: no mail can be sent, and each try says so
    std::string host; ///< of this machine, in the ids of mails
};

using SharedTemplates = std::shared_ptr<const NotificationTemplates>;

/// The templates that the configuration's files define, on top of the usual ones.
SharedTemplates templatesOf(const config::AlertmanagerConfig& config);

/// All ways out of a receiver, each under the name that the notification log knows it by:
/// "desktop", "slack/0", "slack/1". `receiver` is as the file says it; what it has from `globals`
/// is filled in here.
std::vector<Integration> makeIntegrations(const config::ReceiverConfig& receiver,
                                          const config::ReceiverGlobals& globals,
                                          SharedTemplates templates, const Outside& outside);

} // namespace watchfire::alerting
