// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/exposition/check.h"
#include "core/exposition/parser.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace watchfire;
using exposition::EntryKind;

namespace {

/// Reads to the end or to a fault that says where; every entry lies in the body, unless it is a
/// histogram that was made of several.
void readAll(exposition::Format format, const std::string& body,
             const exposition::ReadOptions& options)
{
    const auto parser = exposition::makeParser(format, body, options);
    exposition::Entry entry;
    exposition::LabelPairs labels;
    // Every entry takes at least a byte, and a line makes at most two.
    for (std::size_t left = 2 * body.size() + 2; left > 0; --left) {
        const auto kind = parser->next(entry);
        if (!kind) {
            WF_CHECK(kind.error().where && kind.error().where->end <= body.size() + 1);
            WF_CHECK(!kind.error().message.empty());
            return;
        }
        if (*kind == EntryKind::end) {
            return;
        }
        if (*kind == EntryKind::histogram) {
            WF_CHECK(options.convertClassic && entry.series.front() == '\xFF');
            exposition::labelsOf(entry, labels);
        }
        if (*kind == EntryKind::series) {
            WF_CHECK(entry.series.data() >= body.data());
            WF_CHECK(entry.series.data() + entry.series.size() <= body.data() + body.size());
            exposition::labelsOf(entry, labels);
        }
    }
    WF_CHECK(false); // it does not come to an end
}

} // namespace

// Any bytes are an exposition in either text, or are refused with a place; so by the strict
// readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string body(data, data + size);
    for (const auto format : {exposition::Format::text, exposition::Format::openMetrics}) {
        readAll(format, body, {});
        readAll(format, body, {.convertClassic = true});
        readAll(format, body, {.classicToo = true, .convertClassic = true, .startTimes = true});
    }
    for (const auto check : {&exposition::checkMetrics, &exposition::checkOpenMetrics}) {
        const auto checked = check(body);
        WF_CHECK(checked || (checked.error().where && !checked.error().message.empty()));
    }
    return 0;
}
