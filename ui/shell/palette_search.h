// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <tuple>
#include <vector>

#include <QString>

/// Finding one of a hundred thousand names by a few letters.
namespace watchfire::ui {

/// How well `needle` (lower case) fits: the smaller the better; −1: not at all. Exact prefix,
/// start of a word, substring, subsequence, in this order. The title's case does not count.
int paletteRank(const QString& title, const QString& needle);

/// Things of one kind, by their names, which are made on a worker: with a hundred thousand
/// targets they take longer than a frame.
class PaletteNames {
public:
    /// `title` is called on the worker and owns all that it reads.
    PaletteNames(std::size_t count, std::function<QString(std::size_t)> title);

    std::size_t count() const { return m_count; }
    QString title(std::size_t item) const { return m_title(item); }
    /// In lower case; made at the first call. By one thread at a time only.
    const std::vector<QString>& folded();

private:
    std::size_t m_count;
    std::function<QString(std::size_t)> m_title;
    std::vector<QString> m_folded;
};
using PaletteNamesPtr = std::shared_ptr<PaletteNames>;

struct PaletteHit {
    int rank = 0;
    std::size_t kind = 0; ///< which of the names
    std::size_t item = 0;
    QString title;

    friend std::strong_ordering operator<=>(const PaletteHit& a, const PaletteHit& b)
    {
        return std::tie(a.rank, a.kind, a.item) <=> std::tie(b.rank, b.kind, b.item);
    }
};

/// The `most` best, the best first; of equal ones those of the earlier kind, then item. Whoever
/// types nothing gets the first ones. Ends early, with nothing, when it is told to stop.
std::vector<PaletteHit> searchPalette(const std::vector<PaletteNamesPtr>& kinds,
                                      const QString& typed, std::size_t most,
                                      const std::stop_token& stop = {});

} // namespace watchfire::ui
