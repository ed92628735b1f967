// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/scan.h"

#include <algorithm>

namespace watchfire::promql {

namespace {

/// Samples or cells below which other threads would cost more than they bring.
constexpr std::size_t worthSharing = 50'000;

} // namespace

Scan::Scan(EvalContext& context, StepGrid grid, const VectorSelector& selector)
    : Operator(context, grid)
    , m_selector(selector)
    , m_lookbackMs(context.options().lookback.count())
{
    for (const Matcher& matcher : selector.matchers) {
        if (matcher.name() == metricNameLabel && matcher.type() == MatchType::equal) {
            m_metric = matcher.value();
        }
    }
}

void Scan::needOnly(const std::vector<std::string>& names)
{
    // Without a name in common, series may become equal when they lose it.
    if (!m_metric.empty()) {
        m_needed = names;
    }
}

Result<bool> Scan::projectLabels(Names names)
{
    if (!m_needed) {
        return false;
    }
    std::vector<std::string> wanted = *m_needed;
    if (names == Names::kept || context().options().delayedNameRemoval) {
        wanted.emplace_back(metricNameLabel);
    } else {
        std::erase(wanted, metricNameLabel);
    }
    std::ranges::sort(wanted);
    Schema schema;
    schema.reserve(m_selection.rows());
    for (const auto& reader : m_selection.readers()) {
        const auto labels = reader->project(wanted);
        if (!labels) {
            return std::unexpected(labels.error());
        }
        if (!*labels) {
            return false;
        }
        for (const Labels* const one : **labels) {
            schema.push_back({one, false});
        }
    }
    m_schema = std::move(schema);
    m_staysDistinct = true;
    m_sharesLabels = true;
    return true;
}

Result<void> Scan::select(std::int64_t fromMs, std::int64_t toMs, Names names)
{
    if (auto opened = m_selection.open(context(), m_selector.matchers, fromMs, toMs); !opened) {
        return opened;
    }
    const auto isProjected = projectLabels(names);
    if (!isProjected) {
        return std::unexpected(isProjected.error());
    }
    if (!*isProjected) {
        m_schema.resize(m_selection.rows());
        m_staysDistinct = !m_metric.empty();
        for (std::size_t row = 0; row < m_schema.size(); ++row) {
            const Labels& labels = m_selection.labels(row);
            m_schema[row].labels = &labels;
            m_staysDistinct = m_staysDistinct && !labels.has("__type__") && !labels.has("__unit__");
        }
    }
    if (names == Names::dropped) {
        for (SeriesLabels& series : m_schema) {
            series = droppingName(context(), series);
        }
    }
    return {};
}

Result<void> Scan::start()
{
    const std::size_t parts = m_selection.readers().size();
    std::vector<std::size_t> rows(parts);
    for (std::size_t part = 0; part < parts; ++part) {
        rows[part] = m_selection.readers()[part]->size();
    }
    m_parts.resize(parts);
    std::size_t helpers = 0;
    if (parts > 1 && context().options().workers != nullptr) {
        const auto timeline = m_selection.readers().front()->timeline();
        if (!timeline) {
            return std::unexpected(timeline.error());
        }
        const std::size_t each = std::max({timeline->size(), grid().count, std::size_t{1}});
        if (m_schema.size() >= worthSharing / each) {
            helpers = std::min(context().options().helpers, parts - 1);
        }
    }
    m_batches.emplace(
        rows, grid().count,
        [this](std::size_t part, std::size_t from, Batch& out, Findings& findings) {
            return compute(part, from, out, findings);
        },
        context().options().workers, helpers);
    return {};
}

Result<bool> Scan::produce(Batch& out)
{
    if (!m_batches) {
        if (auto started = start(); !started) {
            return std::unexpected(started.error());
        }
    }
    Findings findings;
    auto more = m_batches->next(out, findings);
    countWindows(findings.windows);
    if (auto noted = context().note(std::move(findings)); more && !noted) {
        return std::unexpected(noted.error());
    }
    return more;
}

/// Called by any thread, but for each part by one at a time.
Result<void> Scan::compute(std::size_t number, std::size_t from, Batch& out, Findings& findings)
{
    Part& part = m_parts[number];
    storage::GroupReader& reader = *m_selection.readers()[number];
    if (part.filler == nullptr) {
        const auto timeline = reader.timeline();
        if (!timeline) {
            return std::unexpected(timeline.error());
        }
        part.filler = filler();
        part.filler->startTimeline(*timeline);
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        if (context().stop().stop_requested()) {
            return context().checkpoint();
        }
        if (auto read = reader.read(from + row, part.column); !read) {
            return read;
        }
        if (m_settlesResets) {
            keepStatistics(part.column);
        }
        part.filler->fill(part.column,
                          m_metric.empty() ? reader.labels(from + row).metricName() : m_metric, out,
                          row, findings);
    }
    part.filler->endBatch(findings);
    if (const auto& missing = reader.leftOut()) {
        findings.annotations.warn(textOfLeftOut(*missing), {});
    }
    if (from + out.rows() == reader.size()) {
        part = {};
    }
    return {};
}

} // namespace watchfire::promql
