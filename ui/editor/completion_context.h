// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/matcher.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::ui::editor {

/// What may stand at the cursor.
struct CompletionContext {
    enum class Wants : std::uint8_t {
        nothing,
        operand, ///< metrics, functions, aggregations and `words`
        word, ///< only `words`: behind an operand
        matcherLabel, ///< a label's name in {}
        groupingLabel, ///< a label's name in by () and its like
        labelValue, ///< of `label`
        duration ///< in [] or behind offset
    };
    Wants wants = Wants::nothing;
    Span replace; ///< bytes of the text that a choice takes the place of
    std::string prefix; ///< what of it was typed, up to the cursor
    std::string label;
    /// Of a label value: the quote it stands in; none: quotes are still to be put.
    char quote = '\0';
    bool regex = false; ///< the value stands behind =~ or !~
    /// Names and values are those of the series these select, any of them; empty: of all.
    std::vector<Matchers> selectors;
    /// Counters fit best: the argument of rate() and its like.
    bool counters = false;
    /// Keywords that fit here.
    std::vector<std::string_view> words;
};

/// Judged by the tokens up to the cursor, the text behind it serving to find the selector and
/// the end of the word. `cursor` is a byte of the text.
CompletionContext completionAt(std::string_view text, std::uint32_t cursor);

} // namespace watchfire::ui::editor
