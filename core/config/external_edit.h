// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/files.h"

#include <optional>
#include <string>
#include <vector>

/// Files that somebody else edits while the program runs, perhaps while an edit of ours waits in
/// a dialog.
namespace watchfire::config {

/// What both sides made of one configuration.
struct Merge {
    Config config; ///< theirs, with what ours changed; where both changed one place: theirs
    /// Places that both changed, differently, as people call them: job "node", global, rule group
    /// "g" of rules/a.yml.
    std::vector<std::string> conflicts;
};

/// Carries what `ours` changed of `base` into `theirs`. Places are jobs, rule groups, the
/// settings of `global` as a whole, each list of patterns, each section that is not acted on, the
/// alerting, and each setting of watchfire.yml; changes of different places both survive. What a
/// job has from `global` follows theirs. A job that got another name is one that went and one
/// that came.
Merge mergeConfigs(const Config& base, const Config& theirs, const Config& ours);

/// What became of the files since they were written or read last.
struct ExternalEdit {
    enum class Kind {
        unchanged, ///< they say what they said
        good, ///< changed, and can be read
        bad, ///< changed, and cannot be read: `faults`
        conflict ///< changed where the pending edit changes something else: `conflicts`
    };
    Kind kind = Kind::unchanged;
    std::vector<Fault> faults;
    std::vector<Fault> warnings;
    std::vector<std::string> conflicts;
    /// What the files say now; meaningless when bad. Secrets kept elsewhere have the values they
    /// have in force.
    Config onDisk;
    /// `onDisk` with the pending edit; without one, `onDisk`. To be saved against `onDisk`.
    Config merged;
};

/// Looks at the files on disk. `inForce` is the configuration that is applied, `lastSeen` the
/// texts of its files when they were last read or written by us (textsOf), `pending` an edit of
/// `inForce` that is not saved yet. Reads files; touches nothing.
ExternalEdit externalEdit(const Paths& paths, const Config& inForce, const FileTexts& lastSeen,
                          const std::optional<Config>& pending, const Checkers& check = {});

} // namespace watchfire::config
