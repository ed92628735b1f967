// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ticket.h"

#include <functional>
#include <string>
#include <vector>

namespace watchfire {

/// Tells when files change.
struct FileWatcher {
    virtual ~FileWatcher() = default;
    /// Calls `changed` soon after any of these files or of the entries of these folders was
    /// written, replaced, made or removed; many changes at once may be one call. Paths that do
    /// not exist yet are watched through their folder. Called on a thread of the watcher's,
    /// until the subscription ends.
    virtual Subscription watch(std::vector<std::string> paths, std::function<void()> changed) = 0;
};

} // namespace watchfire
