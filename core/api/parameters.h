// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::api {

/// Parameters of a request: those of the address and those of a form.
class Parameters {
public:
    Parameters() = default;
    explicit Parameters(std::vector<std::pair<std::string, std::string>> pairs)
        : m_pairs(std::move(pairs))
    {
    }

    /// The first of that name, or "".
    std::string_view get(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs;
};

/// Seconds since the epoch with a fraction, or RFC 3339.
Result<Timestamp> parseTime(std::string_view text);
/// A date and time in the forms that Alertmanager's API reads: RFC 3339; without its zone, which
/// is then UTC; without seconds; a date alone. To the millisecond. A time before 1970, as the year
/// 1 that programs write for none, and an empty text are the epoch.
Result<Timestamp> parseDateTime(std::string_view text);
/// Seconds as a number, or "1h30m".
Result<std::chrono::milliseconds> parseStep(std::string_view text);
/// A count; empty is 0, which means no limit.
Result<std::size_t> parseLimit(std::string_view text);

/// The parameter as a time, or `otherwise` where it is absent. Errors name the parameter.
Result<Timestamp> timeParameter(const Parameters& parameters, std::string_view name,
                                Timestamp otherwise);

/// "2026-11-22T14:00:40.905Z"; the epoch, which stands for never, is the year 1.
std::string formatTime(Timestamp at);

/// "2026-11-22T14:00:40.900Z", with all three digits, as Alertmanager tells times.
std::string formatDateTime(Timestamp at);

/// Undoes the escaping of names in paths, U__a_2e_b for a.b. What is not so escaped, or wrongly,
/// stays as it is.
/// Source: Prometheus documentation, "Escaping schemes", values.
std::string unescapeName(std::string_view name);

} // namespace watchfire::api
