// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/diff.h"
#include "core/config/export.h"
#include "core/config/import.h"
#include "tests/core/config/random_config.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;

namespace {

constexpr std::uint32_t configurations = 150;

Config readBack(const std::string& text, Findings& findings)
{
    Config config;
    readPrometheus(text, "/etc/p/prometheus.yml", config, findings);
    return config;
}

std::string firstOf(const std::vector<Fault>& faults)
{
    return faults.empty() ? "" : faults.front().toString();
}

} // namespace

/// What is written reads back as the very same value, whatever it is.
class TestConfigRoundTrip : public QObject {
    Q_OBJECT
private slots:
    void generated()
    {
        for (std::uint32_t seed = 0; seed < configurations; ++seed) {
            const Config config = test::RandomConfig(seed).make();
            const std::string text = encoding::emitYaml(prometheusValue(config));
            Findings findings;
            const Config again = readBack(text, findings);
            const std::string what
                = std::format("seed {}: {}\n{}", seed, firstOf(findings.faults), text);
            QVERIFY2(findings.faults.empty(), what.c_str());
            for (std::size_t i = 0; i < config.scrapeConfigs.size(); ++i) {
                const auto& made = config.scrapeConfigs[i];
                const auto& read = again.scrapeConfigs.at(i);
                QVERIFY2(made.client == read.client, what.c_str());
                QVERIFY2(made.discoveries == read.discoveries, what.c_str());
                QVERIFY2(made == read, what.c_str());
            }
            QVERIFY2(config.global == again.global, what.c_str());
            QVERIFY2(config == again, what.c_str());
            QVERIFY(diff(config, again).empty());
        }
    }

    /// What takes effect is YAML that Prometheus would read, and no secret stands in it.
    void effective()
    {
        for (std::uint32_t seed = 0; seed < configurations; ++seed) {
            Config config = test::RandomConfig(seed).make();
            for (ScrapeConfig& job : config.scrapeConfigs) {
                job.client.auth = BasicAuth{"u", Secret("do not show"), {}, {}};
            }
            const std::string text = effectiveYaml(config);
            Findings findings;
            const Config shown = readBack(text, findings);
            QVERIFY2(findings.faults.empty(),
                     std::format("seed {}: {}\n{}", seed, firstOf(findings.faults), text).c_str());
            QCOMPARE(shown.scrapeConfigs.size(), config.scrapeConfigs.size());
            QVERIFY(!text.contains("do not show"));
        }
    }

    /// Any two differ by what a job is made of, and the difference names the job.
    void differencesAreSeen()
    {
        const GlobalConfig global;
        for (std::uint32_t seed = 0; seed < configurations; ++seed) {
            test::RandomConfig random(seed);
            Config before;
            before.scrapeConfigs = {random.job(global, "a")};
            Config after;
            after.scrapeConfigs = {random.job(global, "a")};
            const bool same = scrapeValue(before.scrapeConfigs[0], global)
                == scrapeValue(after.scrapeConfigs[0], global);
            QCOMPARE(diff(before, after).changedJobs.empty(), same);
        }
    }

    /// What is not acted on is kept as it is.
    void foreignSections()
    {
        const char* const text = "alerting:\n"
                                 "  alertmanagers:\n"
                                 "  - bearer_token: t\n"
                                 "otlp:\n"
                                 "  translation_strategy: NoTranslation\n"
                                 "remote_write:\n"
                                 "- url: http://r\n"
                                 "  basic_auth:\n"
                                 "    password: p\n"
                                 "runtime:\n"
                                 "  gogc: 50\n"
                                 "storage:\n"
                                 "  tsdb:\n"
                                 "    out_of_order_time_window: 1m\n"
                                 "    stale_series_compaction_threshold: 0.5\n"
                                 "  exemplars:\n"
                                 "    max_exemplars: 7\n";
        Findings findings;
        const Config config = readBack(text, findings);
        QVERIFY2(findings.faults.empty(), firstOf(findings.faults).c_str());
        const std::string written = encoding::emitYaml(prometheusValue(config));
        QVERIFY2(readBack(written, findings) == config, written.c_str());
        for (const char* const part :
             {"bearer_token: t", "password: p", "gogc: 50",
              "stale_series_compaction_threshold: 0.5", "max_exemplars: 7"}) {
            QVERIFY2(written.contains(part), (part + ("\n" + written)).c_str());
        }
        Config other = config;
        other.foreign[0].text = Secret("alertmanagers: []\n");
        QVERIFY(diff(config, other).foreign);
    }
};

QTEST_GUILESS_MAIN(TestConfigRoundTrip)
#include "tst_config_round_trip.moc"
