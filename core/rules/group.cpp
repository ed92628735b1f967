// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/group.h"

#include "core/base/log.h"
#include "core/model/sample.h"
#include "core/rules/group_labels.h"

#include <algorithm>
#include <format>
#include <unordered_set>
#include <utility>

namespace watchfire::rules {

namespace {

std::chrono::microseconds since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now()
                                                                 - begin);
}

Result<Vector> record(const config::RuleConfig& rule, Vector result, std::uint64_t limit)
{
    std::unordered_set<Labels> seen;
    for (VectorSample& element : result) {
        LabelsBuilder builder(element.labels);
        builder.set(metricNameLabel, rule.record);
        for (const auto& [name, value] : rule.labels) {
            builder.set(name, value);
        }
        element.labels = builder.build();
        if (!seen.insert(element.labels).second) {
            return fail(ErrorKind::invalid,
                        "vector contains metrics with the same labelset after applying rule "
                        "labels");
        }
    }
    if (limit > 0 && result.size() > limit) {
        return fail(ErrorKind::limit,
                    std::format("exceeded limit of {} with {} series", limit, result.size()));
    }
    return result;
}

} // namespace

Group::Group(config::RuleGroupConfig group, std::chrono::milliseconds interval,
             Surroundings surroundings)
    : m_config(std::move(group))
    , m_interval(interval)
    , m_surroundings(std::move(surroundings))
{
    for (const config::RuleConfig& written : m_config.rules) {
        Rule rule;
        rule.config = withGroupLabels(written, m_config.labels);
        if (rule.config.isAlerting()) {
            rule.alerting.emplace(rule.config);
        }
        m_rules.push_back(std::move(rule));
    }
    publish({}, {});
}

Result<storage::GroupWriter*> Group::writer()
{
    if (!m_writer) {
        auto opened = m_surroundings.store->openGroup(
            Labels{{"__rule_group__", m_config.name}, {"__rule_file__", m_config.file}});
        if (!opened) {
            return std::unexpected(std::move(opened.error()));
        }
        m_writer = std::move(*opened);
        m_layout = m_writer->layoutVersion();
    }
    return m_writer.get();
}

Result<Vector> Group::run(Rule& rule, Timestamp at, Timestamp queryAt)
{
    auto result = m_surroundings.query(rule.config.expr, queryAt);
    if (!result) {
        return result;
    }
    if (!rule.alerting) {
        return record(rule.config, std::move(*result), m_config.limit);
    }
    if (auto done = rule.alerting->evaluate(*result, at, m_surroundings.expand, m_config.limit);
        !done) {
        return std::unexpected(std::move(done.error()));
    }
    return rule.alerting->samples();
}

Result<void> Group::store(Rule& rule, const Vector& outputs, Timestamp at)
{
    auto opened = writer();
    if (!opened) {
        return std::unexpected(std::move(opened.error()));
    }
    storage::GroupWriter& writer = **opened;
    if (writer.layoutVersion() != m_layout) {
        m_layout = writer.layoutVersion();
        for (Rule& other : m_rules) {
            for (auto& [labels, position] : other.outputs) {
                auto renumbered = writer.position(labels);
                if (!renumbered) {
                    return std::unexpected(std::move(renumbered.error()));
                }
                position = *renumbered;
            }
        }
    }
    std::unordered_map<Labels, storage::Position> written;
    std::vector<storage::PositionedHistogram> histograms;
    m_row.assign(writer.positions(), absentValue());
    for (const VectorSample& output : outputs) {
        const auto before = rule.outputs.find(output.labels);
        storage::Position position = 0;
        if (before != rule.outputs.end()) {
            position = before->second;
        } else {
            auto added = writer.position(output.labels);
            if (!added) {
                return std::unexpected(std::move(added.error()));
            }
            position = *added;
        }
        if (position >= m_row.size()) {
            m_row.resize(position + 1, absentValue());
        }
        if (output.histogram) {
            histograms.push_back({position, at, output.histogram.get()});
        } else {
            m_row[position] = output.value;
        }
        written.emplace(output.labels, position);
    }
    for (const auto& [labels, position] : rule.outputs) {
        if (!written.contains(labels)) {
            m_row[position] = staleMarker();
        }
    }
    storage::Row row;
    row.at = at;
    row.values = m_row;
    row.histograms = histograms;
    auto committed = writer.commit(row);
    if (!committed) {
        return std::unexpected(std::move(committed.error()));
    }
    rule.outputs = std::move(written);
    return {};
}

void Group::evaluate(Timestamp at)
{
    const auto begin = std::chrono::steady_clock::now();
    const Timestamp queryAt = at - m_config.queryOffset.value_or(config::Duration{});
    for (Rule& rule : m_rules) {
        const auto ruleBegin = std::chrono::steady_clock::now();
        rule.lastEvaluation = at;
        auto outputs = run(rule, at, queryAt);
        std::string error;
        if (!outputs) {
            error = outputs.error().message;
        } else if (auto stored = store(rule, *outputs, queryAt); !stored) {
            error = "storing the result: " + stored.error().message;
        }
        rule.health = error.empty() ? RuleHealth::good : RuleHealth::bad;
        if (!error.empty() && error != rule.lastError) {
            log(LogLevel::warning, "rules", "group \"{}\", rule \"{}\": {}", m_config.name,
                rule.config.name(), error);
        }
        rule.lastError = std::move(error);
        rule.duration = since(ruleBegin);
        if (rule.alerting && outputs) {
            auto due = rule.alerting->takeDue(at, m_surroundings.resendDelay, m_interval);
            if (!due.empty()) {
                m_surroundings.send(std::move(due));
            }
        }
    }
    publish(at, since(begin));
}

void Group::retire(Timestamp at)
{
    for (Rule& rule : m_rules) {
        if (auto stored = store(rule, {}, at); !stored) {
            log(LogLevel::warning, "rules", "group \"{}\": marking its series stale: {}",
                m_config.name, stored.error().message);
        }
    }
    m_writer.reset();
}

void Group::adopt(Group& before)
{
    m_writer = std::move(before.m_writer);
    m_layout = before.m_layout;
    for (Rule& rule : m_rules) {
        // Only an unchanged rule continues its alerts, each old rule once.
        for (Rule& old : before.m_rules) {
            if (old.config == rule.config) {
                if (rule.alerting && old.alerting) {
                    rule.alerting->adopt(*old.alerting);
                }
                rule.outputs = std::exchange(old.outputs, {});
                rule.health = old.health;
                rule.lastError = old.lastError;
                rule.lastEvaluation = old.lastEvaluation;
                rule.duration = old.duration;
                old.config = {};
                break;
            }
        }
    }
    // What is left of the old rules ends at the next evaluation, as outputs of the first rule.
    for (Rule& old : before.m_rules) {
        if (!m_rules.empty()) {
            m_rules.front().outputs.merge(old.outputs);
        }
    }
    publish(before.report()->lastEvaluation, before.report()->duration);
}

void Group::publish(Timestamp at, std::chrono::microseconds duration)
{
    auto report = std::make_shared<GroupReport>();
    report->name = m_config.name;
    report->file = m_config.file;
    report->interval = m_interval;
    report->lastEvaluation = at;
    report->duration = duration;
    for (const Rule& rule : m_rules) {
        RuleReport out{rule.config,         rule.health,   rule.lastError,
                       rule.lastEvaluation, rule.duration, {}};
        if (rule.alerting) {
            for (const auto& [labels, alert] : rule.alerting->active()) {
                if (alert.state != AlertState::inactive) {
                    out.alerts.push_back(alert);
                }
            }
            std::ranges::sort(out.alerts, {}, &ActiveAlert::labels);
        }
        report->rules.push_back(std::move(out));
    }
    const std::lock_guard lock(m_mutex);
    m_report = std::move(report);
}

std::shared_ptr<const GroupReport> Group::report() const
{
    const std::lock_guard lock(m_mutex);
    return m_report;
}

} // namespace watchfire::rules
