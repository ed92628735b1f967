// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/tsdb/tables.h"

#include <cstdint>
#include <string>

namespace watchfire::tsdb {

/// How a table is kept. On disk: must not change.
struct TableForm {
    const char* name;
    unsigned flags; ///< LMDB's
    /// Values end with a check of the entry. Those of the other tables have a head with a CRC.
    bool isChecked;
};
const TableForm& formOf(Table table);

// The last four bytes of a checked table's value: CRC-32C of the table's name, the key and the
// value, little-endian. So an entry that rotted, or came under another key, is not taken for one.
inline constexpr std::size_t entryCheckBytes = 4;
std::uint32_t entryCheck(Table table, ByteView key, ByteView value);

/// Whether the key is as long as that table's are.
bool hasKeyOf(Table table, ByteView key);
/// An entry in words, for messages: "series page 12", "strip 3 of group 7 in window 2147542698".
std::string entryName(Table table, ByteView key);

} // namespace watchfire::tsdb
