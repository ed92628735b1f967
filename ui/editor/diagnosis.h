// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/promql/syntax/advice.h"
#include "core/promql/syntax/fixes.h"

#include <string_view>

#include <QString>

namespace watchfire::ui::editor {

using promql::Fix;
using promql::fixFor;
using promql::nearestFunction;

/// The sentence for a fault in that text: "line 1, column 5: …", with what may be meant.
QString faultText(const Error& error, std::string_view text);
/// The same for what may not be meant.
QString adviceText(const promql::Advice& advice, std::string_view text);

} // namespace watchfire::ui::editor
