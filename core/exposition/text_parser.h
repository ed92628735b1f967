// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"

namespace watchfire::exposition {

/// The Prometheus text format. One deliberate difference to the recorded behaviour of 3.5:
/// blanks before a metric name do not become part of it, and a NUL byte between lines is an
/// error, not the end (the recordings call both accidental).
///
/// Source: Prometheus documentation, "Exposition formats", text-based format.
class TextParser final : public LineParser {
public:
    using LineParser::LineParser;
    Result<EntryKind> next(Entry& entry) override;

private:
    void skipBlanks();
    bool comment(Entry& entry, EntryKind& kind);
    bool sample(Entry& entry);
    bool labels(Entry& entry, bool named);
    bool valueAndTime(Entry& entry);
};

} // namespace watchfire::exposition
