// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette_search.h"

#include <algorithm>
#include <utility>

namespace watchfire::ui {

namespace {

/// Of a title in lower case.
int foldedRank(const QString& title, const QString& needle)
{
    if (needle.isEmpty()) {
        return 0;
    }
    const qsizetype at = title.indexOf(needle);
    if (at == 0) {
        return 1;
    }
    for (qsizetype from = at; from > 0; from = title.indexOf(needle, from + 1)) {
        if (!title[from - 1].isLetterOrNumber()) {
            return 2;
        }
    }
    if (at > 0) {
        return 3;
    }
    qsizetype next = 0;
    for (const QChar c : title) {
        if (next < needle.size() && c == needle[next]) {
            ++next;
        }
    }
    return next == needle.size() ? 4 : -1;
}

} // namespace

int paletteRank(const QString& title, const QString& needle)
{
    return foldedRank(title.toLower(), needle);
}

PaletteNames::PaletteNames(std::size_t count, std::function<QString(std::size_t)> title)
    : m_count(count)
    , m_title(std::move(title))
{
}

const std::vector<QString>& PaletteNames::folded()
{
    if (m_folded.size() != m_count) {
        m_folded.reserve(m_count);
        for (std::size_t item = 0; item < m_count; ++item) {
            m_folded.push_back(m_title(item).toLower());
        }
    }
    return m_folded;
}

std::vector<PaletteHit> searchPalette(const std::vector<PaletteNamesPtr>& kinds,
                                      const QString& typed, std::size_t most,
                                      const std::stop_token& stop)
{
    constexpr std::size_t stopEvery = 4096;
    const QString needle = typed.trimmed().toLower();
    std::vector<PaletteHit> hits;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        if (needle.isEmpty()) { // the first ones are the best, and need no names in lower case
            for (std::size_t item = 0; item < kinds[kind]->count() && hits.size() < most; ++item) {
                hits.push_back({0, kind, item, {}});
            }
            continue;
        }
        const std::vector<QString>& titles = kinds[kind]->folded();
        for (std::size_t item = 0; item < titles.size(); ++item) {
            if (item % stopEvery == 0 && stop.stop_requested()) {
                return {};
            }
            if (const int rank = foldedRank(titles[item], needle); rank >= 0) {
                hits.push_back({rank, kind, item, {}});
            }
        }
    }
    const std::size_t shown = std::min(hits.size(), most);
    std::ranges::partial_sort(hits, hits.begin() + std::ptrdiff_t(shown), std::less{});
    hits.resize(shown);
    for (PaletteHit& hit : hits) {
        hit.title = kinds[hit.kind]->title(hit.item);
    }
    return hits;
}

} // namespace watchfire::ui
