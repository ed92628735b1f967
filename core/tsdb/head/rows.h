// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/model/sample.h"
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/epoch.h"
#include "core/tsdb/head/layout.h"

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

/// One row of a group: immutable once published. What is absent is absentValue().
struct HeadRow final : Retirable {
    std::int64_t atMs = 0;
    /// Every position below the width, or (filled below a quarter) those that are present.
    std::unique_ptr<double[]> dense;
    std::uint32_t width = 0;
    std::vector<PositionedValue> sparse; ///< sorted by position
    std::vector<PositionedHistogramPtr> histograms; ///< sorted by position
    /// A ROW frame made it: the next one is written against it.
    bool fromRowFrame = false;

    bool isDense() const { return dense != nullptr; }
    std::span<const double> cells() const { return {dense.get(), width}; }
    double value(std::uint32_t position) const
    {
        if (isDense()) {
            return position < width ? dense[position] : absentValue();
        }
        const auto at = std::ranges::lower_bound(sparse, position, {}, &PositionedValue::position);
        return at != sparse.end() && at->position == position ? at->value : absentValue();
    }
    std::shared_ptr<const Histogram> histogram(std::uint32_t position) const
    {
        const auto at
            = std::ranges::lower_bound(histograms, position, {}, &PositionedHistogramPtr::first);
        return at != histograms.end() && at->first == position ? at->second : nullptr;
    }
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

    const std::uint32_t seq; ///< becomes the strip's, in its key
    const std::uint32_t capacity;
    std::atomic<std::uint32_t> count{0};
    /// Owned. A row is replaced as a whole when samples of its time come in later.
    std::array<std::atomic<const HeadRow*>, greatestCapacity> rows{};
    /// The strip made of the closed rows, kept while commits fail. Storage writer only.
    std::vector<EncodedStrip> encoded;
};

/// Samples out of order: by series, since layouts may change before they are encoded.
struct LateRow {
    struct Value {
        Sid sid = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
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
