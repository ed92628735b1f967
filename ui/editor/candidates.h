// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/completion_context.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <QColor>
#include <QString>

/// What the list of completions holds, apart from the list.
namespace watchfire::ui::editor {

class KnownNames;

enum class CandidateKind : std::uint8_t {
    metric,
    function,
    aggregation,
    keyword,
    label,
    value,
    duration
};
inline constexpr std::size_t candidateKinds = 7;
using KindColors = std::array<QColor, candidateKinds>; ///< by CandidateKind

QChar letterOf(CandidateKind kind);
QString wordFor(CandidateKind kind); ///< "function", translated

struct Candidate {
    CandidateKind kind = CandidateKind::metric;
    std::string name;
};

struct CandidateList {
    std::vector<Candidate> best;
    std::size_t matching = 0; ///< of which `best` are the first
    std::string typed;
    bool waiting = false; ///< names have been asked for and will come
};

/// The best two hundred that fit there. `names` may be null: the language alone.
CandidateList candidatesFor(const CompletionContext& context, KnownNames* names);

/// Type of a metric, arguments of a function.
QString detailOf(const Candidate& candidate, const KnownNames* names);
/// A line or two about it.
QString aboutOf(const Candidate& candidate, const KnownNames* names);

/// What choosing it writes in place of `context.replace`, and where in that the cursor goes.
struct Insertion {
    std::string text;
    std::size_t cursor = 0;
    std::size_t takes = 0; ///< bytes behind `replace` that it takes the place of too
    bool goesOn = false; ///< what comes next can be completed at once
};
Insertion insertionOf(const Candidate& candidate, const CompletionContext& context,
                      std::string_view whole);

} // namespace watchfire::ui::editor
