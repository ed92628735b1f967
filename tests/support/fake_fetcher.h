// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/ports/http.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::test {

struct TurnedClock final : Clock {
    Timestamp at = fromUnixMs(1'700'000'000'000);
    Timestamp now() const override { return at; }
};

/// Answers at once, by URL; what it has no answer for cannot be reached. Or, held back, keeps
/// the replies until `release`.
struct FakeFetcher final : HttpFetcher {
    std::map<std::string, Result<HttpResponse>> answers;
    std::vector<HttpRequest> requests;
    bool holds = false;
    std::deque<std::pair<std::string, Reply<HttpResponse>>> held;

    void answer(const std::string& url, std::string body,
                std::string type = "text/plain; version=0.0.4", int status = 200)
    {
        HttpResponse response;
        response.status = status;
        if (!type.empty()) {
            response.headers.emplace_back("Content-Type", std::move(type));
        }
        response.body = std::move(body);
        answers.insert_or_assign(url, std::move(response));
    }

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        const std::string url = request.url;
        requests.push_back(std::move(request));
        if (holds) {
            held.emplace_back(url, std::move(reply));
        } else {
            send(url, reply);
        }
        return {};
    }

    void release()
    {
        while (!held.empty()) {
            auto [url, reply] = std::move(held.front());
            held.pop_front();
            send(url, reply);
        }
    }

private:
    void send(const std::string& url, Reply<HttpResponse>& reply)
    {
        const auto found = answers.find(url);
        if (found == answers.end()) {
            reply(fail(ErrorKind::unavailable, "connection refused"));
        } else {
            reply(found->second);
        }
    }
};

/// Keeps tasks until they are told to run.
struct HeldExecutor final : Executor {
    std::deque<Task> tasks;
    void run(Task task) override { tasks.push_back(std::move(task)); }
    void drain()
    {
        while (!tasks.empty()) {
            Task task = std::move(tasks.front());
            tasks.pop_front();
            task();
        }
    }
};

} // namespace watchfire::test
