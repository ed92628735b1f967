// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/promql/syntax/advice.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QString>

namespace watchfire::ui::editor {

using promql::Fix;

/// What could be meant by a name that is no function and no aggregation; empty: no idea. What
/// begins like it comes first, then what is a slip of the finger or two away.
std::string_view nearestFunction(std::string_view name);

/// A way to mend that fault of that text, where there is an obvious one: the function that is
/// meant, a range that is missing.
std::optional<Fix> fixFor(const Error& error, std::string_view text);

/// The sentence for a fault in that text: "line 1, column 5: …", with what may be meant.
QString faultText(const Error& error, std::string_view text);
/// The same for what may not be meant.
QString adviceText(const promql::Advice& advice, std::string_view text);

} // namespace watchfire::ui::editor
