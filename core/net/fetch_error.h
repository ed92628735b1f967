// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/curl_types.h"
#include "core/net/url.h"

#include <chrono>
#include <string>
#include <string_view>

namespace watchfire::net {

/// How a request was made, for the words of its failure.
struct FetchContext {
    std::string peer; ///< "HOST:PORT", or the path of a socket
    std::string proxy; ///< "HOST:PORT"; empty: none
    std::chrono::milliseconds timeout{};
};

/// What libcurl says, in our words. `detail` is the text it left, or empty.
Error fetchError(CURL* handle, CURLcode code, std::string_view detail, const FetchContext& context);
/// What is said when the time of a request is over.
Error timeoutError(const FetchContext& context, std::string_view meanwhile = {});

} // namespace watchfire::net
