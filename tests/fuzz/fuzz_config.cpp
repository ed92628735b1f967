// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/config/export.h"
#include "core/config/import.h"
#include "core/config/secrets.h"
#include "core/encoding/yaml_edit.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace watchfire;
using namespace watchfire::config;

namespace {

std::string written(const encoding::YamlValue& value)
{
    return encoding::emitYaml(value);
}

/// What `read` understands of a text, written down, reads without fault and is written the same.
template <class Read> void checkRoundTrip(const std::string& text, Read read)
{
    Findings findings;
    const std::string once = read(text, findings);
    if (!findings.faults.empty()) {
        return;
    }
    Findings again;
    const std::string twice = read(once, again);
    WF_CHECK(again.faults.empty());
    WF_CHECK(once == twice);
}

/// What takes effect of a good configuration is YAML, and reads.
void checkEffective(const Config& config, const Findings& read)
{
    const std::string shown = effectiveYaml(config);
    if (!read.faults.empty()) {
        return;
    }
    Findings findings;
    Config again;
    readPrometheus(shown, "prometheus.yml", again, findings);
    WF_CHECK(again.scrapeConfigs.size() == config.scrapeConfigs.size());
}

/// A change of every job, carried into the text, is all that differs afterwards.
void checkEdit(const std::string& text)
{
    Findings findings;
    Config config;
    readPrometheus(text, "prometheus.yml", config, findings);
    const auto document = encoding::YamlDocument::parse(text);
    if (!findings.faults.empty() || !document || config.scrapeConfigs.empty()
        || text.contains('!')) { // a tag would be lost; whoever saves reads it back
        return;
    }
    Config wanted = config;
    for (ScrapeConfig& job : wanted.scrapeConfigs) {
        job.metricsPath += "/x";
    }
    const encoding::YamlValue base = prometheusValue(config);
    const encoding::YamlValue target = prometheusValue(wanted);
    const encoding::YamlValue merged = encoding::mergeValues(*document, base, target, {"job_name"});
    // In place an edit may touch what aliases share; whoever saves reads it back.
    (void)encoding::mergeYaml(*document, base, target, {"job_name"});
    (void)encoding::withoutAliases(*document);
    Config again;
    Findings after;
    readPrometheus(encoding::emitYaml(merged), "prometheus.yml", again, after);
    WF_CHECK(after.faults.empty());
    WF_CHECK(prometheusValue(again) == target);
}

/// Secrets that lie elsewhere stand in no file, and all else reads back.
void checkSecrets(const std::string& text)
{
    Findings findings;
    Config config;
    readPrometheus(text, "prometheus.yml", config, findings);
    if (!findings.faults.empty()) {
        return;
    }
    for (ScrapeConfig& job : config.scrapeConfigs) {
        job.keptSecrets = keptAfterEdit({}, job);
    }
    Config again;
    readPrometheus(written(prometheusValue(config)), "prometheus.yml", again, findings);
    readOwn(written(ownValue(config)), "watchfire.yml", again, findings);
    WF_CHECK(findings.faults.empty());
    const Config wanted = withoutSecrets(config);
    WF_CHECK(again.scrapeConfigs.size() == wanted.scrapeConfigs.size());
    for (std::size_t i = 0; i < again.scrapeConfigs.size(); ++i) {
        WF_CHECK(again.scrapeConfigs[i].keptSecrets == wanted.scrapeConfigs[i].keptSecrets);
        WF_CHECK(again.scrapeConfigs[i].client == wanted.scrapeConfigs[i].client);
        WF_CHECK(again.scrapeConfigs[i].discoveries == wanted.scrapeConfigs[i].discoveries);
    }
}

} // namespace

// Any bytes are a configuration file of each kind or are refused, and nothing of one is lost.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    checkRoundTrip(text, [](const std::string& input, Findings& findings) {
        Config config;
        readPrometheus(input, "prometheus.yml", config, findings);
        checkEffective(config, findings);
        return written(prometheusValue(config));
    });
    checkEdit(text);
    checkSecrets(text);
    checkRoundTrip(text, [](const std::string& input, Findings& findings) {
        return written(rulesValue(readRules(input, "rules.yml", {}, findings)));
    });
    const auto alertmanager = [](const std::string& input, Findings& findings) {
        return written(alertmanagerValue(readAlertmanager(input, "alertmanager.yml", findings)));
    };
    if (text.contains("time_intervals")) { // of these the names alone are known yet
        Findings findings;
        (void)alertmanager(text, findings);
    } else {
        checkRoundTrip(text, alertmanager);
    }
    checkRoundTrip(text, [](const std::string& input, Findings& findings) {
        Config config;
        readOwn(input, "watchfire.yml", config, findings);
        return written(ownValue(config));
    });
    return 0;
}
