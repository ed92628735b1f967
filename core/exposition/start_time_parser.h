// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/openmetrics_parser.h"
#include "core/exposition/parser.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// Reads OpenMetrics and says of each counter, histogram and summary when it started: what its
/// `_created` series holds, which stands behind it in the body and is no sample then. Families
/// with such series are read twice.
///
/// Source: OpenMetrics 1.0 specification, "Counter"; Prometheus, openmetricsparse.go.
class StartTimeParser final : public Parser {
public:
    explicit StartTimeParser(std::string_view body)
        : m_inner(body)
        , m_ahead(body)
    {
    }
    Result<EntryKind> next(Entry& entry) override;

private:
    void lookAhead();
    std::string keyOf(const Entry& entry);
    bool isCreated(const Entry& entry) const;

    OpenMetricsParser m_inner;
    OpenMetricsParser m_ahead;
    Entry m_entry; ///< of m_ahead
    LabelPairs m_pairs;
    MetricType m_type = MetricType::unknown; ///< by the latest TYPE
    std::string m_family; ///< that it names
    std::map<std::string, std::int64_t, std::less<>> m_started; ///< of the family, by labels
};

} // namespace watchfire::exposition
