// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/import.h"
#include "core/promql/syntax/parser.h"

namespace watchfire::rules {

/// What readers of rule files check expressions and templates with.
config::Checkers checkers(const promql::Features& features = {});

} // namespace watchfire::rules
