// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/chunk_hints.h"
#include "core/promql/series_notation.h"
#include "core/rules/unit_test/read.h"
#include "core/storage/store.h"

#include <cstddef>
#include <map>
#include <vector>

namespace watchfire::rules::unit_test {

/// The input series of a test, put into a store as time goes on.
class Input {
public:
    /// Fails with ErrorKind::invalid, naming the series, when a metric or its values do not parse.
    static Result<Input> read(const Test& test);

    /// Stores every sample up to and at that moment that is not stored yet.
    Result<void> storeUntil(Timestamp at, storage::Store& store);

private:
    struct Series {
        std::vector<promql::SequenceValue> values;
        std::size_t stored = 0;
        storage::SeriesRef ref = 0;
    };
    Result<void> append(storage::Appender& appender, const Labels& labels, Series& series,
                        Timestamp until);

    std::map<Labels, Series> m_series;
    promql::ChunkHints m_hints;
    Timestamp m_start{};
    std::chrono::milliseconds m_interval{};
};

} // namespace watchfire::rules::unit_test
