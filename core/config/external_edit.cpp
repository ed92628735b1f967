// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/external_edit.h"

#include "core/config/secrets.h"

namespace watchfire::config {

ExternalEdit externalEdit(const Paths& paths, const Edit& edit, const Checkers& check)
{
    ExternalEdit out;
    auto loaded = load(paths, check);
    if (!loaded) {
        out.kind = ExternalEdit::Kind::bad;
        out.isChanged = true;
        out.faults = std::move(loaded.error());
        return out;
    }
    out.warnings = std::move(loaded->warnings);
    out.onDisk = withSecretsFrom(std::move(loaded->config), edit.seen);
    out.isChanged = out.onDisk != edit.seen;
    Merge merge = mergeConfigs(edit.seen, out.onDisk, edit.wanted);
    out.merged = std::move(merge.config);
    out.conflicts = std::move(merge.conflicts);
    out.kind = out.conflicts.empty() ? ExternalEdit::Kind::good : ExternalEdit::Kind::conflict;
    return out;
}

} // namespace watchfire::config
