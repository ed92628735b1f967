// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/alertmanager.h"
#include "core/engine/engine.h"

namespace watchfire::api {

/// The silence that the body of POST /api/v2/silences asks for. Refused with status 422 where it
/// lacks what it must have, 400 where it cannot be read or its times make no sense.
///
/// Source: Alertmanager's OpenAPI description, postableSilence; recorded answers of 0.33.
OrRefusal<engine::SilenceChange> readSilence(const encoding::JsonValue& body, Timestamp now);

/// What the answer is when the engine does not take a silence.
Refusal silenceRefusal(const Error& error);

/// Five groups of hexadecimal digits, as silences are named.
bool isUuid(std::string_view text);
/// 422: the path must name a silence by such an id.
Refusal noUuid(std::string_view text);

} // namespace watchfire::api
