// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"
#include "core/storage/group_writer.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace watchfire::scrape {

/// Hashes with a key that is random per process, so that nobody can prepare collisions.
std::uint64_t keyedHash(std::string_view bytes);

/// What a target's last good answer looked like, line by line, so that the next one can be read
/// by comparing hashes (design page "storage", §3).
///
/// A *line* is a sample with the comments before it: what stood in the body from the end of the
/// sample before to the end of its labels. A *series* is a name with labels as written; several
/// lines may be the same series. Some 60 bytes a line, and no text is kept.
class LineCache {
public:
    using Position = storage::Position;
    /// Not positions of a row: metric relabelling dropped the series; its position must be
    /// asked for again.
    static constexpr Position dropped = 0xFFFF'FFFF;
    static constexpr Position unresolved = 0xFFFF'FFFE;
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    struct Line {
        std::uint64_t hash = 0; ///< of the line's bytes
        std::uint32_t length = 0;
        Position position = unresolved;
    };

    /// The lines of the last good answer, in order.
    const std::vector<Line>& lines() const { return m_lines; }
    /// What the parser knows before that line.
    exposition::NumericLabel numericBefore(std::size_t line) const
    {
        return line == 0 ? exposition::NumericLabel::none : m_numeric[line - 1];
    }

    /// The number of that series; none where it is not known. `numeric` is part of what it is.
    /// Looked for first among `expected`, the line of the last good answer that may be it.
    std::uint32_t find(std::string_view series, exposition::NumericLabel numeric,
                       std::size_t expected) const;
    std::uint32_t add(std::string_view series, exposition::NumericLabel numeric);
    Position position(std::uint32_t series) const { return m_series[series].position; }
    void setPosition(std::uint32_t series, Position position)
    {
        m_series[series].position = position;
    }
    /// Its line in the last good answer; none where it was not in it.
    std::uint32_t lineOf(std::uint32_t series) const { return m_series[series].line; }
    /// Whether the last good answer has it, or the one being read had it already.
    bool isKnown(std::uint32_t series) const
    {
        return m_series[series].line != none || m_series[series].reading == m_reading;
    }

    /// The answer being read differs from the last one from this line on.
    void deviate(std::size_t line);
    bool isDeviating() const { return m_deviating; }
    /// Whether that line of the last good answer came from a format without lines.
    bool isWithoutBytes(std::size_t line) const { return m_lines[line].length == noBytes; }
    /// Appends a line to a deviating answer: one of the last answer's, or a new one. Without
    /// bytes (a null view) it is never recognised by them.
    void repeat(std::size_t line);
    void append(std::string_view bytes, std::uint32_t series, exposition::NumericLabel numeric);
    /// The answer is good and takes the place of the last one.
    void accept();
    /// It is not.
    void reject();

    /// Positions were renumbered: all but the dropped ones become unresolved.
    void forgetPositions();
    /// Forgets what lines mean: the rules that made positions have changed.
    void clear();

private:
    struct Series {
        std::uint64_t hash = 0;
        std::uint32_t length = 0;
        Position position = unresolved;
        std::uint32_t line = none; ///< of the last good answer
        std::uint32_t reading = 0; ///< the latest that appended it
    };

    /// Longer than every body, so that no text has such a line.
    static constexpr std::uint32_t noBytes = 0xFFFF'FFFF;

    std::size_t slotOf(std::uint64_t hash, std::uint32_t length) const;
    void grow();
    void prune();

    std::vector<Line> m_lines;
    std::vector<std::uint32_t> m_seriesOf; ///< parallel to m_lines
    std::vector<exposition::NumericLabel> m_numeric; ///< parallel; after the line
    std::vector<Series> m_series;
    std::vector<std::uint32_t> m_slots; ///< open addressing; series number, or none
    std::uint32_t m_reading = 1; ///< counts answers

    bool m_deviating = false;
    std::vector<Line> m_newLines;
    std::vector<std::uint32_t> m_newSeriesOf;
    std::vector<exposition::NumericLabel> m_newNumeric;
};

} // namespace watchfire::scrape
