// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/popup_board.h"

#include <algorithm>
#include <tuple>

namespace watchfire::desktop {

void PopupBoard::arrange(Timestamp now)
{
    placeArrivals(now);
    makeRoom();
    postAll(now);
}

bool PopupBoard::isStorm(Timestamp now)
{
    std::erase_if(m_arrivals, [now](const auto& each) { return each.second + stormSpan <= now; });
    return m_arrivals.size() > stormAbove;
}

void PopupBoard::placeArrivals(Timestamp now)
{
    const bool storm = isStorm(now);
    for (auto& [key, group] : m_groups) {
        const bool isOpen = group.place == Place::alone && !group.closeAt;
        if (group.place == Place::waiting && isHeldBack(group)) {
            group.place = Place::held;
        } else if (storm
                   && (group.place == Place::waiting || (isOpen && m_arrivals.contains(key)))) {
            fold(group);
            m_summary.wereHeldBack = false;
        } else if (group.place == Place::waiting) {
            group.place = Place::alone;
            group.isChanged = true;
        }
    }
    m_firstWaiting.reset();
}

void PopupBoard::makeRoom()
{
    while (true) {
        Group* least = nullptr;
        std::size_t alone = 0;
        for (auto& [key, group] : m_groups) {
            if (group.place != Place::alone) {
                continue;
            }
            ++alone;
            // What is over goes first, then what is least urgent, then what is newest: the others
            // stay where they were seen.
            const auto rank = [](const Group& each) {
                return std::tuple(!each.closeAt, each.urgency, ~each.order);
            };
            if (least == nullptr || rank(group) < rank(*least)) {
                least = &group;
            }
        }
        const bool hasSummary = m_summary.popup != 0 || hasSummed();
        if (alone + (hasSummary ? 1 : 0) <= mostPopups) {
            return;
        }
        if (m_summary.closeAt) {
            closeSummary();
        } else if (least->closeAt) {
            leaveScreen(*least, Place::alone);
            m_groups.erase(std::string(least->word.groupKey));
        } else {
            fold(*least);
        }
    }
}

/// Into the summary. Where that has no popup yet it takes the group's.
void PopupBoard::fold(Group& group)
{
    if (group.popup != 0) {
        if (m_summary.popup == 0) {
            m_summary.popup = group.popup;
        } else {
            m_screen.close(group.popup);
        }
    }
    group.popup = 0;
    group.isChanged = false;
    group.place = Place::summed;
    if (m_summary.closeAt) {
        m_summary.closeAt.reset();
        m_summary.resolved = 0;
        m_summary.wereHeldBack = false;
    }
    m_summary.isChanged = true;
}

void PopupBoard::leaveScreen(Group& group, Place to)
{
    if (group.popup != 0) {
        m_screen.close(group.popup);
    }
    group.popup = 0;
    group.isChanged = false;
    group.place = to;
}

bool PopupBoard::hasSummed() const
{
    return std::ranges::any_of(m_groups,
                               [](const auto& each) { return each.second.place == Place::summed; });
}

void PopupBoard::closeSummary()
{
    if (m_summary.popup != 0) {
        m_screen.close(m_summary.popup);
    }
    m_summary = {};
}

void PopupBoard::postAll(Timestamp now)
{
    const bool isDue
        = !m_summary.postedAt || (!isSummaryHeldBack() && *m_summary.postedAt + renewEvery <= now);
    if (m_summary.isChanged && isDue) {
        postSummary(now);
    }
    for (auto& [key, group] : m_groups) {
        const bool isShown = group.place == Place::alone && group.isChanged;
        if (isShown && (group.word.isResolved() || !isHeldBack(group))) {
            group.isChanged = false;
            group.popup = group.popup != 0 ? group.popup : ++m_lastPopup;
            m_screen.post(group.popup, popupOf(group.word));
        }
    }
}

bool PopupBoard::isSummaryHeldBack() const
{
    if (m_holds == 0) {
        return false;
    }
    const auto groups = summed();
    return !groups.empty()
        && std::ranges::all_of(groups, [this](const Group* group) { return isHeldBack(*group); });
}

void PopupBoard::postSummary(Timestamp now)
{
    const std::vector<const Group*> groups = summed();
    m_summary.isChanged = false;
    if (groups.size() == 1) { // one alone has its own popup, with its own actions
        Group& last = m_groups.at(groups.front()->word.groupKey);
        last.place = Place::alone;
        last.popup = m_summary.popup;
        last.isChanged = true;
        m_summary = {};
        return;
    }
    Popup popup;
    if (groups.empty()) {
        popup.text = summaryResolvedText(m_summary.resolved);
        popup.urgency = 0;
        popup.isResolved = true;
        popup.isQuiet = true;
        m_summary.closeAt = now + resolvedFor;
    } else {
        std::vector<const Notification*> words;
        for (const Group* group : groups) {
            words.push_back(&group->word);
        }
        popup.text = summaryText(words, m_summary.wereHeldBack);
        popup.urgency = groups.front()->urgency;
        popup.isQuiet = m_summary.postedAt.has_value();
        popup.canSnooze = true;
    }
    m_summary.popup = m_summary.popup != 0 ? m_summary.popup : ++m_lastPopup;
    m_summary.postedAt = now;
    m_screen.post(m_summary.popup, popup);
}

} // namespace watchfire::desktop
