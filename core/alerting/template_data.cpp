// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/template_data.h"

#include "core/alerting/fingerprint.h"
#include "core/alerting/template_time.h"
#include "core/encoding/json.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>
#include <vector>

namespace watchfire::alerting {

namespace {

using text::TemplateValue;
using Arguments = std::span<const TemplateValue>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

TemplateValue textsValue(const std::vector<std::string>& texts)
{
    TemplateValue::List list(texts.begin(), texts.end());
    TemplateValue::Typed out;
    out.base = std::move(list);
    out.type = "template.Strings";
    out.methods = {"Join"};
    out.method = [texts](std::string_view, Arguments arguments) -> Result<TemplateValue> {
        if (arguments.empty() || arguments[0].asText() == nullptr) {
            return fail(ErrorKind::invalid, "Join needs a separator");
        }
        std::string joined;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            joined += (i == 0 ? "" : *arguments[0].asText()) + texts[i];
        }
        return TemplateValue(std::move(joined));
    };
    return {std::move(out)};
}

std::vector<std::string> column(const Pairs& pairs, std::string Pairs::value_type::* which)
{
    std::vector<std::string> out;
    for (const auto& pair : pairs) {
        out.push_back(pair.*which);
    }
    return out;
}

std::string shown(const Pairs& pairs)
{
    std::string out;
    for (const auto& [name, value] : pairs) {
        out += (out.empty() ? "" : ", ") + name + "=" + value;
    }
    return out;
}

TemplateValue namesOrValues(const Pairs& pairs, std::string_view method)
{
    return textsValue(
        column(pairs, method == "Names" ? &Pairs::value_type::first : &Pairs::value_type::second));
}

TemplateValue pairsValue(const Pairs& pairs)
{
    TemplateValue::List list;
    for (const auto& [name, value] : pairs) {
        TemplateValue::Map pair;
        pair.structName = "template.Pair";
        pair.entries = {{"Name", name}, {"Value", value}};
        list.emplace_back(std::move(pair));
    }
    TemplateValue::Typed out;
    out.base = std::move(list);
    out.type = "template.Pairs";
    out.text = shown(pairs);
    out.methods = {"Names", "Values"};
    out.method = [pairs](std::string_view name, Arguments) -> Result<TemplateValue> {
        return namesOrValues(pairs, name);
    };
    return {std::move(out)};
}

/// `pairs` sorted, alertname first.
TemplateValue setValue(Pairs pairs);

Result<TemplateValue> removed(const Pairs& pairs, Arguments arguments)
{
    const auto* const names = arguments.empty() ? nullptr : arguments[0].asList();
    if (names == nullptr) {
        return fail(ErrorKind::invalid, "Remove needs a list of names");
    }
    Pairs left;
    for (const auto& pair : pairs) {
        const bool named = std::ranges::any_of(*names, [&pair](const TemplateValue& name) {
            return name.asText() != nullptr && *name.asText() == pair.first;
        });
        if (!named) {
            left.push_back(pair);
        }
    }
    return setValue(std::move(left));
}

TemplateValue setValue(Pairs pairs)
{
    TemplateValue::Map map;
    map.ofTexts = true;
    for (const auto& [name, value] : pairs) {
        map.entries.emplace(name, value);
    }
    TemplateValue::Typed out;
    out.base = std::move(map);
    out.type = "template.KV";
    out.text = shown(pairs);
    out.methods = {"SortedPairs", "Remove", "Names", "Values"};
    out.method = [pairs = std::move(pairs)](std::string_view name,
                                            Arguments arguments) -> Result<TemplateValue> {
        if (name == "Remove") {
            return removed(pairs, arguments);
        }
        return name == "SortedPairs" ? pairsValue(pairs) : namesOrValues(pairs, name);
    };
    return {std::move(out)};
}

TemplateValue labelsValue(const Labels& labels)
{
    Pairs pairs;
    for (const Label& label : labels) {
        pairs.emplace_back(label.name, label.value);
    }
    std::ranges::stable_partition(pairs,
                                  [](const auto& pair) { return pair.first == "alertname"; });
    return setValue(std::move(pairs));
}

TemplateValue alertValue(const Alert& alert, std::string fingerprint)
{
    TemplateValue::Map out;
    out.structName = "template.Alert";
    out.entries = {{"Status", alert.endsAt == Timestamp{} ? "firing" : "resolved"},
                   {"Labels", labelsValue(alert.labels)},
                   {"Annotations", labelsValue(alert.annotations)},
                   {"StartsAt", timeValue({alert.startsAt, {}})},
                   {"EndsAt", timeValue({alert.endsAt, {}})},
                   {"GeneratorURL", alert.generatorUrl},
                   {"Fingerprint", std::move(fingerprint)}};
    return {std::move(out)};
}

TemplateValue alertsValue(const std::vector<Alert>& alerts,
                          std::span<const std::string> fingerprints)
{
    TemplateValue::List all;
    TemplateValue::List firing;
    TemplateValue::List resolved;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const Alert& alert = alerts[i];
        all.push_back(alertValue(
            alert,
            fingerprints.size() == alerts.size() ? fingerprints[i] : fingerprintOf(alert.labels)));
        (alert.endsAt == Timestamp{} ? firing : resolved).push_back(all.back());
    }
    TemplateValue::Typed out;
    out.base = std::move(all);
    out.type = "template.Alerts";
    out.methods = {"Firing", "Resolved"};
    out.method = [firing = TemplateValue(std::move(firing)),
                  resolved = TemplateValue(std::move(resolved))](
                     std::string_view name, Arguments) -> Result<TemplateValue> {
        return name == "Firing" ? firing : resolved;
    };
    return {std::move(out)};
}

TemplateValue routeLabelsValue(const Notification& notification)
{
    Pairs pairs = notification.routeLabels;
    std::ranges::sort(pairs);
    return setValue(std::move(pairs));
}

/// Fields in the order in which Alertmanager has them, with their names in JSON.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> fieldNames{
    {{"Receiver", "receiver"},
     {"Status", "status"},
     {"Alerts", "alerts"},
     {"NotificationReason", "notification_reason"},
     {"GroupLabels", "groupLabels"},
     {"CommonLabels", "commonLabels"},
     {"CommonAnnotations", "commonAnnotations"},
     {"RouteLabels", "routeLabels"},
     {"ExternalURL", "externalURL"},
     {"Labels", "labels"},
     {"Annotations", "annotations"},
     {"StartsAt", "startsAt"},
     {"EndsAt", "endsAt"},
     {"GeneratorURL", "generatorURL"},
     {"Fingerprint", "fingerprint"}}};

void write(encoding::JsonWriter& json, const TemplateValue& value);

void writeMap(encoding::JsonWriter& json, const TemplateValue::Map& map)
{
    json.beginObject();
    if (map.structName == "template.Data" || map.structName == "template.Alert") {
        for (const auto& [field, name] : fieldNames) {
            if (const auto found = map.entries.find(field); found != map.entries.end()) {
                json.key(name);
                write(json, found->second);
            }
        }
    } else {
        for (const auto& [name, value] : map.entries) {
            json.key(name);
            write(json, value);
        }
    }
    json.endObject();
}

void write(encoding::JsonWriter& json, const TemplateValue& value)
{
    if (const auto time = asTime(value)) {
        json.string(toRfc3339(time->at));
    } else if (const auto* const map = value.asMap()) {
        writeMap(json, *map);
    } else if (const auto* const list = value.asList()) {
        json.beginArray();
        for (const TemplateValue& element : *list) {
            write(json, element);
        }
        json.endArray();
    } else if (const auto* const text = value.asText()) {
        json.string(*text);
    } else if (const auto* const truth = value.asBool()) {
        json.boolean(*truth);
    } else if (const auto* const integer = value.asInteger()) {
        json.integer(*integer);
    } else if (const auto* const real = value.asFloat()) {
        json.number(*real);
    } else {
        json.null();
    }
}

} // namespace

TemplateValue templateData(const Notification& notification,
                           std::span<const std::string> fingerprints)
{
    TemplateValue::Map out;
    out.structName = "template.Data";
    out.entries = {{"Receiver", notification.receiver},
                   {"Status", notification.isResolved() ? "resolved" : "firing"},
                   {"Alerts", alertsValue(notification.alerts, fingerprints)},
                   {"NotificationReason", notification.reason},
                   {"GroupLabels", labelsValue(notification.groupLabels)},
                   {"CommonLabels", labelsValue(notification.commonLabels)},
                   {"CommonAnnotations", labelsValue(notification.commonAnnotations)},
                   {"RouteLabels", routeLabelsValue(notification)},
                   {"ExternalURL", notification.externalUrl}};
    return {std::move(out)};
}

std::string templateJson(const TemplateValue& value)
{
    std::string out;
    encoding::JsonWriter json(out);
    write(json, value);
    return out;
}

} // namespace watchfire::alerting
