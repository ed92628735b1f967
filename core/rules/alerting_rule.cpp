// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/alerting_rule.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::rules {

namespace {

/// A resolved alert is kept so long, so that its end reaches a receiver that was away.
constexpr auto resolvedRetention = std::chrono::minutes(15);

constexpr Timestamp never{};

bool isForgotten(const ActiveAlert& alert, Timestamp at)
{
    return alert.state == AlertState::pending
        || (alert.resolvedAt != never && at - alert.resolvedAt > resolvedRetention);
}

} // namespace

Result<void> AlertingRule::evaluate(const Vector& result, Timestamp at, const ExpandText& expand,
                                    std::uint64_t limit)
{
    std::vector<Candidate> candidates;
    candidates.reserve(result.size());
    for (const VectorSample& element : result) {
        LabelsBuilder annotations;
        for (const auto& [name, text] : m_rule.annotations) {
            annotations.set(name, expand(text, m_rule.alert, element, at));
        }
        candidates.push_back({labelsOf(element, at, expand), annotations.build(), element.value});
    }
    return advance(std::move(candidates), at, limit);
}

Labels AlertingRule::labelsOf(const VectorSample& element, Timestamp at,
                              const ExpandText& expand) const
{
    LabelsBuilder labels(element.labels);
    labels.remove(metricNameLabel);
    for (const auto& [name, text] : m_rule.labels) {
        labels.set(name, expand(text, m_rule.alert, element, at));
    }
    labels.set("alertname", m_rule.alert);
    return labels.build();
}

Result<void> AlertingRule::advance(std::vector<Candidate> candidates, Timestamp at,
                                   std::uint64_t limit)
{
    std::unordered_map<Labels, Candidate*> holding;
    holding.reserve(candidates.size());
    for (Candidate& candidate : candidates) {
        if (!holding.emplace(candidate.labels, &candidate).second) {
            return fail(ErrorKind::invalid,
                        "vector contains metrics with the same labelset after applying alert "
                        "labels");
        }
    }
    for (Candidate& candidate : candidates) {
        const auto known = m_active.find(candidate.labels);
        if (known != m_active.end() && known->second.state != AlertState::inactive) {
            known->second.value = candidate.value;
            known->second.annotations = std::move(candidate.annotations);
            continue;
        }
        ActiveAlert alert;
        alert.labels = std::move(candidate.labels);
        alert.annotations = std::move(candidate.annotations);
        alert.value = candidate.value;
        alert.activeAt = at;
        Labels key = alert.labels;
        m_active.insert_or_assign(std::move(key), std::move(alert));
    }
    std::uint64_t count = 0;
    for (auto entry = m_active.begin(); entry != m_active.end();) {
        ActiveAlert& alert = entry->second;
        const bool holds = holding.contains(entry->first);
        if (!holds && isForgotten(alert, at)) {
            entry = m_active.erase(entry);
            continue;
        }
        if (goesOn(alert, holds, at)) {
            ++count;
            changeState(alert, at);
        }
        ++entry;
    }
    if (limit > 0 && count > limit) {
        m_active.clear();
        return fail(ErrorKind::limit,
                    std::format("exceeded limit of {} with {} alerts", limit, count));
    }
    return {};
}

/// False: the alert is resolved, now or before.
bool AlertingRule::goesOn(ActiveAlert& alert, bool holds, Timestamp at) const
{
    if (holds) {
        alert.keepFiringSince = never;
        alert.unknownSince = never;
        return true;
    }
    if (alert.state == AlertState::firing && m_isUnseen && m_isUnseen(alert.labels, at)) {
        if (alert.unknownSince == never) {
            alert.unknownSince = at;
        }
        return true;
    }
    alert.unknownSince = never;
    if (alert.state == AlertState::firing && m_rule.keepFiringFor.count() > 0) {
        if (alert.keepFiringSince == never) {
            alert.keepFiringSince = at;
        }
        if (at - alert.keepFiringSince < m_rule.keepFiringFor) {
            return true;
        }
    }
    if (alert.state != AlertState::inactive) {
        alert.state = AlertState::inactive;
        alert.resolvedAt = at;
    }
    return false;
}

void AlertingRule::changeState(ActiveAlert& alert, Timestamp at) const
{
    const bool isDue = at - alert.activeAt >= m_rule.forDuration;
    if (alert.state == AlertState::pending && isDue) {
        alert.state = AlertState::firing;
        alert.firedAt = at;
    } else if (alert.state == AlertState::firing && !isDue) {
        // `for` became longer, or a restoration moved the beginning.
        alert.state = AlertState::pending;
        alert.firedAt = never;
        alert.lastSentAt = never;
        alert.keepFiringSince = never;
    }
}

Vector AlertingRule::samples() const
{
    Vector out;
    if (!m_restored) {
        return out;
    }
    // A label whose template came out empty appears with the template's own text, as it does in
    // Prometheus.
    const Labels written = Labels::fromPairs(m_rule.labels);
    for (const auto& [labels, alert] : m_active) {
        if (alert.state == AlertState::inactive) {
            continue;
        }
        LabelsBuilder builder(written);
        for (const Label& label : labels) {
            builder.set(label.name, label.value);
        }
        builder.set(metricNameLabel, "ALERTS");
        builder.set("alertname", m_rule.alert);
        builder.set("alertstate",
                    alert.state != AlertState::firing ? "pending"
                        : alert.unknownSince == never ? "firing"
                                                      : "unknown");
        out.push_back({builder.build(), 0, 1, nullptr});
        builder.remove("alertstate");
        builder.set(metricNameLabel, "ALERTS_FOR_STATE");
        const double activeSeconds = static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(alert.activeAt).time_since_epoch().count());
        out.push_back({builder.build(), 0, activeSeconds, nullptr});
    }
    return out;
}

void AlertingRule::restore(const Labels& labels, const StoredForState& before, Timestamp now,
                           std::chrono::milliseconds grace)
{
    const auto found = m_active.find(labels);
    if (found == m_active.end()) {
        return;
    }
    const auto remaining = m_rule.forDuration - (before.at - before.activeAt);
    if (remaining.count() <= 0) {
        // It was firing; the next evaluation sets it so again if its condition still holds.
        found->second.activeAt = before.activeAt;
    } else if (remaining < grace) {
        found->second.activeAt = now + grace - m_rule.forDuration;
    } else {
        found->second.activeAt = before.activeAt + (now - before.at);
    }
}

void AlertingRule::adopt(AlertingRule& before)
{
    m_active = std::move(before.m_active);
    m_restored = before.m_restored;
}

std::vector<Alert> AlertingRule::takeDue(Timestamp at, std::chrono::milliseconds resendDelay,
                                         std::chrono::milliseconds interval)
{
    std::vector<Alert> due;
    for (auto& [labels, alert] : m_active) {
        if (alert.state == AlertState::pending) {
            continue;
        }
        const bool justResolved = alert.resolvedAt > alert.lastSentAt;
        if (!justResolved && alert.lastSentAt != never && alert.lastSentAt + resendDelay >= at) {
            continue;
        }
        alert.lastSentAt = at;
        Alert out;
        out.labels = labels;
        out.annotations = alert.annotations;
        out.startsAt = alert.firedAt;
        // A firing alert that nobody repeats for four rounds counts as over.
        out.endsAt = alert.state == AlertState::inactive ? alert.resolvedAt
                                                         : at + 4 * std::max(interval, resendDelay);
        out.updatedAt = at;
        due.push_back(std::move(out));
    }
    return due;
}

} // namespace watchfire::rules
