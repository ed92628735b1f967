// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/deleted_rows.h"

#include "core/model/sample.h"

#include <algorithm>

namespace watchfire::tsdb {

Result<void> maskDeletedRows(Txn& txn, Sid sid, std::span<const std::int64_t> times,
                             std::span<double> values)
{
    Cursor cursor(txn, Table::tomb);
    for (bool more = cursor.find(Key().be32(sid)); more; more = cursor.nextDuplicate()) {
        ByteReader reader(cursor.value());
        const auto from = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        const auto to = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        const auto first = std::ranges::lower_bound(times, from) - times.begin();
        const auto last = std::ranges::upper_bound(times, to) - times.begin();
        if (first < last) {
            std::fill(values.begin() + first, values.begin() + last, absentValue());
        }
    }
    return cursor.result(txn.environment());
}

} // namespace watchfire::tsdb
