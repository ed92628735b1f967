// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/escaping.h"
#include "core/model/labels.h"
#include "core/model/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// Appends the text format 0.0.4 to a string. Names beyond the classic alphabet are escaped as the
/// reader asks; with allow-utf-8 they are written in quotes, as version 1.0.0 has it.
///
/// Source: Prometheus documentation, "Exposition formats", text-based format.
class TextWriter {
public:
    explicit TextWriter(std::string& out, EscapingScheme escaping = EscapingScheme::allowUtf8)
        : m_out(out)
        , m_escaping(escaping)
    {
    }

    /// HELP (where there is one) and TYPE. Types the format lacks are written as the nearest:
    /// info and stateset as gauge, gaugehistogram as histogram, unknown as untyped.
    void family(std::string_view name, MetricType type, std::string_view help);
    /// One line; `name` is the metric's, `labels` may hold __name__ and it is passed over.
    void sample(std::string_view name, const Labels& labels, double value,
                std::optional<std::int64_t> atMs = std::nullopt);

private:
    std::string_view nameFor(std::string_view name, std::string& escaped) const;

    std::string& m_out;
    EscapingScheme m_escaping;
};

} // namespace watchfire::exposition
