// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/manager.h"

#include <algorithm>
#include <utility>

namespace watchfire::rules {

Timestamp nextTurn(const config::RuleGroupConfig& group, std::chrono::milliseconds interval,
                   Timestamp now)
{
    const std::uint64_t hash = Labels{{"file", group.file}, {"name", group.name}}.hash();
    const auto step = static_cast<std::uint64_t>(std::max<std::int64_t>(interval.count(), 1));
    const auto shift = static_cast<std::int64_t>(hash % step);
    const auto length = static_cast<std::int64_t>(step);
    const std::int64_t rounds = (unixMs(now) - shift) / length;
    return fromUnixMs((rounds + 1) * length + shift);
}

Manager::Manager(Surroundings surroundings, Executor& workers, Executor& owner)
    : m_surroundings(std::move(surroundings))
    , m_workers(workers)
    , m_owner(owner)
{
}

Manager::~Manager()
{
    *m_alive = false;
}

/// A group that left and comes back before its series were ended.
Manager::SlotPtr Manager::returning(const config::RuleGroupConfig& config)
{
    const auto found = std::ranges::find_if(m_leaving, [&config](const Leaving& leaving) {
        return leaving.slot->group->config().name == config.name
            && leaving.slot->group->config().file == config.file;
    });
    if (found == m_leaving.end()) {
        return nullptr;
    }
    SlotPtr slot = std::move(found->slot);
    m_leaving.erase(found);
    return slot;
}

Manager::SlotPtr Manager::slotFor(const config::RuleGroupConfig& config,
                                  const GroupOptions& options, std::vector<SlotPtr>& before,
                                  Timestamp now)
{
    const auto same = std::ranges::find_if(before, [&](const SlotPtr& slot) {
        return slot && slot->group->config().name == config.name
            && slot->group->config().file == config.file;
    });
    SlotPtr slot = same != before.end() ? std::exchange(*same, nullptr) : returning(config);
    auto next = std::make_shared<Group>(config, options, m_surroundings);
    if (!slot) {
        slot = std::make_shared<Slot>();
        slot->group = std::move(next);
    } else if (slot->group->config() == config && slot->group->interval() == options.interval
               && slot->group->queryOffset() == next->queryOffset()) {
        slot->replacement = nullptr;
        if (same == before.end()) { // its turns went on without it
            slot->nextDue = nextTurn(config, options.interval, now);
        }
        return slot;
    } else if (slot->running) {
        slot->replacement = std::move(next);
    } else {
        next->adopt(*slot->group);
        slot->group = std::move(next);
    }
    slot->nextDue = nextTurn(config, options.interval, now);
    return slot;
}

void Manager::apply(const std::vector<config::RuleGroupConfig>& groups, const Defaults& defaults,
                    Timestamp now)
{
    const bool restores = !std::exchange(m_isConfigured, true);
    std::vector<SlotPtr> before = std::exchange(m_slots, {});
    for (const config::RuleGroupConfig& config : groups) {
        const auto interval = config.interval.count() > 0 ? config.interval : defaults.interval;
        m_slots.push_back(slotFor(config, {interval, defaults.queryOffset, restores}, before, now));
    }
    for (SlotPtr& gone : before) {
        if (gone) {
            gone->replacement = nullptr;
            const Timestamp endsAt = now + 2 * gone->group->interval();
            m_leaving.push_back({std::move(gone), now, endsAt});
        }
    }
}

void Manager::endLeaving(Timestamp now)
{
    std::erase_if(m_leaving, [this, now](const Leaving& leaving) {
        if (leaving.slot->running || leaving.endsAt > now) {
            return false;
        }
        m_workers.run([group = leaving.slot->group, at = leaving.leftAt] { group->retire(at); });
        return true;
    });
}

std::optional<Timestamp> Manager::nextDue() const
{
    std::optional<Timestamp> due;
    const auto consider = [&due](Timestamp at) { due = due ? std::min(*due, at) : at; };
    for (const SlotPtr& slot : m_slots) {
        consider(slot->nextDue);
    }
    for (const Leaving& leaving : m_leaving) {
        if (!leaving.slot->running) {
            consider(leaving.endsAt);
        }
    }
    return due;
}

void Manager::advance(Timestamp now)
{
    endLeaving(now);
    for (const SlotPtr& slot : m_slots) {
        const auto interval
            = slot->replacement ? slot->replacement->interval() : slot->group->interval();
        if (slot->nextDue > now + interval) { // the clock was set back
            slot->nextDue = nextTurn(slot->group->config(), interval, now);
        }
        if (slot->nextDue > now) {
            continue;
        }
        // After a suspension only the newest turn counts; the grid is kept.
        const Timestamp next = nextTurn(slot->group->config(), interval, now);
        const Timestamp at = next - interval;
        slot->missed += static_cast<std::uint64_t>((at - slot->nextDue) / interval);
        slot->nextDue = next;
        if (slot->running) {
            ++slot->missed;
        } else {
            start(slot, at);
        }
    }
}

void Manager::start(const SlotPtr& slot, Timestamp at)
{
    slot->running = true;
    m_workers.run(
        [this, alive = std::weak_ptr(m_alive), slot, group = slot->group, at, owner = &m_owner] {
            group->evaluate(at);
            owner->run([this, alive, slot] {
                if (alive.lock()) {
                    ended(slot);
                }
            });
        });
}

void Manager::ended(const SlotPtr& slot)
{
    slot->running = false;
    ++m_evaluations;
    if (slot->replacement) {
        slot->replacement->adopt(*slot->group);
        slot->group = std::exchange(slot->replacement, nullptr);
    }
}

std::vector<Manager::Picture> Manager::pictures() const
{
    std::vector<Picture> out;
    out.reserve(m_slots.size());
    for (const SlotPtr& slot : m_slots) {
        out.push_back({slot->group->report(), slot->nextDue, slot->missed});
    }
    return out;
}

} // namespace watchfire::rules
