// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/job.h"

#include <algorithm>
#include <format>
#include <utility>
#include <variant>

namespace watchfire::scrape {

using namespace std::chrono_literals;

namespace {

constexpr auto longestRetirement = 10s;
/// So many targets are relabelled in a few milliseconds.
constexpr std::size_t mostAtHome = 500;
/// So many targets are started or replaced in a few milliseconds.
constexpr std::size_t partSize = 500;

std::size_t countOf(const std::vector<config::TargetGroup>& groups)
{
    std::size_t count = 0;
    for (const config::TargetGroup& group : groups) {
        count += group.targets.size();
    }
    return count;
}

DiscoveryStatus statusOf(const config::ForeignDiscovery& foreign)
{
    constexpr std::string_view ending = "_sd_configs";
    DiscoveryStatus out;
    out.kind = foreign.section.ends_with(ending)
        ? foreign.section.substr(0, foreign.section.size() - ending.size())
        : foreign.section;
    out.lastError = std::format("Watchfire does not have {}", foreign.section);
    return out;
}

} // namespace

Job::Job(const discovery::ProviderPorts& ports, Ceilings ceilings, Sink sink)
    : m_ports(ports)
    , m_ceilings(ceilings)
    , m_sink(std::move(sink))
    , m_book(std::make_shared<TargetBook>(ceilings))
    , m_homing(ports.home)
{
}

void Job::configure(std::shared_ptr<const config::ScrapeConfig> config)
{
    const bool sameList = m_config != nullptr && m_config->staticConfigs == config->staticConfigs;
    m_config = std::move(config);
    std::vector<SourcePtr> sources;
    if (!m_config->staticConfigs.empty()) {
        addSource(sources, std::nullopt, sameList);
    }
    for (const config::DiscoveryConfig& entry : m_config->discoveries) {
        addSource(sources, entry, true);
    }
    for (const SourcePtr& old : std::exchange(m_sources, std::move(sources))) {
        const bool stays = std::ranges::contains(m_sources, old);
        if (!stays && old->entry && old->groups != nullptr) {
            m_retired.push_back(old->groups);
            m_retireDue = m_ports.clock.now() + longestRetirement;
        }
    }
    // All before the first one starts, which may know its groups at once.
    for (const SourcePtr& source : std::vector(m_sources)) {
        if (source->provider == nullptr || std::exchange(source->isStarted, true)) {
            continue;
        }
        source->provider->start([this, weak = std::weak_ptr(source)](
                                    std::vector<config::TargetGroup> groups) {
            if (const SourcePtr known = weak.lock()) {
                known->targets = countOf(groups);
                known->groups
                    = std::make_shared<const std::vector<config::TargetGroup>>(std::move(groups));
                sync();
            }
        });
    }
    sync();
}

/// Takes over the source that there is for such an entry, or makes one.
void Job::addSource(std::vector<SourcePtr>& sources, std::optional<config::DiscoveryConfig> entry,
                    bool staysAsItIs)
{
    const auto known = std::ranges::find_if(m_sources, [&](const SourcePtr& source) {
        return source->entry == entry && !std::ranges::contains(sources, source);
    });
    if (staysAsItIs && known != m_sources.end()) {
        sources.push_back(*known);
        return;
    }
    config::ScrapeConfig alone;
    if (entry) {
        alone.discoveries = {*entry};
    } else {
        alone.staticConfigs = m_config->staticConfigs;
    }
    auto made = discovery::makeProviders(alone, m_ports);
    auto source = std::make_shared<Source>();
    source->entry = std::move(entry);
    if (!made.empty()) {
        source->provider = std::move(made.front());
    }
    sources.push_back(std::move(source));
}

std::optional<Timestamp> Job::nextDue() const
{
    std::optional<Timestamp> next = m_retireDue;
    for (const SourcePtr& source : m_sources) {
        const auto due = source->provider == nullptr ? std::nullopt : source->provider->nextDue();
        if (due && (!next || *due < *next)) {
            next = due;
        }
    }
    return next;
}

void Job::advance(Timestamp now)
{
    for (const SourcePtr& source : std::vector(m_sources)) {
        if (source->provider != nullptr) {
            source->provider->advance(now);
        }
    }
    if (m_retireDue && (*m_retireDue <= now || *m_retireDue > now + longestRetirement)) {
        m_retireDue.reset();
        m_retired.clear();
        sync();
    }
}

std::vector<DiscoveryStatus> Job::discoveries() const
{
    std::vector<DiscoveryStatus> out;
    for (const SourcePtr& source : m_sources) {
        if (!source->entry) {
            continue;
        }
        if (const auto* foreign = std::get_if<config::ForeignDiscovery>(&*source->entry)) {
            out.push_back(statusOf(*foreign));
        } else if (source->provider != nullptr) {
            discovery::ProviderStatus status = source->provider->status();
            out.push_back({{},
                           std::move(status.kind),
                           std::move(status.source),
                           source->targets,
                           status.lastUpdate,
                           std::move(status.lastError)});
        }
        out.back().job = m_config->jobName;
    }
    return out;
}

/// Whether a discovery has not found its targets yet.
bool Job::isNewcomerSilent() const
{
    return std::ranges::any_of(m_sources, [](const SourcePtr& source) {
        return source->provider != nullptr && source->groups == nullptr;
    });
}

/// Makes the targets those that the groups and rules yield.
void Job::sync()
{
    if (m_isBookOut) {
        m_again = true;
        return;
    }
    m_again = false;
    if (!m_retired.empty() && !isNewcomerSilent()) {
        m_retired.clear();
        m_retireDue.reset();
    }
    std::vector<GroupsPtr> groups = m_retired;
    std::size_t count = 0;
    for (const SourcePtr& source : m_sources) {
        if (source->groups != nullptr) {
            groups.push_back(source->groups);
        }
    }
    for (const GroupsPtr& some : groups) {
        count += some->size() + countOf(*some);
    }
    if (count <= mostAtHome) {
        handOver(m_book->update(m_config, groups));
        return;
    }
    m_isBookOut = true;
    m_ports.workers.run([book = m_book, config = m_config, groups = std::move(groups),
                         done = m_homing.once([this](TargetChange change) {
                             m_isBookOut = false;
                             handOver(std::move(change));
                             if (m_again) {
                                 sync();
                             }
                         })]() mutable { done(book->update(config, groups)); });
}

void Job::handOver(TargetChange change)
{
    m_changes.push_back(std::move(change));
    if (!m_isHandingOver) {
        handOverPart();
    }
}

/// A part now, and what is left when others had their turn.
void Job::handOverPart()
{
    TargetChange& change = m_changes.front();
    TargetChange part;
    part.active = change.active;
    part.dropped = change.dropped;
    part.droppedInAll = change.droppedInAll;
    part.faults = change.faults;
    const std::size_t all = change.gone.size() + change.put.size();
    const std::size_t to = std::min(m_handedOver + partSize, all);
    for (std::size_t i = std::exchange(m_handedOver, to); i < to; ++i) {
        if (i < change.gone.size()) {
            part.gone.push_back(change.gone[i]);
        } else {
            part.put.push_back(std::move(change.put[i - change.gone.size()]));
        }
    }
    if (to == all) {
        m_changes.pop_front();
        m_handedOver = 0;
    }
    m_isHandingOver = !m_changes.empty();
    m_sink(part);
    if (m_isHandingOver) {
        m_homing.once([this] { handOverPart(); })();
    }
}

} // namespace watchfire::scrape
