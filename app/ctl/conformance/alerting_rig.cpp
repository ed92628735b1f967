// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting_rig.h"

#include "app/ctl/conformance/job_config.h"
#include "app/ctl/conformance/runner.h"
#include "app/ctl/conformance/silence_answers.h"
#include "core/config/import.h"

#include <format>
#include <utility>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

std::chrono::milliseconds seconds(const QJsonValue& value)
{
    return std::chrono::milliseconds(qRound64(value.toDouble() * 1000));
}

Alert alertFrom(const QJsonObject& object, Timestamp startsAt, Timestamp now)
{
    Alert alert;
    alert.labels = labelsFrom(object["labels"_L1].toObject());
    alert.annotations = labelsFrom(object["annotations"_L1].toObject());
    alert.startsAt = startsAt;
    if (object.contains("started_s_ago"_L1)) {
        alert.startsAt = now - seconds(object["started_s_ago"_L1]);
    }
    if (object.contains("ends_in_s"_L1)) {
        alert.endsAt = now + seconds(object["ends_in_s"_L1]);
    } else if (object["resolved"_L1].toBool()) {
        alert.endsAt = now - std::chrono::seconds(1);
        alert.startsAt = std::min(alert.startsAt, alert.endsAt);
    }
    return alert;
}

} // namespace

AlertingRig::AlertingRig(Timestamp start)
    : m_now(start)
    , m_silences(nullptr, alerting::makeUuid)
    , m_log(nullptr)
{
    m_fetcher.now = &m_now;
    m_clock.at = &m_now;
}

Result<std::unique_ptr<AlertingRig>> AlertingRig::make(const QJsonObject& config, Timestamp start)
{
    config::Findings findings;
    const auto read = config::readAlertmanager(toText(config), "alertmanager.yml", findings);
    if (!findings.faults.empty()) {
        return fail(ErrorKind::invalid, findings.faults.front().toString());
    }
    std::unique_ptr<AlertingRig> rig(new AlertingRig(start));
    AlertingRig& self = *rig;
    rig->m_dispatcher = std::make_unique<alerting::Dispatcher>(
        self.m_silences, self.m_log,
        [&self, globals = read.globals,
         templates = alerting::templatesOf(read)](const config::ReceiverConfig& receiver) {
            return alerting::makeIntegrations(
                receiver, globals, templates,
                {self.m_fetcher, self.m_notifier, self.m_clock, self.m_owner, nullptr, {}});
        },
        self.m_owner, [](Timestamp, const Labels&, const std::string&) {});
    rig->m_dispatcher->apply(read, "http://am.example", start);
    return rig;
}

Ticket AlertingRig::Fetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    const auto body = parseJson(request.body);
    sent.push_back({*now, body ? body->toObject() : QJsonObject{}});
    HttpResponse response;
    if (sent.size() <= answers.size()) {
        response.status = answers[sent.size() - 1];
    }
    reply(std::move(response));
    return {};
}

void AlertingRig::answerWith(const QJsonArray& statuses)
{
    for (const auto& status : statuses) {
        m_fetcher.answers.push_back(status.toInt());
    }
}

void AlertingRig::post(const QJsonArray& alerts, Timestamp startsAt)
{
    std::vector<Alert> all;
    for (const auto& alert : alerts) {
        all.push_back(alertFrom(alert.toObject(), startsAt, m_now));
    }
    m_dispatcher->put(all, m_now);
}

Result<std::string> AlertingRig::silence(const QJsonArray& matchers, Timestamp startsAt,
                                         Timestamp endsAt)
{
    const auto time
        = [](Timestamp at) { return QString::fromStdString(std::format("{:%FT%TZ}", at)); };
    const QJsonObject body{{"matchers"_L1, matchers},
                           {"startsAt"_L1, time(startsAt)},
                           {"endsAt"_L1, time(endsAt)},
                           {"createdBy"_L1, "x"_L1},
                           {"comment"_L1, "y"_L1}};
    const SilenceAnswer answer = postSilence(m_silences, toText(body), m_now);
    if (answer.status != 200) {
        return fail(ErrorKind::invalid, answer.message);
    }
    return answer.id;
}

void AlertingRig::turnTo(Timestamp until)
{
    for (auto due = m_dispatcher->nextDue(); due && *due <= until; due = m_dispatcher->nextDue()) {
        m_now = std::max(m_now, *due);
        m_dispatcher->advance(m_now);
    }
    m_now = until;
    m_dispatcher->advance(m_now);
}

QJsonObject webhookConfig(QJsonObject route, QJsonObject webhook)
{
    route["receiver"_L1] = "w"_L1;
    webhook["url"_L1] = "http://127.0.0.1:1/"_L1;
    const QJsonObject receiver{{"name"_L1, "w"_L1}, {"webhook_configs"_L1, QJsonArray{webhook}}};
    return {{"route"_L1, route}, {"receivers"_L1, QJsonArray{receiver}}};
}

} // namespace watchfire::ctl
