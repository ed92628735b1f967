// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/event_thread.h"
#include "core/ports/watch.h"

#include <chrono>
#include <memory>

namespace watchfire::net {

/// Watches through Qt. A file is watched together with its folder, so that one that is replaced,
/// or not there yet, is seen; what is told is only that what is watched looks different now.
class QtFileWatcher final : public FileWatcher {
public:
    /// Changes within `settle` are told once.
    explicit QtFileWatcher(std::chrono::milliseconds settle = std::chrono::milliseconds(100));
    ~QtFileWatcher() override;

    Subscription watch(std::vector<std::string> paths, std::function<void()> changed) override;

private:
    class Hub;

    EventThread m_thread{"net-watch"};
    Hub* m_hub; ///< lives on the thread, and ends with it
};

} // namespace watchfire::net
