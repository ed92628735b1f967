// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/alert_body.h"

#include <algorithm>
#include <cctype>
#include <format>

namespace watchfire::api {

namespace {

using encoding::JsonValue;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view body = "alerts";

/// As it came, empty names and values among it.
struct PostedAlert {
    std::optional<Pairs> labels;
    Pairs annotations;
    std::string generatorUrl;
    Timestamp startsAt{};
    Timestamp endsAt{};
};

OrRefusal<std::optional<Pairs>> readLabelSet(const JsonValue& value, std::string_view where)
{
    if (value.isNull()) {
        return std::nullopt;
    }
    if (!value.isObject()) {
        return wrongType(body, value, where, "models.LabelSet");
    }
    Pairs pairs;
    for (const auto& [name, text] : value.members()) {
        if (!text.isString() && !text.isNull()) {
            return wrongType(body, text, std::format("{}.{}", where, name), "string");
        }
        pairs.emplace_back(name, text.asString());
    }
    return pairs;
}

OrRefusal<Timestamp> readTime(const JsonValue& value)
{
    if (value.isNull()) {
        return Timestamp{};
    }
    if (!value.isString()) {
        return wrongType(body, value, {}, "string");
    }
    auto at = parseDateTime(value.asString());
    if (!at) {
        return unreadable(body, at.error().message);
    }
    return *at;
}

OrRefusal<PostedAlert> readAlert(const JsonValue& value)
{
    if (!value.isObject() && !value.isNull()) {
        return wrongType(body, value, {}, "models.PostableAlert");
    }
    auto labels = readLabelSet(value["labels"], "Alert.labels");
    if (!labels) {
        return std::unexpected(std::move(labels.error()));
    }
    auto annotations = readLabelSet(value["annotations"], "PostableAlert.annotations");
    if (!annotations) {
        return std::unexpected(std::move(annotations.error()));
    }
    auto startsAt = readTime(value["startsAt"]);
    if (!startsAt) {
        return std::unexpected(std::move(startsAt.error()));
    }
    auto endsAt = readTime(value["endsAt"]);
    if (!endsAt) {
        return std::unexpected(std::move(endsAt.error()));
    }
    const JsonValue& url = value["generatorURL"];
    if (!url.isString() && !url.isNull()) {
        return wrongType(body, url, "Alert.generatorURL", "string");
    }
    return PostedAlert{std::move(*labels), std::move(*annotations).value_or(Pairs{}),
                       std::string(url.asString()), *startsAt, *endsAt};
}

/// An address with a scheme, or a path from the root.
bool isUri(std::string_view text)
{
    const auto isControl = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(text, isControl)) {
        return false;
    }
    if (text.starts_with('/')) {
        return true;
    }
    const std::string_view scheme = text.substr(0, text.find(':'));
    const auto isSchemePart
        = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; };
    return scheme.size() < text.size() && !scheme.empty()
        && std::isalpha(static_cast<unsigned char>(scheme.front())) != 0
        && std::ranges::all_of(scheme, isSchemePart);
}

std::optional<Refusal> lacking(const PostedAlert& alert, std::size_t index)
{
    if (!alert.generatorUrl.empty() && !isUri(alert.generatorUrl)) {
        return refusedAs(601,
                         std::format("{}.generatorURL in body must be of type uri: \"{}\"", index,
                                     alert.generatorUrl))
            .error();
    }
    if (!alert.labels) {
        return refusedAs(602, std::format("{}.labels in body is required", index)).error();
    }
    return std::nullopt;
}

/// Why the alert itself is none; empty: it is one. Labels with an empty value are gone already.
std::string complaintAbout(const PostedAlert& alert)
{
    const auto nameless = [](const Pairs& pairs) {
        return std::ranges::any_of(pairs,
                                   [](const auto& pair) { return !isValidName(pair.first); });
    };
    const auto nameOf = [](const Pairs& pairs) {
        return std::ranges::find_if(pairs,
                                    [](const auto& pair) { return !isValidName(pair.first); })
            ->first;
    };
    if (alert.endsAt < alert.startsAt) {
        return "start time must be before end time";
    }
    if (nameless(*alert.labels)) {
        return std::format("invalid label set: invalid name \"{}\"", nameOf(*alert.labels));
    }
    if (alert.labels->empty()) {
        return "at least one label pair required";
    }
    if (nameless(alert.annotations)) {
        return std::format("invalid annotations: invalid name \"{}\"", nameOf(alert.annotations));
    }
    return {};
}

} // namespace

OrRefusal<AlertBody> readAlerts(const encoding::JsonValue& json, Timestamp now,
                                std::chrono::milliseconds resolveTimeout)
{
    if (!json.isArray() && !json.isNull()) {
        return unreadable(body,
                          std::format("json: cannot unmarshal {} into Go value of type "
                                      "models.PostableAlerts",
                                      kindOf(json)));
    }
    std::vector<PostedAlert> posted;
    for (const JsonValue& value : json.items()) {
        auto alert = readAlert(value);
        if (!alert) {
            return std::unexpected(std::move(alert.error()));
        }
        posted.push_back(std::move(*alert));
    }
    for (std::size_t i = 0; i < posted.size(); ++i) {
        if (auto refusal = lacking(posted[i], i)) {
            return std::unexpected(std::move(*refusal));
        }
    }
    AlertBody out;
    for (PostedAlert& alert : posted) {
        if (alert.startsAt == Timestamp{}) {
            alert.startsAt = alert.endsAt == Timestamp{} ? now : alert.endsAt;
        }
        if (alert.endsAt == Timestamp{}) {
            alert.endsAt = now + resolveTimeout;
        }
        std::erase_if(*alert.labels, [](const auto& pair) { return pair.second.empty(); });
        if (const std::string complaint = complaintAbout(alert); !complaint.empty()) {
            out.complaint += (out.complaint.empty() ? "" : "\n") + complaint;
            continue;
        }
        Alert good;
        good.labels = Labels::fromPairs(std::move(*alert.labels));
        good.annotations = Labels::fromPairs(std::move(alert.annotations));
        good.startsAt = alert.startsAt;
        good.endsAt = alert.endsAt;
        good.generatorUrl = std::move(alert.generatorUrl);
        out.alerts.push_back(std::move(good));
    }
    return out;
}

} // namespace watchfire::api
