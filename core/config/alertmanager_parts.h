// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"

#include <map>
#include <string>
#include <vector>

namespace watchfire::config {

/// What alertmanager.yml's `global` gives to kinds of receivers that Watchfire does not tell.
struct ReceiverDefaults {
    std::map<std::string, std::string, std::less<>> values; ///< key to text, where given
    bool has(std::string_view key) const
    {
        const auto found = values.find(key);
        return found != values.end() && !found->second.empty();
    }
};

/// global
ReceiverDefaults readAlertmanagerGlobal(Reading& reading, const encoding::YamlNode& node,
                                        AlertmanagerConfig& out);
/// receivers
void readReceivers(Fields& fields, const ReceiverDefaults& defaults, AlertmanagerConfig& out);
/// The sections of kinds that Watchfire does not tell, with a warning for each. Whether there is
/// any.
bool readForeignReceivers(Fields& fields, const ReceiverDefaults& defaults,
                          std::string_view receiver);
/// Their keys of `global`.
ReceiverDefaults readForeignGlobals(Fields& fields);
/// host:port
bool isSmarthost(std::string_view text);
/// time_intervals and mute_time_intervals
std::vector<NamedIntervalsConfig> readTimeIntervals(Fields& fields);

} // namespace watchfire::config
