// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/delivery.h"

#include "core/base/log.h"

#include <algorithm>
#include <format>
#include <utility>
#include <vector>

namespace watchfire::alerting {

namespace {

constexpr auto longestPause = std::chrono::milliseconds(std::chrono::minutes(1));

bool isWorthAnotherTry(const Error& error)
{
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::timeout;
}

} // namespace

Deliveries::Deliveries(Executor& owner, OnEnd onEnd)
    : m_onEnd(std::move(onEnd))
    , m_entrance(std::make_shared<Entrance>(owner))
{
}

Deliveries::~Deliveries()
{
    m_entrance->close();
}

void Deliveries::start(Delivery delivery, Timestamp now)
{
    const std::uint64_t id = ++m_last;
    Sending sending;
    sending.delivery = std::move(delivery);
    m_sending.emplace(id, std::move(sending));
    trySend(id, now);
}

std::optional<Deliveries::Retry> Deliveries::retryOf(const std::string& logKey) const
{
    const auto found = std::ranges::find_if(m_sending, [&](const auto& entry) {
        return entry.second.delivery.logKey == logKey && !entry.second.failure.empty();
    });
    if (found == m_sending.end()) {
        return std::nullopt;
    }
    return Retry{found->second.failure, found->second.nextTry};
}

std::optional<Timestamp> Deliveries::nextDue() const
{
    return m_due.empty() ? std::nullopt : std::optional(m_due.begin()->first);
}

void Deliveries::advance(Timestamp now)
{
    std::vector<std::uint64_t> due;
    for (const auto& [at, id] : m_due) {
        if (at > now) {
            break;
        }
        due.push_back(id);
    }
    for (const std::uint64_t id : due) {
        const auto found = m_sending.find(id);
        if (found == m_sending.end()) {
            continue;
        }
        if (found->second.underWay) {
            end(id, fail(ErrorKind::timeout, "no answer in time"), now);
        } else {
            trySend(id, now);
        }
    }
}

void Deliveries::trySend(std::uint64_t id, Timestamp now)
{
    Sending& sending = m_sending.at(id);
    m_due.erase({dueAt(sending), id});
    sending.underWay = true;
    m_due.emplace(dueAt(sending), id);
    Ticket ticket = sending.delivery.integration.receiver->send(
        sending.delivery.notification, [this, entrance = m_entrance, id, now](Result<void> result) {
            entrance->run([this, entrance, id, now, result = std::move(result)]() mutable {
                if (entrance->isOpen()) {
                    answered(id, std::move(result), now);
                }
            });
        });
    // The reply may have come already and ended this.
    if (const auto found = m_sending.find(id); found != m_sending.end()) {
        found->second.ticket = std::move(ticket);
    }
}

void Deliveries::answered(std::uint64_t id, Result<void> result, Timestamp at)
{
    const auto found = m_sending.find(id);
    if (found == m_sending.end()) {
        return;
    }
    Sending& sending = found->second;
    if (!result && isWorthAnotherTry(result.error())) {
        sending.nextTry = at + sending.pause;
        if (sending.nextTry < sending.delivery.deadline) {
            log(LogLevel::warning, "alerting", "receiver {} ({}), to be tried again: {}",
                sending.delivery.notification.receiver, sending.delivery.integration.name,
                result.error().message);
            sending.failure = std::move(result.error().message);
            sending.pause = std::min(sending.pause * 3 / 2, longestPause);
            sending.underWay = false;
            m_due.erase({sending.delivery.deadline, id});
            m_due.emplace(dueAt(sending), id);
            return;
        }
    }
    end(id, std::move(result), at);
}

void Deliveries::end(std::uint64_t id, Result<void> result, Timestamp at)
{
    // Out of the map first: who is told may start the next one.
    auto node = m_sending.extract(id);
    m_due.erase({dueAt(node.mapped()), id});
    m_onEnd(std::move(node.mapped().delivery), std::move(result), at);
}

} // namespace watchfire::alerting
