// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/survey.h"

#include "core/text/duration.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <utility>
#include <variant>

namespace watchfire::discovery {

namespace {

/// A provider that fails tells nobody, so it is looked after.
constexpr std::chrono::milliseconds lookEvery{100};
/// One that asks several may know something in spite of a failure.
constexpr std::chrono::milliseconds patience{500};

} // namespace

Survey::Survey(const config::ScrapeConfig& job, const ProviderPorts& ports,
               std::chrono::milliseconds longest, Done done)
    : m_clock(ports.clock)
    , m_longest(longest)
    , m_done(std::move(done))
{
    for (const config::DiscoveryConfig& entry : job.discoveries) {
        if (const auto* foreign = std::get_if<config::ForeignDiscovery>(&entry)) {
            m_warnings.push_back(std::format("Watchfire does not have {}", foreign->section));
        }
    }
    for (auto& provider : makeProviders(job, ports)) {
        m_asked.push_back(std::make_unique<Asked>(Asked{std::move(provider), {}, {}}));
    }
}

void Survey::start()
{
    m_started = m_clock.now();
    for (const auto& asked : m_asked) {
        asked->provider->start([&to = asked->groups](Groups groups) { to = std::move(groups); });
    }
    look(m_started);
}

std::optional<Timestamp> Survey::nextDue() const
{
    return isOver() ? std::nullopt : std::optional(m_nextLook);
}

void Survey::advance(Timestamp now)
{
    if (isOver()) {
        return;
    }
    for (const auto& asked : m_asked) {
        asked->provider->advance(now);
    }
    look(now);
}

bool Survey::isAnswered(Asked& asked, Timestamp now)
{
    if (asked.groups) {
        return true;
    }
    if (asked.provider->status().lastError.empty()) {
        asked.failed.reset();
        return false;
    }
    const Timestamp since = asked.failed.value_or(now);
    asked.failed = since;
    return now >= since + patience;
}

void Survey::look(Timestamp now)
{
    m_nextLook = now + lookEvery;
    const bool isLate = now >= m_started + m_longest || now < m_started;
    bool isComplete = true;
    for (const auto& asked : m_asked) {
        isComplete = isAnswered(*asked, now) && isComplete;
    }
    if (!isComplete && !isLate) {
        return;
    }
    Groups all;
    for (const auto& asked : m_asked) {
        const ProviderStatus status = asked->provider->status();
        if (!status.lastError.empty()) {
            m_warnings.push_back(
                std::format("{} ({}): {}", status.kind, status.source, status.lastError));
        } else if (!asked->groups) {
            m_warnings.push_back(std::format("{} ({}): no answer within {}", status.kind,
                                             status.source, text::formatDuration(m_longest)));
        }
        if (asked->groups) {
            std::ranges::move(*asked->groups, std::back_inserter(all));
        }
    }
    std::exchange(m_done, nullptr)(std::move(all), std::move(m_warnings));
}

} // namespace watchfire::discovery
