// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"
#include "core/text/number.h"

#include <format>
#include <string>
#include <string_view>

namespace watchfire::test {

/// Everything a body holds as one text, an entry a line; where it ends badly the last line is
/// the message and the bytes at fault.
inline std::string describe(exposition::Format format, std::string_view body)
{
    using exposition::EntryKind;
    const auto parser = exposition::makeParser(format, body);
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
            labelsOf(entry, labels);
            for (const auto& [name, value] : labels) {
                out += std::format("{}={} ", name, value);
            }
            out += text::formatValue(entry.value);
            if (entry.atMs) {
                out += std::format(" @{}", *entry.atMs);
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
