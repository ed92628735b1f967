// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/tsdb/index/series_page.h"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace watchfire::tsdb {

/// Looks up label sets of persisted series within one transaction, which outlives it; keeps
/// the page and the values it saw last, so ask in the order of ids.
class LabelReader {
public:
    LabelReader(Txn& txn, NameTablePtr names)
        : m_txn(txn)
        , m_names(std::move(names))
    {
    }

    /// Nothing: there is no such series. Fails with ErrorKind::corrupt on a broken index.
    Result<std::optional<Labels>> labels(Sid sid);
    /// As a label set; the pairs are sorted by name.
    Result<Labels> toLabels(std::span<LabelPair> pairs);
    /// The pairs of that series, in no order; empty: there is none.
    Result<std::span<const LabelPair>> pairs(Sid sid);
    /// 0: there is no such extent.
    Result<Gid> groupOf(Sid sid);
    Result<std::string_view> value(Vid vid);

private:
    Result<bool> load(std::uint32_t extent);

    struct CachedValue {
        Vid vid = 0;
        std::string_view text;
    };

    Txn& m_txn;
    NameTablePtr m_names;
    std::uint32_t m_extent = ~0U;
    bool m_hasPage = false;
    SeriesPage m_page;
    std::vector<LabelPair> m_pairs;
    std::vector<Label> m_labels;
    std::array<CachedValue, 256> m_values{};
};

} // namespace watchfire::tsdb
