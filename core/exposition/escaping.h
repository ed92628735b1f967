// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// How names beyond the classic alphabet ([a-zA-Z_:][a-zA-Z0-9_:]*) reach a reader that may not
/// know them. The names are those of metric_name_escaping_scheme and of the parameter `escaping`
/// in Accept and Content-Type.
enum class EscapingScheme : std::uint8_t {
    allowUtf8, ///< "allow-utf-8": as they are, in quotes
    underscores, ///< "underscores": an underscore for each character
    dots, ///< "dots": _dot_ for a dot, two underscores for an underscore and for all else
    values ///< "values": U__ before the name, _2e_ for a dot, __ for an underscore
};

std::string_view toText(EscapingScheme scheme);
/// Nothing: there is no scheme of that name.
std::optional<EscapingScheme> escapingSchemeFrom(std::string_view text);

/// A metric or label name as that scheme writes it. Only `values` can be undone without loss,
/// and `dots` where a name has no other characters.
///
/// Source: prometheus/common, model/metric.go, EscapeName.
std::string escapeName(std::string_view name, EscapingScheme scheme);

} // namespace watchfire::exposition
