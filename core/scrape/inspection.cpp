// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/inspection.h"

#include "core/exposition/readable.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace watchfire::scrape {

namespace {

constexpr std::size_t shownSeries = 1'000;

} // namespace

void ScrapeLog::note(ScrapeEvent event)
{
    if (!event.error.empty() && (m_lastError == nullptr || *m_lastError != event.error)) {
        m_lastError = std::make_shared<const std::string>(std::move(event.error));
        event.error = *m_lastError;
    }
    Line line{event.at, event.took,
              static_cast<std::uint32_t>(std::min<std::uint64_t>(
                  event.samples, std::numeric_limits<std::uint32_t>::max())),
              event.error.empty() ? nullptr : m_lastError};
    if (m_lines.size() < length) {
        m_lines.push_back(std::move(line));
    } else {
        m_lines[m_next] = std::move(line);
    }
    m_next = (m_next + 1) % length;
}

std::vector<ScrapeEvent> ScrapeLog::newestFirst() const
{
    std::vector<ScrapeEvent> out;
    out.reserve(m_lines.size());
    for (std::size_t i = 1; i <= m_lines.size(); ++i) {
        const Line& line = m_lines[(m_next + length - i) % length];
        out.push_back({line.at, line.took, line.samples, line.error == nullptr ? "" : *line.error});
    }
    return out;
}

TargetDetail inspectionOf(const IntakeRules& rules, const std::shared_ptr<const KeptAnswer>& answer,
                          std::vector<ScrapeEvent> log)
{
    TargetDetail out;
    out.relabelling = followTarget(*rules.job, rules.target.discovered);
    out.log = std::move(log);
    if (answer != nullptr) {
        out.answeredAt = answer->at;
        out.status = answer->status;
        out.contentType = answer->contentType;
        out.timings = answer->timings;
        out.body = exposition::readableStart(answer->format.value_or(exposition::Format::text),
                                             answer->body, KeptAnswer::mostBody);
        out.isCut = answer->isCut;
        out.errorLine = answer->errorLine;
        out.error = answer->error;
        out.metricRelabelling = followSeries(rules, *answer, shownSeries);
    }
    return out;
}

} // namespace watchfire::scrape
