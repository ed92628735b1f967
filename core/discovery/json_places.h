// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// Where things stand in a JSON text, for messages: the parser of core/encoding does not say.
struct JsonPlaces {
    std::optional<Error> fault; ///< the first that makes the text no JSON, with its place
    std::vector<std::uint32_t> elements; ///< bytes at which those of the outermost list begin
};

/// Reads the text once; depth is bounded at 1024.
/// Source: RFC 8259.
JsonPlaces placesOf(std::string_view text);

} // namespace watchfire::discovery
