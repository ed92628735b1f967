// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/desktop/popup.h"
#include "core/ports/desktop.h"
#include "core/ports/popups.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::desktop {

/// Why popups are held back.
enum class PopupHold : unsigned { inhibited = 1, quietHours = 2, muted = 4 };

/// Decides which popups there are. It knows no D-Bus and no clock.
///
/// - One popup per group, changed in its place. A resolved group says so quietly and goes after
///   five seconds.
/// - A moment (a fifth of a second without another, a second at most) is waited for more to come.
///   More than five groups in ten seconds are told in one summary, which changes at most every
///   five seconds. Never more than three popups at once: what is least urgent, then what is newest,
///   moves into the summary, which takes the place of a popup where it can.
/// - While popups are held back nothing new comes and nothing changes but what is over; then what
///   still fires comes at once, in one popup.
/// - A group whose popup a person dismissed is acknowledged until other alerts of it fire, or it
///   resolves.
///
/// One thread.
class PopupBoard final : public Clockwork {
public:
    explicit PopupBoard(PopupScreen& screen)
        : m_screen(screen)
    {
    }

    void setCriticalAlways(bool always, Timestamp now);
    void hold(PopupHold why, bool isOn, Timestamp now);

    void show(const Notification& notification, Timestamp now);
    /// Nothing is to be said of that group any more; its popup goes.
    void withdraw(std::string_view groupKey, Timestamp now);
    /// The groups that a person has acknowledged by that, if any.
    std::vector<Notification> ended(PopupId id, PopupEnd how, Timestamp now);
    /// What the person chose, and the groups it was chosen for. Snooze holds them back for 15
    /// minutes; snooze and silence close the popup. Empty: there is no such popup, or it does not
    /// offer that.
    std::vector<Notification> act(PopupId id, NotificationAction action, Timestamp now);
    /// All that is open, again: they are shown somewhere else now.
    void repost();
    bool hasOpen() const;

    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;

    static constexpr std::size_t mostPopups = 3;
    static constexpr std::size_t stormAbove = 5; ///< groups
    static constexpr std::chrono::milliseconds stormSpan = std::chrono::seconds(10);
    static constexpr std::chrono::milliseconds renewEvery = std::chrono::seconds(5);
    static constexpr std::chrono::milliseconds resolvedFor = std::chrono::seconds(5);
    static constexpr std::chrono::milliseconds settleFor = std::chrono::milliseconds(200);
    static constexpr std::chrono::milliseconds settleAtMost = std::chrono::seconds(1);
    static constexpr std::chrono::milliseconds snoozeFor = std::chrono::minutes(15);

private:
    enum class Place {
        waiting, ///< for a moment, whether more come
        held,
        snoozed,
        alone, ///< in a popup of its own
        summed, ///< in the summary
        dismissed,
    };
    struct Group {
        void say(const Notification& notification)
        {
            word = notification;
            urgency = urgencyOf(notification);
        }
        Notification word; ///< the newest
        unsigned char urgency = 1; ///< of that
        Place place = Place::waiting;
        std::uint64_t order = 0; ///< of arrival
        PopupId popup = 0; ///< of its own; 0: not posted yet
        bool isChanged = false; ///< since it was posted
        std::optional<Timestamp> closeAt; ///< it is over
        Timestamp snoozedUntil{};
    };
    struct Summary {
        PopupId popup = 0;
        std::optional<Timestamp> postedAt; ///< nothing: not yet as a summary
        bool isChanged = false;
        bool wereHeldBack = false;
        std::size_t resolved = 0; ///< groups that were in it and are over
        std::optional<Timestamp> closeAt;
    };

    void arrive(Group& group, Timestamp now);
    void resolve(const Notification& notification, Timestamp now);
    void changeFiring(Group& group, const Notification& notification, Timestamp now);
    void arrange(Timestamp now);
    void placeArrivals(Timestamp now);
    void makeRoom();
    void fold(Group& group);
    void closeSummary();
    void postAll(Timestamp now);
    void postSummary(Timestamp now);
    void leaveScreen(Group& group, Place to);
    bool isHeldBack(const Group& group) const;
    bool isSummaryHeldBack() const;
    bool isStorm(Timestamp now);
    std::vector<std::string> keysIn(Place place) const;
    bool hasSummed() const;
    std::vector<const Group*> summed() const; ///< in the order of telling
    Group* ownerOf(PopupId id);
    void startAgain(Timestamp now);
    void shiftBack(std::chrono::milliseconds by);
    static Popup popupOf(const Notification& word);
    static std::set<std::pair<std::uint64_t, std::int64_t>> firingIn(const Notification& word);

    PopupScreen& m_screen;
    bool m_criticalAlways = false;
    unsigned m_holds = 0; ///< of PopupHold
    std::map<std::string, Group, std::less<>> m_groups; ///< by key
    Summary m_summary;
    std::map<std::string, Timestamp> m_arrivals; ///< of the last ten seconds
    std::optional<Timestamp> m_firstWaiting; ///< since when
    Timestamp m_lastWaiting{};
    std::uint64_t m_lastOrder = 0;
    PopupId m_lastPopup = 0;
    Timestamp m_now{};
};

} // namespace watchfire::desktop
