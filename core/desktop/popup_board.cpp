// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/popup_board.h"

#include <algorithm>
#include <ranges>
#include <tuple>

namespace watchfire::desktop {

namespace {

/// Without any, a silence would match nothing or everything.
bool hasLabels(const Notification& word)
{
    return !word.groupLabels.empty() || !word.commonLabels.empty();
}

} // namespace

Popup PopupBoard::popupOf(const Notification& word)
{
    Popup out;
    out.text = popupText(word);
    out.urgency = urgencyOf(word);
    out.isResolved = word.isResolved();
    out.isQuiet = out.isResolved;
    out.canSilence = !out.isResolved && hasLabels(word);
    out.canSnooze = !out.isResolved;
    return out;
}

void PopupBoard::setCriticalAlways(bool always, Timestamp now)
{
    m_criticalAlways = always;
    startAgain(now);
    advance(now);
}

void PopupBoard::hold(PopupHold why, bool isOn, Timestamp now)
{
    const unsigned bit = static_cast<unsigned>(why);
    const unsigned next = isOn ? m_holds | bit : m_holds & ~bit;
    if (next == m_holds) {
        return;
    }
    m_holds = next;
    if (m_holds == 0) {
        startAgain(now);
    }
    advance(now);
}

/// What was held back and may be seen now: all of it at once.
void PopupBoard::startAgain(Timestamp now)
{
    bool anyFolded = false;
    for (auto& [key, group] : m_groups) {
        if (group.place == Place::held && !isHeldBack(group)) {
            fold(group);
            anyFolded = true;
        }
    }
    if (anyFolded) {
        m_summary.wereHeldBack = true;
        arrange(now);
    }
}

bool PopupBoard::isHeldBack(const Group& group) const
{
    return m_holds != 0 && !(m_criticalAlways && group.urgency == 2);
}

void PopupBoard::show(const Notification& notification, Timestamp now)
{
    advance(now);
    if (notification.isResolved()) {
        resolve(notification, now);
    } else if (const auto found = m_groups.find(notification.groupKey); found != m_groups.end()) {
        changeFiring(found->second, notification, now);
    } else {
        Group& group = m_groups[notification.groupKey];
        group.say(notification);
        arrive(group, now);
    }
    advance(now);
}

/// The group is news. It waits a moment, unless popups are held back.
void PopupBoard::arrive(Group& group, Timestamp now)
{
    group.order = ++m_lastOrder;
    group.closeAt.reset();
    if (isHeldBack(group)) {
        group.place = Place::held;
        return;
    }
    group.place = Place::waiting;
    m_arrivals[group.word.groupKey] = now;
    m_firstWaiting = m_firstWaiting.value_or(now);
    m_lastWaiting = now;
}

void PopupBoard::changeFiring(Group& group, const Notification& notification, Timestamp now)
{
    const bool isSame = firingIn(group.word) == firingIn(notification);
    group.say(notification);
    switch (group.place) {
    case Place::waiting:
    case Place::snoozed:
        break;
    case Place::held:
        if (!isHeldBack(group)) {
            arrive(group, now); // it became critical
        }
        break;
    case Place::alone:
        group.closeAt.reset();
        group.isChanged = true;
        break;
    case Place::summed:
        m_summary.isChanged = true;
        break;
    case Place::dismissed:
        if (!isSame) {
            arrive(group, now);
        }
        break;
    }
}

void PopupBoard::resolve(const Notification& notification, Timestamp now)
{
    const auto found = m_groups.find(notification.groupKey);
    const bool isGone = found == m_groups.end() || found->second.place == Place::dismissed;
    if (!isGone && found->second.place == Place::summed) {
        m_groups.erase(found);
        ++m_summary.resolved;
        m_summary.isChanged = true;
        return;
    }
    if (!isGone && found->second.place != Place::alone) {
        m_groups.erase(found); // it came and went unseen
        return;
    }
    const bool isFree
        = std::ranges::count(m_groups | std::views::values, Place::alone, &Group::place)
            + (m_summary.popup != 0 ? 1 : 0)
        < static_cast<std::ptrdiff_t>(mostPopups);
    if (isGone && (m_holds != 0 || !isFree || isStorm(now))) {
        m_groups.erase(notification.groupKey); // nothing to take back, and no room to say so
        return;
    }
    Group& group = m_groups[notification.groupKey];
    group.say(notification);
    group.place = Place::alone;
    group.isChanged = true;
    group.closeAt = now + resolvedFor;
}

void PopupBoard::withdraw(std::string_view groupKey, Timestamp now)
{
    advance(now);
    const auto found = m_groups.find(groupKey);
    if (found == m_groups.end()) {
        return;
    }
    const bool wasSummed = found->second.place == Place::summed;
    if (found->second.popup != 0) {
        m_screen.close(found->second.popup);
    }
    m_arrivals.erase(found->first);
    m_groups.erase(found);
    if (wasSummed) {
        m_summary.isChanged = true;
        if (!hasSummed() && m_summary.resolved == 0) {
            closeSummary();
        }
    }
    advance(now);
}

std::vector<Notification> PopupBoard::ended(PopupId id, PopupEnd how, Timestamp now)
{
    std::vector<Notification> acknowledged;
    const auto leave = [this, how, &acknowledged](std::string key) {
        Group& group = m_groups.at(key);
        group.popup = 0;
        group.isChanged = false;
        if (how == PopupEnd::dismissed && !group.word.isResolved()) {
            group.place = Place::dismissed;
            acknowledged.push_back(group.word);
        } else {
            m_groups.erase(key); // what comes next of it is news
        }
    };
    if (id != 0 && id == m_summary.popup) {
        m_summary = {};
        std::ranges::for_each(keysIn(Place::summed), leave);
    } else if (const Group* const group = ownerOf(id); group != nullptr) {
        leave(group->word.groupKey);
    }
    advance(now);
    return acknowledged;
}

bool PopupBoard::hasOpen() const
{
    return m_summary.popup != 0
        || std::ranges::any_of(m_groups, [](const auto& each) { return each.second.popup != 0; });
}

std::vector<Notification> PopupBoard::act(PopupId id, NotificationAction action, Timestamp now)
{
    std::vector<Notification> groups;
    const bool isSummary = id != 0 && id == m_summary.popup;
    Group* const own = isSummary ? nullptr : ownerOf(id);
    if (!isSummary && own == nullptr) {
        return groups;
    }
    const std::vector<std::string> keys
        = isSummary ? keysIn(Place::summed) : std::vector{own->word.groupKey};
    const bool canSilence = !isSummary && popupOf(own->word).canSilence;
    const bool canSnooze = isSummary ? !keys.empty() : popupOf(own->word).canSnooze;
    for (const std::string& key : keys) {
        groups.push_back(m_groups.at(key).word);
    }
    switch (action) {
    case NotificationAction::show:
        break;
    case NotificationAction::dismissed:
        m_screen.close(id);
        ended(id, PopupEnd::dismissed, now);
        break;
    case NotificationAction::silence1h:
        if (!canSilence) {
            return {};
        }
        m_screen.close(id);
        m_groups.erase(keys.front());
        break;
    case NotificationAction::snooze15m:
        if (!canSnooze) {
            return {};
        }
        if (isSummary) {
            closeSummary();
        }
        for (const std::string& key : keys) {
            Group& group = m_groups.at(key);
            leaveScreen(group, Place::snoozed);
            group.snoozedUntil = now + snoozeFor;
        }
        break;
    }
    advance(now);
    return groups;
}

void PopupBoard::repost()
{
    if (m_summary.popup != 0) {
        postSummary(m_now);
    }
    for (auto& [key, group] : m_groups) {
        if (group.popup != 0) {
            m_screen.post(group.popup, popupOf(group.word));
            group.isChanged = false;
        }
    }
}

std::optional<Timestamp> PopupBoard::nextDue() const
{
    std::optional<Timestamp> due;
    const auto consider = [&due](const std::optional<Timestamp>& at) {
        if (at && (!due || *at < *due)) {
            due = at;
        }
    };
    if (m_firstWaiting) {
        consider(std::min(*m_firstWaiting + settleAtMost, m_lastWaiting + settleFor));
    }
    for (const auto& [key, group] : m_groups) {
        consider(group.closeAt);
        if (group.place == Place::snoozed) {
            consider(group.snoozedUntil);
        }
    }
    consider(m_summary.closeAt);
    if (m_summary.isChanged && m_summary.postedAt && !isSummaryHeldBack()) {
        consider(*m_summary.postedAt + renewEvery);
    }
    return due;
}

void PopupBoard::advance(Timestamp now)
{
    if (now < m_now) {
        shiftBack(m_now - now);
    }
    m_now = now;
    for (auto entry = m_groups.begin(); entry != m_groups.end();) {
        Group& group = entry->second;
        if (group.closeAt && *group.closeAt <= now) {
            if (group.popup != 0) {
                m_screen.close(group.popup);
            }
            entry = m_groups.erase(entry);
            continue;
        }
        if (group.place == Place::snoozed && group.snoozedUntil <= now) {
            arrive(group, now);
        }
        ++entry;
    }
    if (m_summary.closeAt && *m_summary.closeAt <= now) {
        closeSummary();
    }
    const bool isSettled = m_firstWaiting
        && (*m_firstWaiting + settleAtMost <= now || m_lastWaiting + settleFor <= now);
    if (isSettled) {
        arrange(now);
    } else {
        postAll(now);
    }
}

std::vector<const PopupBoard::Group*> PopupBoard::summed() const
{
    std::vector<const Group*> groups;
    for (const auto& [key, group] : m_groups) {
        if (group.place == Place::summed) {
            groups.push_back(&group);
        }
    }
    std::ranges::sort(groups, std::ranges::greater(),
                      [](const Group* group) { return std::tuple(group->urgency, group->order); });
    return groups;
}

std::vector<std::string> PopupBoard::keysIn(Place place) const
{
    std::vector<std::string> keys;
    for (const auto& [key, group] : m_groups) {
        if (group.place == place) {
            keys.push_back(key);
        }
    }
    return keys;
}

PopupBoard::Group* PopupBoard::ownerOf(PopupId id)
{
    const auto found = std::ranges::find_if(
        m_groups, [id](const auto& entry) { return id != 0 && entry.second.popup == id; });
    return found == m_groups.end() ? nullptr : &found->second;
}

/// The machine's clock was set back: what is under way goes on as if it had not been.
void PopupBoard::shiftBack(std::chrono::milliseconds by)
{
    const auto shift = [by](std::optional<Timestamp>& at) {
        if (at) {
            *at -= by;
        }
    };
    for (auto& [key, group] : m_groups) {
        shift(group.closeAt);
        group.snoozedUntil -= by;
    }
    for (auto& [key, at] : m_arrivals) {
        at -= by;
    }
    shift(m_summary.closeAt);
    shift(m_summary.postedAt);
    shift(m_firstWaiting);
    m_lastWaiting -= by;
}

/// Which alerts fire, and since when: another set is another matter than the one acknowledged.
std::set<std::pair<std::uint64_t, std::int64_t>> PopupBoard::firingIn(const Notification& word)
{
    std::set<std::pair<std::uint64_t, std::int64_t>> firing;
    for (const Alert& alert : word.alerts) {
        if (alert.endsAt == Timestamp{}) {
            firing.emplace(alert.labels.hash(), unixMs(alert.startsAt));
        }
    }
    return firing;
}

} // namespace watchfire::desktop
