// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/verbs.h"
#include "core/base/result.h"
#include "core/encoding/json.h"

#include <string>
#include <utility>
#include <vector>

namespace watchfire::ctl {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The engine that --url names, or the one running on --profile.
Result<std::string> engineUrl(const Context& context);

/// GET URL/path?parameters and the answer's JSON. Fails with ErrorKind::unavailable when nobody
/// answers, invalid when the engine refuses (with its words).
Result<encoding::JsonValue> ask(const Context& context, const std::string& path,
                                const Parameters& parameters);

/// A request to the engine's Alertmanager, and the answer's JSON; null where it has none. A body
/// that is not null is sent. Fails with ErrorKind::unavailable when nobody answers, notFound for
/// what is not there, invalid when the engine refuses (with its words).
Result<encoding::JsonValue> askAlertmanager(const Context& context, const std::string& method,
                                            const std::string& path, const Parameters& parameters,
                                            const encoding::JsonValue& body = {});

} // namespace watchfire::ctl
