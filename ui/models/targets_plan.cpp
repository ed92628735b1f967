// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets_plan.h"

#include "ui/models/targets_sort.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace watchfire::ui {

namespace {

/// How many targets are looked at between two looks at the stop token.
constexpr std::size_t stride = 4096;

const std::vector<engine::TargetStatus>& targetsOf(const engine::TargetsSnapshot& snapshot,
                                                   TargetsList list)
{
    return list == TargetsList::dropped ? snapshot.dropped : snapshot.targets;
}

bool isUnchanged(const engine::TargetStatus& before, const engine::TargetStatus& after)
{
    return before.id == after.id && before.job == after.job && before.url == after.url
        && before.instance == after.instance && shownLabels(before) == shownLabels(after);
}

/// What the columns say of the targets before is true of these, too.
bool isSameTargets(const std::vector<engine::TargetStatus>& before,
                   const std::vector<engine::TargetStatus>& after)
{
    return &before == &after || std::ranges::equal(before, after, isUnchanged);
}

/// A group while it is being filled: positions in the snapshot.
struct Gathered {
    std::vector<std::uint32_t> rows;
    TargetCounts counts;
    std::vector<const engine::DiscoveryStatus*> discoveries;
};

class Plan {
public:
    Plan(const TargetsRequest& request, const std::stop_token& stop)
        : m_request(request)
        , m_stop(stop)
        , m_targets(targetsOf(*request.snapshot, request.list))
    {
    }

    std::shared_ptr<const TargetsChange> make()
    {
        auto view = std::make_shared<TargetsView>();
        view->snapshot = m_request.snapshot;
        view->total = m_targets.size();
        takeColumns(view->columns);
        if (!gather(*view)) {
            return nullptr;
        }
        for (auto& [job, gathered] : m_groups) {
            if (m_stop.stop_requested()) {
                return nullptr;
            }
            if (!gathered.rows.empty() || (m_request.filter.empty() && keepsEmpty())) {
                view->groups.push_back(finish(job, gathered, view->columns));
                view->shown += gathered.rows.size();
            }
        }
        return changeTo(std::move(view));
    }

private:
    /// A job whose discovery fails has no targets, and a person must see that.
    bool keepsEmpty() const { return m_request.list == TargetsList::scraped; }

    void takeColumns(TargetColumns& columns) const
    {
        const TargetsView* const before = m_request.before.get();
        if (before != nullptr
            && isSameTargets(targetsOf(*before->snapshot, m_request.list), m_targets)) {
            columns = before->columns;
        }
        if (columns.texts == nullptr && m_request.filter.needsTexts()) {
            columns.texts = std::make_shared<const TargetTexts>(m_targets);
        }
        if (isTextKey(m_request.key) && columns.ranked != m_request.key) {
            columns.ranked = m_request.key;
            columns.ranks = std::make_shared<const std::vector<std::uint32_t>>(
                ranksOf(m_targets, m_request.key));
        }
    }

    bool gather(TargetsView& view)
    {
        Gathered* group = nullptr;
        std::string_view job;
        for (std::size_t i = 0; i < m_targets.size(); ++i) {
            if (i % stride == 0 && m_stop.stop_requested()) {
                return false;
            }
            const engine::TargetStatus& target = m_targets[i];
            if (group == nullptr || job != target.job) { // they come sorted by job
                job = target.job;
                group = &m_groups[job];
            }
            const auto state = stateOf(target);
            ++group->counts.in[std::size_t(state)];
            if (passes(i, view.columns)) {
                ++view.counts.in[std::size_t(state)];
                if (m_request.filter.wants(state)) {
                    group->rows.push_back(std::uint32_t(i));
                }
            }
        }
        if (m_request.list == TargetsList::scraped) {
            for (const engine::DiscoveryStatus& discovery : m_request.snapshot->discoveries) {
                m_groups[discovery.job].discoveries.push_back(&discovery);
            }
        }
        return true;
    }

    bool passes(std::size_t i, const TargetColumns& columns) const
    {
        return m_request.filter.empty()
            || m_request.filter.passes(m_targets[i],
                                       columns.texts ? columns.texts->of(i) : std::string_view());
    }

    TargetGroup finish(std::string_view job, Gathered& gathered, const TargetColumns& columns) const
    {
        sortTargets(gathered.rows, m_targets, m_request.key, m_request.order, columns.ranks.get());
        auto rows = std::make_shared<TargetRows>();
        rows->reserve(gathered.rows.size());
        for (const std::uint32_t i : gathered.rows) {
            rows->push_back(&m_targets[i]);
        }
        TargetGroup group;
        group.id = std::hash<std::string_view>()(job);
        group.job = job;
        group.rows = std::move(rows);
        group.counts = gathered.counts;
        group.discoveries = std::move(gathered.discoveries);
        return group;
    }

    static std::vector<std::uint64_t> idsOf(const std::vector<TargetGroup>& groups)
    {
        std::vector<std::uint64_t> ids;
        ids.reserve(groups.size());
        for (const TargetGroup& group : groups) {
            ids.push_back(group.id);
        }
        return ids;
    }

    static std::vector<std::uint64_t> idsOf(const TargetRows& rows)
    {
        std::vector<std::uint64_t> ids;
        ids.reserve(rows.size());
        for (const engine::TargetStatus* target : rows) {
            ids.push_back(rowId(*target));
        }
        return ids;
    }

    static TargetRowsPtr permuted(const TargetRows& from, const std::vector<int>& order)
    {
        auto to = std::make_shared<TargetRows>();
        to->reserve(order.size());
        for (const int row : order) {
            to->push_back(from[std::size_t(row)]);
        }
        return to;
    }

    static GroupChange changeOf(const TargetRows& before, const TargetRows& after)
    {
        GroupChange change;
        change.rows = changeOfRows(idsOf(before), idsOf(after));
        if (!change.rows.isScattered) {
            return change;
        }
        if (!change.rows.gather.empty()) {
            change.gathered = permuted(before, change.rows.gather);
        }
        auto joined = std::make_shared<TargetRows>(after);
        for (std::size_t i = 0; i < change.rows.scatter.size(); ++i) {
            (*joined)[std::size_t(change.rows.scatter[i])] = after[i];
        }
        change.joined = std::move(joined);
        return change;
    }

    std::shared_ptr<const TargetsChange> changeTo(std::shared_ptr<const TargetsView> view) const
    {
        static const std::vector<TargetGroup> nothing;
        const auto& before = m_request.before ? m_request.before->groups : nothing;
        auto change = std::make_shared<TargetsChange>();
        change->groups = diffSequences(idsOf(before), idsOf(view->groups));
        std::unordered_map<std::uint64_t, const TargetGroup*> old;
        for (const TargetGroup& group : before) {
            old.emplace(group.id, &group);
        }
        for (const TargetGroup& group : view->groups) {
            if (m_stop.stop_requested()) {
                return nullptr;
            }
            const auto found = old.find(group.id);
            change->rows.push_back(found == old.end()
                                       ? GroupChange{true, {}, nullptr, nullptr}
                                       : changeOf(*found->second->rows, *group.rows));
        }
        change->view = std::move(view);
        return change;
    }

    const TargetsRequest& m_request;
    const std::stop_token& m_stop;
    const std::vector<engine::TargetStatus>& m_targets;
    std::map<std::string_view, Gathered> m_groups; ///< by job
};

} // namespace

std::uint64_t rowId(const engine::TargetStatus& target)
{
    return target.id != 0 ? target.id
                          : target.discoveredLabels.hash() ^ std::hash<std::string>()(target.job);
}

std::shared_ptr<const TargetsChange> planTargets(const TargetsRequest& request,
                                                 const std::stop_token& stop)
{
    return Plan(request, stop).make();
}

} // namespace watchfire::ui
