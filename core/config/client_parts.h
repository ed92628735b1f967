// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/reader.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The sections that an HTTP client's keys are made of.
namespace watchfire::config {

/// The text with its ASCII letters in lower case.
std::string lower(std::string_view text);

/// Counts those that are set; more than one is a fault. `prefix` goes before their names.
std::size_t atMostOne(Reading& reading, const encoding::YamlNode& at,
                      std::initializer_list<std::pair<std::string_view, bool>> given,
                      std::string_view prefix = {});

// Each warns about references into a secret manager (…_ref), which Watchfire has none of.
BasicAuth readBasicAuth(Reading& reading, const encoding::YamlNode& node);
BearerAuth readAuthorization(Reading& reading, const encoding::YamlNode& node);
TlsOptions readTls(Reading& reading, const encoding::YamlNode& node);
OAuth2 readOauth2(Reading& reading, const encoding::YamlNode& node);
/// Takes proxy_url and its kin out of `fields`.
ProxyOptions readProxy(Fields& fields);
/// http_headers
std::vector<HttpHeaderSource> readHeaders(Fields& fields);

/// Why the text is no URL, as Go's net/url says it; nothing where it is one (a bare path, too).
std::optional<std::string> urlFault(std::string_view text);
/// A fault at `node` where the text is no URL.
void checkUrl(Reading& reading, const encoding::YamlNode* node, std::string_view text);

} // namespace watchfire::config
