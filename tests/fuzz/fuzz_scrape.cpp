// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/scrape/body_reader.h"
#include "core/scrape/relabel_report.h"
#include "tests/core/scrape/reading.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

using namespace watchfire;
using exposition::Format;

namespace {

/// Parts the answers of one target.
constexpr std::string_view nextAnswer = "\x1d";

config::ScrapeConfig jobOf(std::uint8_t options)
{
    config::ScrapeConfig job;
    job.scrapeNativeHistograms = (options & 1) != 0;
    job.alwaysScrapeClassicHistograms = (options & 2) != 0;
    job.convertClassicHistogramsToNhcb = (options & 4) != 0;
    job.nativeHistogramBucketLimit = (options & 8) != 0 ? 3 : 0;
    job.honorLabels = (options & 16) != 0;
    job.sampleLimit = (options & 32) != 0 ? 5 : 0;
    RelabelRule rule;
    rule.action = RelabelAction::drop;
    rule.sourceLabels = {"a"};
    rule.regexText = "1";
    job.metricRelabel = {rule};
    return job;
}

} // namespace

// A target's answers one after another: what a reader remembers of the ones before changes
// nothing, in whatever formats they come and however damaged they are; and what people are shown
// of relabelling is what the reader did.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const std::shared_ptr<scrape::IntakeRules> rules = test::rulesOf(jobOf(data[0]));
    std::uint8_t formats = data[1];
    std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
    test::Reading reading;
    for (int turn = 0; turn < 4; ++turn) {
        const std::size_t end = std::min(rest.find(nextAnswer), rest.size());
        const std::string body(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto format = static_cast<Format>((formats & 3) % 3);
        formats = static_cast<std::uint8_t>(formats >> 2);
        const std::string expected = test::readAfresh(*rules, body, format);
        WF_CHECK(reading.read(*rules, body, format) == expected);
        scrape::KeptAnswer answer;
        answer.body = body;
        answer.format = format;
        const auto outcomes = scrape::followSeries(*rules, answer, size);
        if (!expected.starts_with("!")) {
            const auto kept = std::ranges::count_if(
                outcomes, [](const auto& outcome) { return !outcome.labels.empty(); });
            WF_CHECK(body.empty() || outcomes.size() == reading.harvest.scraped);
            WF_CHECK(body.empty() || std::uint64_t(kept) == reading.harvest.kept);
        }
    }
    return 0;
}
