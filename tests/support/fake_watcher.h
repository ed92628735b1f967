// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/watch.h"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::test {

/// Keeps who watches what; the test says when something changed.
struct FakeWatcher final : FileWatcher {
    struct Watch {
        std::vector<std::string> paths;
        std::function<void()> changed;
    };
    std::map<int, Watch> watches; ///< in force

    Subscription watch(std::vector<std::string> paths, std::function<void()> changed) override
    {
        const int number = m_next++;
        watches[number] = {std::move(paths), std::move(changed)};
        return Subscription([this, number] { watches.erase(number); });
    }

    /// Tells everybody who watches.
    void touch()
    {
        const auto now = watches;
        for (const auto& [number, watch] : now) {
            watch.changed();
        }
    }

private:
    int m_next = 1;
};

} // namespace watchfire::test
