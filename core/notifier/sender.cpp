// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/notifier/sender.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace watchfire::notifier {

namespace {

/// An alert's own label wins.
Alert withExternal(Alert alert, const Labels& external)
{
    if (external.empty()) {
        return alert;
    }
    LabelsBuilder builder(alert.labels);
    for (const Label& label : external) {
        if (alert.labels.get(label.name).empty()) {
            builder.set(label.name, label.value);
        }
    }
    alert.labels = builder.build();
    return alert;
}

} // namespace

void Sender::apply(config::AlertingConfig config, Labels externalLabels)
{
    m_relabel = std::move(config.alertRelabel);
    m_externalLabels = std::move(externalLabels);
    std::vector<std::unique_ptr<AlertmanagerSet>> next;
    for (config::AlertmanagersConfig& entry : config.alertmanagers) {
        const auto known = std::ranges::find_if(
            m_sets, [&](const auto& set) { return set && set->config() == entry; });
        next.push_back(known != m_sets.end()
                           ? std::move(*known)
                           : std::make_unique<AlertmanagerSet>(std::move(entry), m_ports));
    }
    m_sets = std::move(next);
}

void Sender::send(const std::vector<Alert>& alerts)
{
    if (m_sets.empty()) {
        return;
    }
    std::vector<Alert> kept;
    kept.reserve(alerts.size());
    for (const Alert& alert : alerts) {
        if (auto one = relabelled(withExternal(alert, m_externalLabels), m_relabel)) {
            kept.push_back(*std::move(one));
        }
    }
    for (const auto& set : m_sets) {
        set->send(kept);
    }
}

std::optional<Timestamp> Sender::nextDue() const
{
    std::optional<Timestamp> due;
    for (const auto& set : m_sets) {
        if (const auto at = set->nextDue()) {
            due = due ? std::min(*due, *at) : *at;
        }
    }
    return due;
}

void Sender::advance(Timestamp now)
{
    for (const auto& set : m_sets) {
        set->advance(now);
    }
}

FoundAlertmanagers Sender::alertmanagers() const
{
    FoundAlertmanagers out;
    for (const auto& set : m_sets) {
        for (const auto& [url, queue] : set->queues()) {
            out.active.push_back(url);
        }
        std::ranges::copy(set->dropped(), std::back_inserter(out.dropped));
    }
    std::ranges::sort(out.active);
    std::ranges::sort(out.dropped);
    return out;
}

std::vector<std::pair<std::string, SendCounts>> Sender::counts() const
{
    std::map<std::string, SendCounts> all;
    for (const auto& set : m_sets) {
        for (const auto& [url, queue] : set->queues()) {
            const SendCounts more = queue->counts();
            SendCounts& sum = all[url];
            sum.sent += more.sent;
            sum.errors += more.errors;
            sum.dropped += more.dropped;
            sum.queued += more.queued;
            sum.requests += more.requests;
            sum.took += more.took;
        }
    }
    return {all.begin(), all.end()};
}

} // namespace watchfire::notifier
