// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace watchfire::alerting {

/// The key of a group as services that bound its length know it: SHA-256 in hexadecimal. The same
/// as Alertmanager's, so that an incident opened by the one is closed by the other.
/// Source: FIPS 180-4; Alertmanager 0.33, notify.Key.Hash.
std::string groupHash(std::string_view groupKey);

} // namespace watchfire::alerting
