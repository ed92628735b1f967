// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/info.h"

#include "core/promql/operators/instant_scan.h"
#include "core/promql/operators/merge.h"

#include <algorithm>
#include <format>

namespace watchfire::promql {

namespace {

constexpr std::string_view instanceLabel = "instance";
constexpr std::string_view jobLabel = "job";

/// The matchers that select info metrics: those written when one of them says what to take,
/// any *_info less those excluded when they only exclude, target_info when there are none.
Matchers effectiveNames(Matchers written)
{
    const auto isPositive = [](const Matcher& matcher) {
        return matcher.type() == MatchType::equal || matcher.type() == MatchType::regex;
    };
    if (std::ranges::any_of(written, isPositive)) {
        return written;
    }
    if (written.empty()) {
        written.push_back(Matcher::equal(std::string(metricNameLabel), "target_info"));
    } else if (auto anyInfo
               = Matcher::make(MatchType::regex, std::string(metricNameLabel), ".+_info")) {
        written.push_back(std::move(*anyInfo));
    }
    return written;
}

std::string quoteForRegex(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\.+*?()|[]{}^$").contains(c)) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string anyOf(const std::set<std::string>& values)
{
    std::string out;
    for (const std::string& value : values) {
        out += (out.empty() ? "" : "|") + quoteForRegex(value);
    }
    return out;
}

} // namespace

Info::Info(OperatorPtr inner, const Matchers* matchers, std::vector<std::int64_t> at)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_at(std::move(at))
{
    Matchers names;
    if (matchers != nullptr) {
        for (const Matcher& matcher : *matchers) {
            if (matcher.name() == metricNameLabel) {
                names.push_back(matcher);
            } else {
                m_dataMatchers[matcher.name()].push_back(matcher);
            }
        }
    }
    m_nameMatchers = effectiveNames(std::move(names));
}

bool Info::isInfoItself(const Labels& labels) const
{
    return std::ranges::all_of(m_nameMatchers, [&labels](const Matcher& matcher) {
        return matcher.matches(labels.metricName());
    });
}

Matchers Info::infoMatchers(const std::set<std::string>& instances,
                            const std::set<std::string>& jobs, bool& anyId) const
{
    Matchers matchers = m_nameMatchers;
    for (const auto& [name, values] : {std::pair{instanceLabel, &instances}, {jobLabel, &jobs}}) {
        if (values->empty()) {
            continue;
        }
        if (auto matcher = Matcher::make(MatchType::regex, std::string(name), anyOf(*values))) {
            matchers.push_back(std::move(*matcher));
            anyId = true;
        }
    }
    for (const auto& [name, written] : m_dataMatchers) {
        matchers.insert(matchers.end(), written.begin(), written.end());
    }
    return matchers;
}

Result<void> Info::selectInfo(const Batch& base)
{
    std::set<std::string> instances;
    std::set<std::string> jobs;
    for (std::size_t row = 0; row < base.rows(); ++row) {
        if (context().isStopped(row)) {
            return context().checkpoint();
        }
        const Labels& labels = *m_inner->schema()[row].labels;
        if (base.isEmpty(row) || isInfoItself(labels)) {
            continue;
        }
        for (const auto& [name, values] :
             {std::pair{instanceLabel, &instances}, {jobLabel, &jobs}}) {
            if (const std::string_view value = labels.get(name); !value.empty()) {
                values->emplace(value);
            }
        }
    }
    bool anyId = false;
    m_selector.matchers = infoMatchers(instances, jobs, anyId);
    if (!anyId) {
        return {};
    }
    InstantScan scan(context(), grid(), m_selector, m_at, InstantScan::Yield::millisecondsOfSample);
    if (auto opened = scan.open(); !opened) {
        return opened;
    }
    auto times = collect(scan);
    if (!times) {
        return std::unexpected(times.error());
    }
    m_infoTimes = std::move(*times);
    if (m_infoUsage != nullptr && context().options().countSamples) {
        m_infoUsage->infoSeries.add(m_infoTimes);
    }
    for (std::size_t row = 0; row < scan.schema().size(); ++row) {
        const Labels* const labels = context().own(*scan.schema()[row].labels);
        if (m_infoTimes.hasHistograms(row)) {
            return fail(ErrorKind::invalid,
                        "this should be an info metric, with float samples: " + labels->toBraces());
        }
        m_info.push_back({std::string(labels->metricName()), labels});
        m_infoOf[{std::string(labels->get(instanceLabel)), std::string(labels->get(jobLabel))}]
            .push_back(row);
    }
    return {};
}

Result<std::vector<std::size_t>> Info::matchesAt(std::size_t step,
                                                 const std::vector<std::size_t>& candidates) const
{
    std::map<std::string_view, std::size_t> newest;
    for (const std::size_t row : candidates) {
        if (!testBit(m_infoTimes.present(row), step)) {
            continue;
        }
        const auto [place, isNew] = newest.try_emplace(m_info[row].metric, row);
        if (isNew) {
            continue;
        }
        const double known = m_infoTimes.values(place->second)[step];
        const double here = m_infoTimes.values(row)[step];
        if (known == here) {
            return fail(ErrorKind::invalid,
                        std::format("found duplicate series for info metric: existing {} @ {}, "
                                    "new {} @ {}",
                                    m_info[place->second].labels->toBraces(),
                                    static_cast<std::int64_t>(known),
                                    m_info[row].labels->toBraces(),
                                    static_cast<std::int64_t>(here)));
        }
        if (known < here) {
            place->second = row;
        }
    }
    std::vector<std::size_t> rows;
    for (const auto& [metric, row] : newest) {
        rows.push_back(row);
    }
    return rows;
}

/// Nothing: the series is left out, for a label asked for is not there.
Result<std::optional<Labels>> Info::enriched(const Labels& base,
                                             const std::vector<std::size_t>& matches) const
{
    if (matches.empty()) {
        const bool needsLabel = std::ranges::any_of(m_dataMatchers, [](const auto& ofLabel) {
            return std::ranges::any_of(
                ofLabel.second, [](const Matcher& matcher) { return !matcher.matchesEmpty(); });
        });
        return needsLabel ? std::nullopt : std::optional(base);
    }
    LabelsBuilder added;
    for (const std::size_t row : matches) {
        for (const Label& label : *m_info[row].labels) {
            const bool wanted
                = m_dataMatchers.empty() || m_dataMatchers.contains(std::string(label.name));
            if (label.name == metricNameLabel || !wanted) {
                continue;
            }
            const std::string_view known = added.get(label.name);
            if (!known.empty() && known != label.value) {
                return fail(ErrorKind::invalid, "conflicting label: " + std::string(label.name));
            }
            if (!base.has(label.name)) {
                added.set(label.name, label.value);
            }
        }
    }
    LabelsBuilder all(base);
    for (const auto& [name, value] : added.pairs()) {
        all.set(name, value);
    }
    return all.build();
}

void Info::add(const SeriesLabels& series, std::size_t step, Cell cell)
{
    const auto [place, isNew] = m_places.try_emplace(*series.labels, m_result.size());
    if (isNew) {
        m_schema.push_back({context().own(*series.labels), series.dropName});
        m_result.emplace_back().reset(0, 1, grid().count);
    }
    m_result[place->second].set(0, step, std::move(cell));
}

Result<void> Info::enrichRow(const Batch& base, std::size_t row)
{
    const SeriesLabels& series = m_inner->schema()[row];
    const bool itself = isInfoItself(*series.labels);
    const auto found = m_infoOf.find({std::string(series.labels->get(instanceLabel)),
                                      std::string(series.labels->get(jobLabel))});
    const std::vector<std::size_t> candidates
        = itself || found == m_infoOf.end() ? std::vector<std::size_t>() : found->second;
    for (std::size_t step = 0; step < grid().count; ++step) {
        const Cell cell = base.cell(row, step);
        if (cell.kind == Cell::Kind::absent) {
            continue;
        }
        if (itself) {
            add(series, step, cell);
            continue;
        }
        const auto matches = matchesAt(step, candidates);
        if (!matches) {
            return std::unexpected(matches.error());
        }
        const auto labels = enriched(*series.labels, *matches);
        if (!labels) {
            return std::unexpected(labels.error());
        }
        if (!*labels) {
            continue;
        }
        const auto place = m_places.find(**labels);
        if (place != m_places.end()
            && m_result[place->second].cell(0, step).kind != Cell::Kind::absent) {
            return sameLabelset();
        }
        add({&**labels, series.dropName}, step, cell);
    }
    return {};
}

Result<void> Info::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    auto base = collect(*m_inner);
    if (!base) {
        return std::unexpected(base.error());
    }
    if (auto selected = selectInfo(*base); !selected) {
        return selected;
    }
    for (std::size_t row = 0; row < base->rows(); ++row) {
        if (context().stop().stop_requested()) {
            return context().checkpoint();
        }
        if (auto enrichedRow = enrichRow(*base, row); !enrichedRow) {
            return enrichedRow;
        }
    }
    m_rows.reset(0, m_result.size(), grid().count);
    for (std::size_t row = 0; row < m_result.size(); ++row) {
        m_rows.moveRow(row, m_result[row], 0);
    }
    m_result.clear();
    return {};
}

} // namespace watchfire::promql
