// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"
#include "core/ports/http.h"
#include "core/scrape/body_reader.h"

namespace watchfire::scrape {

/// The request that a scrape makes.
/// Source: recorded requests of Prometheus 3.5 (conformance, protocols-*).
HttpRequest makeRequest(const IntakeRules& rules);

/// Whether the response may be read, and how: status 200, not too large, a Content-Type that
/// the job takes.
Result<exposition::Format> readableAs(const HttpResponse& response, const IntakeRules& rules);

/// Whether a fetcher's error says that the body is larger than the job allows.
bool isBodyLimit(const Error& error, const IntakeRules& rules);

/// A fetcher's error in the words of a scrape. Of limits only that of the body's size has words
/// that Prometheus has, too; others say themselves what they are.
Error asScrapeError(const Error& error, const IntakeRules& rules);

} // namespace watchfire::scrape
