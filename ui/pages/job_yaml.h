// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QString>

/// A job as the text that a prometheus.yml has of it, and back.
namespace watchfire::ui {

/// What stands in the text for a secret that is kept.
inline constexpr std::string_view hiddenSecret = "<secret>";

struct YamlFault {
    int line = 0; ///< from 1; 0: of no line
    QString message;
    friend bool operator==(const YamlFault&, const YamlFault&) = default;
};

struct YamlReading {
    std::optional<config::ScrapeConfig> job; ///< none: there are faults
    std::vector<YamlFault> faults;
    std::vector<YamlFault> warnings; ///< understood, but not done
};

/// The job in the fewest words; its secrets hidden.
std::string jobYaml(const config::ScrapeConfig& job, const config::GlobalConfig& global);

/// Carries the difference of two jobs into a text that says `from`: comments and the order of the
/// rest survive where they can.
std::string changedYaml(const std::string& text, const config::ScrapeConfig& from,
                        const config::ScrapeConfig& to, const config::GlobalConfig& global);

/// Reads one job: its keys alone, as the item of a list, or under scrape_configs. What such a text
/// cannot say (hidden secrets, budget and ceilings, discoveries not done here, the file) is as in
/// `base`. `file` is where relative paths are seen from.
YamlReading readJobYaml(const std::string& text, const config::ScrapeConfig& base,
                        const config::GlobalConfig& global, const std::string& file);

/// Calls `each` with every secret of the job and a name of its place that no other has.
void forEachSecret(config::ScrapeConfig& job,
                   const std::function<void(const std::string& place, Secret& secret)>& each);

} // namespace watchfire::ui
