// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/source_form.h"

#include <functional>
#include <optional>
#include <vector>

namespace watchfire::ui {

/// A field and how it stands in the discovery; the discovery must be of the field's kind.
struct SourceAccess {
    SourceField field;
    std::function<QString(const config::DiscoveryConfig&)> read;
    std::function<void(config::DiscoveryConfig&, const QString&)> write;
};

const std::vector<SourceAccess>& sourceAccess(SourceKind kind);

/// "pod label app=web field spec.nodeName=n1; service label app=web". Nothing: not so.
std::optional<std::vector<config::KubernetesDiscovery::Selector>>
readSelectors(const QString& text);

} // namespace watchfire::ui
