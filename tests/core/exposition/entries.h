// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"
#include "core/text/number.h"

#include <format>
#include <string>
#include <string_view>

namespace watchfire::test {

/// Schema, hint, zero bucket and spans: {schema 0, count 3, sum 5, +[0:1 2]}.
inline std::string describe(const Histogram& histogram)
{
    std::string out
        = std::format("{{schema {}, count {}, sum {}", histogram.schema,
                      text::formatValue(histogram.count), text::formatValue(histogram.sum));
    if (histogram.resetHint == CounterReset::gauge) {
        out += ", gauge";
    }
    if (histogram.zeroThreshold != 0 || histogram.zeroCount != 0) {
        out += std::format(", zero {} within {}", text::formatValue(histogram.zeroCount),
                           text::formatValue(histogram.zeroThreshold));
    }
    const auto side = [&](char sign, const auto& spans, const auto& buckets) {
        std::size_t at = 0;
        for (const BucketSpan& span : spans) {
            out += std::format(", {}[{}:", sign, span.offset);
            for (std::uint32_t i = 0; i < span.length; ++i) {
                out += std::format(" {}", text::formatValue(buckets.at(at++)));
            }
            out += ']';
        }
    };
    side('+', histogram.positiveSpans, histogram.positiveBuckets);
    side('-', histogram.negativeSpans, histogram.negativeBuckets);
    for (std::size_t i = 0; i < histogram.customValues.size(); ++i) {
        out += (i == 0 ? ", le " : " ") + text::formatG(histogram.customValues[i]);
    }
    return out + "}";
}

/// Everything a body holds as one text, an entry a line; where it ends badly the last line is
/// the message and the bytes at fault.
inline std::string describe(exposition::Format format, std::string_view body,
                            const exposition::ReadOptions& options = {})
{
    using exposition::EntryKind;
    const auto parser = exposition::makeParser(format, body, options);
    exposition::Entry entry;
    exposition::LabelPairs labels;
    std::string out;
    for (;;) {
        const auto kind = parser->next(entry);
        if (!kind) {
            const Span where = kind.error().where.value_or(Span{});
            return out + "! " + kind.error().message + " <"
                + std::string(body.substr(where.begin, where.end - where.begin)) + ">\n";
        }
        switch (*kind) {
        case EntryKind::end:
            return out;
        case EntryKind::type:
            out += std::format("TYPE {} {}\n", entry.family, toText(entry.type));
            break;
        case EntryKind::help:
            out += std::format("HELP {} [{}]\n", entry.family, entry.text);
            break;
        case EntryKind::unit:
            out += std::format("UNIT {} [{}]\n", entry.family, entry.text);
            break;
        case EntryKind::series:
        case EntryKind::histogram:
            labelsOf(entry, labels);
            for (const auto& [name, value] : labels) {
                out += std::format("{}={} ", name, value);
            }
            out += *kind == EntryKind::series ? text::formatValue(entry.value)
                                              : describe(entry.histogram)
                    + (entry.histogramFault.empty() ? "" : " !" + entry.histogramFault);
            if (entry.atMs) {
                out += std::format(" @{}", *entry.atMs);
            }
            if (entry.startedAtMs != 0) {
                out += std::format(" since {}", entry.startedAtMs);
            }
            for (const Exemplar& exemplar : entry.exemplars) {
                out += std::format(" # {} {}", exemplar.labels.toString(),
                                   text::formatValue(exemplar.value));
                if (exemplar.at) {
                    out += std::format(" @{}", unixMs(*exemplar.at));
                }
            }
            out += '\n';
            break;
        }
    }
}

} // namespace watchfire::test
