// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/notifier.h"

#include "core/base/log.h"
#include "core/desktop/freedesktop_popups.h"
#include "core/desktop/portal_popups.h"
#include "core/desktop/quiet_hours.h"

#include <algorithm>
#include <string>
#include <utility>

#include <QMetaObject>

namespace watchfire::desktop {

namespace {

using namespace std::chrono_literals;

/// The machine may sleep and its clock may be set: what is due is looked for at least that often.
constexpr std::chrono::milliseconds longestPause = 30s;
/// A service that did not answer is asked again, when there is something new to show.
constexpr std::chrono::milliseconds lookAgainAfter = 10s;

std::unique_ptr<PopupChannel> channelOn(const QDBusConnection& bus, std::optional<bool> sandboxed)
{
    if (sandboxed ? *sandboxed : isInSandbox()) {
        return std::make_unique<PortalPopups>(bus);
    }
    return std::make_unique<FreedesktopPopups>(bus);
}

PopupCard cardOf(PopupId id, const Popup& popup)
{
    PopupCard card;
    card.id = id;
    card.summary = popup.text.summary.toStdString();
    card.body = popup.text.body.toStdString();
    card.urgency = popup.urgency;
    card.isResolved = popup.isResolved;
    card.canSilence = popup.canSilence;
    card.canSnooze = popup.canSnooze;
    return card;
}

} // namespace

DesktopNotifier::DesktopNotifier(QDBusConnection bus, NotificationActed acted, QObject* parent)
    : DesktopNotifier(std::move(bus), std::move(acted), NotifierSurroundings(), parent)
{
}

DesktopNotifier::DesktopNotifier(QDBusConnection bus, NotificationActed acted,
                                 NotifierSurroundings surroundings, QObject* parent)
    : QObject(parent)
    , m_acted(std::move(acted))
    , m_clock(surroundings.clock != nullptr ? *surroundings.clock : m_systemClock)
    , m_zone(std::move(surroundings.zone))
    , m_channel(channelOn(bus, surroundings.isInSandbox))
{
    PopupChannel* const channel = m_channel.get();
    connect(channel, &PopupChannel::found, this, &DesktopNotifier::serviceFound);
    connect(channel, &PopupChannel::lost, this, &DesktopNotifier::serviceLost);
    connect(channel, &PopupChannel::failed, this, [this](const QString& why) {
        log(LogLevel::warning, "desktop", "the desktop shows no popup: {}", why.toStdString());
        if (m_state == State::service) {
            enter(State::window);
        }
    });
    connect(channel, &PopupChannel::inhibitedChanged, this, [this](bool isInhibited) {
        m_board.hold(PopupHold::inhibited, isInhibited, m_clock.now());
        plan();
    });
    connect(channel, &PopupChannel::acted, this, &DesktopNotifier::handle);
    connect(channel, &PopupChannel::ended, this, [this](PopupId id, PopupEnd how) {
        for (const Notification& group : m_board.ended(id, how, m_clock.now())) {
            m_acted(group, NotificationAction::dismissed, {});
        }
        plan();
    });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &DesktopNotifier::turn);
    look();
}

DesktopNotifier::~DesktopNotifier() = default;

void DesktopNotifier::show(const Notification& notification)
{
    QMetaObject::invokeMethod(
        this,
        [this, notification] {
            m_board.show(notification, m_clock.now());
            plan();
        },
        Qt::QueuedConnection);
}

void DesktopNotifier::withdraw(std::string_view groupKey)
{
    QMetaObject::invokeMethod(
        this,
        [this, key = std::string(groupKey)] {
            m_board.withdraw(key, m_clock.now());
            plan();
        },
        Qt::QueuedConnection);
}

void DesktopNotifier::setSettings(const PopupSettings& settings)
{
    m_settings = settings;
    m_channel->setSound(settings.sound);
    m_board.setCriticalAlways(settings.criticalAlways, m_clock.now());
    turn();
}

void DesktopNotifier::mute(std::chrono::minutes span)
{
    m_mutedUntil = m_clock.now() + span;
    turn();
}

void DesktopNotifier::turn()
{
    const Timestamp now = m_clock.now();
    m_board.hold(PopupHold::quietHours, isWithin(m_settings.quiet, now, m_zone), now);
    m_board.hold(PopupHold::muted, now < m_mutedUntil, now);
    m_board.advance(now);
    plan();
}

void DesktopNotifier::plan()
{
    const Timestamp now = m_clock.now();
    std::optional<Timestamp> due = m_board.nextDue();
    if (now < m_mutedUntil) {
        due = due ? std::min(*due, m_mutedUntil) : m_mutedUntil;
    }
    if (m_settings.quiet.isOn && !due) {
        due = now + longestPause; // the pause ends within it
    }
    if (!due) {
        m_timer.stop();
        return;
    }
    m_timer.start(std::clamp<std::chrono::milliseconds>(*due - now, 0ms, longestPause));
}

void DesktopNotifier::look()
{
    m_state = State::looking;
    m_lookedAt = m_clock.now();
    m_channel->look();
}

void DesktopNotifier::enter(State state)
{
    const bool wasWindow = m_state == State::window;
    m_state = state;
    const bool isWindow = state == State::window;
    if (!m_cards.empty() && !isWindow) {
        m_cards.clear();
        emit windowPopupsChanged(m_cards);
    }
    if (wasWindow != isWindow) {
        emit windowOnlyChanged(isWindow);
    }
    m_board.repost();
    plan();
}

void DesktopNotifier::serviceFound(bool isThere)
{
    const State next = isThere ? State::service : State::window;
    if (m_state != next) {
        enter(next);
    }
}

void DesktopNotifier::serviceLost(bool hasSuccessor)
{
    if (m_state == State::window) {
        if (hasSuccessor) {
            m_lookedAt = m_clock.now();
            m_channel->look(); // the window keeps what it shows until there is an answer
        }
    } else if (hasSuccessor || m_board.hasOpen()) {
        look();
    } else {
        m_state = State::idle; // services may end when they have nothing to do
    }
}

void DesktopNotifier::post(PopupId id, const Popup& popup)
{
    switch (m_state) {
    case State::looking:
        break; // the answer brings all of them
    case State::idle:
        look();
        break;
    case State::service:
        m_channel->post(id, popup);
        break;
    case State::window: {
        const auto known = std::ranges::find(m_cards, id, &PopupCard::id);
        if (known != m_cards.end()) {
            *known = cardOf(id, popup);
        } else {
            m_cards.push_back(cardOf(id, popup));
            if (m_clock.now() - m_lookedAt >= lookAgainAfter) {
                m_lookedAt = m_clock.now();
                m_channel->look();
            }
        }
        emit windowPopupsChanged(m_cards);
        break;
    }
    }
}

void DesktopNotifier::close(PopupId id)
{
    m_channel->close(id);
    if (std::erase_if(m_cards, [id](const PopupCard& card) { return card.id == id; }) > 0) {
        emit windowPopupsChanged(m_cards);
    }
}

void DesktopNotifier::act(PopupId id, NotificationAction action)
{
    handle(id, action, {});
}

void DesktopNotifier::handle(PopupId id, NotificationAction action, const QString& token)
{
    const std::vector<Notification> groups = m_board.act(id, action, m_clock.now());
    plan();
    if (groups.size() > 1 && action == NotificationAction::show) {
        m_acted(Notification(), action, token.toStdString()); // all that fires
        return;
    }
    for (const Notification& group : groups) {
        m_acted(group, action, token.toStdString());
    }
}

} // namespace watchfire::desktop
