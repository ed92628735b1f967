// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/promql/syntax/advice.h"

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::promql {

/// What could be meant by a name that is no function and no aggregation; empty: no idea. What
/// begins like it comes first, then what is a slip of the finger or two away.
std::string_view nearestFunction(std::string_view name);

/// Whether the fault, of parse or diagnose, is the name of a function that does not exist.
bool isUnknownFunction(const Error& error);

/// A way to mend that fault of that text, where there is an obvious one: the function that is
/// meant, a range that is missing. The fault's own message stays that of Prometheus.
std::optional<Fix> fixFor(const Error& error, std::string_view text);

/// The fault's message, and what may be meant: "unknown function with name \"rat\"; did you mean
/// rate?".
std::string withSuggestion(const Error& error, std::string_view text);

} // namespace watchfire::promql
