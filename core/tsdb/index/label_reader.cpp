// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/label_reader.h"

#include <algorithm>

namespace watchfire::tsdb {

Result<bool> LabelReader::load(std::uint32_t extent)
{
    if (extent == m_extent) {
        return m_hasPage;
    }
    m_hasPage = false;
    m_extent = ~0U;
    const auto value = m_txn.get(Table::series, Key().native32(extent));
    if (!value) {
        if (auto read = m_txn.result(m_txn.environment()); !read) {
            return std::unexpected(read.error());
        }
        m_extent = extent;
        return false;
    }
    auto page = SeriesPage::parse(*value);
    if (!page) {
        return std::unexpected(page.error());
    }
    m_page = std::move(*page);
    m_extent = extent;
    m_hasPage = true;
    return true;
}

Result<std::span<const LabelPair>> LabelReader::pairs(Sid sid)
{
    m_pairs.clear();
    const auto loaded = load(sid >> extentBits);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    const std::uint32_t slot = sid % extentSize;
    if (*loaded && m_page.has(slot)) {
        m_page.pairs(slot, m_pairs);
    }
    return m_pairs;
}

Result<Gid> LabelReader::groupOf(Sid sid)
{
    const std::uint32_t extent = sid >> extentBits;
    if (extent == m_extent) {
        return m_hasPage ? m_page.gid() : 0;
    }
    const auto value = m_txn.get(Table::series, Key().native32(extent));
    if (!value) {
        if (auto read = m_txn.result(m_txn.environment()); !read) {
            return std::unexpected(read.error());
        }
        return 0;
    }
    const Gid gid = SeriesPage::gidOf(*value);
    if (gid == 0) {
        return fail(ErrorKind::corrupt, "broken series page");
    }
    return gid;
}

Result<std::string_view> LabelReader::value(Vid vid)
{
    CachedValue& cached = m_values[vid % m_values.size()];
    if (cached.vid == vid && vid != 0) {
        return cached.text;
    }
    const auto value = m_txn.get(Table::vstr, Key().native32(vid));
    if (!value || value->size() < 4) {
        if (auto read = m_txn.result(m_txn.environment()); !read) {
            return std::unexpected(read.error());
        }
        return fail(ErrorKind::corrupt, "the index lacks a label value");
    }
    cached = {vid, asText(value->subspan(4))};
    return cached.text;
}

Result<std::optional<Labels>> LabelReader::labels(Sid sid)
{
    const auto found = pairs(sid);
    if (!found) {
        return std::unexpected(found.error());
    }
    if (found->empty() && !(m_hasPage && m_page.has(sid % extentSize))) {
        return std::nullopt;
    }
    auto labels = toLabels(m_pairs);
    if (!labels) {
        return std::unexpected(labels.error());
    }
    return std::move(*labels);
}

Result<Labels> LabelReader::toLabels(std::span<LabelPair> pairs)
{
    std::ranges::sort(pairs, {}, [&](const LabelPair& pair) { return m_names->rank(pair.nid); });
    m_labels.clear();
    for (const LabelPair& pair : pairs) {
        const std::string_view name = m_names->name(pair.nid);
        const auto text = value(pair.vid);
        if (!text) {
            return std::unexpected(text.error());
        }
        if (name.empty()) {
            return fail(ErrorKind::corrupt, "the index lacks a label name");
        }
        m_labels.push_back({name, *text});
    }
    return Labels::fromSorted(m_labels);
}

} // namespace watchfire::tsdb
