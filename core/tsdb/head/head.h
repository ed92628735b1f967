// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/head/group.h"

#include <memory>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// Marks the identity of groups that pushed series form: late data is usual there.
inline constexpr std::string_view pushedGroupLabel = "__pushed__";

/// The groups in memory: those with rows no strip holds yet, or with a writer. Others are loaded
/// when asked for. From any thread.
class Head {
public:
    explicit Head(HeadContext& context)
        : m_context(context)
    {
    }

    /// Null: there is no such group.
    Result<std::shared_ptr<Group>> group(Gid gid);
    /// Made when new.
    Result<std::shared_ptr<Group>> groupFor(const Labels& identity);
    /// Replay: a group that a former process made and did not get to persist.
    Result<std::shared_ptr<Group>> restoreGroup(Gid gid, const Labels& identity);
    /// Null: not in memory, so that everything of it is in the tables.
    std::shared_ptr<Group> loaded(Gid gid) const;
    std::vector<std::shared_ptr<Group>> all() const;
    /// Lets go of groups that nobody uses and that are in the tables as they are.
    void unloadSpent();
    HeadContext& context() { return m_context; }

private:
    Result<std::shared_ptr<Group>> load(Gid gid);
    Result<std::shared_ptr<Group>> findPersisted(const Labels& identity);
    std::shared_ptr<Group> keep(std::shared_ptr<Group> group);

    HeadContext& m_context;
    mutable std::shared_mutex m_mutex;
    std::unordered_map<Gid, std::shared_ptr<Group>> m_groups;
    std::unordered_map<Labels, Gid> m_byIdentity;
};

} // namespace watchfire::tsdb
