// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/model/result.h"

#include <functional>
#include <string>

namespace watchfire::rules {

/// Whether nobody can know how what these labels name is at `at`, because it cannot be scraped:
/// `up` of their `job` and `instance` (those of the two that they have) is there, and is 0 for all
/// targets that it is there for. A target that is gone is not unseen, and neither is an alert with
/// neither label. A query that fails says no.
bool isUnseen(const Labels& labels, Timestamp at,
              const std::function<Result<Vector>(const std::string& expr, Timestamp at)>& query);

} // namespace watchfire::rules
