// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/promql_script/script_text.h"
#include "core/model/labels.h"
#include "core/promql/chunk_hints.h"
#include "core/promql/series_notation.h"
#include "core/storage/memory_store.h"

#include <cstdint>
#include <map>
#include <vector>

namespace watchfire::ctl::script {

/// Puts what load commands say into a store.
class Loader {
public:
    explicit Loader(storage::MemoryStore& store)
        : m_store(store)
    {
    }

    Result<void> load(const Command& command);
    void clear();

private:
    struct Row {
        std::vector<promql::SequenceValue> values;
        std::vector<std::int64_t> startOffsets; ///< ms; noStart where there is none
    };
    using Rows = std::map<Labels, Row>;
    static constexpr std::int64_t noStart = INT64_MIN;

    Result<Rows> readRows(const Command& command) const;
    Result<void> append(storage::Appender& appender, const Labels& labels, const Row& row,
                        std::int64_t stepMs);

    storage::MemoryStore& m_store;
    promql::ChunkHints m_hints;
};

/// The native histograms with custom buckets that the classic ones of a load make up.
std::map<Labels, std::vector<promql::SequenceValue>>
customBucketHistograms(const std::map<Labels, std::vector<promql::SequenceValue>>& rows);

} // namespace watchfire::ctl::script
