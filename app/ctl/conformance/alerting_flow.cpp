// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting_flow.h"

#include "app/ctl/conformance/alerting_rig.h"
#include "app/ctl/conformance/job_config.h"
#include "app/ctl/conformance/silence_answers.h"
#include "core/alerting/time_intervals.h"
#include "core/api/parameters.h"

#include <algorithm>
#include <cmath>
#include <format>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Any moment does: 2023-11-14T22:13:20Z.
constexpr Timestamp start(1'700'000'000s);

std::chrono::milliseconds seconds(const QJsonValue& value)
{
    return std::chrono::milliseconds(qRound64(value.toDouble() * 1000));
}

QJsonObject alertOf(const QJsonObject& sent)
{
    QJsonObject out{{"status"_L1, sent["status"_L1]}, {"labels"_L1, sent["labels"_L1]}};
    if (const auto annotations = sent["annotations"_L1].toObject(); !annotations.isEmpty()) {
        out["annotations"_L1] = annotations;
    }
    return out;
}

/// What a webhook was told, as scenarios write it.
QJsonObject toldBy(const QJsonObject& body)
{
    QJsonArray alerts;
    for (const auto& alert : body["alerts"_L1].toArray()) {
        alerts.append(alertOf(alert.toObject()));
    }
    QJsonObject out{{"status"_L1, body["status"_L1]},
                    {"group_labels"_L1, body["groupLabels"_L1]},
                    {"alerts"_L1, alerts}};
    if (const int left = body["truncatedAlerts"_L1].toInt(); left != 0) {
        out["truncatedAlerts"_L1] = left;
    }
    return out;
}

std::string summary(const std::vector<AlertingRig::Sent>& sent)
{
    std::string out;
    for (const AlertingRig::Sent& one : sent) {
        const double t = std::chrono::duration<double>(one.at - start).count();
        out += std::format("\n    {:.1f} {}", t, toText(toldBy(one.body)));
    }
    return out;
}

/// Notifications of several groups at one time come in any order.
/// One at the very end of the watch may or may not have been recorded.
std::optional<std::string> compareSent(const QJsonArray& expected, double tolerance, double until,
                                       std::vector<AlertingRig::Sent> sent)
{
    const std::string all = summary(sent);
    for (const auto& value : expected) {
        QJsonObject wanted = value.toObject();
        const double t = wanted.take("t"_L1).toDouble();
        const auto found = std::ranges::find_if(sent, [&](const AlertingRig::Sent& one) {
            const double at = std::chrono::duration<double>(one.at - start).count();
            return std::abs(at - t) <= tolerance && !difference(wanted, toldBy(one.body));
        });
        if (found == sent.end()) {
            return std::format("not told at {}: {}; told: {}", t, toText(wanted), all);
        }
        sent.erase(found);
    }
    std::erase_if(sent, [&](const AlertingRig::Sent& one) {
        return std::chrono::duration<double>(one.at - start).count() + tolerance > until;
    });
    return sent.empty() ? std::nullopt : std::optional("told more than expected:" + summary(sent));
}

Verdict alertState(const QJsonObject& expected, const alerting::Fate& fate)
{
    const bool suppressed = fate.inhibited || !fate.silencedBy.empty();
    if (suppressed == (expected["state"_L1].toString() == "suppressed"_L1)) {
        return Verdict::pass();
    }
    return Verdict::fail(toText(expected["labels"_L1]) + (suppressed ? " is muted" : " is active"));
}

} // namespace

Verdict checkInhibition(const QJsonObject& testCase)
{
    QJsonObject config = webhookConfig({}, {});
    config["inhibit_rules"_L1] = testCase["inhibit_rules"_L1];
    auto rig = AlertingRig::make(config, start);
    if (!rig) {
        return Verdict::fail("refused: " + rig.error().message);
    }
    (*rig)->post(testCase["alerts"_L1].toArray(), start - 1min);
    for (const auto& value : testCase["expect"_L1].toArray()) {
        const QJsonObject expected = value.toObject();
        const alerting::Fate fate
            = (*rig)->dispatcher().fateOf(labelsFrom(expected["labels"_L1].toObject()), start);
        if (Verdict state = alertState(expected, fate); state.kind != Verdict::Kind::passed) {
            return state;
        }
        const QJsonArray candidates = expected["inhibited_by_one_of"_L1].toArray();
        for (const Labels& source : fate.inhibitedBy) {
            if (!candidates.contains(QJsonValue(toJson(source)))) {
                return Verdict::fail("inhibited by " + source.toString());
            }
        }
    }
    return Verdict::pass();
}

Verdict checkSilences(const QJsonObject& testCase)
{
    auto rig = AlertingRig::make(webhookConfig({}, {}), start);
    if (!rig) {
        return Verdict::fail("refused: " + rig.error().message);
    }
    std::vector<std::string> ids;
    const QJsonArray states = testCase["silence_states"_L1].toArray();
    for (const auto& value : testCase["silences"_L1].toArray()) {
        const QJsonObject silence = value.toObject();
        auto id = (*rig)->silence(silence["matchers"_L1].toArray(),
                                  start + seconds(silence["starts_in_s"_L1]),
                                  start + seconds(silence["ends_in_s"_L1]));
        if (!id) {
            return Verdict::fail("refused: " + id.error().message);
        }
        ids.push_back(*id);
        const alerting::Silence& made = (*rig)->silences().all().at(*id);
        const QString state = made.isExpiredAt(start) ? u"expired"_s
            : made.isActiveAt(start)                  ? u"active"_s
                                                      : u"pending"_s;
        if (state != states[qsizetype(ids.size()) - 1].toString()) {
            return Verdict::fail("silence is " + state.toStdString());
        }
    }
    (*rig)->post(testCase["alerts"_L1].toArray(), start - 1min);
    for (const auto& value : testCase["expect"_L1].toArray()) {
        const QJsonObject expected = value.toObject();
        const alerting::Fate fate
            = (*rig)->dispatcher().fateOf(labelsFrom(expected["labels"_L1].toObject()), start);
        if (Verdict state = alertState(expected, fate); state.kind != Verdict::Kind::passed) {
            return state;
        }
        for (qsizetype i = 0; i < qsizetype(ids.size()); ++i) {
            const bool wanted = expected["silenced_by"_L1].toArray().contains(QJsonValue(i));
            if (std::ranges::contains(fate.silencedBy, ids[std::size_t(i)]) != wanted) {
                return Verdict::fail(std::format("silence {} is {}among those that mute {}", i,
                                                 wanted ? "not " : "",
                                                 toText(expected["labels"_L1])));
            }
        }
    }
    return Verdict::pass();
}

namespace {

/// NOW+100s as a time of RFC 3339.
QJsonValue withTime(const QJsonValue& value)
{
    const QString text = value.toString();
    if (!text.startsWith("NOW"_L1)) {
        return value;
    }
    const auto at = start + std::chrono::seconds(text.sliced(3).chopped(1).toLongLong());
    return QString::fromStdString(std::format("{:%FT%TZ}", at));
}

QJsonObject silenceBody(const char* matcherValue, int endsIn, const std::string& id = {})
{
    QJsonObject body{
        {"matchers"_L1,
         QJsonArray{QJsonObject{{"name"_L1, "a"_L1},
                                {"value"_L1, QString::fromUtf8(matcherValue)},
                                {"isRegex"_L1, false}}}},
        {"startsAt"_L1, withTime("NOW+0s"_L1)},
        {"endsAt"_L1, withTime(QString::fromStdString(std::format("NOW+{}s", endsIn)))},
        {"createdBy"_L1, "x"_L1},
        {"comment"_L1, "y"_L1}};
    if (!id.empty()) {
        body["id"_L1] = QString::fromStdString(id);
    }
    return body;
}

} // namespace

Verdict checkSilencePost(const QJsonObject& testCase)
{
    alerting::Silences silences(nullptr, alerting::makeUuid);
    QJsonObject body = testCase["post"_L1].toObject();
    for (const auto& key : {u"startsAt"_s, u"endsAt"_s}) {
        if (body.contains(key)) {
            body[key] = withTime(body[key]);
        }
    }
    const SilenceAnswer answer = postSilence(silences, toText(body), start);
    const int wanted = testCase["status"_L1].toInt();
    return answer.status == wanted ? Verdict::pass()
                                   : Verdict::fail(std::format("expected {}, got {} {}", wanted,
                                                               answer.status, answer.message));
}

Verdict checkSilenceStep(const QJsonObject& step)
{
    alerting::Silences silences(nullptr, alerting::makeUuid);
    const auto post = [&](const QJsonObject& body, Timestamp at = start) {
        return postSilence(silences, toText(body), at);
    };
    const std::string id = post(silenceBody("b", 3600)).id;
    const QString name = step["step"_L1].toString();
    SilenceAnswer answer;
    if (name.startsWith("extend"_L1)) {
        answer = post(silenceBody("b", 7200, id), start + 1min);
    } else if (name.startsWith("post an active"_L1)) {
        answer = post(silenceBody("other", 3600, id), start + 1min);
    } else if (name.startsWith("post an expired"_L1)) {
        deleteSilence(silences, id, start + 1min);
        answer = post(silenceBody("b", 7200, id), start + 2min);
    } else if (name.startsWith("DELETE"_L1)) {
        answer = deleteSilence(silences, id, start + 1min);
        if (name.contains("once more"_L1)) {
            answer = deleteSilence(silences, id, start + 1min);
        }
    } else if (name.startsWith("GET"_L1)) {
        answer = findSilence(silences,
                             name.contains("UUID"_L1) ? "nonsense"
                                                      : "11111111-2222-3333-4444-555555555555");
    } else {
        return Verdict::skip("a step that is not known here");
    }
    if (answer.status != step["status"_L1].toInt()) {
        return Verdict::fail(std::format("answered {} {}", answer.status, answer.message));
    }
    if (step.contains("same_id"_L1) && (answer.id == id) != step["same_id"_L1].toBool()) {
        return Verdict::fail(answer.id == id ? "kept the id" : "made a new id");
    }
    const bool over = silences.all().at(id).isExpiredAt(start + 1min);
    const bool wantsOver = step.contains("old_state"_L1) || step.contains("state_afterwards"_L1);
    return wantsOver && !over ? Verdict::fail("the old one is not over") : Verdict::pass();
}

Verdict checkTimeIntervals(const QJsonObject& testCase, const QJsonObject& root)
{
    const auto now = api::parseDateTime(root["now"_L1].toString().toStdString());
    if (!now) {
        return Verdict::fail("the file says no time");
    }
    const QJsonObject notified = testCase["notified_with"_L1].toObject();
    for (auto key = notified.begin(); key != notified.end(); ++key) {
        QJsonObject config = webhookConfig({}, {});
        QJsonObject route{{"receiver"_L1, "quiet"_L1}, {"group_wait"_L1, "0s"_L1}};
        route["routes"_L1] = QJsonArray{QJsonObject{{"receiver"_L1, "w"_L1},
                                                    {"matchers"_L1, QJsonArray{"a=b"_L1}},
                                                    {key.key(), QJsonArray{"i"_L1}}}};
        config["route"_L1] = route;
        QJsonArray receivers = config["receivers"_L1].toArray();
        receivers.append(QJsonObject{{"name"_L1, "quiet"_L1}});
        config["receivers"_L1] = receivers;
        config["time_intervals"_L1] = QJsonArray{
            QJsonObject{{"name"_L1, "i"_L1}, {"time_intervals"_L1, testCase["time_intervals"_L1]}}};
        auto rig = AlertingRig::make(config, *now);
        if (!rig) {
            return Verdict::fail("refused: " + rig.error().message);
        }
        (*rig)->post({QJsonObject{{"labels"_L1, QJsonObject{{"a"_L1, "b"_L1}}}}}, *now);
        (*rig)->turnTo(*now);
        if ((*rig)->sent().empty() == key.value().toBool()) {
            return Verdict::fail(key.key().toStdString()
                                 + (key.value().toBool() ? ": not told" : ": told"));
        }
    }
    return Verdict::pass();
}

Verdict checkTiming(const QJsonObject& testCase)
{
    auto rig = AlertingRig::make(
        webhookConfig(testCase["route"_L1].toObject(), testCase["webhook"_L1].toObject()), start);
    if (!rig) {
        return Verdict::fail("refused: " + rig.error().message);
    }
    (*rig)->answerWith(testCase["webhook_answers"_L1].toArray());
    for (const auto& value : testCase["steps"_L1].toArray()) {
        const QJsonObject step = value.toObject();
        const Timestamp at = start + seconds(step["at"_L1]);
        (*rig)->turnTo(at);
        (*rig)->post(step["post"_L1].toArray(), at);
        if (step.contains("silence"_L1)) {
            const QJsonObject silence = step["silence"_L1].toObject();
            auto made = (*rig)->silence(silence["matchers"_L1].toArray(), at,
                                        at + seconds(silence["ends_in_s"_L1]));
            if (!made) {
                return Verdict::fail("silence refused: " + made.error().message);
            }
        }
    }
    (*rig)->turnTo(start + seconds(testCase["watch_until"_L1]));
    return Verdict::of(compareSent(testCase["expect"_L1].toArray(),
                                   testCase["tolerance_s"_L1].toDouble(0.5),
                                   testCase["watch_until"_L1].toDouble(), (*rig)->sent()));
}

} // namespace watchfire::ctl
