// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/exemplar_trim.h"

#include <algorithm>
#include <utility>

namespace watchfire::tsdb {

namespace {

constexpr std::chrono::hours looksEvery{1};

} // namespace

ExemplarTrim::ExemplarTrim(Environment& environment, const Clock& clock, ExemplarTable& table,
                           Transact transact)
    : m_environment(environment)
    , m_clock(clock)
    , m_table(table)
    , m_transact(std::move(transact))
{
}

Result<std::uint64_t> ExemplarTrim::count() const
{
    auto txn = m_environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const std::uint64_t count = txn->entries(Table::exem);
    if (auto read = txn->result(m_environment); !read) {
        return std::unexpected(read.error());
    }
    return count;
}

bool ExemplarTrim::isDue(Timestamp now, std::uint64_t count) const
{
    if (!m_doneAt || now < *m_doneAt || now - *m_doneAt >= looksEvery
        || m_table.limit() != m_limit) {
        return true;
    }
    const std::uint64_t borne = std::max(m_limit, m_left);
    return count > borne && count - borne > borne / 10;
}

Result<void> ExemplarTrim::step()
{
    const Timestamp now = m_clock.now();
    const auto before = count();
    if (!before) {
        return std::unexpected(before.error());
    }
    if (!isDue(now, *before)) {
        return {};
    }
    m_doneAt = now;
    m_limit = m_table.limit();
    m_left = *before;
    std::int64_t keptFrom = unixMs(now - exemplarsKept);
    if (*before > m_limit) {
        const auto oldest = ExemplarTable::timeOfNewest(m_environment, m_limit);
        if (!oldest) {
            return std::unexpected(oldest.error());
        }
        keptFrom = std::max(keptFrom, oldest->value_or(keptFrom));
    }
    if (auto trimmed = m_table.trim(m_environment, m_transact, keptFrom); !trimmed) {
        return trimmed;
    }
    const auto after = count();
    m_left = after.value_or(m_left);
    return {};
}

} // namespace watchfire::tsdb
