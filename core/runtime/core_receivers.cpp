// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/trial.h"
#include "core/runtime/core.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::runtime {

namespace {

/// More than a person waits for at once.
constexpr std::size_t testsUnderWay = 16;

engine::ReceiverTest testOf(std::vector<alerting::TrialAnswer> answers)
{
    engine::ReceiverTest out;
    for (alerting::TrialAnswer& answer : answers) {
        out.answers.push_back({std::move(answer.integration), answer.ok, answer.status,
                               std::move(answer.answer), std::move(answer.error)});
    }
    return out;
}

} // namespace

alerting::Outside LocalEngine::Core::outside()
{
    return {m_ports.fetcher, m_ports.notifier, m_clock,
            *m_telling,      m_ports.mail,     m_options.hostName};
}

Ticket LocalEngine::Core::testReceiver(engine::ReceiverTestRequest request,
                                       Reply<engine::ReceiverTest> reply)
{
    mailbox.run([this, request = std::move(request), reply = std::move(reply)]() mutable {
        beginTest(std::move(request), std::move(reply));
    });
    return {};
}

void LocalEngine::Core::beginTest(engine::ReceiverTestRequest request,
                                  Reply<engine::ReceiverTest> reply)
{
    const config::AlertmanagerConfig& inForce = m_config.alertmanager;
    if (!request.receiver) {
        const auto found
            = std::ranges::find(inForce.receivers, request.name, &config::ReceiverConfig::name);
        if (found == inForce.receivers.end()) {
            reply(fail(ErrorKind::notFound,
                       std::format("there is no receiver \"{}\"", request.name)));
            return;
        }
        request.receiver = *found;
    }
    m_receiverTests.push_back(alerting::tryReceiver(
        *request.receiver, request.globals.value_or(inForce.globals), m_templates, outside(),
        m_options.externalUrl, request.resolved,
        [reply = std::move(reply)](Result<std::vector<alerting::TrialAnswer>> answers) mutable {
            reply(std::move(answers).transform(testOf));
        }));
    if (m_receiverTests.size() > testsUnderWay) {
        m_receiverTests.front().request_stop();
        m_receiverTests.pop_front();
    }
}

} // namespace watchfire::runtime
