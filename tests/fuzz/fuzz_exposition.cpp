// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/exposition/check.h"
#include "core/exposition/parser.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace watchfire;

namespace {

/// Reads to the end or to a fault that says where; every entry lies in the body.
void readAll(exposition::Format format, const std::string& body)
{
    const auto parser = exposition::makeParser(format, body);
    exposition::Entry entry;
    exposition::LabelPairs labels;
    // Every entry takes at least a byte.
    for (std::size_t left = body.size() + 2; left > 0; --left) {
        const auto kind = parser->next(entry);
        if (!kind) {
            WF_CHECK(kind.error().where && kind.error().where->end <= body.size() + 1);
            WF_CHECK(!kind.error().message.empty());
            return;
        }
        if (*kind == exposition::EntryKind::end) {
            return;
        }
        if (*kind == exposition::EntryKind::series) {
            WF_CHECK(entry.series.data() >= body.data());
            WF_CHECK(entry.series.data() + entry.series.size() <= body.data() + body.size());
            exposition::labelsOf(entry, labels);
        }
    }
    WF_CHECK(false); // it does not come to an end
}

} // namespace

// Any bytes are an exposition in either format, or are refused with a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string body(data, data + size);
    readAll(exposition::Format::text, body);
    readAll(exposition::Format::openMetrics, body);
    (void)exposition::checkMetrics(body);
    return 0;
}
