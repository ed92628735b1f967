// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets_filter.h"

#include <algorithm>

namespace watchfire::ui {

namespace {

constexpr std::array<std::string_view, targetStates> stateWords{"up", "down", "unknown", "paused"};

void appendLower(std::string& to, std::string_view text)
{
    const std::size_t begin = to.size();
    to.append(text);
    for (std::size_t i = begin; i < to.size(); ++i) {
        const char c = to[i];
        to[i] = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    }
}

bool hasChip(const engine::TargetStatus& target, const Filter::Chip& chip)
{
    if (chip.key == "error") {
        return containsFolded(target.lastError, chip.value);
    }
    for (const Label label : shownLabels(target)) {
        if (equalsFolded(label.name, chip.key)) {
            return containsFolded(label.value, chip.value);
        }
    }
    return chip.key == "job" && containsFolded(target.job, chip.value);
}

/// label=value or label="value" as a line of the texts; empty: it is not that.
std::string lineOf(std::string_view word)
{
    const auto equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == word.size()
        || !std::ranges::all_of(word.substr(0, equals), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           })) {
        return {};
    }
    std::string_view value = word.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
    }
    return '\n' + std::string(word.substr(0, equals)) + '=' + std::string(value) + '\n';
}

} // namespace

TargetState stateOf(const engine::TargetStatus& target)
{
    if (target.paused) {
        return TargetState::paused;
    }
    switch (target.health) {
    case engine::Health::up:
        return TargetState::up;
    case engine::Health::down:
        return TargetState::down;
    case engine::Health::unknown:
        break;
    }
    return TargetState::unknown;
}

TargetTexts::TargetTexts(std::span<const engine::TargetStatus> targets)
{
    m_begins.reserve(targets.size() + 1);
    for (const engine::TargetStatus& target : targets) {
        m_text += '\n';
        appendLower(m_text, target.job);
        m_text += '\n';
        appendLower(m_text, target.instance);
        m_text += '\n';
        appendLower(m_text, target.url);
        m_text += '\n';
        for (const Label label : shownLabels(target)) {
            appendLower(m_text, label.name);
            m_text += '=';
            appendLower(m_text, label.value);
            m_text += '\n';
        }
        m_begins.push_back(m_text.size());
    }
}

TargetFilter::TargetFilter(const QString& text)
    : m_filter(parseFilter(text))
{
    std::erase_if(m_filter.words, [this](const std::string& word) {
        std::string line = lineOf(word);
        const bool isLine = !line.empty();
        if (isLine) {
            m_lines.push_back(std::move(line));
        }
        return isLine;
    });
    std::array<bool, targetStates> wanted{};
    std::erase_if(m_filter.chips, [&](const Filter::Chip& chip) {
        // label:a=b is a chip whose value has an equals sign; a="b:c" is an equation with a colon.
        if (const std::string line = lineOf(chip.key + ':' + chip.value); !line.empty()) {
            m_lines.push_back(line);
            return true;
        }
        if (chip.key != "state") {
            return false;
        }
        m_hasStates = true;
        for (std::size_t i = 0; i < targetStates; ++i) {
            wanted[i] = wanted[i] || stateWords[i].starts_with(chip.value);
        }
        return true;
    });
    if (m_hasStates) {
        m_wanted = wanted;
    }
}

bool TargetFilter::passes(const engine::TargetStatus& target, std::string_view text) const
{
    return std::ranges::all_of(m_filter.words,
                               [&](const std::string& word) {
                                   return text.find(word) != std::string_view::npos
                                       || containsFolded(target.lastError, word);
                               })
        && std::ranges::all_of(
               m_lines,
               [&](const std::string& line) { return text.find(line) != std::string_view::npos; })
        && std::ranges::all_of(m_filter.chips,
                               [&](const Filter::Chip& chip) { return hasChip(target, chip); });
}

} // namespace watchfire::ui
