// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/watch.h"

#include <memory>

namespace watchfire::net {

/// Watches files with inotify on a thread of its own. A file counts as written when its writer
/// closes it, so that nobody reads half of one. Calls come a tenth of a second after the first
/// change, so that many at once are one call.
///
/// What another machine does on a network file system is not seen, nor what is beyond the
/// system's number of watches (fs.inotify.max_user_watches), which the log tells once: who must
/// not miss a change looks now and then, too.
///
/// Source: inotify(7).
class InotifyWatcher final : public FileWatcher {
public:
    InotifyWatcher();
    /// Subscriptions may outlive it.
    ~InotifyWatcher() override;
    InotifyWatcher(const InotifyWatcher&) = delete;
    InotifyWatcher& operator=(const InotifyWatcher&) = delete;

    Subscription watch(std::vector<std::string> paths, std::function<void()> changed) override;

private:
    class Lookout;
    std::shared_ptr<Lookout> m_lookout;
};

} // namespace watchfire::net
