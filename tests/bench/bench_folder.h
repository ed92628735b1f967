// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/matcher.h"
#include "core/tsdb/store.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace watchfire::bench {

struct MovingClock final : Clock {
    explicit MovingClock(std::int64_t startMs)
        : ms(startMs)
    {
    }
    std::atomic<std::int64_t> ms;
    Timestamp now() const override { return fromUnixMs(ms); }
};

/// A folder for a store that goes when the program does.
class StoreFolder {
public:
    explicit StoreFolder(const std::string& name)
        : m_path(std::filesystem::temp_directory_path() / name)
    {
        std::filesystem::remove_all(m_path);
    }
    ~StoreFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    StoreFolder(const StoreFolder&) = delete;
    StoreFolder& operator=(const StoreFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// One that commits when it is told to; a failure ends the program.
    std::unique_ptr<tsdb::Store> open(const Clock& clock,
                                      tsdb::RetentionLimits retention = {}) const
    {
        tsdb::OpenOptions options;
        options.directory = m_path;
        options.clock = &clock;
        options.commitsByTime = false;
        options.retention = retention;
        auto store = tsdb::Store::open(options);
        if (!store) {
            std::fprintf(stderr, "%s\n", store.error().message.c_str());
            std::abort();
        }
        return std::move(*store);
    }

private:
    std::filesystem::path m_path;
};

/// What must not fail in a measurement.
template <class T> decltype(auto) must(T&& done)
{
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
        std::abort();
    }
    return std::forward<T>(done);
}

/// Reads every sample of the series that match, both ends inclusive; how many they are.
inline std::size_t readSamples(tsdb::Store& store, const Matcher& matcher, std::int64_t fromMs,
                               std::int64_t toMs)
{
    std::size_t samples = 0;
    auto querier = must(store.querier());
    const auto readers
        = must((*querier)->select({&matcher, 1}, {fromUnixMs(fromMs), fromUnixMs(toMs)}));
    storage::Column column;
    for (const auto& reader : *readers) {
        for (std::size_t i = 0; i < reader->size(); ++i) {
            must(reader->read(i, column));
            samples += column.values.size();
        }
    }
    return samples;
}

} // namespace watchfire::bench
