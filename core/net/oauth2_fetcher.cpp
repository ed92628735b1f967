// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/oauth2_fetcher.h"

#include "core/net/oauth2_token.h"
#include "core/ports/secret_file.h"
#include "core/text/duration.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <format>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace watchfire::net {

namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

constexpr auto tokenTimeout = 30s;
constexpr auto failureKeptFor = 2s;
constexpr auto grantKeptFor = std::chrono::hours(1);

/// A request that has no answer yet.
struct Call {
    HttpRequest request;
    Reply<HttpResponse> reply;
    Moment deadline;
    bool waitsForToken = false;
    bool isRetried = false;
    bool isOver = false;
    std::uint64_t attempt = 0; ///< whose ticket is kept
    Ticket underWay;
    std::optional<std::stop_callback<std::function<void()>>> onCancel;
};
using CallPtr = std::shared_ptr<Call>;

/// What is known of one configuration.
struct Grant {
    OAuth2 options;
    std::optional<Token> token;
    std::uint64_t serial = 0; ///< of the token
    std::optional<ClientCredentials> how; ///< that the server took
    bool isAsking = false;
    Ticket asking;
    std::vector<CallPtr> waiting;
    std::optional<Error> failure;
    Timestamp failedAt;
    Timestamp usedAt;
};
using GrantPtr = std::shared_ptr<Grant>;

/// What one question for a token goes by.
struct Question {
    GrantPtr grant;
    std::string secret;
    ClientCredentials how = ClientCredentials::inHeader;
    std::optional<Error> before; ///< what the other way came to
    bool isSent = false; ///< to the server, which is not to be asked again at once
};

} // namespace

/// All calls and grants, and a thread for what comes to nothing: calls whose time is over while
/// they wait, and failures, so that no reply comes from within `fetch`. One mutex guards it all;
/// other people's code is called without it.
class OAuth2Fetcher::Tokens : public std::enable_shared_from_this<OAuth2Fetcher::Tokens> {
public:
    Tokens(HttpFetcher& fetcher, const Clock& clock)
        : m_fetcher(fetcher)
        , m_clock(clock)
        , m_thread([this](const std::stop_token& stop) { endCalls(stop); })
    {
    }

    HttpFetcher& fetcher() { return m_fetcher; }

    void begin(const CallPtr& call);
    void cancel(const CallPtr& call);
    /// No reply comes after it returns. Not from within a reply.
    void stop();

private:
    /// Counts who is about to call somebody's reply.
    class Visit {
    public:
        explicit Visit(Tokens& tokens)
            : m_tokens(tokens)
        {
            const std::lock_guard lock(tokens.m_mutex);
            m_isOpen = !tokens.m_stopping;
            tokens.m_inside += m_isOpen ? 1 : 0;
        }
        ~Visit()
        {
            if (m_isOpen) {
                const std::lock_guard lock(m_tokens.m_mutex);
                --m_tokens.m_inside;
                m_tokens.m_wake.notify_all();
            }
        }
        Visit(const Visit&) = delete;
        Visit& operator=(const Visit&) = delete;
        bool isOpen() const { return m_isOpen; }

    private:
        Tokens& m_tokens;
        bool m_isOpen = false;
    };

    GrantPtr grantOf(const OAuth2& options, Timestamp now);
    bool recentlyFailed(const Grant& grant, Timestamp now) const;
    void ask(const GrantPtr& grant);
    void put(Question question);
    void answered(const Question& question, Result<HttpResponse> response);
    void settle(const Question& question, Result<Token> token);
    void send(const CallPtr& call, const Token& token, std::uint64_t serial);
    void returned(const CallPtr& call, std::uint64_t serial, Result<HttpResponse> response);
    void finish(const CallPtr& call, Result<HttpResponse> result);
    void failSoon(const CallPtr& call, Error error);
    void endCalls(const std::stop_token& stop);

    struct End {
        CallPtr call;
        std::optional<Error> error; ///< nothing: its time is over, if it still waits then
    };

    HttpFetcher& m_fetcher;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_stopping = false;
    int m_inside = 0;
    std::vector<GrantPtr> m_grants;
    std::multimap<Moment, End> m_ends;
    std::jthread m_thread; // last: it uses all of the above
};

GrantPtr OAuth2Fetcher::Tokens::grantOf(const OAuth2& options, Timestamp now)
{
    const auto found = std::ranges::find_if(
        m_grants, [&](const GrantPtr& grant) { return grant->options == options; });
    if (found != m_grants.end()) {
        (*found)->usedAt = now;
        return *found;
    }
    std::erase_if(m_grants, [now](const GrantPtr& grant) {
        return !grant->isAsking && now - grant->usedAt > grantKeptFor;
    });
    auto grant = std::make_shared<Grant>();
    grant->options = options;
    grant->usedAt = now;
    m_grants.push_back(grant);
    return grant;
}

bool OAuth2Fetcher::Tokens::recentlyFailed(const Grant& grant, Timestamp now) const
{
    return grant.failure && now >= grant.failedAt && now - grant.failedAt < failureKeptFor;
}

void OAuth2Fetcher::Tokens::begin(const CallPtr& call)
{
    std::optional<Token> token;
    std::uint64_t serial = 0;
    bool mustAsk = false;
    GrantPtr grant;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || call->isOver) {
            return;
        }
        const Timestamp now = m_clock.now();
        grant = grantOf(std::get<OAuth2>(call->request.client.auth), now);
        const bool failed = recentlyFailed(*grant, now);
        if (grant->token && grant->token->isValid(now)) {
            token = grant->token;
            serial = grant->serial;
            mustAsk = !grant->isAsking && !failed && token->isAging(now);
        } else if (failed) {
            m_ends.emplace(Moment(), End{call, grant->failure});
            m_wake.notify_all();
        } else {
            call->waitsForToken = true;
            grant->waiting.push_back(call);
            m_ends.emplace(call->deadline, End{call, std::nullopt});
            m_wake.notify_all();
            mustAsk = !grant->isAsking;
        }
        grant->isAsking = grant->isAsking || mustAsk;
    }
    if (mustAsk) {
        ask(grant);
    }
    if (token) {
        send(call, *token, serial);
    }
}

void OAuth2Fetcher::Tokens::ask(const GrantPtr& grant)
{
    Question question{.grant = grant,
                      .secret = grant->options.clientSecret.reveal(),
                      .how = grant->how.value_or(ClientCredentials::inHeader),
                      .before = std::nullopt,
                      .isSent = false};
    if (!grant->options.clientSecretFile.empty()) {
        auto read = readSecretFile(grant->options.clientSecretFile);
        if (!read) {
            settle(question, std::unexpected(read.error().within("the client's secret")));
            return;
        }
        question.secret = std::move(*read);
    }
    put(std::move(question));
}

void OAuth2Fetcher::Tokens::put(Question question)
{
    HttpRequest request = tokenRequest(question.grant->options, question.secret, question.how);
    request.timeout = tokenTimeout;
    question.isSent = true;
    const GrantPtr grant = question.grant;
    Ticket ticket = m_fetcher.fetch(
        std::move(request),
        [weak = weak_from_this(), question = std::move(question)](Result<HttpResponse> response) {
            if (const auto tokens = weak.lock()) {
                tokens->answered(question, std::move(response));
            }
        });
    const std::lock_guard lock(m_mutex);
    // Answered meanwhile, it stands for nothing any more; another question may have its place.
    if (grant->isAsking && !grant->asking.isHeld() && !m_stopping) {
        grant->asking = std::move(ticket);
    } else {
        ticket.detach();
    }
}

void OAuth2Fetcher::Tokens::answered(const Question& question, Result<HttpResponse> response)
{
    Ticket over;
    bool isOtherWayOpen = false;
    const OAuth2& options = question.grant->options;
    {
        const std::lock_guard lock(m_mutex);
        over = std::move(question.grant->asking);
        isOtherWayOpen = !question.grant->how && question.how == ClientCredentials::inHeader;
    }
    over.detach();
    if (!response) {
        settle(question,
               std::unexpected(response.error().within(
                   std::format("no token from the token server {}", tokenServer(options)))));
        return;
    }
    Result<Token> token = readToken(*response, options, question.secret, m_clock.now());
    if (!token && isOtherWayOpen && response->status >= 400 && response->status < 500) {
        put({.grant = question.grant,
             .secret = question.secret,
             .how = ClientCredentials::inBody,
             .before = token.error(),
             .isSent = true});
        return;
    }
    if (!token && question.before && question.before->message != token.error().message) {
        token.error().message = std::format("{}; with the client's secret in the body: {}",
                                            question.before->message, token.error().message);
    }
    settle(question, std::move(token));
}

void OAuth2Fetcher::Tokens::settle(const Question& question, Result<Token> token)
{
    std::vector<CallPtr> waiting;
    std::uint64_t serial = 0;
    {
        const std::lock_guard lock(m_mutex);
        Grant& grant = *question.grant;
        grant.isAsking = false;
        waiting = std::exchange(grant.waiting, {});
        if (token) {
            grant.token = *token;
            grant.how = question.how;
            grant.failure.reset();
            ++grant.serial;
        } else if (question.isSent) {
            grant.failure = token.error();
            grant.failedAt = m_clock.now();
            grant.how.reset(); // it may take another by now
        }
        serial = grant.serial;
        for (const CallPtr& call : waiting) {
            call->waitsForToken = false;
        }
    }
    for (const CallPtr& call : waiting) {
        if (token) {
            send(call, *token, serial);
        } else {
            failSoon(call, token.error());
        }
    }
}

void OAuth2Fetcher::Tokens::send(const CallPtr& call, const Token& token, std::uint64_t serial)
{
    HttpRequest request;
    std::uint64_t attempt = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || call->isOver) {
            return;
        }
        request = call->request;
        attempt = ++call->attempt;
    }
    request.client.auth = BearerAuth{token.type, token.text, {}};
    request.timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(
                                   call->deadline - std::chrono::steady_clock::now()),
                               std::chrono::milliseconds(1));
    Ticket ticket = m_fetcher.fetch(
        std::move(request), [weak = weak_from_this(), call, serial](Result<HttpResponse> response) {
            if (const auto tokens = weak.lock()) {
                tokens->returned(call, serial, std::move(response));
            }
        });
    const std::lock_guard lock(m_mutex);
    if (!call->isOver && call->attempt == attempt) {
        call->underWay = std::move(ticket);
    }
}

void OAuth2Fetcher::Tokens::returned(const CallPtr& call, std::uint64_t serial,
                                     Result<HttpResponse> response)
{
    bool again = false;
    {
        const std::lock_guard lock(m_mutex);
        again = response && response->status == 401 && !call->isRetried && !call->isOver
            && !m_stopping;
        if (again) {
            call->isRetried = true;
            const GrantPtr grant
                = grantOf(std::get<OAuth2>(call->request.client.auth), m_clock.now());
            if (grant->serial == serial) {
                grant->token.reset();
            }
        }
    }
    if (again) {
        begin(call);
    } else {
        finish(call, std::move(response));
    }
}

void OAuth2Fetcher::Tokens::finish(const CallPtr& call, Result<HttpResponse> result)
{
    const Visit visit(*this);
    Reply<HttpResponse> reply;
    {
        const std::lock_guard lock(m_mutex);
        if (!visit.isOpen() || std::exchange(call->isOver, true)) {
            return;
        }
        reply = std::move(call->reply);
        call->underWay.detach();
    }
    reply(std::move(result));
}

void OAuth2Fetcher::Tokens::failSoon(const CallPtr& call, Error error)
{
    const std::lock_guard lock(m_mutex);
    m_ends.emplace(Moment(), End{call, std::move(error)});
    m_wake.notify_all();
}

void OAuth2Fetcher::Tokens::cancel(const CallPtr& call)
{
    Ticket underWay;
    Reply<HttpResponse> reply;
    const std::lock_guard lock(m_mutex);
    call->isOver = true;
    underWay = std::move(call->underWay);
    reply = std::move(call->reply);
}

void OAuth2Fetcher::Tokens::endCalls(const std::stop_token& stop)
{
    pthread_setname_np(pthread_self(), "net-token");
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (m_ends.empty()) {
            m_wake.wait(lock, stop, [this] { return !m_ends.empty(); });
            continue;
        }
        const Moment next = m_ends.begin()->first;
        if (next > std::chrono::steady_clock::now()) {
            m_wake.wait_until(lock, stop, next,
                              [&] { return m_ends.empty() || m_ends.begin()->first < next; });
            continue;
        }
        const End end = std::move(m_ends.extract(m_ends.begin()).mapped());
        const bool isDue = !end.call->isOver && (end.error || end.call->waitsForToken);
        lock.unlock();
        if (isDue) {
            const OAuth2& options = std::get<OAuth2>(end.call->request.client.auth);
            finish(
                end.call,
                std::unexpected(end.error.value_or(Error{
                    ErrorKind::timeout,
                    std::format("no token from the token server {} within {}", tokenServer(options),
                                text::formatDuration(end.call->request.timeout))})));
        }
        lock.lock();
    }
}

void OAuth2Fetcher::Tokens::stop()
{
    std::vector<CallPtr> calls;
    std::vector<Ticket> questions;
    std::multimap<Moment, End> ends;
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_wake.wait(lock, [this] { return m_inside == 0; });
        for (const GrantPtr& grant : m_grants) {
            std::ranges::move(std::exchange(grant->waiting, {}), std::back_inserter(calls));
            questions.push_back(std::move(grant->asking));
        }
        ends.swap(m_ends);
    }
    m_thread.request_stop();
    m_thread.join();
}

OAuth2Fetcher::OAuth2Fetcher(HttpFetcher& fetcher, const Clock& clock)
    : m_tokens(std::make_shared<Tokens>(fetcher, clock))
{
}

OAuth2Fetcher::~OAuth2Fetcher()
{
    m_tokens->stop();
}

Ticket OAuth2Fetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    if (!std::holds_alternative<OAuth2>(request.client.auth)) {
        return m_tokens->fetcher().fetch(std::move(request), std::move(reply));
    }
    const auto call = std::make_shared<Call>();
    call->deadline = std::chrono::steady_clock::now() + request.timeout;
    call->request = std::move(request);
    call->reply = std::move(reply);
    std::stop_source source;
    call->onCancel.emplace(source.get_token(),
                           [tokens = std::weak_ptr(m_tokens), call = std::weak_ptr(call)] {
                               const auto known = tokens.lock();
                               const auto cancelled = call.lock();
                               if (known && cancelled) {
                                   known->cancel(cancelled);
                               }
                           });
    m_tokens->begin(call);
    return Ticket(std::move(source));
}

} // namespace watchfire::net
