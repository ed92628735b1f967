// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/rows.h"

#include "core/base/check.h"

#include <cstring>

namespace watchfire::tsdb {

void HeadRow::pack(std::span<const double> cells, std::span<const double> base)
{
    Bytes packed;
    packRow(cells, base, packed);
    m_base = base;
    m_width = static_cast<std::uint32_t>(cells.size());
    m_packedBytes = static_cast<std::uint32_t>(packed.size());
    m_packed = std::make_unique_for_overwrite<std::uint8_t[]>(packed.size());
    std::memcpy(m_packed.get(), packed.data(), packed.size());
}

void HeadRow::cells(std::span<double> out) const
{
    std::ranges::fill(out.subspan(m_width), absentValue());
    if (m_packed != nullptr) {
        const auto unpacked
            = unpackRow({m_packed.get(), m_packedBytes}, m_base, out.first(m_width));
        WF_CHECK(unpacked.has_value());
    }
    for (const PositionedValue& sample : sparse) {
        out[sample.position] = sample.value;
    }
}

std::size_t countPresent(std::span<const double> cells)
{
    std::size_t present = 0;
    for (const double cell : cells) {
        present += static_cast<std::size_t>(!isAbsent(cell));
    }
    return present;
}

double RowReader::value(const HeadRow& row, std::uint32_t position)
{
    if (row.width() == 0) {
        const auto at
            = std::ranges::lower_bound(row.sparse, position, {}, &PositionedValue::position);
        return at != row.sparse.end() && at->position == position ? at->value : absentValue();
    }
    if (m_row != &row) {
        m_cells.resize(row.width());
        row.cells(m_cells);
        m_row = &row;
    }
    return position < m_cells.size() ? m_cells[position] : absentValue();
}

std::span<const double> HeadStrip::base(std::span<const double> cells)
{
    if (m_base.empty()) {
        m_base.assign(cells.begin(), cells.end());
    }
    return m_base;
}

} // namespace watchfire::tsdb
