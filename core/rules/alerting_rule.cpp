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

Labels expandAll(const std::vector<std::pair<std::string, std::string>>& templates,
                 const std::string& alertName, const VectorSample& element, Timestamp at,
                 const ExpandText& expand)
{
    LabelsBuilder builder;
    for (const auto& [name, text] : templates) {
        builder.set(name, expand(text, alertName, element.labels, element.value, at));
    }
    return builder.build();
}

} // namespace

Result<void> AlertingRule::evaluate(const Vector& result, Timestamp at, const ExpandText& expand,
                                    std::uint64_t limit)
{
    std::unordered_map<Labels, ActiveAlert> seen;
    for (const VectorSample& element : result) {
        LabelsBuilder builder(element.labels);
        builder.remove(metricNameLabel);
        for (const auto& [name, text] : m_rule.labels) {
            builder.set(name, expand(text, m_rule.alert, element.labels, element.value, at));
        }
        builder.set("alertname", m_rule.alert);
        ActiveAlert alert;
        alert.labels = builder.build();
        alert.annotations = expandAll(m_rule.annotations, m_rule.alert, element, at, expand);
        alert.value = element.value;
        alert.activeAt = at;
        Labels key = alert.labels;
        if (!seen.emplace(std::move(key), std::move(alert)).second) {
            return fail(ErrorKind::invalid,
                        "vector contains metrics with the same labelset after applying alert "
                        "labels");
        }
    }
    for (const auto& [labels, alert] : seen) {
        const auto known = m_active.find(labels);
        if (known != m_active.end() && known->second.state != AlertState::inactive) {
            known->second.value = alert.value;
            known->second.annotations = alert.annotations;
        } else {
            m_active.insert_or_assign(labels, alert);
        }
    }
    std::uint64_t count = 0;
    for (auto entry = m_active.begin(); entry != m_active.end();) {
        ActiveAlert& alert = entry->second;
        if (seen.contains(entry->first)) {
            alert.keepFiringSince = never;
        } else {
            bool keeps = false;
            if (alert.state == AlertState::firing && m_rule.keepFiringFor.count() > 0) {
                if (alert.keepFiringSince == never) {
                    alert.keepFiringSince = at;
                }
                keeps = at - alert.keepFiringSince < m_rule.keepFiringFor;
            }
            const bool forgotten = alert.state == AlertState::pending
                || (alert.resolvedAt != never && at - alert.resolvedAt > resolvedRetention);
            if (forgotten) {
                entry = m_active.erase(entry);
                continue;
            }
            if (!keeps) {
                if (alert.state != AlertState::inactive) {
                    alert.state = AlertState::inactive;
                    alert.resolvedAt = at;
                }
                ++entry;
                continue;
            }
        }
        ++count;
        if (alert.state == AlertState::pending && at - alert.activeAt >= m_rule.forDuration) {
            alert.state = AlertState::firing;
            alert.firedAt = at;
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

Vector AlertingRule::samples() const
{
    Vector out;
    for (const auto& [labels, alert] : m_active) {
        if (alert.state == AlertState::inactive) {
            continue;
        }
        LabelsBuilder builder(labels);
        builder.set(metricNameLabel, "ALERTS");
        builder.set("alertname", m_rule.alert);
        builder.set("alertstate", alert.state == AlertState::firing ? "firing" : "pending");
        out.push_back({builder.build(), 0, 1, nullptr});
        builder.remove("alertstate");
        builder.set(metricNameLabel, "ALERTS_FOR_STATE");
        const double activeSeconds = static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(alert.activeAt).time_since_epoch().count());
        out.push_back({builder.build(), 0, activeSeconds, nullptr});
    }
    return out;
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
