// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/answer_shelf.h"

#include <algorithm>
#include <utility>

namespace watchfire::scrape {

void AnswerShelf::inspect(std::uint64_t target)
{
    m_inspected.remove(target);
    m_inspected.push_front(target);
    if (m_inspected.size() > mostInspected) {
        m_inspected.pop_back();
    }
}

bool AnswerShelf::wants(std::uint64_t target) const
{
    return std::ranges::contains(m_inspected, target);
}

void AnswerShelf::put(std::uint64_t target, std::shared_ptr<const KeptAnswer> answer)
{
    remove(target);
    m_bytes += answer->bytes();
    m_entries.push_front({target, std::move(answer)});
    m_places[target] = m_entries.begin();
    while (m_bytes > mostBytes || m_entries.size() > mostTargets) {
        remove(m_entries.back().target);
    }
}

std::shared_ptr<const KeptAnswer> AnswerShelf::find(std::uint64_t target) const
{
    const auto found = m_places.find(target);
    return found == m_places.end() ? nullptr : found->second->answer;
}

void AnswerShelf::remove(std::uint64_t target)
{
    if (const auto found = m_places.find(target); found != m_places.end()) {
        m_bytes -= found->second->answer->bytes();
        m_entries.erase(found->second);
        m_places.erase(found);
    }
}

} // namespace watchfire::scrape
