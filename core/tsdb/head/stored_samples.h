// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/tsdb/environment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// A sample found in a strip.
struct StoredSample {
    double value = 0; ///< histogramMarker() where it is a histogram
    std::shared_ptr<const Histogram> histogram;
};

/// What a group's strips hold of these series at one moment; those without a sample there are
/// left out. For samples out of order: it decodes what it looks at.
Result<std::unordered_map<Sid, StoredSample>>
storedAt(Environment& environment, Gid gid, std::int64_t atMs, std::span<const Sid> sids);

/// The time of the newest stored sample of each of these series; those without one are left
/// out.
Result<std::unordered_map<Sid, std::int64_t>> newestStored(Environment& environment, Gid gid,
                                                           std::span<const Sid> sids);

} // namespace watchfire::tsdb
