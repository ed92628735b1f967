// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/discovery/provider.h"
#include "core/ports/http.h"

#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace watchfire::discovery {

/// A GET for JSON.
HttpRequest requestOf(std::string url, const HttpClientOptions& client,
                      std::chrono::milliseconds timeout);

/// That the status is not the one wanted, with what the answer says about it.
Error statusError(const HttpResponse& response);

/// An address as people may see it: without the password in it.
std::string withoutPassword(std::string_view url);

/// Fetches, and reads the answer on a worker. `read` makes a Result of an HttpResponse; `done`
/// gets it, or why there is no answer, on any thread. An answer may come before this returns,
/// and the ticket stands for nothing then.
template <class Read, class Done>
Ticket fetchAndRead(const ProviderPorts& ports, HttpRequest request, Read read, Done done)
{
    using Answer = std::invoke_result_t<Read, const HttpResponse&>;
    return ports.fetcher.fetch(
        std::move(request),
        [&workers = ports.workers, read = std::move(read),
         done = std::move(done)](Result<HttpResponse> response) mutable {
            workers.run([read = std::move(read), done = std::move(done),
                         response = std::move(response)]() mutable {
                if (response) {
                    done(read(*response));
                } else {
                    done(Answer(std::unexpected(std::move(response.error()))));
                }
            });
        });
}

} // namespace watchfire::discovery
