// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/matcher.h"
#include "core/storage/store.h"

#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>

namespace watchfire::tsdb {

/// A moment that one thread turns and others read.
class HandTime {
public:
    HandTime& operator=(Timestamp time)
    {
        m_ms = unixMs(time);
        return *this;
    }
    HandTime& operator+=(std::chrono::milliseconds by)
    {
        m_ms += by.count();
        return *this;
    }
    operator Timestamp() const { return fromUnixMs(m_ms); }

private:
    std::atomic<std::int64_t> m_ms{1'700'000'000'000};
};

/// A clock that tests turn.
struct HandClock final : Clock {
    HandTime time;
    Timestamp now() const override { return time; }
};

inline TimeRange always()
{
    return {fromUnixMs(std::numeric_limits<std::int64_t>::min() / 4),
            fromUnixMs(std::numeric_limits<std::int64_t>::max() / 4)};
}
inline TimeRange between(std::int64_t from, std::int64_t to)
{
    return {fromUnixMs(from), fromUnixMs(to)};
}

/// Samples of a series by time, as bits, so that NaNs compare.
using SeriesBits = std::map<std::int64_t, std::uint64_t>;
/// By the series' labels as text. An error is an entry under its message.
using StoreBits = std::map<std::string, SeriesBits>;

/// Everything that a query sees; series without a sample are left out.
inline StoreBits readBits(storage::Queryable& store, std::span<const Matcher> matchers,
                          TimeRange range = always())
{
    StoreBits bits;
    const auto fail = [&](const Error& error) { bits["error: " + error.message] = {}; };
    auto querier = store.querier();
    if (!querier) {
        fail(querier.error());
        return bits;
    }
    auto readers = (*querier)->select(matchers, range);
    if (!readers) {
        fail(readers.error());
        return bits;
    }
    storage::Column column;
    for (const auto& reader : *readers) {
        const auto timeline = reader->timeline();
        if (!timeline) {
            fail(timeline.error());
            continue;
        }
        for (std::size_t i = 0; i < reader->size(); ++i) {
            if (const auto read = reader->read(i, column); !read) {
                fail(read.error());
                continue;
            }
            SeriesBits series;
            for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
                if (column.isPresent(entry)) {
                    series[(*timeline)[entry]] = std::bit_cast<std::uint64_t>(column.values[entry]);
                }
            }
            if (!series.empty()) {
                const std::string name = reader->labels(i).toString();
                if (const auto failure = reader->labelFailure()) {
                    fail(*failure);
                    continue;
                }
                if (bits.contains(name)) {
                    bits["error: twice " + name] = {};
                }
                bits[name] = std::move(series);
            }
        }
    }
    return bits;
}

/// All series have a metric name.
inline StoreBits readAll(storage::Queryable& store, TimeRange range = always())
{
    const Matcher named = *Matcher::make(MatchType::notEqual, "__name__", "");
    return readBits(store, {&named, 1}, range);
}

/// Where two differ, in words; empty: nowhere.
inline std::string difference(const StoreBits& got, const StoreBits& wanted)
{
    for (const auto& [series, samples] : wanted) {
        const auto there = got.find(series);
        if (there == got.end()) {
            return series + " is missing";
        }
        for (const auto& [at, bits] : samples) {
            const auto sample = there->second.find(at);
            if (sample == there->second.end()) {
                return series + " lacks " + std::to_string(at) + " (has "
                    + std::to_string(there->second.size()) + " of " + std::to_string(samples.size())
                    + ")";
            }
            if (sample->second != bits) {
                return series + " differs at " + std::to_string(at);
            }
        }
        for (const auto& [at, bits] : there->second) {
            if (!samples.contains(at)) {
                return series + " has a stray sample at " + std::to_string(at);
            }
        }
    }
    for (const auto& [series, samples] : got) {
        if (!wanted.contains(series)) {
            return "stray " + series;
        }
    }
    return {};
}

} // namespace watchfire::tsdb
