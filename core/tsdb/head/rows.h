// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/model/sample.h"
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/epoch.h"
#include "core/tsdb/head/layout.h"
#include "core/tsdb/head/starts.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// A histogram at a position of a row; the row's value there is histogramMarker().
using PositionedHistogramPtr = std::pair<std::uint32_t, std::shared_ptr<const Histogram>>;

/// One row of a group: immutable once published.
class HeadRow final : public Retirable {
public:
    std::int64_t atMs = 0;
    /// The samples of a row that is filled below a quarter, sorted by position; others are packed.
    std::vector<PositionedValue> sparse;
    std::vector<PositionedHistogramPtr> histograms; ///< sorted by position
    StartListPtr starts;
    std::uint32_t samples = 0;
    /// A ROW frame made it: the next one is written against it.
    bool fromRowFrame = false;

    /// Keeps what differs from `base`, which must outlive the row.
    void pack(std::span<const double> cells, std::span<const double> base);
    /// By position, absentValue() where there is no sample. Has room for every one that is there.
    void cells(std::span<double> out) const;

    /// 0: it is not packed.
    std::uint32_t width() const { return m_width; }
    std::size_t bytes() const
    {
        return sizeof(HeadRow) + m_packedBytes + sparse.size() * sizeof(PositionedValue);
    }
    std::shared_ptr<const Histogram> histogram(std::uint32_t position) const
    {
        const auto at
            = std::ranges::lower_bound(histograms, position, {}, &PositionedHistogramPtr::first);
        return at != histograms.end() && at->first == position ? at->second : nullptr;
    }

private:
    std::span<const double> m_base;
    std::unique_ptr<std::uint8_t[]> m_packed;
    std::uint32_t m_packedBytes = 0;
    std::uint32_t m_width = 0;
};

std::size_t countPresent(std::span<const double> cells);

/// Reads rows position by position; keeps the one it read last unpacked.
class RowReader {
public:
    double value(const HeadRow& row, std::uint32_t position);

private:
    const HeadRow* m_row = nullptr;
    std::vector<double> m_cells;
};

/// A strip ready to be written.
struct EncodedStrip {
    Window window = 0;
    std::uint32_t seq = 0;
    Bytes value;
    std::int64_t minMs = 0;
    std::int64_t maxMs = 0;
    std::uint64_t samples = 0;
};

/// The rows since the last strip, or of one waiting to be encoded: in ascending time, all of
/// one window. The group's writer adds rows; a closed one never changes again.
struct HeadStrip {
    static constexpr std::uint32_t greatestCapacity = 64;

    HeadStrip(std::uint32_t number, std::uint32_t rowsAtMost)
        : seq(number)
        , capacity(rowsAtMost)
    {
    }
    ~HeadStrip()
    {
        for (std::uint32_t i = 0; i < count.load(std::memory_order_relaxed); ++i) {
            delete rows[i].load(std::memory_order_relaxed);
        }
    }
    HeadStrip(const HeadStrip&) = delete;
    HeadStrip& operator=(const HeadStrip&) = delete;

    const HeadRow& row(std::uint32_t index) const
    {
        return *rows[index].load(std::memory_order_acquire);
    }
    /// What its rows are packed against: the cells of the first that is. The group's writer only.
    std::span<const double> base(std::span<const double> cells);

    const std::uint32_t seq; ///< becomes the strip's, in its key
    const std::uint32_t capacity;
    std::atomic<std::uint32_t> count{0};
    /// Owned. A row is replaced as a whole when samples of its time come in later.
    std::array<std::atomic<const HeadRow*>, greatestCapacity> rows{};
    /// The strip made of the closed rows, kept while commits fail. Storage writer only.
    std::vector<EncodedStrip> encoded;

private:
    std::vector<double> m_base;
};

/// Samples out of order: by series, since layouts may change before they are encoded.
struct LateRow {
    struct Value {
        Sid sid = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
        std::int64_t startedAtMs = 0; ///< 0: unknown
    };
    std::int64_t atMs = 0;
    std::vector<Value> values; ///< sorted by sid
    double value(Sid sid) const
    {
        const auto at = std::ranges::lower_bound(values, sid, {}, &Value::sid);
        return at != values.end() && at->sid == sid ? at->value : absentValue();
    }
};

/// Late rows in the order they came, of any windows.
struct LateRows {
    static constexpr std::uint32_t capacity = 256;

    explicit LateRows(std::uint32_t number)
        : seq(number)
    {
    }
    const std::uint32_t seq; ///< becomes the late strips'
    std::atomic<std::uint32_t> count{0};
    std::array<std::unique_ptr<const LateRow>, capacity> rows{}; ///< those below count
    /// As in HeadStrip: one strip for each window the rows lie in.
    std::vector<EncodedStrip> encoded;
};

/// What readers see of a group's head: published as a whole, replaced as a whole. Rows are
/// added to the last strip and the last late rows without replacing it.
struct HeadView final : Retirable {
    struct Strip {
        std::shared_ptr<const HeadStrip> rows;
        LayoutPtr layout;
    };
    std::vector<Strip> strips; ///< in time order
    std::vector<std::shared_ptr<const LateRows>> late;
    std::uint32_t nextSeq = 0; ///< strips of this and higher numbers are younger than the view
};

} // namespace watchfire::tsdb
