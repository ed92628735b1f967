// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/filter.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <QString>

/// Which targets a person wants to see. Nothing here needs the GUI thread.
namespace watchfire::ui {

/// One word for each target; a paused one is paused, whatever its last scrape said.
enum class TargetState : std::uint8_t { up, down, unknown, paused };
inline constexpr std::size_t targetStates = 4;

TargetState stateOf(const engine::TargetStatus& target);

/// What a list shows of a target: its labels, or where relabelling dropped it, what was discovered.
inline const Labels& shownLabels(const engine::TargetStatus& target)
{
    return target.labels.empty() ? target.discoveredLabels : target.labels;
}

/// What words are looked for in, in lower case: job, instance, URL and every label=value of each
/// target, each between line ends. Errors are not in it, they change with each scrape.
class TargetTexts {
public:
    TargetTexts() = default;
    explicit TargetTexts(std::span<const engine::TargetStatus> targets);

    std::string_view of(std::size_t index) const
    {
        return std::string_view(m_text).substr(m_begins[index],
                                               m_begins[index + 1] - m_begins[index]);
    }

private:
    std::string m_text;
    std::vector<std::size_t> m_begins{0};
};

/// A filter text understood for targets. Words are parts of names, addresses, labels and errors;
/// `label=value` is the whole value; `label:part` a part of it; `state:` begins a state's word,
/// and of several states any will do; `error:part` is of the last error.
class TargetFilter {
public:
    TargetFilter() = default;
    explicit TargetFilter(const QString& text);

    bool empty() const { return m_filter.empty() && m_lines.empty() && !m_hasStates; }
    /// `passes` looks at the texts.
    bool needsTexts() const { return !m_filter.words.empty() || !m_lines.empty(); }
    /// Everything but the state; `text` is what TargetTexts has of the target.
    bool passes(const engine::TargetStatus& target, std::string_view text) const;
    bool wants(TargetState state) const { return m_wanted[std::size_t(state)]; }

private:
    Filter m_filter; ///< without states and label=value
    std::vector<std::string> m_lines; ///< of the texts
    std::array<bool, targetStates> m_wanted{true, true, true, true};
    bool m_hasStates = false;
};

} // namespace watchfire::ui
