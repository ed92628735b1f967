// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"
#include "core/text/template.h"

#include <span>
#include <string>

namespace watchfire::alerting {

/// What a template is run over: Receiver, Status, Alerts, GroupLabels, CommonLabels,
/// CommonAnnotations, ExternalURL, with the methods each has. `fingerprints`, where it has as many
/// elements as there are alerts, gives theirs; else they come from the labels.
///
/// Source: Alertmanager documentation, "Notification template reference", data structures.
text::TemplateValue templateData(const Notification& notification,
                                 std::span<const std::string> fingerprints = {});

/// A value as toJson writes it; fields of structs have the names they have in webhooks.
std::string templateJson(const text::TemplateValue& value);

} // namespace watchfire::alerting
