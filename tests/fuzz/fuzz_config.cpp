// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/config/export.h"
#include "core/config/import.h"

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

} // namespace

// Any bytes are a configuration file of each kind or are refused, and nothing of one is lost.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    checkRoundTrip(text, [](const std::string& input, Findings& findings) {
        Config config;
        readPrometheus(input, "prometheus.yml", config, findings);
        (void)effectiveYaml(config);
        return written(prometheusValue(config));
    });
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
