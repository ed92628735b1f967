// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/external_edit.h"

#include "core/config/file_view.h"
#include "core/config/secrets.h"

namespace watchfire::config {

ExternalEdit externalEdit(const Paths& paths, const Config& inForce, const FileTexts& lastSeen,
                          const std::optional<Config>& pending, const Checkers& check)
{
    ExternalEdit out;
    if (textsOf(paths, inForce) == lastSeen) {
        out.onDisk = inForce;
        out.merged = pending.value_or(inForce);
        return out;
    }
    auto loaded = loadFrom(paths, FileView(), check);
    if (!loaded) {
        out.kind = ExternalEdit::Kind::bad;
        out.faults = std::move(loaded.error());
        return out;
    }
    out.warnings = std::move(loaded->warnings);
    out.onDisk = withSecretsFrom(std::move(loaded->config), inForce);
    Merge merge = mergeConfigs(inForce, out.onDisk, pending.value_or(inForce));
    out.merged = std::move(merge.config);
    out.conflicts = std::move(merge.conflicts);
    out.kind = out.conflicts.empty() ? ExternalEdit::Kind::good : ExternalEdit::Kind::conflict;
    return out;
}

} // namespace watchfire::config
