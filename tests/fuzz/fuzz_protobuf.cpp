// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/exposition/histogram_shape.h"
#include "core/exposition/parser.h"
#include "core/exposition/readable.h"
#include "core/text/utf8.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

using namespace watchfire;
using exposition::EntryKind;

namespace {

/// A sound histogram has as many buckets as its spans name, none of them negative, and may be
/// made coarser to the last without losing an observation.
void checkHistogram(Histogram histogram)
{
    const auto total = [](const Histogram& of) {
        double sum = 0;
        for (const auto* side : {&of.positiveBuckets, &of.negativeBuckets}) {
            for (const double count : *side) {
                WF_CHECK(!(count < 0));
                sum += count;
            }
        }
        return sum;
    };
    const auto named = [](const std::vector<BucketSpan>& spans) {
        std::size_t sum = 0;
        for (const BucketSpan& span : spans) {
            sum += span.length;
        }
        return sum;
    };
    const double before = total(histogram);
    if (!histogram.usesCustomBuckets()) {
        while (histogram.schema > exposition::coarsestSchema
               && histogram.schema <= exposition::finestKnownSchema) {
            exposition::coarsen(histogram, histogram.schema - 1);
        }
    }
    WF_CHECK(named(histogram.positiveSpans) == histogram.positiveBuckets.size());
    WF_CHECK(named(histogram.negativeSpans) == histogram.negativeBuckets.size());
    const double after = total(histogram);
    WF_CHECK(!(before < 9e15) || before == after || before - after < 1e-6 * before);
}

void readAll(const std::string& body, const exposition::ReadOptions& options)
{
    const auto parser = exposition::makeParser(exposition::Format::protobuf, body, options);
    exposition::Entry entry;
    exposition::LabelPairs labels;
    std::map<std::string, exposition::LabelPairs> labelsOfKey;
    // A metric takes at least two bytes and yields a few samples more than it has bytes.
    for (std::size_t left = 4 * body.size() + 4; left > 0; --left) {
        const auto kind = parser->next(entry);
        if (!kind) {
            WF_CHECK(kind.error().message.starts_with("byte "));
            return;
        }
        if (*kind == EntryKind::end) {
            return;
        }
        if (*kind != EntryKind::series && *kind != EntryKind::histogram) {
            WF_CHECK(text::isUtf8(entry.family) && text::isUtf8(entry.text));
            continue;
        }
        exposition::labelsOf(entry, labels);
        for (const auto& [name, value] : labels) {
            WF_CHECK(isValidName(name) && text::isUtf8(value));
        }
        // The same key, the same series.
        const auto known = labelsOfKey.try_emplace(std::string(entry.series), labels).first;
        WF_CHECK(known->second == labels);
        if (*kind == EntryKind::histogram && entry.histogramFault.empty()) {
            checkHistogram(entry.histogram);
        }
    }
    WF_CHECK(false); // it does not come to an end
}

} // namespace

// Any bytes are a body in the protobuf format, or are refused with a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string body(data, data + size);
    readAll(body, {});
    readAll(body, {.nativeHistograms = true});
    readAll(body, {.nativeHistograms = true, .classicToo = true, .convertClassic = true});
    readAll(body, {.convertClassic = true});
    WF_CHECK(exposition::readableStart(exposition::Format::protobuf, body, 1000).size() <= 1000);
    return 0;
}
