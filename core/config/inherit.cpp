// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/scrape.h"

#include <algorithm>

namespace watchfire::config {

namespace {

bool isLegacy(std::string_view validationScheme)
{
    return validationScheme == "legacy";
}

/// The escaping that a validation scheme goes with.
std::string_view escapingOf(std::string_view validationScheme)
{
    return isLegacy(validationScheme) ? "underscores" : "allow-utf-8";
}

/// What holds of the schemes: a job's own, else those of `global`; the escaping of a job that
/// names its own validation is that of this validation. Defaults come out empty.
void settleSchemes(ScrapeConfig& job, const GlobalConfig& global)
{
    if (job.escapingScheme.empty()) {
        const std::string& validation = job.nameValidationScheme;
        job.escapingScheme = validation.empty() ? global.escapingScheme : escapingOf(validation);
    }
    if (job.nameValidationScheme.empty()) {
        job.nameValidationScheme = global.nameValidationScheme;
    }
    if (job.escapingScheme.empty()) {
        job.escapingScheme = escapingOf(job.nameValidationScheme);
    }
    if (job.nameValidationScheme == "utf8") {
        job.nameValidationScheme.clear();
    }
    if (job.escapingScheme == "allow-utf-8") {
        job.escapingScheme.clear();
    }
}

/// Calls `follow` with each field of a job and that of `global` which it has its value from where
/// it sets none; not the times and the schemes.
template <class Follow> void eachInherited(Follow follow)
{
    follow(&ScrapeConfig::bodySizeLimit, &GlobalConfig::bodySizeLimit);
    follow(&ScrapeConfig::sampleLimit, &GlobalConfig::sampleLimit);
    follow(&ScrapeConfig::targetLimit, &GlobalConfig::targetLimit);
    follow(&ScrapeConfig::labelLimit, &GlobalConfig::labelLimit);
    follow(&ScrapeConfig::labelNameLengthLimit, &GlobalConfig::labelNameLengthLimit);
    follow(&ScrapeConfig::labelValueLengthLimit, &GlobalConfig::labelValueLengthLimit);
    follow(&ScrapeConfig::keepDroppedTargets, &GlobalConfig::keepDroppedTargets);
    follow(&ScrapeConfig::scrapeProtocols, &GlobalConfig::scrapeProtocols);
    follow(&ScrapeConfig::scrapeFailureLogFile, &GlobalConfig::scrapeFailureLogFile);
}

} // namespace

void inherit(ScrapeConfig& job, const GlobalConfig& global)
{
    eachInherited([&](auto own, auto inherited) {
        if (job.*own == std::remove_reference_t<decltype(job.*own)>()) {
            job.*own = global.*inherited;
        }
    });
    settleSchemes(job, global);
}

ScrapeConfig inheriting(ScrapeConfig job, const GlobalConfig& before, const GlobalConfig& after)
{
    const auto follow = [&](auto own, auto inherited) {
        if (job.*own == before.*inherited) {
            job.*own = after.*inherited;
        }
    };
    eachInherited(follow);
    follow(&ScrapeConfig::alwaysScrapeClassicHistograms,
           &GlobalConfig::alwaysScrapeClassicHistograms);
    follow(&ScrapeConfig::convertClassicHistogramsToNhcb,
           &GlobalConfig::convertClassicHistogramsToNhcb);
    follow(&ScrapeConfig::extraScrapeMetrics, &GlobalConfig::extraScrapeMetrics);
    follow(&ScrapeConfig::scrapeNativeHistograms, &GlobalConfig::scrapeNativeHistograms);
    const bool ownTimeout = job.scrapeTimeout != std::min(before.scrapeTimeout, job.scrapeInterval);
    follow(&ScrapeConfig::scrapeInterval, &GlobalConfig::scrapeInterval);
    if (!ownTimeout) {
        job.scrapeTimeout = std::min(after.scrapeTimeout, job.scrapeInterval);
    }
    ScrapeConfig unset;
    settleSchemes(unset, before);
    if (job.nameValidationScheme == unset.nameValidationScheme
        && job.escapingScheme == unset.escapingScheme) {
        job.nameValidationScheme.clear();
        job.escapingScheme.clear();
        settleSchemes(job, after);
    }
    return job;
}

const std::vector<std::string>& defaultScrapeProtocols(bool nativeHistograms)
{
    static const std::vector<std::string> usual{"OpenMetricsText1.0.0", "OpenMetricsText0.0.1",
                                                "PrometheusText1.0.0", "PrometheusText0.0.4"};
    static const std::vector<std::string> native{"PrometheusProto", "OpenMetricsText1.0.0",
                                                 "OpenMetricsText0.0.1", "PrometheusText1.0.0",
                                                 "PrometheusText0.0.4"};
    return nativeHistograms ? native : usual;
}

} // namespace watchfire::config
