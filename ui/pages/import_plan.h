// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"

#include <cstddef>
#include <vector>

#include <QString>
#include <QStringList>

/// What of somebody's files comes into the configuration in force, and what that does to what is
/// there. Apart from the dialog, so that each rule has its test.
namespace watchfire::ui {

struct ImportItem {
    enum class Kind { global, storage, job, ruleGroup, route, receiver, inhibition };
    /// What becomes of a thing whose name is taken.
    enum class Conflict { none, skip, rename, replace };

    Kind kind = Kind::job;
    std::size_t index = 0; ///< in the list of its kind; 0 where there is one only
    QString name; ///< as in the files
    QString summary;
    bool isThere = false; ///< the very same is in force already
    bool isTaken = false; ///< something else of that name is in force
    // Chosen:
    bool isTakenOver = true;
    Conflict conflict = Conflict::none; ///< other than none exactly where isTaken
    QString newName; ///< with rename

    /// The name it will have.
    QString finalName() const;
    /// It comes into the configuration.
    bool counts() const { return isTakenOver && conflict != Conflict::skip; }
};

/// Everything there is to import, with choices that change nothing that is in force: what is
/// taken is skipped, global settings and routes come only where there are none of ours.
std::vector<ImportItem> importItems(const config::Config& imported, const config::Config& current);

/// The conflicts that make sense for that kind; empty: it has none.
std::vector<ImportItem::Conflict> conflictsOf(ImportItem::Kind kind);

/// Why the choices cannot be carried out, by item; empty: they can.
struct ImportFault {
    std::size_t item = 0;
    QString text;
};
std::vector<ImportFault> checkImport(const std::vector<ImportItem>& items,
                                     const config::Config& imported, const config::Config& current);

/// The change and its way back. Both look at what is in force when they run.
struct ImportEdit {
    ConfigChange apply;
    ConfigChange revert;
};
ImportEdit importEdit(const std::vector<ImportItem>& items, const config::Config& imported);

/// A loss as it is told, and what helps or follows; neither is empty.
struct LossText {
    QString what;
    QString remedy;
};
LossText lossText(const std::string& message);

} // namespace watchfire::ui
