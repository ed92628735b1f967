// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"

namespace watchfire::rules {

/// What rules and templates make of an instant query's answer: a scalar is a vector of one
/// element without labels; anything else fails with ErrorKind::invalid.
Result<Vector> vectorOf(Result<QueryResult> answer);

} // namespace watchfire::rules
