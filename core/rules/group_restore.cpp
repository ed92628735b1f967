// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/model/sample.h"
#include "core/rules/group.h"

#include <chrono>
#include <optional>

/// The `for` states of before a restart, out of the stored ALERTS_FOR_STATE.
/// Source: Prometheus, rules/group.go, RestoreForState.
namespace watchfire::rules {

namespace {

/// Those that every alert of the rule has: labels made by templates differ.
std::vector<Matcher> stateMatchers(const config::RuleConfig& rule)
{
    std::vector<Matcher> out{Matcher::equal(std::string(metricNameLabel), "ALERTS_FOR_STATE"),
                             Matcher::equal("alertname", rule.alert)};
    for (const auto& [name, value] : rule.labels) {
        if (name != "alertname" && !value.empty() && !value.contains("{{")) {
            out.push_back(Matcher::equal(name, value));
        }
    }
    return out;
}

/// The newest sample of the series, a staleness marker too; nothing: it has none.
Result<std::optional<StoredForState>> newestState(storage::GroupReader& reader, std::size_t index)
{
    const auto timeline = reader.timeline();
    if (!timeline) {
        return std::unexpected(timeline.error());
    }
    storage::Column column;
    if (auto read = reader.read(index, column); !read) {
        return std::unexpected(std::move(read.error()));
    }
    for (std::size_t k = timeline->size(); k-- > 0;) {
        if (!column.isPresent(k)) {
            continue;
        }
        if (isStaleMarker(column.values[k])) {
            return std::nullopt; // the alert had ended
        }
        const auto seconds = static_cast<std::int64_t>(column.values[k]);
        return StoredForState{std::chrono::floor<std::chrono::seconds>(fromUnixMs((*timeline)[k])),
                              Timestamp(std::chrono::seconds(seconds))};
    }
    return std::nullopt;
}

} // namespace

Result<void> Group::restoreForState(AlertingRule& rule, storage::Querier& querier, Timestamp at)
{
    auto groups
        = querier.select(stateMatchers(rule.rule()), {at - m_surroundings.outageTolerance, at});
    if (!groups) {
        return std::unexpected(std::move(groups.error()));
    }
    for (const auto& reader : *groups) {
        for (std::size_t i = 0; i < reader->size(); ++i) {
            const auto before = newestState(*reader, i);
            if (!before) {
                return std::unexpected(before.error());
            }
            if (*before) {
                rule.restore(reader->labels(i).without(metricNameLabel), **before, at,
                             m_surroundings.forGracePeriod);
            }
        }
    }
    return {};
}

void Group::restoreForStates(Timestamp at)
{
    const auto begin = std::chrono::steady_clock::now();
    const auto querier = m_surroundings.store->querier();
    for (Rule& rule : m_rules) {
        if (!rule.alerting) {
            continue;
        }
        // A shorter `for` runs anew sooner than the grace period would let the alert fire.
        if (rule.config.forDuration >= m_surroundings.forGracePeriod) {
            const auto done = querier ? restoreForState(*rule.alerting, **querier, at)
                                      : std::unexpected(querier.error());
            if (!done) {
                log(LogLevel::error, "rules",
                    "group \"{}\", rule \"{}\": its `for` state is not restored: {}", m_config.name,
                    rule.config.name(), done.error().message);
            }
        }
        rule.alerting->restored();
    }
    m_counts.restoreDuration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
}

} // namespace watchfire::rules
