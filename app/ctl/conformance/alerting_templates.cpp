// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting_templates.h"

#include "app/ctl/conformance/job_config.h"
#include "core/alerting/template_data.h"
#include "core/alerting/templates.h"
#include "core/api/parameters.h"

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

std::string textOf(const QJsonValue& value)
{
    return value.toString().toStdString();
}

text::TemplateValue dataFrom(const QJsonObject& object)
{
    Notification notification;
    notification.receiver = textOf(object["receiver"_L1]);
    notification.groupLabels = labelsFrom(object["groupLabels"_L1].toObject());
    notification.commonLabels = labelsFrom(object["commonLabels"_L1].toObject());
    notification.commonAnnotations = labelsFrom(object["commonAnnotations"_L1].toObject());
    notification.externalUrl = textOf(object["externalURL"_L1]);
    notification.reason = textOf(object["notificationReason"_L1]);
    std::vector<std::string> fingerprints;
    for (const auto& value : object["alerts"_L1].toArray()) {
        Alert alert;
        alert.labels = labelsFrom(value["labels"_L1].toObject());
        alert.annotations = labelsFrom(value["annotations"_L1].toObject());
        alert.startsAt = api::parseDateTime(textOf(value["startsAt"_L1])).value_or(Timestamp{});
        alert.generatorUrl = textOf(value["generatorURL"_L1]);
        if (value["status"_L1].toString() == "resolved"_L1) {
            alert.endsAt = api::parseDateTime(textOf(value["endsAt"_L1])).value_or(Timestamp{});
            ++notification.resolved;
        } else {
            ++notification.firing;
        }
        notification.alerts.push_back(std::move(alert));
        fingerprints.push_back(textOf(value["fingerprint"_L1]));
    }
    return alerting::templateData(notification, fingerprints);
}

} // namespace

Verdict checkTemplate(const QJsonObject& testCase, const QJsonObject& root)
{
    const QJsonObject expect = testCase["expect"_L1].toObject();
    const bool refused = expect["error"_L1].toBool();
    alerting::NotificationTemplates templates;
    if (auto added = templates.add(textOf(testCase["template_file"_L1])); !added) {
        return refused ? Verdict::pass() : Verdict::fail(added.error().message);
    }
    auto rendered = templates.render(
        textOf(testCase["template"_L1]),
        dataFrom(root["data"_L1][testCase["data"_L1].toString()].toObject()), SystemClock().now());
    if (!rendered) {
        return refused ? Verdict::pass() : Verdict::fail(rendered.error().message);
    }
    if (refused) {
        return Verdict::fail("not refused, but: " + *rendered);
    }
    // Texts were recorded from lines that amtool printed: without a line break at their end.
    if (rendered->ends_with('\n')) {
        rendered->pop_back();
    }
    return Verdict::of(difference(expect["text"_L1], QString::fromStdString(*rendered)));
}

} // namespace watchfire::ctl
