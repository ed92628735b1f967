// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/lexer.h"

#include <string_view>

namespace watchfire::promql {

/// A reserved word and the token it makes.
struct Word {
    std::string_view text; ///< in lower case
    TokenKind kind = TokenKind::identifier;
    BinaryOp binary = BinaryOp::add;
    AggregateOp aggregate = AggregateOp::sum;
    std::string_view summary;
};

/// The reserved word that this is, whatever its case; null: an ordinary name.
const Word* findWord(std::string_view text);

} // namespace watchfire::promql
