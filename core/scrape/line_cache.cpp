// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/line_cache.h"

#include "core/scrape/line_hash.h"

#include <algorithm>

namespace watchfire::scrape {

namespace {

/// Series that no good answer had lately may stay up to this many beyond the lines.
constexpr std::size_t strangers = 1000;

std::uint64_t hashOf(std::string_view series, exposition::NumericLabel numeric)
{
    // The same text names another series where another label is normalised.
    return keyedHash(series) ^ (0x9E37'79B9'7F4A'7C15U * static_cast<std::uint64_t>(numeric));
}

} // namespace

std::uint64_t keyedHash(std::string_view bytes)
{
    return hashWith(hashKey(), bytes.data(), bytes.size());
}

std::size_t LineCache::slotOf(std::uint64_t hash, std::uint32_t length) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    while (m_slots[slot] != none) {
        const Series& series = m_series[m_slots[slot]];
        if (series.hash == hash && series.length == length) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

std::uint32_t LineCache::find(std::string_view series, exposition::NumericLabel numeric,
                              std::size_t expected) const
{
    if (m_slots.empty()) {
        return none;
    }
    const std::uint64_t hash = hashOf(series, numeric);
    const auto length = static_cast<std::uint32_t>(series.size());
    if (expected < m_seriesOf.size()) {
        const std::uint32_t number = m_seriesOf[expected];
        if (m_series[number].hash == hash && m_series[number].length == length) {
            return number;
        }
    }
    return m_slots[slotOf(hash, length)];
}

std::uint32_t LineCache::add(std::string_view series, exposition::NumericLabel numeric)
{
    if (m_slots.size() < (m_series.size() + 1) * 2) {
        grow();
    }
    const std::uint64_t hash = hashOf(series, numeric);
    const auto length = static_cast<std::uint32_t>(series.size());
    const auto number = static_cast<std::uint32_t>(m_series.size());
    m_slots[slotOf(hash, length)] = number;
    m_series.push_back({hash, length, unresolved, none, 0});
    return number;
}

void LineCache::deviate(std::size_t line)
{
    m_deviating = true;
    const auto count = static_cast<std::ptrdiff_t>(line);
    m_newLines.assign(m_lines.begin(), m_lines.begin() + count);
    m_newSeriesOf.assign(m_seriesOf.begin(), m_seriesOf.begin() + count);
    m_newNumeric.assign(m_numeric.begin(), m_numeric.begin() + count);
}

void LineCache::repeat(std::size_t line)
{
    m_newLines.push_back(m_lines[line]);
    m_newSeriesOf.push_back(m_seriesOf[line]);
    m_newNumeric.push_back(m_numeric[line]);
}

void LineCache::append(std::string_view bytes, std::uint32_t series,
                       exposition::NumericLabel numeric)
{
    m_series[series].reading = m_reading;
    const bool isText = bytes.data() != nullptr;
    m_newLines.push_back({isText ? keyedHash(bytes) : 0,
                          isText ? static_cast<std::uint32_t>(bytes.size()) : noBytes,
                          m_series[series].position});
    m_newSeriesOf.push_back(series);
    m_newNumeric.push_back(numeric);
}

void LineCache::accept()
{
    if (m_deviating) {
        for (const std::uint32_t series : m_seriesOf) {
            m_series[series].line = none;
        }
        m_lines.swap(m_newLines);
        m_seriesOf.swap(m_newSeriesOf);
        m_numeric.swap(m_newNumeric);
        m_lines.shrink_to_fit();
        m_seriesOf.shrink_to_fit();
        m_numeric.shrink_to_fit();
        m_series.shrink_to_fit();
        for (std::size_t i = 0; i < m_seriesOf.size(); ++i) {
            m_series[m_seriesOf[i]].line = static_cast<std::uint32_t>(i);
        }
    }
    reject();
}

void LineCache::reject()
{
    m_deviating = false;
    m_newLines.clear();
    m_newSeriesOf.clear();
    m_newNumeric.clear();
    m_newLines.shrink_to_fit();
    m_newSeriesOf.shrink_to_fit();
    m_newNumeric.shrink_to_fit();
    ++m_reading;
    if (m_series.size() > 2 * m_lines.size() + strangers) {
        prune();
    }
}

void LineCache::forgetPositions()
{
    for (Line& line : m_lines) {
        if (line.position != dropped) {
            line.position = unresolved;
        }
    }
    for (Series& series : m_series) {
        if (series.position != dropped) {
            series.position = unresolved;
        }
    }
}

void LineCache::clear()
{
    m_lines.clear();
    m_seriesOf.clear();
    m_numeric.clear();
    m_series.clear();
    m_slots.clear();
    reject();
}

void LineCache::grow()
{
    m_slots.assign(std::max<std::size_t>(64, m_slots.size() * 2), none);
    for (std::uint32_t i = 0; i < m_series.size(); ++i) {
        m_slots[slotOf(m_series[i].hash, m_series[i].length)] = i;
    }
}

void LineCache::prune()
{
    std::vector<std::uint32_t> numbers(m_series.size(), none);
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        if (m_series[i].line != none) {
            m_series[kept] = m_series[i];
            numbers[i] = kept++;
        }
    }
    m_series.resize(kept);
    for (std::uint32_t& series : m_seriesOf) {
        series = numbers[series];
    }
    std::ranges::fill(m_slots, none);
    for (std::uint32_t i = 0; i < m_series.size(); ++i) {
        m_slots[slotOf(m_series[i].hash, m_series[i].length)] = i;
    }
}

} // namespace watchfire::scrape
