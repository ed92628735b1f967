// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/config/export.h"
#include "core/encoding/yaml.h"
#include "core/text/duration.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the writers of this folder are made of.
namespace watchfire::config {

inline encoding::YamlValue textValue(std::string_view value)
{
    return encoding::YamlValue::string(std::string(value));
}

inline encoding::YamlValue durationValue(Duration value)
{
    return encoding::YamlValue::plain(text::formatDuration(value));
}

inline encoding::YamlValue numberValue(std::uint64_t value)
{
    return encoding::YamlValue::plain(std::to_string(value));
}

template <class Range> encoding::YamlValue textsValue(const Range& values)
{
    encoding::YamlValue list = encoding::YamlValue::sequence();
    for (const auto& value : values) {
        list.items.push_back(textValue(value));
    }
    return list;
}

encoding::YamlValue pairsValue(const std::vector<std::pair<std::string, std::string>>& values);
encoding::YamlValue labelsValue(const Labels& values);
/// Empty: nothing is set.
encoding::YamlValue retentionValue(const RetentionConfig& config);
/// The shortest text that reads back as the number.
encoding::YamlValue realValue(double value);

/// A URL as people may see it: a password in it as xxxxx, as the field shows it.
std::string redactedUrl(const std::string& url);

/// Sets keys of one mapping in one style.
class Keys {
public:
    Keys(encoding::YamlValue& out, Style style)
        : m_out(out)
        , m_style(style)
    {
    }

    bool effective() const { return m_style == Style::effective; }
    Style style() const { return m_style; }
    encoding::YamlValue& out() { return m_out; }
    void set(std::string_view key, encoding::YamlValue value)
    {
        m_out.set(std::string(key), std::move(value));
    }
    // Each is left out of a file where the value is `otherwise`; a text is where it is empty, too.
    void text(std::string_view key, std::string_view value, std::string_view otherwise = {});
    void secret(std::string_view key, const Secret& value);
    void url(std::string_view key, const std::string& value)
    {
        text(key, effective() ? redactedUrl(value) : value);
    }
    void boolean(std::string_view key, bool value, bool otherwise);
    void duration(std::string_view key, Duration value, Duration otherwise);
    void count(std::string_view key, std::uint64_t value, std::uint64_t otherwise);
    void texts(std::string_view key, const std::vector<std::string>& values);
    void pairs(std::string_view key,
               const std::vector<std::pair<std::string, std::string>>& values);
    void duration(std::string_view key, const std::optional<Duration>& value);

private:
    encoding::YamlValue& m_out;
    Style m_style;
};

/// The key's value; nullptr: it is not there.
const encoding::YamlValue* findKey(const encoding::YamlValue& mapping, std::string_view key);
/// The text under that key, "" where there is none.
std::string_view textAt(const encoding::YamlValue& mapping, std::string_view key);

// Parts of several files.
/// Without the keys named in `kept`, which lie in the secret store.
void writeClient(Keys& keys, const HttpClientOptions& client, const HttpClientOptions& defaults,
                 const std::vector<std::string>& kept);
encoding::YamlValue tlsValue(const TlsOptions& tls, Style style);
encoding::YamlValue relabelValue(const std::vector<RelabelRule>& rules, Style style);
encoding::YamlValue staticConfigsValue(const std::vector<TargetGroup>& groups);
/// Those of the job, without the secrets that lie in the secret store.
void writeDiscoveries(Keys& keys, const ScrapeConfig& job);
encoding::YamlValue globalValue(const Config& config, Style style);
encoding::YamlValue jobValue(const ScrapeConfig& job, const GlobalConfig& global, Style style);

/// time_intervals
encoding::YamlValue timeIntervalsValue(const std::vector<NamedIntervalsConfig>& intervals);

} // namespace watchfire::config
