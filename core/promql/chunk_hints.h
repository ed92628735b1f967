// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/model/labels.h"

#include <unordered_map>

namespace watchfire::promql {

/// Gives histograms the counter-reset hints with which a store of chunks would give them back,
/// which the expectations of scripts and unit tests take for granted: a chunk begins where the
/// counter was reset or the layout changed, and only within one is it known that there was no
/// reset. Samples of a series are to come in ascending time.
class ChunkHints {
public:
    Histogram asStored(const Labels& series, const Histogram& histogram);
    /// A float ends the series' chunk of histograms.
    void sawFloat(const Labels& series) { m_last.erase(series); }
    void clear() { m_last.clear(); }

private:
    std::unordered_map<Labels, Histogram> m_last;
};

} // namespace watchfire::promql
