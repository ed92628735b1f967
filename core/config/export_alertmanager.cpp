// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/receiver_keys.h"
#include "core/config/value_parts.h"

namespace watchfire::config {

namespace {

using encoding::YamlValue;

/// The visitor of `describe` that writes what differs from the defaults.
template <class Config> class KeyWriter {
public:
    KeyWriter(YamlValue& out, const Config& config, Style style)
        : m_keys(out, style)
        , m_config(config)
    {
    }

    template <class C> void text(std::string_view key, std::string C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, textValue(m_config.*member));
        }
    }
    template <class C> void path(std::string_view key, std::string C::* member)
    {
        text(key, member);
    }
    template <class C> void url(std::string_view key, std::string C::* member)
    {
        if (differs(member)) {
            m_keys.url(key, m_config.*member);
        }
    }
    template <class C> void flag(std::string_view key, bool C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, YamlValue::boolean(m_config.*member));
        }
    }
    template <class C> void flag(std::string_view key, std::optional<bool> C::* member)
    {
        if (const auto& value = m_config.*member) {
            m_keys.set(key, YamlValue::boolean(*value));
        }
    }
    template <class C> void count(std::string_view key, std::uint64_t C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, numberValue(m_config.*member));
        }
    }
    template <class C> void integer(std::string_view key, std::int64_t C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, YamlValue::plain(std::to_string(m_config.*member)));
        }
    }
    template <class C> void duration(std::string_view key, Duration C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, durationValue(m_config.*member));
        }
    }
    template <class C>
    void secret(std::string_view key, std::string_view fileKey, SecretSource C::* member)
    {
        m_keys.secret(key, (m_config.*member).text);
        m_keys.text(fileKey, (m_config.*member).file);
    }
    template <class C>
    void secretUrl(std::string_view key, std::string_view fileKey, SecretSource C::* member)
    {
        secret(key, fileKey, member);
    }
    template <class C> void texts(std::string_view key, std::vector<std::string> C::* member)
    {
        m_keys.texts(key, m_config.*member);
    }
    template <class C> void pairs(std::string_view key, NamedTexts C::* member)
    {
        m_keys.pairs(key, m_config.*member);
    }
    template <class C>
    void client(std::string_view key, std::optional<HttpClientOptions> C::* member)
    {
        if (const auto& client = m_config.*member) {
            YamlValue section = YamlValue::mapping();
            Keys keys(section, m_keys.style());
            writeClient(keys, *client, {}, {});
            m_keys.set(key, std::move(section));
        }
    }
    template <class C> void tls(std::string_view key, std::optional<TlsOptions> C::* member)
    {
        if (const auto& options = m_config.*member) {
            m_keys.set(key, tlsValue(*options, m_keys.style()));
        }
    }
    template <class C> void threading(std::string_view key, bool C::* on, bool C::* daily)
    {
        if (m_config.*on || !(m_config.*daily)) {
            m_keys.set(key,
                       YamlValue::mapping(
                           {{"enabled", YamlValue::boolean(m_config.*on)},
                            {"thread_by_date", textValue(m_config.*daily ? "daily" : "none")}}));
        }
    }
    template <class C> void tree(std::string_view key, Secret C::* member)
    {
        const Secret& json = m_config.*member;
        if (!json.empty()) {
            m_keys.set(key,
                       m_keys.effective() ? textValue(json.toString()) : treeOf(json.reveal()));
        }
    }
    template <class C> void tree(std::string_view key, std::string C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, treeOf(m_config.*member));
        }
    }
    template <class C, class Item> void list(std::string_view key, std::vector<Item> C::* member)
    {
        if ((m_config.*member).empty()) {
            return;
        }
        YamlValue items = YamlValue::sequence();
        for (const Item& item : m_config.*member) {
            items.items.push_back(written(item));
        }
        m_keys.set(key, std::move(items));
    }
    template <class C, class Item> void section(std::string_view key, Item C::* member)
    {
        if (differs(member)) {
            m_keys.set(key, written(m_config.*member));
        }
    }

private:
    template <class Member> bool differs(Member member) const
    {
        static const Config defaults;
        return m_config.*member != defaults.*member;
    }

    template <class Item> YamlValue written(const Item& item) const
    {
        YamlValue out = YamlValue::mapping();
        KeyWriter<Item> writer(out, item, m_keys.style());
        describe(writer, &item);
        return out;
    }

    static YamlValue treeOf(const std::string& json)
    {
        const auto document = encoding::YamlDocument::parse(json); // JSON is YAML
        return document && document->root() != nullptr ? encoding::toValue(*document->root())
                                                       : YamlValue::plain("null");
    }

    Keys m_keys;
    const Config& m_config;
};

template <class Config> YamlValue written(const Config& config, Style style)
{
    YamlValue out = YamlValue::mapping();
    KeyWriter<Config> writer(out, config, style);
    describe(writer, &config);
    return out;
}

YamlValue receiverValue(const ReceiverConfig& receiver, Style style)
{
    YamlValue out = YamlValue::mapping({{"name", textValue(receiver.name)}});
    eachReceiverKind([&](std::string_view key, auto list, std::string_view) {
        if ((receiver.*list).empty()) {
            return;
        }
        YamlValue entries = YamlValue::sequence();
        for (const auto& config : receiver.*list) {
            entries.items.push_back(written(config, style));
        }
        out.set(std::string(key), std::move(entries));
    });
    return out;
}

YamlValue matchers(const Matchers& matchers)
{
    YamlValue list = YamlValue::sequence();
    for (const Matcher& matcher : matchers) {
        list.items.push_back(textValue(matcher.toString()));
    }
    return list;
}

YamlValue route(const RouteConfig& config)
{
    YamlValue out = YamlValue::mapping();
    if (!config.receiver.empty()) {
        out.set("receiver", textValue(config.receiver));
    }
    if (config.groupByGiven) {
        out.set("group_by", textsValue(config.groupBy));
    }
    if (!config.matchers.empty()) {
        out.set("matchers", matchers(config.matchers));
    }
    if (config.continues) {
        out.set("continue", YamlValue::boolean(true));
    }
    const auto set = [&](const char* key, const std::optional<Duration>& value) {
        if (value) {
            out.set(key, durationValue(*value));
        }
    };
    set("group_wait", config.groupWait);
    set("group_interval", config.groupInterval);
    set("repeat_interval", config.repeatInterval);
    if (!config.muteTimeIntervals.empty()) {
        out.set("mute_time_intervals", textsValue(config.muteTimeIntervals));
    }
    if (!config.activeTimeIntervals.empty()) {
        out.set("active_time_intervals", textsValue(config.activeTimeIntervals));
    }
    if (!config.labels.empty()) {
        out.set("labels", pairsValue(config.labels));
    }
    if (!config.routes.empty()) {
        YamlValue routes = YamlValue::sequence();
        for (const RouteConfig& child : config.routes) {
            routes.items.push_back(route(child));
        }
        out.set("routes", std::move(routes));
    }
    return out;
}

YamlValue inhibitRulesValue(const std::vector<InhibitRuleConfig>& configs)
{
    YamlValue rules = YamlValue::sequence();
    for (const InhibitRuleConfig& config : configs) {
        YamlValue entry = YamlValue::mapping();
        if (!config.source.empty()) {
            entry.set("source_matchers", matchers(config.source));
        }
        if (!config.target.empty()) {
            entry.set("target_matchers", matchers(config.target));
        }
        if (!config.equal.empty()) {
            entry.set("equal", textsValue(config.equal));
        }
        rules.items.push_back(std::move(entry));
    }
    return rules;
}

} // namespace

YamlValue alertmanagerValue(const AlertmanagerConfig& alertmanager, Style style)
{
    YamlValue out = YamlValue::mapping();
    YamlValue global = written(alertmanager.globals, style);
    if (alertmanager.resolveTimeout != AlertmanagerConfig().resolveTimeout) {
        global.set("resolve_timeout", durationValue(alertmanager.resolveTimeout));
    }
    if (!global.entries.empty()) {
        out.set("global", std::move(global));
    }
    if (!alertmanager.templates.empty()) {
        out.set("templates", textsValue(alertmanager.templates));
    }
    out.set("route", route(alertmanager.route));
    YamlValue receivers = YamlValue::sequence();
    for (const ReceiverConfig& receiver : alertmanager.receivers) {
        receivers.items.push_back(receiverValue(receiver, style));
    }
    out.set("receivers", std::move(receivers));
    if (!alertmanager.timeIntervals.empty()) {
        out.set("time_intervals", timeIntervalsValue(alertmanager.timeIntervals));
    }
    if (!alertmanager.inhibitRules.empty()) {
        out.set("inhibit_rules", inhibitRulesValue(alertmanager.inhibitRules));
    }
    return out;
}

std::string effectiveYaml(const AlertmanagerConfig& alertmanager)
{
    return encoding::emitYaml(alertmanagerValue(alertmanager, Style::effective));
}

} // namespace watchfire::config
