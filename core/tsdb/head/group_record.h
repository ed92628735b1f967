// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/tsdb/tables.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace watchfire::tsdb {

// A group as the table `groups` keeps it. On disk: do not renumber.
//
//   version u8 (1); identity: varint count, per label name and value as text; next strip seq
//   varint; sealed through i64 (ms, the newest row in a strip); covered seq varint; late
//   covered seq varint; extents: varint count of runs, per run first varint, length varint;
//   slots used in the last extent u8; layout: varint count of runs of sids, likewise
//
// Journal frames of the group numbered up to `covered` (late ones: up to `lateCovered`) are in
// strips; those after it count positions by this layout, until a STRIP frame changes it.

struct GroupRecord {
    Labels identity;
    std::uint32_t nextStripSeq = 1;
    std::int64_t sealedThroughMs = std::numeric_limits<std::int64_t>::min();
    std::uint64_t coveredSeq = 0;
    std::uint64_t lateCoveredSeq = 0;
    std::vector<std::uint32_t> extents; ///< in the order they were taken
    std::uint32_t usedInLast = 0;
    std::vector<Sid> layout;

    Bytes serialize() const;
    static Result<GroupRecord> parse(ByteView value);
};

/// Labels in a value: varint count, per label name and value as text.
void appendLabels(ByteWriter& writer, const Labels& labels);
Labels readLabels(ByteReader& reader);

} // namespace watchfire::tsdb
