// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/escaping.h"
#include "core/exposition/parser.h"

#include <span>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// How a server answers: the other side of `acceptHeader`.
struct Offer {
    Format format = Format::text;
    EscapingScheme escaping = EscapingScheme::underscores;

    /// Content-Type, the escaping said in it.
    std::string contentType() const;
    friend bool operator==(const Offer&, const Offer&) = default;
};

/// The first of `offered` (not empty, in order of the server's preference) that the client's best
/// clause takes; where none does, text, or the first. Names are escaped as the client asks, with
/// underscores where it does not: it may not know others.
///
/// Source: prometheus/common, expfmt, NegotiateAccept; RFC 9110, "Accept".
Offer offerFor(std::string_view accept, std::span<const Format> offered);

} // namespace watchfire::exposition
