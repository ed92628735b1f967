// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/parser.h"

#include <cstdint>
#include <string_view>

namespace watchfire::ctl::script {

/// False: a function of the query depends on the time of evaluation even when all its selectors
/// are pinned by @ (or it does not parse).
bool canBePinned(std::string_view query, const promql::Features& features);

/// The query with @ on every selector and subquery that has none and is not inside a subquery,
/// which then has one.
Result<promql::Ast> pinnedQuery(std::string_view query, std::int64_t atMs,
                                const promql::Features& features);

} // namespace watchfire::ctl::script
