// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "core/config/files.h"

#include <string>
#include <vector>

/// Files that somebody else edits while the program runs, perhaps while an edit of ours waits in
/// a dialog.
namespace watchfire::config {

/// A place that two edits changed, differently.
struct EditConflict {
    std::string place; ///< as people call it: job "node", global, rule group "g" of rules/a.yml
    // What each made of it: lines of YAML without secrets, of what differs; empty: it is gone.
    std::string theirs;
    std::string ours;
};
/// For people: each place, with both versions.
std::string describe(const std::vector<EditConflict>& conflicts);

/// What both sides made of one configuration.
struct Merge {
    Config config; ///< theirs, with what ours changed; where both changed one place: theirs
    std::vector<EditConflict> conflicts;
};

/// Carries what `ours` changed of `base` into `theirs`. Places are jobs, rule groups, the
/// settings of `global` as a whole, each list of patterns, each section that is not acted on, the
/// alerting, and each setting of watchfire.yml; changes of different places both survive. What a
/// job has from `global` follows theirs. A job that got another name is one that went and one
/// that came.
Merge mergeConfigs(const Config& base, const Config& theirs, const Config& ours);

/// Where an edit of ours stands against the files, which somebody else may have edited.
struct ExternalEdit {
    enum class Kind {
        good, ///< both can be had
        bad, ///< the files cannot be read: `faults`
        conflict ///< they say something else where ours does: `conflicts`
    };
    Kind kind = Kind::good;
    bool isChanged = false; ///< the files do not say what is in force
    std::vector<Fault> faults;
    std::vector<Fault> warnings;
    std::vector<EditConflict> conflicts;
    /// What the files say now; meaningless when bad. Secrets kept elsewhere have the values they
    /// have in force.
    Config onDisk;
    /// `onDisk` with our edit. To be saved against `onDisk`.
    Config merged;
};

/// Looks at the files on disk. What the author saw is what is in force. Reads files; touches
/// nothing.
ExternalEdit externalEdit(const Paths& paths, const Edit& edit, const Checkers& check = {});

} // namespace watchfire::config
