// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/starts.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

std::span<const PositionedStart> listed(const StartListPtr& starts)
{
    return starts == nullptr ? std::span<const PositionedStart>() : *starts;
}

/// Walks both by position: `visit` gets the entry of each where there is one.
template <class Visit>
void walk(std::span<const PositionedStart> a, std::span<const PositionedStart> b, Visit visit)
{
    while (!a.empty() || !b.empty()) {
        const bool isInA = !a.empty() && (b.empty() || a.front().position <= b.front().position);
        const bool isInB = !b.empty() && (a.empty() || b.front().position <= a.front().position);
        visit(isInA ? &a.front() : nullptr, isInB ? &b.front() : nullptr);
        a = a.subspan(isInA ? 1 : 0);
        b = b.subspan(isInB ? 1 : 0);
    }
}

} // namespace

std::int64_t startAt(const StartListPtr& starts, std::uint32_t position)
{
    const auto list = listed(starts);
    const auto at = std::ranges::lower_bound(list, position, {}, &PositionedStart::position);
    return at != list.end() && at->position == position ? at->startedAtMs : 0;
}

StartListPtr withStarts(const StartListPtr& before, std::span<const PositionedStart> changes)
{
    if (changes.empty()) {
        return before;
    }
    auto after = std::make_shared<StartList>();
    after->reserve(listed(before).size() + changes.size());
    walk(listed(before), changes, [&](const PositionedStart* old, const PositionedStart* fresh) {
        const PositionedStart& one = fresh != nullptr ? *fresh : *old;
        if (one.startedAtMs != 0) {
            after->push_back(one);
        }
    });
    return after->empty() ? nullptr : after;
}

StartList startChanges(const StartListPtr& before, std::span<const PositionedStart> known,
                       const std::function<bool(std::uint32_t position)>& hasSample)
{
    StartList changes;
    walk(listed(before), known, [&](const PositionedStart* old, const PositionedStart* fresh) {
        const std::uint32_t position = fresh != nullptr ? fresh->position : old->position;
        const std::int64_t now = fresh != nullptr ? fresh->startedAtMs : 0;
        if (now != (old != nullptr ? old->startedAtMs : 0) && hasSample(position)) {
            changes.push_back({position, now});
        }
    });
    return changes;
}

} // namespace watchfire::tsdb
