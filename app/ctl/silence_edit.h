// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/verbs.h"

#include <string>
#include <vector>

namespace watchfire::ctl {

struct SilenceOptions {
    std::vector<std::string> arguments; ///< matchers, ids or a file
    std::string author;
    std::string comment;
    std::string duration;
    std::string start;
    std::string end;
    std::vector<std::string> annotations;
    bool quiet = false; ///< only ids
    bool force = false; ///< of an import: always new ones
};

/// Makes one and prints its id.
void addOne(Context& context, const SilenceOptions& options);
/// Ends those now.
void expireAll(Context& context, const SilenceOptions& options);
/// Gives each the times and the comment that are given, and prints its id, which is a new one
/// where more than the end changes.
void updateAll(Context& context, const SilenceOptions& options);
/// Makes those of a JSON file as `silence query --format json` prints it, or of standard input.
void importAll(Context& context, const SilenceOptions& options);

} // namespace watchfire::ctl
