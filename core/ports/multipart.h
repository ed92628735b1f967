// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire {

/// The fields of a multipart/form-data body, in order; files are left out, and what follows a
/// part that cannot be read. `contentType` is the header that names the boundary; nothing when
/// it is of another kind.
/// Source: RFC 7578, RFC 2046 section 5.1.
std::optional<std::vector<std::pair<std::string, std::string>>>
multipartFields(std::string_view contentType, std::string_view body);

} // namespace watchfire
