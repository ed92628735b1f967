// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <lmdb.h>

namespace watchfire::tsdb {

inline MDB_val toVal(ByteView bytes)
{
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}
inline ByteView toView(const MDB_val& value)
{
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

} // namespace watchfire::tsdb
