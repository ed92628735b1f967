// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"

namespace watchfire::exposition {

/// OpenMetrics text as the scraper of Prometheus 3.5 reads it: strict about spaces and the
/// final "# EOF", lenient about the meaning of names and values. Times are seconds there and
/// become milliseconds here.
///
/// Source: OpenMetrics 1.0 specification, "Text format".
class OpenMetricsParser final : public LineParser {
public:
    using LineParser::LineParser;
    Result<EntryKind> next(Entry& entry) override;

private:
    bool metadata(Entry& entry, EntryKind& kind);
    bool sample(Entry& entry);
    bool labels(Entry& entry, bool named);
    bool valueAndTime(Entry& entry);
    bool exemplar(Entry& entry);
    bool spacedNumber(std::string_view what, double& value);
    bool spacedTime(std::int64_t& atMs, double& seconds);
    bool endOfLine(std::string_view after);
};

} // namespace watchfire::exposition
