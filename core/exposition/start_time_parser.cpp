// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/start_time_parser.h"

#include <algorithm>
#include <cmath>

namespace watchfire::exposition {

namespace {

constexpr std::string_view createdSuffix = "_created";
/// Beyond that the milliseconds would not fit.
constexpr double mostSeconds = 9e15;

bool canStart(MetricType type)
{
    return type == MetricType::counter || type == MetricType::histogram
        || type == MetricType::summary;
}

} // namespace

Result<EntryKind> StartTimeParser::next(Entry& entry)
{
    for (;;) {
        const auto kind = m_inner.next(entry);
        if (!kind || *kind != EntryKind::series) {
            if (kind && *kind == EntryKind::type) {
                m_type = entry.type;
                m_family = entry.family;
                lookAhead();
            }
            return kind;
        }
        entry.startedAtMs = 0;
        if (!canStart(m_type)) {
            return kind;
        }
        if (isCreated(entry)) {
            continue;
        }
        if (!m_started.empty() && entry.name.unescape().starts_with(m_family)) {
            const auto found = m_started.find(keyOf(entry));
            entry.startedAtMs = found == m_started.end() ? 0 : found->second;
        }
        return kind;
    }
}

/// Whether it is the `_created` series of the family.
bool StartTimeParser::isCreated(const Entry& entry) const
{
    const std::string name = entry.name.unescape();
    return name.size() == m_family.size() + createdSuffix.size() && name.starts_with(m_family)
        && name.ends_with(createdSuffix);
}

/// Labels but those that tell the parts of one histogram or summary apart.
std::string StartTimeParser::keyOf(const Entry& entry)
{
    labelsOf(entry, m_pairs);
    m_pairs.front().second.clear();
    std::erase_if(m_pairs, [this](const auto& pair) {
        return (m_type == MetricType::histogram && pair.first == "le")
            || (m_type == MetricType::summary && pair.first == "quantile");
    });
    std::ranges::sort(m_pairs);
    std::string key;
    for (const auto& [name, value] : m_pairs) {
        key.append(name).append("\xFF").append(value).append("\xFF");
    }
    return key;
}

/// Collects the `_created` series up to the next comment.
void StartTimeParser::lookAhead()
{
    m_started.clear();
    if (!canStart(m_type)) {
        return;
    }
    m_ahead.seek(m_inner.offset(), m_inner.numeric());
    for (;;) {
        const auto kind = m_ahead.next(m_entry);
        if (kind && (*kind == EntryKind::help || *kind == EntryKind::unit)
            && m_entry.family == m_family) {
            continue;
        }
        if (!kind || *kind != EntryKind::series) {
            return; // a fault is met again, where it counts
        }
        if (isCreated(m_entry) && std::abs(m_entry.value) < mostSeconds) {
            m_started.emplace(keyOf(m_entry), static_cast<std::int64_t>(m_entry.value * 1000));
        }
    }
}

} // namespace watchfire::exposition
