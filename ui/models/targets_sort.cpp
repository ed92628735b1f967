// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets_sort.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace watchfire::ui {

namespace {

/// What a column of text is sorted by, for each target, in one block.
class SortTexts {
public:
    SortTexts(std::span<const engine::TargetStatus> targets, TargetKey key)
    {
        m_ends.reserve(targets.size() + 1);
        for (const engine::TargetStatus& target : targets) {
            if (key == TargetKey::endpoint) {
                m_text += target.url.empty() ? target.instance : target.url;
            } else {
                appendLabels(shownLabels(target));
            }
            m_ends.push_back(m_text.size());
        }
    }

    std::string_view of(std::uint32_t i) const
    {
        return std::string_view(m_text).substr(m_ends[i], m_ends[i + 1] - m_ends[i]);
    }

private:
    /// Job and instance are not seen in that column.
    void appendLabels(const Labels& labels)
    {
        for (const Label label : labels) {
            if (label.name != "job" && label.name != "instance") {
                m_text.append(label.name).append(1, '\0').append(label.value).append(1, '\0');
            }
        }
    }

    std::string m_text;
    std::vector<std::size_t> m_ends{0};
};

/// Trouble first.
std::int64_t rank(TargetState state)
{
    switch (state) {
    case TargetState::down:
        return 0;
    case TargetState::unknown:
        return 1;
    case TargetState::paused:
        return 2;
    case TargetState::up:
        break;
    }
    return 3;
}

std::int64_t numberOf(const engine::TargetStatus& target, TargetKey key)
{
    switch (key) {
    case TargetKey::state:
        return rank(stateOf(target));
    case TargetKey::lastScrape:
        return -unixMs(target.lastScrape); // the youngest is the shortest ago
    case TargetKey::duration:
        return target.lastDuration.count();
    case TargetKey::samples:
        return std::int64_t(target.samples);
    case TargetKey::none:
    case TargetKey::endpoint:
    case TargetKey::labels:
    case TargetKey::error:
        break;
    }
    return 0;
}

template <class Less>
void sortBy(std::vector<std::uint32_t>& rows, Qt::SortOrder order, const Less& less)
{
    if (order == Qt::AscendingOrder) {
        std::stable_sort(rows.begin(), rows.end(), less);
    } else {
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return less(b, a); });
    }
}

} // namespace

bool isTextKey(TargetKey key)
{
    return key == TargetKey::endpoint || key == TargetKey::labels;
}

std::vector<std::uint32_t> ranksOf(std::span<const engine::TargetStatus> targets, TargetKey key)
{
    const SortTexts texts(targets, key);
    std::vector<std::uint32_t> order(targets.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = std::uint32_t(i);
    }
    std::ranges::sort(order,
                      [&](std::uint32_t a, std::uint32_t b) { return texts.of(a) < texts.of(b); });
    std::vector<std::uint32_t> ranks(targets.size());
    std::uint32_t current = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && texts.of(order[i]) != texts.of(order[i - 1])) {
            ++current;
        }
        ranks[order[i]] = current;
    }
    return ranks;
}

void sortTargets(std::vector<std::uint32_t>& rows, std::span<const engine::TargetStatus> targets,
                 TargetKey key, Qt::SortOrder order, const std::vector<std::uint32_t>* ranks)
{
    if (key == TargetKey::none) {
        return;
    }
    if (key == TargetKey::error) {
        sortBy(rows, order, [&](std::uint32_t a, std::uint32_t b) {
            return targets[a].lastError < targets[b].lastError;
        });
        return;
    }
    // Numbers side by side: the sort does not go through the targets themselves.
    struct Keyed {
        std::int64_t number;
        std::uint32_t row;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        const std::int64_t number
            = isTextKey(key) ? std::int64_t((*ranks)[row]) : numberOf(targets[row], key);
        keyed.push_back({order == Qt::AscendingOrder ? number : -number, row});
    }
    std::ranges::stable_sort(keyed, {}, &Keyed::number);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = keyed[i].row;
    }
}

} // namespace watchfire::ui
