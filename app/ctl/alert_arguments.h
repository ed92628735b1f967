// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/verbs.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/encoding/json.h"
#include "core/model/matcher.h"

#include <chrono>
#include <string>
#include <vector>

/// What the verbs of alerts and silences share.
namespace watchfire::ctl {

/// Matchers as amtool takes them: LABEL=VALUE and so on; a first one without an operator is the
/// value of alertname. Fails with the argument that is none.
Result<Matchers> matcherArguments(const std::vector<std::string>& arguments);
/// NAME=VALUE each, as a JSON object. The first may be the value of alertname alone where
/// `isNamed` says so.
Result<encoding::JsonValue> pairArguments(const std::vector<std::string>& arguments, bool isNamed);

/// RFC 3339; empty: `otherwise`. Fails naming the option.
Result<Timestamp> timeArgument(std::string_view option, const std::string& text,
                               Timestamp otherwise);
/// "1h30m"; empty: `otherwise`. Fails naming the option.
Result<std::chrono::milliseconds> durationArgument(std::string_view option, const std::string& text,
                                                   std::chrono::milliseconds otherwise);

encoding::JsonValue jsonText(std::string_view text);

/// Lines of cells in columns, the first one a heading.
void printTable(const std::vector<std::vector<std::string>>& rows);
/// As asked for: nobody answers, what is meant is not there or wrong.
void complain(Context& context, const Error& error);

} // namespace watchfire::ctl
