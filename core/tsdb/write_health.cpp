// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/write_health.h"

#include "core/base/log.h"

#include <utility>

namespace watchfire::tsdb {

void WriteHealth::note(const Result<void>& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (outcome) {
        if (m_problem && !m_isFatal) {
            log(LogLevel::info, "tsdb", "the store writes again");
            m_problem.reset();
        }
        return;
    }
    ++m_failed;
    if (!m_problem) {
        log(LogLevel::error, "tsdb", "{}", outcome.error().message);
    }
    m_problem = outcome.error();
}

void WriteHealth::makeFatal()
{
    const std::lock_guard lock(m_mutex);
    m_isFatal = true;
}

void WriteHealth::setLasting(Error problem)
{
    const std::lock_guard lock(m_mutex);
    m_lasting = std::move(problem);
}

bool WriteHealth::isFatal() const
{
    const std::lock_guard lock(m_mutex);
    return m_isFatal;
}

Result<void> WriteHealth::mayAppend(bool hasRoom) const
{
    const std::lock_guard lock(m_mutex);
    if (m_problem && (m_isFatal || !hasRoom)) {
        return std::unexpected(*m_problem);
    }
    return {};
}

std::optional<Error> WriteHealth::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem ? m_problem : m_lasting;
}

std::uint64_t WriteHealth::failedCommits() const
{
    const std::lock_guard lock(m_mutex);
    return m_failed;
}

} // namespace watchfire::tsdb
