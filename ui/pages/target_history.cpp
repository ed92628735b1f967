// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/target_history.h"

#include "core/text/quote.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace watchfire::ui {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds hour = 1h;
constexpr std::chrono::milliseconds minute = 1min;
constexpr std::chrono::milliseconds halfHour = 30min;

/// Every value of that label as one regular expression of literals.
std::string alternatives(std::span<const TargetHistory::Wanted> targets, std::string_view label)
{
    std::set<std::string_view> values;
    for (const TargetHistory::Wanted& target : targets) {
        values.insert(target.labels.get(label));
    }
    std::string regex;
    for (const std::string_view value : values) {
        if (!regex.empty() || value != *values.begin()) {
            regex += '|';
        }
        for (const char c : value) {
            if (std::string_view("\\.+*?()|[]{}^$").contains(c)) {
                regex += '\\';
            }
            regex += c;
        }
    }
    std::string quoted;
    text::appendQuoted(quoted, regex);
    return quoted;
}

engine::QueryRequest requestFor(bool availability, std::span<const TargetHistory::Wanted> targets,
                                Timestamp now)
{
    engine::QueryRequest request;
    const std::string selector = selectorOf(targets);
    if (availability) {
        request.expr = "avg_over_time(up" + selector + "[30m])";
        request.step = halfHour;
        request.end = now;
        request.start = now - halfHour * (std::int64_t(TargetTrace::cells) - 1);
    } else {
        request.expr = "scrape_duration_seconds" + selector;
        request.step = minute;
        request.end = std::chrono::floor<std::chrono::minutes>(now);
        request.start = request.end - hour + minute;
    }
    return request;
}

/// The samples of the series in their cells; NaN where there is none.
template <std::size_t n>
std::array<float, n> filled(const MatrixSeries* series, const engine::QueryRequest& request)
{
    std::array<float, n> cells;
    cells.fill(std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; series != nullptr && i < series->atMs.size(); ++i) {
        const std::int64_t at
            = (series->atMs[i] - unixMs(request.start)) / std::int64_t(request.step.count());
        if (at >= 0 && at < std::int64_t(n)) {
            cells[std::size_t(at)] = float(series->values[i]);
        }
    }
    return cells;
}

} // namespace

std::string selectorOf(std::span<const TargetHistory::Wanted> targets)
{
    return "{job=~" + alternatives(targets, "job") + ",instance=~"
        + alternatives(targets, "instance") + "}";
}

TargetHistory::TargetHistory(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    connect(&m_pause, &QTimer::timeout, this, &TargetHistory::refresh);
}

void TargetHistory::want(std::vector<Wanted> wanted)
{
    const bool isSame = std::ranges::equal(wanted, m_wanted, {}, &Wanted::id, &Wanted::id);
    m_wanted = std::move(wanted);
    if (!isSame) {
        m_pause.start();
    }
}

void TargetHistory::refresh()
{
    // What just came is what a person looks at; the day can wait for the hour.
    if (!m_pending.isActive() && !askFor(Kind::durations)) {
        askFor(Kind::availability);
    }
}

bool TargetHistory::askFor(Kind kind)
{
    const Timestamp now = m_bridge.now();
    const std::chrono::milliseconds lasts = kind == Kind::availability
        ? std::chrono::milliseconds(availabilityLasts)
        : std::chrono::milliseconds(durationsLast);
    std::vector<Wanted> missing;
    bool isAny = false;
    for (const Wanted& target : m_wanted) {
        const auto age = now - m_asked[target.id].of(kind);
        // Old ones are asked for together, a little early, rather than one by one.
        if (age >= lasts * 3 / 4) {
            missing.push_back(target);
            isAny = isAny || age >= lasts;
        }
    }
    if (!isAny) {
        return false;
    }
    for (const Wanted& target : missing) {
        m_asked[target.id].of(kind) = now;
    }
    const auto request = requestFor(kind == Kind::availability, missing, now);
    m_pending = m_bridge.query(
        request, this,
        [this, kind, missing = std::move(missing), request](const Result<QueryResult>& result) {
            take(kind, missing, result, request);
            refresh(); // the other kind, and rows that came meanwhile
        });
    return true;
}

void TargetHistory::take(Kind kind, const std::vector<Wanted>& asked,
                         const Result<QueryResult>& result, const engine::QueryRequest& request)
{
    const Matrix* const matrix = result ? std::get_if<Matrix>(&result->value) : nullptr;
    if (matrix == nullptr) {
        return; // the picture before stays, and it is asked again in a while
    }
    std::unordered_map<Labels, const MatrixSeries*> seriesOf;
    for (const MatrixSeries& series : *matrix) {
        seriesOf.emplace(series.labels.without(metricNameLabel), &series);
    }
    for (const Wanted& target : asked) {
        TargetTracePtr& shown = m_traces[target.id];
        auto trace
            = shown ? std::make_shared<TargetTrace>(*shown) : std::make_shared<TargetTrace>();
        const auto found = seriesOf.find(target.labels);
        const MatrixSeries* const series = found == seriesOf.end() ? nullptr : found->second;
        if (kind == Kind::availability) {
            trace->up = filled<TargetTrace::cells>(series, request);
        } else {
            trace->durations = filled<TargetTrace::points>(series, request);
        }
        shown = std::move(trace);
    }
    forgetUnseen();
    emit changed(m_traces);
}

void TargetHistory::forgetUnseen()
{
    if (m_traces.size() <= kept) {
        return;
    }
    Traces traces;
    std::unordered_map<std::uint64_t, Asked> asked;
    for (const Wanted& target : m_wanted) {
        traces[target.id] = m_traces[target.id];
        asked[target.id] = m_asked[target.id];
    }
    m_traces = std::move(traces);
    m_asked = std::move(asked);
}

} // namespace watchfire::ui
