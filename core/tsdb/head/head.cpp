// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/head.h"

#include <format>
#include <mutex>

namespace watchfire::tsdb {

std::shared_ptr<Group> Head::keep(std::shared_ptr<Group> group)
{
    m_byIdentity.emplace(group->identity(), group->gid());
    m_groups.emplace(group->gid(), group);
    return group;
}

/// With the mutex held.
Result<std::shared_ptr<Group>> Head::load(Gid gid)
{
    if (const auto at = m_groups.find(gid); at != m_groups.end()) {
        return at->second;
    }
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto value = txn->get(Table::groups, Key().native32(gid));
    if (!value) {
        if (auto read = txn->result(m_context.environment); !read) {
            return std::unexpected(read.error());
        }
        return nullptr;
    }
    auto record = GroupRecord::parse(*value);
    if (!record) {
        return std::unexpected(record.error().within(std::format("group {}", gid)));
    }
    const bool isPushed = record->identity.has(pushedGroupLabel);
    return keep(std::make_shared<Group>(m_context, gid, std::move(*record), true, isPushed));
}

/// With the mutex held.
Result<std::shared_ptr<Group>> Head::findPersisted(const Labels& identity)
{
    std::vector<Gid> candidates;
    {
        auto txn = m_context.environment.read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        Cursor cursor(*txn, Table::gkey);
        for (bool more = cursor.find(Key().native64(identity.hash128().first)); more;
             more = cursor.nextDuplicate()) {
            if (cursor.value().size() >= 4) {
                candidates.push_back(native32At(cursor.value(), 0));
            }
        }
        if (auto read = cursor.result(m_context.environment); !read) {
            return std::unexpected(read.error());
        }
    }
    for (const Gid gid : candidates) {
        auto group = load(gid);
        if (!group) {
            return group;
        }
        if (*group != nullptr && (*group)->identity() == identity) {
            return group;
        }
    }
    return nullptr;
}

Result<std::shared_ptr<Group>> Head::group(Gid gid)
{
    if (auto there = loaded(gid)) {
        return there;
    }
    const std::unique_lock lock(m_mutex);
    return load(gid);
}

Result<std::shared_ptr<Group>> Head::groupFor(const Labels& identity)
{
    const std::unique_lock lock(m_mutex);
    if (const auto at = m_byIdentity.find(identity); at != m_byIdentity.end()) {
        return m_groups.at(at->second);
    }
    auto there = findPersisted(identity);
    if (!there || *there != nullptr) {
        return there;
    }
    GroupRecord record;
    record.identity = identity;
    return keep(std::make_shared<Group>(m_context, m_context.index.takeGid(), std::move(record),
                                        false, identity.has(pushedGroupLabel)));
}

Result<std::shared_ptr<Group>> Head::restoreGroup(Gid gid, const Labels& identity)
{
    const std::unique_lock lock(m_mutex);
    auto there = load(gid);
    if (!there || *there != nullptr) {
        return there;
    }
    GroupRecord record;
    record.identity = identity;
    m_context.index.reserve(0, gid);
    auto group = std::make_shared<Group>(m_context, gid, std::move(record), false,
                                         identity.has(pushedGroupLabel));
    group->pendingFrames().clear(); // the frame that says so is in the ring
    return keep(std::move(group));
}

void Head::unloadSpent()
{
    const std::unique_lock lock(m_mutex);
    for (auto at = m_groups.begin(); at != m_groups.end();) {
        const std::shared_ptr<Group>& group = at->second;
        // The only owner is this map, and no other can be made without its mutex.
        if (group.use_count() == 1 && group->isSpent()) {
            m_byIdentity.erase(group->identity());
            at = m_groups.erase(at);
        } else {
            ++at;
        }
    }
}

std::shared_ptr<Group> Head::loaded(Gid gid) const
{
    const std::shared_lock lock(m_mutex);
    const auto at = m_groups.find(gid);
    return at == m_groups.end() ? nullptr : at->second;
}

std::vector<std::shared_ptr<Group>> Head::all() const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::shared_ptr<Group>> groups;
    groups.reserve(m_groups.size());
    for (const auto& [gid, group] : m_groups) {
        groups.push_back(group);
    }
    return groups;
}

} // namespace watchfire::tsdb
