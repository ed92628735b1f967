// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/notifier/alertmanager_set.h"

#include "core/base/log.h"

#include <algorithm>
#include <format>
#include <set>
#include <utility>

namespace watchfire::notifier {

namespace {

constexpr std::string_view addressLabel = "__address__";
constexpr std::string_view schemeLabel = "__scheme__";
constexpr std::string_view pathLabel = "__alerts_path__";

/// The prefix, with one slash in front and none behind, and the endpoint.
std::string postPath(std::string_view prefix)
{
    std::string out;
    while (!prefix.empty()) {
        const std::size_t slash = prefix.find('/');
        if (const auto part = prefix.substr(0, slash); !part.empty() && part != ".") {
            out += "/" + std::string(part);
        }
        prefix = slash == std::string_view::npos ? std::string_view() : prefix.substr(slash + 1);
    }
    return out + "/api/v2/alerts";
}

std::string urlOf(const Labels& labels)
{
    return std::format("{}://{}{}", labels.get(schemeLabel), labels.get(addressLabel),
                       labels.get(pathLabel));
}

} // namespace

FoundAlertmanagers alertmanagersOf(const config::TargetGroup& group,
                                   const config::AlertmanagersConfig& config)
{
    FoundAlertmanagers out;
    for (const std::string& target : group.targets) {
        LabelsBuilder builder;
        builder.set(schemeLabel, config.scheme);
        builder.set(pathLabel, postPath(config.pathPrefix));
        for (const Label& label : group.labels) {
            builder.set(label.name, label.value);
        }
        builder.set(addressLabel, target);
        const std::string before = urlOf(builder.build());
        if (!relabel(builder, config.relabel)) {
            out.dropped.push_back(before);
            continue;
        }
        const Labels labels = builder.build();
        const std::string_view address = labels.get(addressLabel);
        if (address.empty() || address.contains('/')) {
            log(LogLevel::warning, "alerting", "\"{}\" is not a valid address of an Alertmanager",
                address);
            continue;
        }
        out.active.push_back(urlOf(labels));
    }
    return out;
}

std::optional<Alert> relabelled(const Alert& alert, std::span<const RelabelRule> rules)
{
    if (rules.empty()) {
        return alert;
    }
    LabelsBuilder builder(alert.labels);
    if (!relabel(builder, rules)) {
        return std::nullopt;
    }
    Alert out = alert;
    out.labels = builder.build();
    return out;
}

AlertmanagerSet::AlertmanagerSet(config::AlertmanagersConfig config,
                                 const discovery::ProviderPorts& ports)
    : m_config(std::move(config))
    , m_ports(ports)
{
    start();
}

AlertmanagerSet::~AlertmanagerSet() = default;

void AlertmanagerSet::start()
{
    config::ScrapeConfig job;
    job.jobName = "alertmanager";
    job.staticConfigs = m_config.staticConfigs;
    job.discoveries = m_config.discoveries;
    m_providers = discovery::makeProviders(job, m_ports);
    m_groups.resize(m_providers.size());
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        m_providers[i]->start([this, i](discovery::Groups groups) {
            m_groups[i] = std::move(groups);
            sync();
        });
    }
}

void AlertmanagerSet::sync()
{
    std::set<std::string> active;
    m_dropped.clear();
    for (const discovery::Groups& groups : m_groups) {
        for (const config::TargetGroup& group : groups) {
            FoundAlertmanagers found = alertmanagersOf(group, m_config);
            active.insert(found.active.begin(), found.active.end());
            std::ranges::move(found.dropped, std::back_inserter(m_dropped));
        }
    }
    std::erase_if(m_queues, [&](const auto& entry) { return !active.contains(entry.first); });
    for (const std::string& url : active) {
        auto& queue = m_queues[url];
        if (!queue) {
            queue = std::make_unique<SendQueue>(
                m_ports.fetcher, m_ports.home, m_ports.clock,
                SendQueue::Options{url, m_config.client, m_config.timeout});
        }
    }
}

void AlertmanagerSet::send(std::span<const Alert> alerts)
{
    std::vector<Alert> kept;
    kept.reserve(alerts.size());
    for (const Alert& alert : alerts) {
        if (auto one = relabelled(alert, m_config.alertRelabel)) {
            kept.push_back(*std::move(one));
        }
    }
    if (kept.empty()) {
        return;
    }
    for (const auto& [url, queue] : m_queues) {
        queue->add(kept);
    }
}

std::optional<Timestamp> AlertmanagerSet::nextDue() const
{
    std::optional<Timestamp> due;
    for (const auto& provider : m_providers) {
        if (const auto at = provider->nextDue()) {
            due = due ? std::min(*due, *at) : *at;
        }
    }
    return due;
}

void AlertmanagerSet::advance(Timestamp now)
{
    for (const auto& provider : m_providers) {
        if (const auto at = provider->nextDue(); at && *at <= now) {
            provider->advance(now);
        }
    }
}

} // namespace watchfire::notifier
