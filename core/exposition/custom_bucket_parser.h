// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/classic_histogram.h"
#include "core/exposition/parser.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::exposition {

/// Reads a text and puts a native histogram with custom buckets in place of the classic series
/// of each histogram, or behind them (`keepClassic`). Series that follow one another and differ
/// in `le` alone are one histogram; it comes where another series, a comment with a meaning or
/// the end follows. Where the values contradict each other nothing comes. Exemplars go with the
/// native histogram.
///
/// Two deliberate differences to Prometheus: a comment without a meaning ends no histogram, and
/// its time is that of its own series, not of the one that follows.
///
/// Source: Prometheus, model/textparse/nhcbparse.go.
class CustomBucketParser final : public Parser {
public:
    CustomBucketParser(std::unique_ptr<Parser> inner, bool keepClassic)
        : m_inner(std::move(inner))
        , m_keepClassic(keepClassic)
    {
    }
    Result<EntryKind> next(Entry& entry) override;

private:
    Result<EntryKind> nextFromInner(Entry& entry);
    bool isOfCollected(std::string_view base);
    bool collect();
    std::optional<double> boundOf() const;
    bool emit(Entry& entry);

    std::unique_ptr<Parser> m_inner;
    bool m_keepClassic;
    MetricType m_type = MetricType::unknown; ///< by the latest TYPE
    std::string m_family; ///< that it names

    Entry m_entry; ///< of the inner parser
    std::optional<EntryKind> m_held; ///< m_entry is still to be given, since a histogram went first
    LabelPairs m_pairs; ///< of m_entry

    bool m_isCollecting = false;
    ClassicHistogram m_classic;
    std::string m_base; ///< the name of what is collected
    LabelPairs m_labels; ///< its labels without name and `le`, in order of the body
    std::optional<std::int64_t> m_atMs;
    std::int64_t m_startedAtMs = 0;
    std::vector<Exemplar> m_exemplars;
    std::string m_key; ///< of the latest histogram
};

} // namespace watchfire::exposition
