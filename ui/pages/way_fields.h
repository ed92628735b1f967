// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/receiver_form.h"

#include <functional>
#include <vector>

namespace watchfire::ui {

/// A field and how it stands in the section; the section must be of the field's kind.
struct WayAccess {
    WayField field;
    std::function<QString(const WaySection&)> read; ///< of texts
    std::function<void(WaySection&, const QString&)> write;
    /// Of secrets: the place, which `take` puts back where it is no member of the section.
    std::function<config::SecretSource(const WaySection&)> readSecret;
    std::function<void(WaySection&, const config::SecretSource&)> writeSecret;
};

/// The fields of that kind in their order.
const std::vector<WayAccess>& wayAccess(WayKind kind);

/// Whether the webhook is one that ntfy's fields can say.
bool isNtfy(const config::WebhookConfig& webhook);
/// One with the usual title and message, and no topic yet.
config::WebhookConfig newNtfy();

} // namespace watchfire::ui
