// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/api/service.h"
#include "core/promql/syntax/printer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <functional>

namespace watchfire::api {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Filters and paging of GET /api/v1/rules.
struct RuleFilter {
    bool alerting = true;
    bool recording = true;
    bool alerts = true;
    std::vector<std::string_view> names;
    std::vector<std::string_view> groups;
    std::vector<std::string_view> files;
    std::vector<Matchers> matchers;
    std::size_t groupLimit = 0;
    std::string_view nextToken;
};

bool allows(const std::vector<std::string_view>& wanted, std::string_view text)
{
    return wanted.empty() || std::ranges::find(wanted, text) != wanted.end();
}

/// "1.5e+00", as alerts print their value.
std::string exponentText(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    return {buffer.data(), end};
}

std::string_view toText(AlertState state)
{
    switch (state) {
    case AlertState::pending:
        return "pending";
    case AlertState::firing:
        return "firing";
    case AlertState::inactive:
        break;
    }
    return "inactive";
}

std::string_view toText(engine::Health health)
{
    switch (health) {
    case engine::Health::up:
        return "ok";
    case engine::Health::down:
        return "err";
    case engine::Health::unknown:
        break;
    }
    return "unknown";
}

double seconds(std::chrono::microseconds duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// The expression as the language prints it; as written where it does not parse.
std::string canonical(const std::string& expr)
{
    const auto ast = promql::parse(expr, promql::Features::all());
    return ast ? promql::print(*ast->root) : expr;
}

/// Labels of the group, then the rule's own over them; an empty one takes a label away.
Labels ruleLabels(const config::RuleGroupConfig* group, const config::RuleConfig& rule)
{
    LabelsBuilder builder;
    if (group != nullptr) {
        for (const auto& [name, value] : group->labels) {
            builder.set(name, value);
        }
    }
    for (const auto& [name, value] : rule.labels) {
        builder.set(name, value);
    }
    return builder.build();
}

void writeAlert(std::string& out, const engine::AlertStatus& alert)
{
    out += "{\"labels\":";
    appendLabels(out, alert.labels);
    out += ",\"annotations\":";
    appendLabels(out, alert.annotations);
    out += ',';
    std::string rest;
    encoding::JsonWriter json(rest);
    json.beginObject().field("state", toText(alert.state));
    json.field("activeAt", formatTime(alert.activeAt)).field("value", exponentText(alert.value));
    json.endObject();
    out += std::string_view(rest).substr(1);
}

class RulesAnswer {
public:
    RulesAnswer(const Service& service, const RuleFilter& filter)
        : m_filter(filter)
        , m_rules(service.rules.get())
        , m_alerts(service.alerts.get())
        , m_config(service.config.get())
    {
    }

    /// Nothing: the token names no group.
    std::optional<std::string> toJson()
    {
        const auto& groups = m_rules->groups;
        std::size_t first = 0;
        if (!m_filter.nextToken.empty()) {
            const auto found = std::ranges::find_if(
                groups, [&](const auto& group) { return tokenOf(group) == m_filter.nextToken; });
            if (found == groups.end()) {
                return std::nullopt;
            }
            first = static_cast<std::size_t>(found - groups.begin());
        }
        std::string out = "{\"groups\":[";
        std::size_t shown = 0;
        for (std::size_t i = first; i < groups.size(); ++i) {
            std::string rules = writeRules(groups[i]);
            if (rules.empty()) {
                continue;
            }
            if (m_filter.groupLimit > 0 && shown == m_filter.groupLimit) {
                out += "],\"groupNextToken\":\"" + tokenOf(groups[i]) + "\"}";
                return out;
            }
            out += shown++ == 0 ? "" : ",";
            writeGroup(out, groups[i], rules);
        }
        return out + "]}";
    }

private:
    static std::string tokenOf(const engine::RuleGroupStatus& group)
    {
        // Opaque to clients; the group's identity, not its place, so that it survives changes.
        return std::format("{:016x}", std::hash<std::string>()(group.file + ";" + group.name));
    }

    const config::RuleGroupConfig* configOf(const engine::RuleGroupStatus& group) const
    {
        for (const config::RuleGroupConfig& known : m_config->config.ruleGroups) {
            if (known.name == group.name && known.file == group.file) {
                return &known;
            }
        }
        return nullptr;
    }

    bool isWanted(const config::RuleConfig& rule, const Labels& labels) const
    {
        if (!(rule.isAlerting() ? m_filter.alerting : m_filter.recording)
            || !allows(m_filter.names, rule.name())) {
            return false;
        }
        return m_filter.matchers.empty()
            || std::ranges::any_of(m_filter.matchers, [&](const Matchers& matchers) {
                   return matchesAll(matchers, labels);
               });
    }

    /// The rules, comma-separated; empty where none passes.
    std::string writeRules(const engine::RuleGroupStatus& group) const
    {
        std::string out;
        if (!allows(m_filter.groups, group.name) || !allows(m_filter.files, group.file)) {
            return out;
        }
        const config::RuleGroupConfig* const known = configOf(group);
        for (const engine::RuleStatus& rule : group.rules) {
            const Labels labels = ruleLabels(known, rule.rule);
            if (!isWanted(rule.rule, labels)) {
                continue;
            }
            out += out.empty() ? "" : ",";
            writeRule(out, group, rule, labels);
        }
        return out;
    }

    void writeRule(std::string& out, const engine::RuleGroupStatus& group,
                   const engine::RuleStatus& rule, const Labels& labels) const
    {
        encoding::JsonWriter json(out);
        json.beginObject();
        if (rule.rule.isAlerting()) {
            json.field("state", toText(rule.state));
        }
        json.field("name", rule.rule.name()).field("query", canonical(rule.rule.expr));
        if (rule.rule.isAlerting()) {
            json.key("duration")
                .number(std::chrono::duration<double>(rule.rule.forDuration).count());
            json.key("keepFiringFor")
                .number(std::chrono::duration<double>(rule.rule.keepFiringFor).count());
        }
        if (rule.rule.isAlerting() || !labels.empty()) {
            json.key("labels");
            appendLabels(json.value(), labels);
        }
        if (rule.rule.isAlerting()) {
            json.key("annotations");
            appendLabels(json.value(), Labels::fromPairs(rule.rule.annotations));
            json.key("alerts");
            appendAlerts(json.value(), group, rule.rule.alert);
        }
        json.field("health", toText(rule.health));
        if (!rule.lastError.empty()) {
            json.field("lastError", rule.lastError);
        }
        json.key("evaluationTime").number(seconds(rule.duration));
        json.field("lastEvaluation", formatTime(rule.lastEvaluation));
        json.field("type", rule.rule.isAlerting() ? "alerting" : "recording").endObject();
    }

    void appendAlerts(std::string& out, const engine::RuleGroupStatus& group,
                      const std::string& rule) const
    {
        out += '[';
        const char* comma = "";
        for (const engine::AlertStatus& alert : m_alerts->alerts) {
            if (m_filter.alerts && alert.rule == rule && alert.group == group.name
                && alert.state != AlertState::inactive) {
                out += std::exchange(comma, ",");
                writeAlert(out, alert);
            }
        }
        out += ']';
    }

    void writeGroup(std::string& out, const engine::RuleGroupStatus& group,
                    const std::string& rules) const
    {
        const config::RuleGroupConfig* const known = configOf(group);
        encoding::JsonWriter json(out);
        json.beginObject().field("name", group.name).field("file", group.file);
        json.key("rules").raw("[" + rules + "]");
        json.key("interval").number(std::chrono::duration<double>(group.interval).count());
        json.key("limit").unsignedInteger(known == nullptr ? 0 : known->limit);
        json.key("evaluationTime").number(seconds(group.duration));
        json.field("lastEvaluation", formatTime(group.lastEvaluation)).endObject();
    }

    const RuleFilter& m_filter;
    std::shared_ptr<const engine::RulesSnapshot> m_rules;
    std::shared_ptr<const engine::AlertsSnapshot> m_alerts;
    std::shared_ptr<const engine::ConfigSnapshot> m_config;
};

/// True: keep going. False: refused.
bool readFilter(Call& call, RuleFilter& filter)
{
    const Parameters& parameters = call.parameters;
    filter.names = parameters.all("rule_name[]");
    filter.groups = parameters.all("rule_group[]");
    filter.files = parameters.all("file[]");
    auto matchers = matchParameters(parameters);
    if (!matchers) {
        call.refuse(matchers.error());
        return false;
    }
    filter.matchers = std::move(*matchers);
    const std::string_view type = parameters.get("type");
    if (!type.empty() && type != "alert" && type != "record") {
        call.refuseParameter("type", std::format("not supported value \"{}\"", type));
        return false;
    }
    filter.alerting = type != "record";
    filter.recording = type != "alert";
    static constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
    static constexpr std::array<std::string_view, 7> no{"",      "0",     "f",    "F",
                                                        "false", "FALSE", "False"};
    const std::string_view exclude = parameters.get("exclude_alerts");
    if (std::ranges::find(yes, exclude) != yes.end()) {
        filter.alerts = false;
    } else if (std::ranges::find(no, exclude) == no.end()) {
        call.refuseParameter("exclude_alerts",
                             std::format("error converting exclude_alerts: \"{}\"", exclude));
        return false;
    }
    filter.nextToken = parameters.get("group_next_token");
    const std::string_view limit = parameters.get("group_limit");
    if (limit.empty() && !filter.nextToken.empty()) {
        call.refuseParameter("group_next_token",
                             "group_limit needs to be present in order to paginate over the "
                             "groups");
        return false;
    }
    const auto parsed = parseLimit(limit);
    if (!parsed || (!limit.empty() && *parsed == 0)) {
        call.refuseParameter("group_limit", "group_limit needs to be a valid number");
        return false;
    }
    filter.groupLimit = *parsed;
    return true;
}

} // namespace

void ruleGroups(const ServicePtr& service, const CallPtr& call)
{
    RuleFilter filter;
    if (!readFilter(*call, filter)) {
        return;
    }
    if (const auto data = RulesAnswer(*service, filter).toJson()) {
        call->succeed(*data);
    } else {
        call->refuseParameter(
            "group_next_token",
            std::format("invalid group_next_token '{}'. were rule groups changed?",
                        filter.nextToken));
    }
}

void alertList(const ServicePtr& service, const CallPtr& call)
{
    const auto snapshot = service->alerts.get();
    std::string data = "{\"alerts\":[";
    const char* comma = "";
    for (const engine::AlertStatus& alert : snapshot->alerts) {
        // What other programs posted is in no rule and no group; API v2 has it.
        if (alert.state != AlertState::inactive && !alert.group.empty()) {
            data += std::exchange(comma, ",");
            writeAlert(data, alert);
        }
    }
    data += "]}";
    call->succeed(data);
}

} // namespace watchfire::api
