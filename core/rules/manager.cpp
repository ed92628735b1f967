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

void Manager::apply(const std::vector<config::RuleGroupConfig>& groups,
                    std::chrono::milliseconds defaultInterval, Timestamp now)
{
    std::vector<SlotPtr> before = std::exchange(m_slots, {});
    for (const config::RuleGroupConfig& config : groups) {
        const auto interval = config.interval.count() > 0 ? config.interval : defaultInterval;
        const auto same = std::ranges::find_if(before, [&](const SlotPtr& slot) {
            return slot && slot->group->config().name == config.name
                && slot->group->config().file == config.file;
        });
        SlotPtr slot;
        if (same != before.end()) {
            slot = std::exchange(*same, nullptr);
            if (slot->group->config() == config && slot->group->interval() == interval) {
                slot->replacement = nullptr;
                m_slots.push_back(std::move(slot));
                continue;
            }
            auto next = std::make_shared<Group>(config, interval, m_surroundings);
            if (slot->running) {
                slot->replacement = std::move(next);
            } else {
                next->adopt(*slot->group);
                slot->group = std::move(next);
            }
        } else {
            slot = std::make_shared<Slot>();
            slot->group = std::make_shared<Group>(config, interval, m_surroundings);
        }
        slot->nextDue = nextTurn(config, interval, now);
        m_slots.push_back(std::move(slot));
    }
    for (SlotPtr& gone : before) {
        if (!gone) {
            continue;
        }
        gone->retiring = true;
        if (gone->running) {
            m_leaving.push_back(std::move(gone));
        } else {
            m_workers.run([group = gone->group, now] { group->retire(now); });
        }
    }
}

std::optional<Timestamp> Manager::nextDue() const
{
    std::optional<Timestamp> due;
    for (const SlotPtr& slot : m_slots) {
        if (!due || slot->nextDue < *due) {
            due = slot->nextDue;
        }
    }
    return due;
}

void Manager::advance(Timestamp now)
{
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
            owner->run([this, alive, slot, at] {
                if (alive.lock()) {
                    ended(slot, at);
                }
            });
        });
}

void Manager::ended(const SlotPtr& slot, Timestamp at)
{
    slot->running = false;
    ++m_evaluations;
    if (slot->retiring) {
        std::erase(m_leaving, slot);
        m_workers.run([group = slot->group, at] { group->retire(at); });
    } else if (slot->replacement) {
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
