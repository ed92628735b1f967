// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/inhibition.h"

#include <algorithm>
#include <utility>

namespace watchfire::alerting {

namespace {

/// The firing one that lasts longest; null where all are over.
const Labels* firingOf(const std::set<std::pair<Timestamp, Labels>>& sources, Timestamp now)
{
    return sources.empty() || sources.rbegin()->first <= now ? nullptr : &sources.rbegin()->second;
}

} // namespace

void Inhibition::setRules(std::vector<config::InhibitRuleConfig> rules)
{
    m_rules.clear();
    for (config::InhibitRuleConfig& config : rules) {
        std::ranges::sort(config.equal);
        m_rules.push_back({std::move(config), {}, {}});
    }
}

void Inhibition::put(const Alert& alert)
{
    for (Rule& rule : m_rules) {
        if (!matchesAll(rule.config.source, alert.labels)) {
            continue;
        }
        take(rule, alert.labels);
        Place place;
        place.equal = alert.labels.keepOnly(rule.config.equal);
        place.end = alert.endsAt == Timestamp{} ? Timestamp::max() : alert.endsAt;
        place.twoSided = matchesAll(rule.config.target, alert.labels);
        Bucket& bucket = rule.buckets[place.equal];
        (place.twoSided ? bucket.twoSided : bucket.oneSided).emplace(place.end, alert.labels);
        rule.places.insert_or_assign(alert.labels, std::move(place));
    }
}

void Inhibition::remove(const Labels& labels)
{
    for (Rule& rule : m_rules) {
        take(rule, labels);
    }
}

void Inhibition::take(Rule& rule, const Labels& labels)
{
    const auto place = rule.places.find(labels);
    if (place == rule.places.end()) {
        return;
    }
    const auto bucket = rule.buckets.find(place->second.equal);
    Sources& sources = place->second.twoSided ? bucket->second.twoSided : bucket->second.oneSided;
    sources.erase({place->second.end, labels});
    if (bucket->second.oneSided.empty() && bucket->second.twoSided.empty()) {
        rule.buckets.erase(bucket);
    }
    rule.places.erase(place);
}

const Labels* Inhibition::sourceOf(const Rule& rule, const Labels& labels, Timestamp now)
{
    if (!matchesAll(rule.config.target, labels)) {
        return nullptr;
    }
    const auto bucket = rule.buckets.find(labels.keepOnly(rule.config.equal));
    if (bucket == rule.buckets.end()) {
        return nullptr;
    }
    if (const Labels* const source = firingOf(bucket->second.oneSided, now)) {
        return source;
    }
    return matchesAll(rule.config.source, labels) ? nullptr
                                                  : firingOf(bucket->second.twoSided, now);
}

std::vector<Labels> Inhibition::inhibitedBy(const Labels& labels, Timestamp now) const
{
    std::vector<Labels> sources;
    for (const Rule& rule : m_rules) {
        if (const Labels* const source = sourceOf(rule, labels, now)) {
            sources.push_back(*source);
        }
    }
    return sources;
}

bool Inhibition::isInhibited(const Labels& labels, Timestamp now) const
{
    return std::ranges::any_of(
        m_rules, [&](const Rule& rule) { return sourceOf(rule, labels, now) != nullptr; });
}

} // namespace watchfire::alerting
