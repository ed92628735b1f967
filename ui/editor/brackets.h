// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/text_places.h"

#include <optional>
#include <utility>

#include <QChar>

/// How brackets and quotes of PromQL go together, apart from the widget. Strings and comments
/// hide what is in them.
namespace watchfire::ui::editor {

/// Positions of the bracket at the cursor, the one before it first, and of its partner;
/// partner −1: it has none. Nothing: no bracket there.
std::optional<std::pair<int, int>> bracketsAt(const TextPlaces& places, int cursor);

/// The quote that opens the string the position is in; null: it is in none.
QChar quoteAround(const TextPlaces& places, int position);
bool isInComment(const TextPlaces& places, int position);

/// What a typed character does beside being typed.
enum class PairStep {
    plain,
    close, ///< insert the partner behind the cursor too
    stepOver ///< it stands there already
};
PairStep stepFor(const TextPlaces& places, int cursor, QChar typed);
/// What closes that bracket or quote; null: it opens nothing.
QChar partnerOf(QChar opening);
/// The cursor stands between an opening and its closing, nothing else between.
bool isBetweenEmptyPair(const TextPlaces& places, int cursor);

} // namespace watchfire::ui::editor
