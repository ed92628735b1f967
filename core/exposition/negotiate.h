// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/escaping.h"
#include "core/exposition/parser.h"

#include <span>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// The names of `scrape_protocols`, in order of preference, that a job without any of its own
/// asks for: where native histograms are wanted, protobuf before the texts, which have none.
std::span<const std::string_view> defaultProtocols(bool nativeHistograms);

/// The Accept header: each protocol with a falling weight, then anything. Names that are no
/// protocol are passed over. How names are to be escaped is said where the protocol can say it.
///
/// Source: recorded requests of Prometheus 3.5 (conformance, protocols-*).
std::string acceptHeader(std::span<const std::string_view> protocols, EscapingScheme escaping);

/// The format of an answer by its Content-Type, which is binding: blank, malformed or unknown
/// ones fail with ErrorKind::unsupported unless `fallbackProtocol` (a name of `scrape_protocols`)
/// says how to read them. Parameters must be well-formed, and what they say does not count: text
/// is text in every version, and what an answer escapes it escapes without telling.
///
/// Source: Prometheus, model/textparse/interface.go; RFC 2045 for the form.
Result<Format> formatOf(std::string_view contentType, std::string_view fallbackProtocol);

/// The Content-Type a writer of that format sends.
std::string_view contentTypeOf(Format format);

} // namespace watchfire::exposition
