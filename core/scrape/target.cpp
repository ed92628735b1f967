// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/target.h"

#include "core/ports/http.h"
#include "core/text/duration.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <cctype>
#include <format>
#include <map>
#include <unordered_set>

namespace watchfire::scrape {

namespace {

constexpr std::string_view addressLabel = "__address__";
constexpr std::string_view schemeLabel = "__scheme__";
constexpr std::string_view pathLabel = "__metrics_path__";
constexpr std::string_view intervalLabel = "__scrape_interval__";
constexpr std::string_view timeoutLabel = "__scrape_timeout__";
constexpr std::string_view parameterPrefix = "__param_";
constexpr std::string_view jobLabel = "job";
constexpr std::string_view instanceLabel = "instance";

std::unexpected<Error> refuse(std::string message)
{
    return fail(ErrorKind::invalid, std::move(message));
}

/// As a form encodes it: a space is a plus.
std::string encodeQuery(std::string_view text)
{
    std::string out = percentEncode(text);
    for (std::size_t at = 0; (at = out.find("%20", at)) != std::string::npos;) {
        out.replace(at, 3, "+");
    }
    return out;
}

std::string encodePath(std::string_view path)
{
    constexpr std::string_view kept = "/$&+,:;=@";
    std::string out;
    for (const char c : path) {
        if (kept.contains(c)) {
            out += c;
        } else {
            out += percentEncode({&c, 1});
        }
    }
    return out;
}

/// Parameters of the job, the first of each replaced by its __param_ label; sorted by name.
std::string queryOf(const config::ScrapeConfig& job, const Labels& labels)
{
    std::map<std::string, std::vector<std::string>, std::less<>> parameters;
    for (const auto& [name, values] : job.params) {
        auto& all = parameters[name];
        all.insert(all.end(), values.begin(), values.end());
    }
    for (const Label& label : labels) {
        if (!label.name.starts_with(parameterPrefix)) {
            continue;
        }
        auto& all = parameters[std::string(label.name.substr(parameterPrefix.size()))];
        if (all.empty()) {
            all.emplace_back();
        }
        all.front() = label.value;
    }
    std::string out;
    for (const auto& [name, values] : parameters) {
        for (const std::string& value : values) {
            out += (out.empty() ? "?" : "&") + encodeQuery(name) + '=' + encodeQuery(value);
        }
    }
    return out;
}

std::string urlOf(const config::ScrapeConfig& job, const Labels& labels)
{
    const std::string_view address = labels.get(addressLabel);
    if (address.starts_with(collectorPrefix)) {
        return std::string(address);
    }
    std::string path = encodePath(labels.get(pathLabel));
    if (!path.empty() && path.front() != '/') {
        path.insert(path.begin(), '/');
    }
    return std::format("{}://{}{}{}", labels.get(schemeLabel), address, path, queryOf(job, labels));
}

Result<std::chrono::milliseconds> durationOf(const LabelsBuilder& labels, std::string_view name,
                                             std::string_view what)
{
    const auto duration = text::parseDuration(labels.get(name));
    if (!duration) {
        return std::unexpected(duration.error().within(std::format("scrape {}", what)));
    }
    if (duration->count() == 0) {
        return refuse(std::format("scrape {} cannot be 0", what));
    }
    return *duration;
}

} // namespace

std::uint64_t Target::hash() const
{
    return Labels({{"u", url}, {"l", std::format("{:x}", labels.hash())}}).hash();
}

std::uint64_t targetId(std::string_view job, const Target& target)
{
    return Labels({{"job", job}, {"target", std::to_string(target.hash())}}).hash();
}

Labels discoveredLabels(const config::ScrapeConfig& job, std::string_view address,
                        const Labels& group)
{
    LabelsBuilder labels(group);
    labels.set(addressLabel, address);
    const auto setMissing = [&](std::string_view name, std::string_view value) {
        if (labels.get(name).empty()) {
            labels.set(name, value);
        }
    };
    setMissing(jobLabel, job.jobName);
    setMissing(intervalLabel, text::formatDuration(job.scrapeInterval));
    setMissing(timeoutLabel, text::formatDuration(job.scrapeTimeout));
    setMissing(pathLabel, job.metricsPath);
    setMissing(schemeLabel, job.scheme);
    for (const auto& [name, values] : job.params) {
        if (!values.empty()) {
            setMissing(std::string(parameterPrefix) + name, values.front());
        }
    }
    return labels.build();
}

Result<std::optional<Target>> makeTarget(const config::ScrapeConfig& job, Labels discovered)
{
    LabelsBuilder labels(discovered);
    if (!relabel(labels, job.relabel)) {
        return std::nullopt;
    }
    const std::string address(labels.get(addressLabel));
    if (address.empty()) {
        return refuse("the target has no address");
    }
    if (address.contains('/')) {
        return refuse(std::format("{} is not a valid hostname", text::quote(address)));
    }
    const auto interval = durationOf(labels, intervalLabel, "interval");
    if (!interval) {
        return std::unexpected(interval.error());
    }
    const auto timeout = durationOf(labels, timeoutLabel, "timeout");
    if (!timeout) {
        return std::unexpected(timeout.error());
    }
    if (*timeout > *interval) {
        return refuse(std::format("scrape timeout {} is greater than scrape interval {}",
                                  text::formatDuration(*timeout), text::formatDuration(*interval)));
    }
    if (labels.get(instanceLabel).empty()) {
        labels.set(instanceLabel, address);
    }
    const Labels all = labels.build();
    LabelsBuilder own;
    for (const Label& label : all) {
        if (!text::isUtf8(label.value)) {
            return refuse(std::format("invalid label value for {}: {}", text::quote(label.name),
                                      text::quote(label.value)));
        }
        if (!label.name.starts_with("__")) {
            own.set(label.name, label.value);
        }
    }
    Target target;
    target.labels = own.build();
    target.discovered = std::move(discovered);
    target.url = urlOf(job, all);
    target.interval = *interval;
    target.timeout = *timeout;
    return target;
}

Targets makeTargets(const config::ScrapeConfig& job, std::span<const config::TargetGroup> groups)
{
    Targets out;
    std::unordered_set<std::uint64_t> known;
    for (const config::TargetGroup& group : groups) {
        for (const std::string& address : group.targets) {
            Labels discovered = discoveredLabels(job, address, group.labels);
            auto target = makeTarget(job, discovered);
            if (!target) {
                out.faults.push_back(target.error().within(
                    std::format("job {}, target {}", text::quote(job.jobName), address)));
            } else if (!*target) {
                out.dropped.push_back(std::move(discovered));
            } else if (known.insert((*target)->hash()).second) {
                out.active.push_back(*std::move(*target));
            }
        }
    }
    return out;
}

Result<void> prepareRules(config::ScrapeConfig& job)
{
    const bool classicNames = job.nameValidationScheme == "legacy";
    for (auto* rules : {&job.relabel, &job.metricRelabel}) {
        for (RelabelRule& rule : *rules) {
            if (rule.regex && rule.classicNames == classicNames) {
                continue;
            }
            rule.classicNames = classicNames;
            if (auto ready = rule.prepare(); !ready) {
                return std::unexpected(
                    ready.error().within(std::format("job {}", text::quote(job.jobName))));
            }
        }
    }
    return {};
}

} // namespace watchfire::scrape
