// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/result_cache.h"

#include "core/promql/syntax/printer.h"

#include <algorithm>
#include <format>
#include <optional>
#include <utility>

namespace watchfire::promql {

namespace {

bool dependsOnRange(const DurationExpr& expr)
{
    switch (expr.op) {
    case DurationExpr::Op::range:
    case DurationExpr::Op::start:
    case DurationExpr::Op::end:
        return true;
    default:
        return std::ranges::any_of(expr.operands, dependsOnRange);
    }
}

bool dependsOnRange(const std::optional<DurationExpr>& expr)
{
    return expr && dependsOnRange(*expr);
}

/// What a step sees depends on the step alone and on samples up to it.
bool looksBackOnly(const Modifiers& modifiers)
{
    // What arithmetic comes to is only known later.
    return modifiers.at == Modifiers::At::none && modifiers.offset.count() >= 0
        && !modifiers.offsetExpr;
}

bool canBeKept(const Node& root)
{
    std::vector<const Node*> open{&root};
    while (!open.empty()) {
        const Node& node = *open.back();
        open.pop_back();
        if (const auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
            if (!looksBackOnly(selector->modifiers) || selector->edges == RangeEdges::smoothed) {
                return false;
            }
        } else if (const auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
            if (dependsOnRange(matrix->rangeExpr)) {
                return false;
            }
        } else if (const auto* const subquery = std::get_if<Subquery>(&node.kind)) {
            if (!looksBackOnly(subquery->modifiers) || dependsOnRange(subquery->rangeExpr)
                || dependsOnRange(subquery->stepExpr)) {
                return false;
            }
        }
        const std::vector<const Node*> parts = partsOf(node);
        open.insert(open.end(), parts.begin(), parts.end());
    }
    return true;
}

std::string keyOf(const Ast& ast, const QueryTimes& times, const QueryOptions& options)
{
    return std::format("{}\n{} {} {} {} {}", print(*ast.root), times.step.count(),
                       options.lookback.count(), options.subqueryStep.count(),
                       options.delayedNameRemoval, options.useStartTimestamps);
}

/// Adds the series' steps from `fromMs` to `toMs` to those of another that end before.
void append(const MatrixSeries& from, std::int64_t fromMs, std::int64_t toMs, MatrixSeries& to)
{
    const auto part = [&](const std::vector<std::int64_t>& times) {
        const auto first = std::ranges::lower_bound(times, fromMs);
        const auto last = std::ranges::upper_bound(times, toMs);
        return std::pair(first - times.begin(), std::max(first, last) - times.begin());
    };
    const auto copy = [](const auto& all, const auto& range, auto& out) {
        out.insert(out.end(), all.begin() + range.first, all.begin() + range.second);
    };
    const auto numbers = part(from.atMs);
    copy(from.atMs, numbers, to.atMs);
    copy(from.values, numbers, to.values);
    const auto histograms = part(from.histogramAtMs);
    copy(from.histogramAtMs, histograms, to.histogramAtMs);
    copy(from.histograms, histograms, to.histograms);
}

bool isEmpty(const MatrixSeries& series)
{
    return series.atMs.empty() && series.histogramAtMs.empty();
}

/// The steps of several results from `fromMs` to `toMs`; the results are in order of time and
/// do not overlap there.
Matrix joined(const std::vector<const Matrix*>& parts, std::int64_t fromMs, std::int64_t toMs)
{
    Matrix out;
    std::vector<std::size_t> next(parts.size()); // all are sorted by labels
    for (;;) {
        const Labels* least = nullptr;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (next[i] < parts[i]->size()) {
                const Labels& labels = (*parts[i])[next[i]].labels;
                least = least == nullptr || labels < *least ? &labels : least;
            }
        }
        if (least == nullptr) {
            return out;
        }
        MatrixSeries series;
        series.labels = *least;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (next[i] < parts[i]->size() && (*parts[i])[next[i]].labels == series.labels) {
                append((*parts[i])[next[i]], fromMs, toMs, series);
                ++next[i];
            }
        }
        if (!isEmpty(series)) {
            out.push_back(std::move(series));
        }
    }
}

std::size_t bytesOf(const Matrix& matrix)
{
    std::size_t bytes = 0;
    for (const MatrixSeries& series : matrix) {
        bytes += sizeof(MatrixSeries) + series.labels.bytes() + series.atMs.size() * 16
            + series.histogramAtMs.size() * 24;
        for (const HistogramPtr& histogram : series.histograms) {
            bytes += sizeof(Histogram)
                + (histogram->positiveBuckets.size() + histogram->negativeBuckets.size()) * 8;
        }
    }
    return bytes;
}

void addAnnotations(std::vector<Annotation>& to, const std::vector<Annotation>& from)
{
    for (const Annotation& one : from) {
        if (std::ranges::find(to, one.message, &Annotation::message) == to.end()) {
            to.push_back(one);
        }
    }
}

} // namespace

std::size_t ResultCache::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_used;
}

ResultCache::EntryPtr ResultCache::find(const std::string& key, std::uint64_t epoch)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_places.find(key);
    if (place == m_places.end()) {
        return nullptr;
    }
    if ((*place->second)->epoch != epoch) {
        m_used -= (*place->second)->bytes;
        m_entries.erase(place->second);
        m_places.erase(place);
        return nullptr;
    }
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return m_entries.front();
}

void ResultCache::keep(Entry entry)
{
    entry.bytes = bytesOf(entry.matrix) + entry.key.size();
    if (entry.bytes > m_bytes / 4) {
        return;
    }
    const std::lock_guard lock(m_mutex);
    if (const auto place = m_places.find(entry.key); place != m_places.end()) {
        m_used -= (*place->second)->bytes;
        m_entries.erase(place->second);
        m_places.erase(place);
    }
    m_used += entry.bytes;
    m_entries.push_front(std::make_shared<const Entry>(std::move(entry)));
    m_places.emplace(m_entries.front()->key, m_entries.begin());
    while (m_used > m_bytes) {
        m_used -= m_entries.back()->bytes;
        m_places.erase(m_entries.back()->key);
        m_entries.pop_back();
    }
}

Result<QueryResult> ResultCache::evaluate(std::string_view query, storage::Queryable& store,
                                          QueryTimes times, const QueryOptions& options,
                                          std::stop_token stop)
{
    const std::int64_t step = times.step.count();
    const std::int64_t start = unixMs(times.start);
    const bool wantsWhole = options.explain || options.countSamples || options.report != nullptr;
    const std::optional<storage::History> history
        = step > 0 && start % step == 0 && times.start < times.end && !wantsWhole ? store.history()
                                                                                  : std::nullopt;
    if (!history) {
        return promql::evaluate(query, store, times, options, std::move(stop));
    }
    const auto began = std::chrono::steady_clock::now();
    const auto ast = parse(query, options.features);
    if (!ast) {
        return std::unexpected(ast.error());
    }
    const auto parsed = std::chrono::steady_clock::now() - began;
    const auto evaluated = [&](std::int64_t fromMs, std::int64_t toMs) {
        return promql::evaluate(*ast, store, {fromUnixMs(fromMs), fromUnixMs(toMs), times.step},
                                options, stop);
    };
    const std::int64_t end = start + (unixMs(times.end) - start) / step * step;
    if (ast->root->type != ValueType::vector || !canBeKept(*ast->root)) {
        // With the end that was asked for, which may lie behind the last step.
        return promql::evaluate(*ast, store, times, options, std::move(stop));
    }
    std::string key = keyOf(*ast, times, options);
    const EntryPtr known = find(key, history->epoch);
    const bool overlaps = known != nullptr && start <= known->toMs && end >= known->fromMs;
    QueryResult result;
    Matrix before;
    Matrix after;
    std::vector<const Matrix*> parts;
    std::int64_t keptFrom = start;
    std::int64_t keptTo = end;
    const auto compute = [&](std::int64_t fromMs, std::int64_t toMs, Matrix& out) -> Result<void> {
        auto part = evaluated(fromMs, toMs);
        if (!part) {
            return std::unexpected(part.error());
        }
        out = std::move(std::get<Matrix>(part->value));
        parts.push_back(&out);
        addAnnotations(result.annotations, part->annotations);
        result.statistics.seriesRead += part->statistics.seriesRead;
        result.statistics.samplesRead += part->statistics.samplesRead;
        result.statistics.peakSamples
            = std::max(result.statistics.peakSamples, part->statistics.peakSamples);
        return {};
    };
    if (!overlaps || start < known->fromMs) {
        const std::int64_t to = overlaps ? known->fromMs - step : end;
        if (auto done = compute(start, to, before); !done) {
            return std::unexpected(done.error());
        }
    }
    if (overlaps) {
        parts.push_back(&known->matrix);
        addAnnotations(result.annotations, known->annotations);
        keptFrom = std::min(start, known->fromMs);
        keptTo = std::max(end, known->toMs);
        if (end > known->toMs) {
            if (auto done = compute(known->toMs + step, end, after); !done) {
                return std::unexpected(done.error());
            }
        }
    }
    const std::int64_t settled = unixMs(history->settledUntil);
    keptTo = std::min(keptTo, settled - ((settled - start) % step + step) % step);
    const bool isNew = !overlaps || keptFrom < known->fromMs || keptTo > known->toMs;
    if (isNew && keptTo >= keptFrom) {
        Entry entry;
        entry.key = std::move(key);
        entry.epoch = history->epoch;
        entry.fromMs = keptFrom;
        entry.toMs = keptTo;
        entry.matrix = joined(parts, keptFrom, keptTo);
        entry.annotations = result.annotations;
        keep(std::move(entry));
    }
    result.value = parts.size() == 1 && !overlaps ? std::move(before) : joined(parts, start, end);
    result.statistics.parse = parsed;
    result.statistics.evaluate = std::chrono::steady_clock::now() - began - parsed;
    return result;
}

} // namespace watchfire::promql
