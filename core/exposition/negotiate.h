// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"

#include <span>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// The names of `scrape_protocols`, in order of preference, that a job without any of its own
/// asks for. Protobuf is not among them until there is a parser for it.
std::span<const std::string_view> defaultProtocols();

/// The Accept header: each protocol with a falling weight, then anything. `escaping` is the
/// metric_name_escaping_scheme; empty: allow-utf-8. Names that are no protocol are passed over.
///
/// Source: recorded requests of Prometheus 3.5 (conformance, protocols-*).
std::string acceptHeader(std::span<const std::string> protocols, std::string_view escaping);

/// The format of an answer by its Content-Type, which is binding: blank or unknown ones fail
/// with ErrorKind::unsupported unless `fallbackProtocol` (a name of `scrape_protocols`) says
/// how to read them.
Result<Format> formatOf(std::string_view contentType, std::string_view fallbackProtocol);

/// The Content-Type a writer of that format sends.
std::string_view contentTypeOf(Format format);

} // namespace watchfire::exposition
