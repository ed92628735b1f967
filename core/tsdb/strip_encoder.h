// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/codec/segment.h"
#include "core/tsdb/head/rows.h"

#include <vector>

namespace watchfire::tsdb {

/// Turns the rows of a closed strip into columns. `hints` are by position and kept from strip
/// to strip. Nothing comes of a strip without rows. Any thread, one for a group at a time.
std::vector<EncodedStrip> encodeStrip(Gid gid, const HeadStrip& rows, const Layout& layout,
                                      std::vector<EncodeHint>& hints);

/// The same for late rows: a strip for each window they lie in. Of two samples of a series at
/// one moment the first stays.
std::vector<EncodedStrip> encodeLateStrips(Gid gid, const LateRows& rows);

} // namespace watchfire::tsdb
