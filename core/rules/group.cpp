// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/group.h"

#include "core/base/log.h"
#include "core/model/sample.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"
#include "core/rules/expand.h"
#include "core/rules/group_labels.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace watchfire::rules {

namespace {

/// The evaluation after which `for` states are restored.
constexpr int roundOfRestoring = 2;

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

std::string generatorUrl(const std::string& externalUrl, const std::string& expr)
{
    const auto ast = promql::parse(expr, promql::Features::all());
    return externalUrl + tableLink(ast ? promql::print(*ast->root) : expr);
}

/// Whether one rule is the other after an edit.
bool isSame(const config::RuleConfig& a, const config::RuleConfig& b)
{
    return a.isAlerting() == b.isAlerting() && a.name() == b.name()
        && Labels::fromPairs(a.labels) == Labels::fromPairs(b.labels);
}

} // namespace

Group::Group(config::RuleGroupConfig group, const GroupOptions& options, Surroundings surroundings)
    : m_config(std::move(group))
    , m_options(options)
    , m_roundsUntilRestored(options.restores ? roundOfRestoring : 0)
    , m_surroundings(std::move(surroundings))
{
    for (const config::RuleConfig& written : m_config.rules) {
        Rule rule;
        rule.config = withGroupLabels(written, m_config.labels);
        if (rule.config.isAlerting()) {
            rule.generatorUrl = generatorUrl(m_surroundings.externalUrl, rule.config.expr);
            rule.alerting.emplace(rule.config);
            if (m_surroundings.isUnseen) {
                rule.alerting->setIsUnseen([this](const Labels& labels, Timestamp at) {
                    return m_surroundings.isUnseen(labels, at - queryOffset());
                });
            }
            if (options.restores) {
                rule.alerting->awaitRestoration();
            }
        }
        m_rules.push_back(std::move(rule));
    }
    m_parts = m_surroundings.concurrency ? independentParts(m_config.rules)
                                         : std::vector<std::size_t>(m_rules.size(), 1);
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
    if (m_writer->layoutVersion() == m_layout) {
        return m_writer.get();
    }
    m_layout = m_writer->layoutVersion();
    std::vector<Outputs*> all{&m_leftOver};
    for (Rule& rule : m_rules) {
        all.push_back(&rule.outputs);
    }
    for (Outputs* const outputs : all) {
        for (auto& [labels, position] : *outputs) {
            auto renumbered = m_writer->position(labels);
            if (!renumbered) {
                return std::unexpected(std::move(renumbered.error()));
            }
            position = *renumbered;
        }
    }
    return m_writer.get();
}

Group::Answer Group::ask(const Rule& rule, Timestamp at) const
{
    const auto begin = std::chrono::steady_clock::now();
    Answer answer{m_surroundings.query(rule.config.expr, at - queryOffset()), {}};
    answer.took = since(begin);
    return answer;
}

std::vector<Group::Answer> Group::askTogether(std::size_t first, std::size_t count,
                                              Timestamp at) const
{
    std::vector<Answer> answers(count);
    const auto askOne = [&](std::size_t i) { answers[i] = ask(m_rules[first + i], at); };
    if (count == 1 || !m_surroundings.concurrency) {
        for (std::size_t i = 0; i < count; ++i) {
            askOne(i);
        }
    } else {
        m_surroundings.concurrency->run(count, askOne);
    }
    return answers;
}

Result<Vector> Group::outputsOf(Rule& rule, Result<Vector> elements, Timestamp at)
{
    if (!elements) {
        return elements;
    }
    if (!rule.alerting) {
        return record(rule.config, std::move(*elements), m_config.limit);
    }
    if (auto done = rule.alerting->evaluate(*elements, at, m_surroundings.expand, m_config.limit);
        !done) {
        return std::unexpected(std::move(done.error()));
    }
    return rule.alerting->samples();
}

Result<storage::Position> Group::positionOf(const Outputs& known, const Labels& labels)
{
    const auto before = known.find(labels);
    auto position = before != known.end() ? Result<storage::Position>(before->second)
                                          : m_writer->position(labels);
    if (position && *position >= m_row.size()) {
        m_row.resize(*position + 1, absentValue());
    }
    return position;
}

Result<storage::CommitReport>
Group::commit(const std::vector<storage::PositionedHistogram>& histograms, Timestamp at)
{
    storage::Row row;
    row.at = at;
    row.values = m_row;
    row.histograms = histograms;
    return m_writer->commit(row);
}

/// One row: the outputs, and staleness markers for those of last time that vanished.
Result<void> Group::store(Rule& rule, const Vector& outputs, Timestamp at)
{
    if (auto opened = writer(); !opened) {
        return std::unexpected(std::move(opened.error()));
    }
    Outputs written;
    std::vector<storage::PositionedHistogram> histograms;
    m_row.assign(m_writer->positions(), absentValue());
    for (const VectorSample& output : outputs) {
        const auto position = positionOf(rule.outputs, output.labels);
        if (!position) {
            return std::unexpected(position.error());
        }
        if (output.histogram) {
            histograms.push_back({*position, at, output.histogram.get()});
        } else {
            m_row[*position] = output.value;
        }
        written.emplace(output.labels, *position);
    }
    std::uint64_t vanished = 0;
    for (const auto& [labels, position] : rule.outputs) {
        if (!written.contains(labels)) {
            m_row[position] = staleMarker();
            ++vanished;
        }
    }
    const auto committed = commit(histograms, at);
    if (!committed) {
        return std::unexpected(committed.error());
    }
    rule.outputs = std::move(written);
    // A marker may meet a sample of another rule that makes the series now.
    const std::uint64_t dropped
        = committed->conflicts + committed->tooOld + committed->tooNew + committed->refused;
    if (dropped > vanished) {
        return fail(ErrorKind::conflict,
                    std::format("{} samples were dropped: {} differ from one of the same time, {} "
                                "are too old, {} too new, {} over a limit of series",
                                dropped, committed->conflicts, committed->tooOld, committed->tooNew,
                                committed->refused));
    }
    return {};
}

void Group::evaluate(Rule& rule, Answer answer, Timestamp at)
{
    const auto begin = std::chrono::steady_clock::now();
    rule.lastEvaluation = at;
    auto outputs = outputsOf(rule, std::move(answer.elements), at);
    std::string error;
    if (!outputs) {
        error = outputs.error().message;
    } else {
        m_counts.lastSamples += outputs->size();
        if (auto stored = store(rule, *outputs, at - queryOffset()); !stored) {
            error = "storing the result: " + stored.error().message;
        }
    }
    ++m_counts.ruleEvaluations;
    rule.health = error.empty() ? RuleHealth::good : RuleHealth::bad;
    if (!error.empty()) {
        ++m_counts.ruleFailures;
        if (error != rule.lastError) {
            log(LogLevel::warning, "rules", "group \"{}\", rule \"{}\": {}", m_config.name,
                rule.config.name(), error);
        }
    }
    rule.lastError = std::move(error);
    rule.duration = answer.took + since(begin);
    m_counts.lastRuleDurations += rule.duration;
    if (rule.alerting && outputs) {
        auto due = rule.alerting->takeDue(at, m_surroundings.resendDelay, m_options.interval);
        for (Alert& alert : due) {
            alert.generatorUrl = rule.generatorUrl;
        }
        if (!due.empty()) {
            m_surroundings.send(std::move(due));
        }
    }
}

void Group::evaluate(Timestamp at)
{
    const auto begin = std::chrono::steady_clock::now();
    ++m_counts.evaluations;
    m_counts.lastSamples = 0;
    m_counts.lastRuleDurations = {};
    for (std::size_t first = 0; const std::size_t count : m_parts) {
        std::vector<Answer> answers = askTogether(first, count, at);
        for (Answer& answer : answers) {
            evaluate(m_rules[first++], std::move(answer), at);
        }
    }
    endLeftOver(at - queryOffset());
    if (m_roundsUntilRestored > 0 && --m_roundsUntilRestored == 0) {
        restoreForStates(at);
    }
    publish(at, since(begin));
}

/// Ends the series of rules that are gone, unless another rule makes them now.
void Group::endLeftOver(Timestamp at)
{
    for (const Rule& rule : m_rules) {
        for (const auto& [labels, position] : rule.outputs) {
            m_leftOver.erase(labels);
        }
    }
    if (m_leftOver.empty()) {
        return;
    }
    auto ended = writer().and_then([&](storage::GroupWriter* writer) {
        m_row.assign(writer->positions(), absentValue());
        for (const auto& [labels, position] : m_leftOver) {
            m_row[position] = staleMarker();
        }
        return commit({}, at);
    });
    if (!ended) {
        log(LogLevel::warning, "rules", "group \"{}\": marking its series stale: {}", m_config.name,
            ended.error().message);
        return;
    }
    m_leftOver.clear();
}

bool Group::hasNewer(const Labels& labels, Timestamp at) const
{
    std::vector<Matcher> matchers;
    for (const Label& label : labels) {
        matchers.push_back(Matcher::equal(std::string(label.name), std::string(label.value)));
    }
    const auto querier = m_surroundings.store->querier();
    if (!querier) {
        return false;
    }
    constexpr auto ahead = std::chrono::days(1);
    auto groups = (*querier)->select(matchers, {at + std::chrono::milliseconds(1), at + ahead});
    if (!groups) {
        return false;
    }
    for (const auto& reader : *groups) {
        storage::Column column;
        for (std::size_t i = 0; i < reader->size(); ++i) {
            const auto timeline = reader->timeline();
            if (!timeline || reader->labels(i) != labels || !reader->read(i, column)) {
                continue;
            }
            for (std::size_t k = 0; k < timeline->size(); ++k) {
                if (column.isPresent(k)) {
                    return true;
                }
            }
        }
    }
    return false;
}

void Group::retire(Timestamp at)
{
    for (Rule& rule : m_rules) {
        m_leftOver.merge(std::exchange(rule.outputs, {}));
    }
    std::erase_if(m_leftOver,
                  [this, at](const auto& output) { return hasNewer(output.first, at); });
    endLeftOver(at);
    m_writer.reset();
}

void Group::adopt(Group& before)
{
    m_writer = std::move(before.m_writer);
    m_layout = before.m_layout;
    m_counts = before.m_counts;
    m_roundsUntilRestored = before.m_roundsUntilRestored;
    m_leftOver = std::move(before.m_leftOver);
    std::vector<Rule*> old;
    std::ranges::transform(before.m_rules, std::back_inserter(old),
                           [](Rule& rule) { return &rule; });
    for (Rule& rule : m_rules) {
        if (rule.alerting) {
            rule.alerting->restored();
            if (m_roundsUntilRestored > 0) {
                rule.alerting->awaitRestoration();
            }
        }
        const auto same = std::ranges::find_if(
            old, [&rule](const Rule* other) { return isSame(other->config, rule.config); });
        if (same == old.end()) {
            continue;
        }
        Rule& other = **same;
        if (rule.alerting) {
            rule.alerting->adopt(*other.alerting);
        }
        rule.outputs = std::move(other.outputs);
        rule.health = other.health;
        rule.lastError = other.lastError;
        rule.lastEvaluation = other.lastEvaluation;
        rule.duration = other.duration;
        old.erase(same);
    }
    for (Rule* const gone : old) {
        m_leftOver.merge(gone->outputs);
    }
    publish(before.report()->lastEvaluation, before.report()->duration);
}

void Group::publish(Timestamp at, std::chrono::microseconds duration)
{
    auto report = std::make_shared<GroupReport>();
    report->name = m_config.name;
    report->file = m_config.file;
    report->interval = m_options.interval;
    report->lastEvaluation = at;
    report->duration = duration;
    report->counts = m_counts;
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
