// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// Where things stand in a JSON text, for messages: the parser of core/encoding does not say.
struct JsonPlaces {
    struct Fault {
        std::uint32_t at = 0; ///< byte
        std::string message;
    };
    std::optional<Fault> fault; ///< the first that makes the text no JSON
    std::vector<std::uint32_t> elements; ///< bytes at which those of the outermost list begin
};

/// Reads the text once; depth is bounded at 1024.
/// Source: RFC 8259.
JsonPlaces placesOf(std::string_view text);

} // namespace watchfire::discovery
