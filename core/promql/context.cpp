// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/context.h"

#include <array>
#include <cmath>
#include <format>

namespace watchfire::promql {

namespace {

/// "1 GiB", "1.2 GiB", "312 MiB", "17 bytes".
std::string bytesText(std::uint64_t bytes)
{
    constexpr std::array units{"bytes", "KiB", "MiB", "GiB", "TiB"};
    double number = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (number >= 1024 && unit + 1 < units.size()) {
        number /= 1024;
        ++unit;
    }
    return std::format("{:.{}f} {}", number, number < 10 && number != std::floor(number) ? 1 : 0,
                       units[unit]);
}

} // namespace

EvalContext::EvalContext(storage::Querier& querier, QueryTimes times, const QueryOptions& options,
                         std::stop_token stop)
    : m_querier(querier)
    , m_times(times)
    , m_options(options)
    , m_stop(std::move(stop))
    , m_deadline(std::chrono::steady_clock::now() + options.timeout)
{
}

EvalContext::~EvalContext()
{
    giveBack(m_bytes);
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
    return checkMemory();
}

const Labels* EvalContext::own(Labels labels)
{
    noteTaken(sizeof(Labels) + labels.bytes(), {});
    return &m_labels.emplace_back(std::move(labels));
}

Result<void> EvalContext::take(std::uint64_t bytes, Span place)
{
    if (m_bytes + bytes > m_options.maxBytes) {
        return std::unexpected(overOwn(m_bytes + bytes, place));
    }
    if (m_options.budget != nullptr && !m_options.budget->tryTake(bytes)) {
        return std::unexpected(overAll(m_bytes + bytes, place));
    }
    m_bytes += bytes;
    return {};
}

void EvalContext::noteTaken(std::uint64_t bytes, Span place)
{
    m_bytes += bytes;
    const bool isWithinAll = m_options.budget == nullptr || m_options.budget->note(bytes);
    if (m_excess) {
        return;
    }
    if (m_bytes > m_options.maxBytes) {
        m_excess = overOwn(m_bytes, place);
    } else if (!isWithinAll) {
        m_excess = overAll(m_bytes, place);
    }
}

void EvalContext::giveBack(std::uint64_t bytes)
{
    m_bytes -= bytes;
    if (m_options.budget != nullptr) {
        m_options.budget->giveBack(bytes);
    }
}

Result<void> EvalContext::checkMemory() const
{
    return m_excess ? Result<void>(std::unexpected(*m_excess)) : Result<void>();
}

Error EvalContext::overOwn(std::uint64_t bytes, Span place) const
{
    return {ErrorKind::limit,
            std::format("query would take {} of memory and may take {} (--query-max-memory "
                        "raises that)",
                        bytesText(bytes), bytesText(m_options.maxBytes)),
            place};
}

Error EvalContext::overAll(std::uint64_t bytes, Span place) const
{
    return {ErrorKind::limit,
            std::format("query would take {} of memory, and all queries together more than the {} "
                        "that they may (--query-total-memory raises that); try again",
                        bytesText(bytes), bytesText(m_options.budget->bytes())),
            place};
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
