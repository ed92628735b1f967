// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/alertmanager_parts.h"
#include "core/config/import.h"
#include "core/config/matcher_text.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

/// a list of texts, each of which holds one matcher or several
void readMatchers(Fields& fields, std::string_view key, Matchers& out)
{
    std::vector<std::string> texts;
    const YamlNode* const node = fields.texts(key, texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto matchers = parseMatchers(texts[i]);
        if (!matchers) {
            fields.reading().fault(*node->items[i].node, matchers.error().message);
            continue;
        }
        out.insert(out.end(), matchers->begin(), matchers->end());
    }
}

/// The older keys: a mapping from name to value, or to expression. Their names are classic ones, as
/// in Alertmanager (`model.LabelNameRE` in `Route` and `MatchRegexps`); others have `matchers`.
void readOldMatchers(Fields& fields, std::string_view key, MatchType type, Matchers& out)
{
    Reading& reading = fields.reading();
    fields.entries(key, [&](const YamlNode& name, const YamlNode& value) {
        if (value.isNull() && type == MatchType::regex) {
            reading.fault(name, std::format("invalid regexp value for \"{}\"", name.text));
            return;
        }
        std::string text;
        if (!value.isNull() && !readText(reading, value, text)) {
            return;
        }
        if (!isClassicLabelName(name.text)) {
            reading.fault(name, std::format("invalid label name \"{}\"", name.text));
            return;
        }
        auto matcher = Matcher::make(type, name.text, std::move(text));
        if (!matcher) {
            reading.fault(value, matcher.error().message);
            return;
        }
        out.push_back(std::move(*matcher));
    });
}

class RouteReader {
public:
    RouteReader(Reading& reading, const std::set<std::string>& receivers,
                const std::set<std::string>& intervals)
        : m_reading(reading)
        , m_receivers(receivers)
        , m_intervals(intervals)
    {
    }

    RouteConfig read(const YamlNode& node, bool isRoot)
    {
        Fields fields(m_reading, node, "config.plain");
        RouteConfig route;
        const YamlNode* const receiver = fields.text("receiver", route.receiver);
        if (!route.receiver.empty() && !m_receivers.contains(route.receiver)) {
            m_reading.fault(*receiver,
                            std::format("undefined receiver \"{}\" used in route", route.receiver));
        }
        readGroupBy(fields, route);
        readOldMatchers(fields, "match", MatchType::equal, route.matchers);
        readOldMatchers(fields, "match_re", MatchType::regex, route.matchers);
        readMatchers(fields, "matchers", route.matchers);
        fields.boolean("continue", route.continues);
        fields.pairs("labels", route.labels);
        fields.duration("group_wait", route.groupWait);
        const YamlNode* const interval = fields.duration("group_interval", route.groupInterval);
        const YamlNode* const repeat = fields.duration("repeat_interval", route.repeatInterval);
        if (route.groupInterval == Duration(0)) {
            m_reading.fault(*interval, "group_interval cannot be zero");
        }
        if (route.repeatInterval == Duration(0)) {
            m_reading.fault(*repeat, "repeat_interval cannot be zero");
        }
        readIntervalNames(fields, "mute_time_intervals", route.muteTimeIntervals);
        readIntervalNames(fields, "active_time_intervals", route.activeTimeIntervals);
        if (isRoot) {
            checkRoot(node, route);
        }
        fields.list("routes", "empty route",
                    [&](const YamlNode& child) { route.routes.push_back(read(child, false)); });
        fields.finish();
        return route;
    }

private:
    void readGroupBy(Fields& fields, RouteConfig& route)
    {
        const YamlNode* const node = fields.texts("group_by", route.groupBy);
        route.groupByGiven = node != nullptr;
        constexpr std::string_view wildcard = "...";
        if (!route.groupBy.empty()
            && std::ranges::count(route.groupBy, wildcard) == std::ssize(route.groupBy)) {
            route.groupBy.resize(1); // said more than once it is still one
        }
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < route.groupBy.size(); ++i) {
            const std::string& label = route.groupBy[i];
            const YamlNode& at = *node->items[i].node;
            if (label == wildcard && route.groupBy.size() > 1) {
                m_reading.fault(at,
                                "cannot have wildcard group_by (`...`) and other labels at the "
                                "same time");
            } else if (!isValidName(label)) {
                m_reading.fault(at,
                                std::format("invalid label name \"{}\" in group_by list", label));
            } else if (!seen.insert(label).second) {
                m_reading.fault(at, std::format("duplicated label \"{}\" in group_by", label));
            }
        }
    }

    void readIntervalNames(Fields& fields, std::string_view key, std::vector<std::string>& out)
    {
        const YamlNode* const node = fields.texts(key, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (!m_intervals.contains(out[i])) {
                m_reading.fault(
                    *node->items[i].node,
                    std::format("undefined time interval \"{}\" used in route", out[i]));
            }
        }
    }

    void checkRoot(const YamlNode& node, const RouteConfig& route)
    {
        if (route.receiver.empty()) {
            m_reading.fault(node, "root route must specify a default receiver");
        }
        if (!route.matchers.empty()) {
            m_reading.fault(node, "root route must not have any matchers");
        }
        if (route.continues) {
            m_reading.fault(node, "cannot have continue in root route");
        }
        if (!route.muteTimeIntervals.empty()) {
            m_reading.fault(node, "root route must not have any mute time intervals");
        }
        if (!route.activeTimeIntervals.empty()) {
            m_reading.fault(node, "root route must not have any active time intervals");
        }
    }

    Reading& m_reading;
    const std::set<std::string>& m_receivers;
    const std::set<std::string>& m_intervals;
};

void readInhibitRules(Fields& fields, std::vector<InhibitRuleConfig>& out)
{
    fields.list("inhibit_rules", "empty inhibition rule", [&](const YamlNode& node) {
        Fields own(fields.reading(), node, "config.plain");
        InhibitRuleConfig rule;
        std::string name;
        own.text("name", name);
        readOldMatchers(own, "source_match", MatchType::equal, rule.source);
        readOldMatchers(own, "source_match_re", MatchType::regex, rule.source);
        readMatchers(own, "source_matchers", rule.source);
        readOldMatchers(own, "target_match", MatchType::equal, rule.target);
        readOldMatchers(own, "target_match_re", MatchType::regex, rule.target);
        readMatchers(own, "target_matchers", rule.target);
        const YamlNode* const equal = own.texts("equal", rule.equal);
        for (const std::string& label : rule.equal) {
            if (!isValidName(label)) {
                fields.reading().fault(
                    *equal, std::format("invalid label name \"{}\" in equal list", label));
            }
        }
        own.finish();
        out.push_back(std::move(rule));
    });
}

/// A pattern that a shell could not read: an open bracket, a backslash at the end.
bool isBadPattern(std::string_view pattern)
{
    bool inClass = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && ++i == pattern.size()) {
            return true;
        }
        if (!inClass && pattern[i] == '[') {
            inClass = true;
            i += i + 1 < pattern.size() && pattern[i + 1] == '^' ? 1U : 0U;
        } else if (inClass && pattern[i] == ']') {
            inClass = false;
        }
    }
    return inClass;
}

void readTemplates(Fields& fields, std::vector<std::string>& templates)
{
    const YamlNode* const node = fields.texts("templates", templates);
    for (std::size_t i = 0; i < templates.size(); ++i) {
        if (isBadPattern(templates[i])) {
            fields.reading().fault(*node->items[i].node, "syntax error in pattern");
        }
    }
}

} // namespace

AlertmanagerConfig readAlertmanager(std::string text, const std::string& file, Findings& findings)
{
    AlertmanagerConfig out;
    Reading reading(file, findings);
    const auto document = readDocument(reading, std::move(text));
    if (!document) {
        return out;
    }
    if (document->root() == nullptr || document->root()->isNull()) {
        reading.fault("no route provided in config");
        return out;
    }
    Fields fields(reading, *document->root(), "config.plain");
    ReceiverDefaults defaults;
    if (const YamlNode* const node = fields.take("global")) {
        defaults = readAlertmanagerGlobal(reading, *node, out);
    }
    readTemplates(fields, out.templates);
    readReceivers(fields, defaults, out);
    out.timeIntervals = readTimeIntervals(fields);
    std::set<std::string> intervals;
    for (const NamedIntervalsConfig& named : out.timeIntervals) {
        intervals.insert(named.name);
    }
    std::set<std::string> names;
    for (const ReceiverConfig& receiver : out.receivers) {
        names.insert(receiver.name);
    }
    if (const YamlNode* const node = fields.take("route")) {
        out.route = RouteReader(reading, names, intervals).read(*node, true);
    } else {
        reading.fault(*document->root(), "no route provided in config");
    }
    readInhibitRules(fields, out.inhibitRules);
    for (const char* const key : {"tracing", "event_recorder"}) {
        if (const YamlNode* const node = fields.take(key)) {
            reading.ignore(*node, std::format("{} is about Alertmanager's own work", key));
        }
    }
    fields.finish();
    return out;
}

} // namespace watchfire::config
