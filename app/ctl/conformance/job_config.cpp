// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/job_config.h"

#include "core/text/duration.h"

#include <charconv>
#include <format>
#include <functional>
#include <map>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

std::string textOf(const QJsonValue& value)
{
    return value.isDouble() ? QString::number(value.toDouble(), 'g', 17).toStdString()
                            : value.toString().toStdString();
}

std::vector<std::string> listOf(const QJsonValue& value)
{
    std::vector<std::string> out;
    for (const auto& element : value.toArray()) {
        out.push_back(textOf(element));
    }
    return out;
}

std::uint64_t countOf(const QJsonValue& value)
{
    return static_cast<std::uint64_t>(value.toInteger());
}

/// "100B", "1KB"
Result<std::uint64_t> sizeOf(const std::string& text)
{
    static const std::map<std::string, std::uint64_t> units{
        {"B", 1}, {"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}};
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const auto unit = units.find(std::string(end));
    if (error != std::errc() || unit == units.end()) {
        return fail(ErrorKind::invalid, text + " is no size");
    }
    return count * unit->second;
}

/// A whole number that may exceed what a double holds.
Result<std::uint64_t> unsignedOf(const QJsonValue& value)
{
    const double number = value.toDouble(-1);
    if (number < 0) {
        return fail(ErrorKind::invalid, "not a number from 0 up");
    }
    if (number >= 18446744073709551615.0) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    return value.isDouble() && number < 9e18 ? countOf(value) : static_cast<std::uint64_t>(number);
}

} // namespace

Result<RelabelRule> relabelRuleFrom(const QJsonObject& object)
{
    RelabelRule rule;
    if (object.contains("source_labels"_L1)) {
        if (!object["source_labels"_L1].isArray()) {
            return fail(ErrorKind::invalid, "source_labels is no list");
        }
        rule.sourceLabels = listOf(object["source_labels"_L1]);
    }
    if (object.contains("separator"_L1)) {
        rule.separator = textOf(object["separator"_L1]);
        rule.givenSeparator = true;
    }
    if (object.contains("regex"_L1)) {
        rule.regexText = textOf(object["regex"_L1]);
        rule.givenRegex = true;
    }
    if (object.contains("replacement"_L1)) {
        rule.replacement = textOf(object["replacement"_L1]);
        rule.givenReplacement = true;
    }
    rule.targetLabel = textOf(object["target_label"_L1]);
    if (object.contains("modulus"_L1)) {
        const auto modulus = unsignedOf(object["modulus"_L1]);
        if (!modulus) {
            return std::unexpected(modulus.error().within("modulus"));
        }
        rule.modulus = *modulus;
    }
    if (object.contains("action"_L1)) {
        const auto action = relabelActionFrom(textOf(object["action"_L1]));
        if (!action) {
            return fail(ErrorKind::invalid, "unknown relabel action");
        }
        rule.action = *action;
    }
    if (auto ready = rule.prepare(); !ready) {
        return std::unexpected(ready.error());
    }
    return rule;
}

Result<std::vector<RelabelRule>> relabelRulesFrom(const QJsonArray& rules)
{
    std::vector<RelabelRule> out;
    for (const auto& one : rules) {
        auto rule = relabelRuleFrom(one.toObject());
        if (!rule) {
            return std::unexpected(rule.error());
        }
        out.push_back(*std::move(rule));
    }
    return out;
}

Result<void> setJobKeys(config::ScrapeConfig& job, const QJsonObject& keys)
{
    using Setter = std::function<Result<void>(const QJsonValue&)>;
    const auto flag = [](bool& field) {
        return [&field](const QJsonValue& value) -> Result<void> {
            field = value.toBool();
            return {};
        };
    };
    const auto count = [](std::uint64_t& field) {
        return [&field](const QJsonValue& value) -> Result<void> {
            field = countOf(value);
            return {};
        };
    };
    const auto text = [](std::string& field) {
        return [&field](const QJsonValue& value) -> Result<void> {
            field = textOf(value);
            return {};
        };
    };
    const auto duration = [](config::Duration& field) {
        return [&field](const QJsonValue& value) -> Result<void> {
            const auto read = text::parseDuration(textOf(value));
            if (!read) {
                return std::unexpected(read.error());
            }
            field = *read;
            return {};
        };
    };
    const auto rules = [](std::vector<RelabelRule>& field) {
        return [&field](const QJsonValue& value) -> Result<void> {
            auto read = relabelRulesFrom(value.toArray());
            if (!read) {
                return std::unexpected(read.error());
            }
            field = *std::move(read);
            return {};
        };
    };
    const std::map<QString, Setter> setters{
        {"job_name"_L1, text(job.jobName)},
        {"scheme"_L1, text(job.scheme)},
        {"metrics_path"_L1, text(job.metricsPath)},
        {"honor_labels"_L1, flag(job.honorLabels)},
        {"honor_timestamps"_L1, flag(job.honorTimestamps)},
        {"track_timestamps_staleness"_L1, flag(job.trackTimestampsStaleness)},
        {"always_scrape_classic_histograms"_L1, flag(job.alwaysScrapeClassicHistograms)},
        {"convert_classic_histograms_to_nhcb"_L1, flag(job.convertClassicHistogramsToNhcb)},
        {"sample_limit"_L1, count(job.sampleLimit)},
        {"label_limit"_L1, count(job.labelLimit)},
        {"label_name_length_limit"_L1, count(job.labelNameLengthLimit)},
        {"fallback_scrape_protocol"_L1, text(job.fallbackScrapeProtocol)},
        {"metric_name_escaping_scheme"_L1, text(job.escapingScheme)},
        {"metric_name_validation_scheme"_L1, text(job.nameValidationScheme)},
        {"scrape_interval"_L1, duration(job.scrapeInterval)},
        {"scrape_timeout"_L1, duration(job.scrapeTimeout)},
        {"relabel_configs"_L1, rules(job.relabel)},
        {"metric_relabel_configs"_L1, rules(job.metricRelabel)},
        {"scrape_protocols"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             job.scrapeProtocols = listOf(value);
             return {};
         }},
        {"body_size_limit"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             const auto size = sizeOf(textOf(value));
             if (!size) {
                 return std::unexpected(size.error());
             }
             job.bodySizeLimit = *size;
             return {};
         }},
        {"params"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             const QJsonObject object = value.toObject();
             for (auto field = object.begin(); field != object.end(); ++field) {
                 job.params.emplace_back(field.key().toStdString(), listOf(field.value()));
             }
             return {};
         }},
        {"basic_auth"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             job.client.auth = BasicAuth{
                 textOf(value["username"_L1]), Secret(textOf(value["password"_L1])), {}, {}};
             return {};
         }},
        {"authorization"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             BearerAuth auth;
             auth.token = Secret(textOf(value["credentials"_L1]));
             job.client.auth = auth;
             return {};
         }},
        {"http_headers"_L1,
         [&](const QJsonValue& value) -> Result<void> {
             const QJsonObject object = value.toObject();
             for (auto field = object.begin(); field != object.end(); ++field) {
                 HttpHeaderSource source;
                 source.name = field.key().toStdString();
                 source.values = listOf(field.value()["values"_L1]);
                 job.client.headers.push_back(std::move(source));
             }
             return {};
         }},
    };
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        const auto setter = setters.find(key.key());
        if (setter == setters.end()) {
            return fail(ErrorKind::unsupported,
                        "the runner does not know " + key.key().toStdString());
        }
        if (auto set = setter->second(key.value()); !set) {
            return std::unexpected(set.error().within(key.key().toStdString()));
        }
    }
    return {};
}

Labels labelsFrom(const QJsonObject& object)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    for (auto field = object.begin(); field != object.end(); ++field) {
        pairs.emplace_back(field.key().toStdString(), textOf(field.value()));
    }
    return Labels::fromPairs(std::move(pairs));
}

QJsonObject toJson(const Labels& labels)
{
    QJsonObject out;
    for (const Label& label : labels) {
        out.insert(QString::fromUtf8(label.name.data(), qsizetype(label.name.size())),
                   QString::fromUtf8(label.value.data(), qsizetype(label.value.size())));
    }
    return out;
}

} // namespace watchfire::ctl
