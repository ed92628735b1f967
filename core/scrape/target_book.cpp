// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/target_book.h"

#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <limits>
#include <xxhash.h>

namespace watchfire::scrape {

TargetBook::Key TargetBook::keyOf(std::string_view address, const Labels& labels)
{
    const auto [high, low] = labels.hash128();
    const XXH128_hash_t of = XXH3_128bits(address.data(), address.size());
    return {high ^ of.high64, low ^ of.low64};
}

TargetBook::Outcome TargetBook::make(std::string_view address, const Labels& labels) const
{
    Outcome out;
    Labels discovered = discoveredLabels(*m_job, address, labels);
    auto target = makeTarget(*m_job, discovered);
    if (!target) {
        out.fault = target.error().within(
            std::format("job {}, target {}", text::quote(m_job->jobName), address));
    } else if (!*target) {
        out.dropped = std::move(discovered);
    } else {
        out.id = targetId(m_job->jobName, **target);
        out.rules = std::make_shared<const IntakeRules>(
            IntakeRules{m_job, *std::move(*target), m_ceilings});
    }
    return out;
}

TargetChange TargetBook::update(const std::shared_ptr<const config::ScrapeConfig>& job,
                                std::span<const GroupsPtr> groups)
{
    if (m_job != job) {
        m_job = job;
        m_outcomes.clear();
    }
    ++m_update;
    TargetChange change;
    std::vector<Labels> dropped;
    std::unordered_map<std::uint64_t, RulesPtr> active;
    active.reserve(m_active.size());
    const std::size_t most = m_job->keepDroppedTargets != 0
        ? m_job->keepDroppedTargets
        : std::numeric_limits<std::size_t>::max();
    const auto take = [&](const std::string& address, const Labels& labels) {
        const auto [found, isNew] = m_outcomes.try_emplace(keyOf(address, labels));
        Outcome& outcome = found->second;
        if (isNew) {
            outcome = make(address, labels);
        } else if (outcome.seen == m_update) {
            return; // there twice
        }
        outcome.seen = m_update;
        if (outcome.rules != nullptr) {
            active.try_emplace(outcome.id, outcome.rules);
        } else if (!outcome.fault.message.empty()) {
            change.faults.push_back(outcome.fault);
        } else if (change.droppedInAll++ < most) {
            dropped.push_back(outcome.dropped);
        }
    };
    for (const GroupsPtr& some : groups) {
        for (const config::TargetGroup& group : *some) {
            for (const std::string& address : group.targets) {
                take(address, group.labels);
            }
        }
    }
    std::erase_if(m_outcomes, [&](const auto& item) { return item.second.seen != m_update; });
    for (const auto& [id, rules] : active) {
        if (const auto before = m_active.find(id);
            before == m_active.end() || before->second != rules) {
            change.put.emplace_back(id, rules);
        }
    }
    for (const auto& [id, rules] : m_active) {
        if (!active.contains(id)) {
            change.gone.push_back(id);
        }
    }
    // In an order that does not change from run to run.
    std::ranges::sort(change.put, {}, &std::pair<std::uint64_t, RulesPtr>::first);
    std::ranges::sort(change.gone);
    m_active = std::move(active);
    change.active = m_active.size();
    change.dropped = std::make_shared<const std::vector<Labels>>(std::move(dropped));
    return change;
}

} // namespace watchfire::scrape
