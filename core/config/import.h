// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Texts of configuration files into values. Reading is as strict as Prometheus and
/// Alertmanager are: an unknown key, a repeated one, a value of the wrong type is a fault with
/// its line and column. All faults of a file are found, not only the first.
namespace watchfire::config {

/// What reading found out besides the content. With any fault, what was read must not be used.
struct Findings {
    std::vector<Fault> faults;
    std::vector<Fault> warnings; ///< kept in the file and not done, or not as it says
    std::vector<Fault> ignored; ///< kept in the file and without a meaning here
    /// Asked of who reads: a key that nobody knows is `ignored` and no fault.
    bool ignoresUnknownFields = false;

    void add(Findings other)
    {
        faults.insert(faults.end(), other.faults.begin(), other.faults.end());
        warnings.insert(warnings.end(), other.warnings.begin(), other.warnings.end());
        ignored.insert(ignored.end(), other.ignored.begin(), other.ignored.end());
    }
};

/// Checks that need languages this folder does not know. An empty one accepts everything.
struct Checkers {
    /// A PromQL expression; the span of the error lies in it.
    std::function<Result<void>(std::string_view expr)> expression;
    /// A template of an alerting rule's label or annotation.
    std::function<Result<void>(std::string_view text)> templateText;
};

/// Which program a prometheus.yml is for: the agent has no rules and no alerts.
enum class Mode { server, agent };

struct ReadOptions {
    Mode mode = Mode::server;
    bool filesMustExist = false; ///< those of certificates, passwords and the like
};

/// Reads a prometheus.yml into its parts of `into` (not the rule groups: those stand in other
/// files). `file` names it in faults; relative paths of certificates and passwords are taken
/// from its folder. Faults: see above.
void readPrometheus(std::string text, const std::string& file, Config& into, Findings& findings,
                    const ReadOptions& options = {});

/// Reads one of scrape_config_files: jobs with their `file` set, with what they have from
/// `global`.
std::vector<ScrapeConfig> readScrapeConfigs(std::string text, const std::string& file,
                                            const GlobalConfig& global, Findings& findings,
                                            const ReadOptions& options = {});

/// Faults where jobs of two files have one name.
void checkJobNames(const std::vector<ScrapeConfig>& jobs, const std::string& file,
                   Findings& findings);

/// Reads a rule file.
std::vector<RuleGroupConfig> readRules(std::string text, const std::string& file,
                                       const Checkers& check, Findings& findings);

/// Reads an alertmanager.yml; not the files of `templates`. A receiver named `desktop` with nothing
/// under it is the desktop.
AlertmanagerConfig readAlertmanager(std::string text, const std::string& file, Findings& findings);

/// Faults, with their places, where a file of templates is not in the language of templates.
void checkTemplates(std::string_view text, const std::string& file, Findings& findings);

/// Reads a watchfire.yml into `own` and the jobs of `into`, which are there already.
void readOwn(std::string text, const std::string& file, Config& into, Findings& findings);

} // namespace watchfire::config
