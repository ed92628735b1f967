// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/context.h"

namespace watchfire::promql {

EvalContext::EvalContext(storage::Querier& querier, QueryTimes times, const QueryOptions& options,
                         std::stop_token stop)
    : m_querier(querier)
    , m_times(times)
    , m_options(options)
    , m_stop(std::move(stop))
    , m_deadline(std::chrono::steady_clock::now() + options.timeout)
{
}

DurationTimes EvalContext::durationTimes() const
{
    const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
    const double start = seconds(unixMs(m_times.start));
    const double end = seconds(unixMs(m_times.end));
    return {seconds(m_times.step.count()), end - start, start, end};
}

NodeUsage* EvalContext::usageOf(const Node& node)
{
    return profile == nullptr ? nullptr : &profile->of(unwrap(node));
}

Result<void> EvalContext::checkpoint() const
{
    if (m_stop.stop_requested()) {
        return fail(ErrorKind::cancelled, "query was canceled in expression evaluation");
    }
    if (std::chrono::steady_clock::now() > m_deadline) {
        return fail(ErrorKind::timeout, "query timed out in expression evaluation");
    }
    return {};
}

Result<void> EvalContext::note(Findings findings)
{
    statistics.samplesRead += findings.samplesRead;
    annotations.add(std::move(findings.annotations));
    if (findings.failure) {
        return std::unexpected(std::move(*findings.failure));
    }
    return touch(findings.mostAtOnce);
}

Result<void> EvalContext::hold(std::uint64_t samples)
{
    m_held += samples;
    return touch(0);
}

Result<void> EvalContext::touch(std::uint64_t samples)
{
    notePeak(m_held + samples);
    statistics.peakSamples = std::max(statistics.peakSamples, m_held + samples);
    if (m_held + samples > m_options.maxSamples) {
        return tooMany();
    }
    return {};
}

Result<void> EvalContext::tooMany() const
{
    return fail(ErrorKind::limit,
                "query processing would load too many samples into memory in query execution");
}

} // namespace watchfire::promql
