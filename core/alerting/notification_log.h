// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/storage/state_store.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace watchfire::alerting {

/// What a receiver was last told of a group: hashes of the alerts' label sets.
struct NotificationEntry {
    Timestamp at{};
    std::set<std::uint64_t> firing;
    std::set<std::uint64_t> resolved;
};

/// Remembers what was told, so that nothing is told twice, across restarts too. One thread.
class NotificationLog {
public:
    explicit NotificationLog(storage::StateStore* store)
        : m_store(store)
    {
    }
    Result<void> load();

    std::optional<NotificationEntry> find(const std::string& key) const;
    /// Remembers at once; `save` makes it durable, of many together.
    void record(const std::string& key, NotificationEntry entry);
    /// When the oldest entry was recorded that is not saved; nothing: all are.
    std::optional<Timestamp> unsavedSince() const { return m_unsavedSince; }
    Result<void> save();
    /// Forgets entries older than `age`.
    void collect(Timestamp now, std::chrono::milliseconds age);

private:
    storage::StateStore* m_store;
    std::map<std::string, NotificationEntry> m_entries; ///< by the key they are kept under
    std::set<std::string> m_unsaved;
    std::optional<Timestamp> m_unsavedSince;
};

/// Why a receiver must hear of the group now: something new fires, everything resolved, a further
/// one resolved (where `sendResolved`), or the repeat interval has passed. In Alertmanager's words;
/// empty: it need not hear.
///
/// Source: Alertmanager 0.33, notify/dedup_stage.go.
std::string_view reasonToTell(const std::optional<NotificationEntry>& entry,
                              const std::set<std::uint64_t>& firing,
                              const std::set<std::uint64_t>& resolved, bool sendResolved,
                              std::chrono::milliseconds repeat, Timestamp now);

} // namespace watchfire::alerting
