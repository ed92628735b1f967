// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/readable.h"

#include "core/text/number.h"

#include <algorithm>
#include <format>

namespace watchfire::exposition {

namespace {

std::string lineOf(EntryKind kind, const Entry& entry)
{
    const auto sample = [&entry](const std::string& value) {
        std::string line = seriesText(entry) + " " + value;
        return entry.atMs ? line + std::format(" {}", *entry.atMs) : line;
    };
    switch (kind) {
    case EntryKind::help:
        return std::format("# HELP {} {}", entry.family, entry.text);
    case EntryKind::type:
        return std::format("# TYPE {} {}", entry.family, toText(entry.type));
    case EntryKind::unit:
        return std::format("# UNIT {} {}", entry.family, entry.text);
    case EntryKind::series:
        return sample(text::formatValue(entry.value));
    case EntryKind::histogram:
        return sample(std::format("{{schema {}, count {}, sum {}}}", entry.histogram.schema,
                                  text::formatValue(entry.histogram.count),
                                  text::formatValue(entry.histogram.sum)));
    case EntryKind::end:
        break;
    }
    return {};
}

} // namespace

std::string readableStart(Format format, std::string_view body, std::size_t most)
{
    if (format != Format::protobuf) {
        return std::string(body.substr(0, most));
    }
    const auto parser = makeParser(format, body, {.nativeHistograms = true, .classicToo = true});
    Entry entry;
    std::string out;
    while (out.size() < most) {
        const auto kind = parser->next(entry);
        if (!kind || *kind == EntryKind::end) {
            break;
        }
        out += lineOf(*kind, entry);
        out += '\n';
    }
    out.resize(std::min(out.size(), most));
    return out;
}

} // namespace watchfire::exposition
