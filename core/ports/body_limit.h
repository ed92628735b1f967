// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>

namespace watchfire {

/// What an HttpFetcher says of an answer that is larger than its request's `maxBody`, and of
/// nothing else, so that a caller knows this limit from others.
Error bodyLimitError(std::uint64_t maxBody);

} // namespace watchfire
