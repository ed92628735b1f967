// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/rules/alerting_rule.h"
#include "core/text/template.h"

#include <functional>
#include <string>
#include <string_view>

namespace watchfire::rules {

/// What templates of labels and annotations may ask of the world.
struct ExpandOptions {
    std::string externalUrl;
    Labels externalLabels;
    /// For {{ query "…" }}; empty: the function fails.
    std::function<Result<Vector>(const std::string& expr, Timestamp at)> query;
};

/// Expands templates as Prometheus does: $labels, $value, $externalLabels, $externalURL and its
/// functions. A fault yields "<error expanding template: …>".
///
/// Source: Prometheus documentation, "Template reference".
ExpandText makeExpandText(ExpandOptions options);

/// Whether a template of a label or annotation parses, and names only variables and functions
/// that there are. Fails with ErrorKind::invalid and the span at fault.
Result<void> checkTemplate(std::string_view text);

/// The path and query under an external URL that shows the expression as a table.
std::string tableLink(std::string_view expr);

/// The functions alone, for the console and for Alertmanager's templates.
text::TemplateFunctions templateFunctions(const ExpandOptions& options, Timestamp at);

} // namespace watchfire::rules
