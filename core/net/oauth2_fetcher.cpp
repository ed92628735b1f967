// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/oauth2_fetcher.h"

#include "core/encoding/json.h"
#include "core/net/credentials.h"
#include "core/ports/secret_file.h"

#include <chrono>
#include <cstdlib>
#include <format>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace watchfire::net {

namespace {

using namespace std::chrono_literals;

constexpr auto renewBefore = 10s; ///< a token's end
constexpr std::uint64_t mostTokenBytes = std::uint64_t{1} << 20;
constexpr std::size_t mostQuotedBytes = 200; ///< of what a server says

struct Token {
    std::string type;
    Secret value;
    std::optional<Timestamp> endsAt; ///< unset: never
};

/// Where client and secret are put.
enum class ClientPlace { header, body };

void append(std::string& form, std::string_view name, std::string_view value)
{
    form += std::format("{}{}={}", form.empty() ? "" : "&", percentEncode(name),
                        percentEncode(value));
}

Result<HttpRequest> tokenRequest(const OAuth2& config, ClientPlace place,
                                 std::chrono::milliseconds timeout)
{
    std::string secret = config.clientSecret.reveal();
    if (!config.clientSecretFile.empty()) {
        auto read = readSecretFile(config.clientSecretFile);
        if (!read) {
            return std::unexpected(read.error().within("the client's secret"));
        }
        secret = std::move(*read);
    }
    HttpRequest request;
    request.method = "POST";
    request.url = config.tokenUrl;
    request.timeout = timeout;
    request.maxBody = mostTokenBytes;
    request.client.tls = config.tls;
    request.client.proxy = config.proxy;
    request.headers
        = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    append(request.body, "grant_type", "client_credentials");
    if (!config.scopes.empty()) {
        std::string scopes;
        for (const std::string& scope : config.scopes) {
            scopes += (scopes.empty() ? "" : " ") + scope;
        }
        append(request.body, "scope", scopes);
    }
    for (const auto& [name, value] : config.endpointParams) {
        append(request.body, name, value);
    }
    if (place == ClientPlace::header) {
        request.client.auth
            = BasicAuth{percentEncode(config.clientId), Secret(percentEncode(secret)), {}, {}};
    } else {
        append(request.body, "client_id", config.clientId);
        append(request.body, "client_secret", secret);
    }
    return request;
}

/// What the server says of why it gives no token.
std::string refusalOf(const HttpResponse& response)
{
    const auto body = encoding::parseJson(response.body);
    std::string said;
    if (body && (*body)["error"].isString()) {
        said = std::string((*body)["error"].asString());
        if (const auto more = (*body)["error_description"].asString(); !more.empty()) {
            said += std::format(": {}", more);
        }
    } else {
        said = response.body;
    }
    return said.substr(0, mostQuotedBytes);
}

Result<Token> tokenOf(const OAuth2& config, const HttpResponse& response, Timestamp now)
{
    if (response.status < 200 || response.status > 299) {
        return fail(ErrorKind::unavailable,
                    std::format("{} gives no token: HTTP status {}: {}", config.tokenUrl,
                                response.status, refusalOf(response)));
    }
    const auto body = encoding::parseJson(response.body);
    if (!body || (*body)["access_token"].asString().empty()) {
        return fail(ErrorKind::unavailable,
                    std::format("{} answered without an access_token", config.tokenUrl));
    }
    Token token;
    token.value = Secret(std::string((*body)["access_token"].asString()));
    // "bearer" in whatever case is Bearer; another type is sent as it is named.
    token.type = std::string((*body)["token_type"].asString("Bearer"));
    if (token.type == "bearer" || token.type == "BEARER" || token.type.empty()) {
        token.type = "Bearer";
    }
    const encoding::JsonValue& seconds = (*body)["expires_in"];
    // Some servers write the number as a text.
    const double lasts = seconds.isString()
        ? std::strtod(std::string(seconds.asString()).c_str(), nullptr)
        : seconds.asNumber();
    if (lasts > 0 && lasts < 1e9) {
        token.endsAt = now + std::chrono::milliseconds(static_cast<std::int64_t>(lasts * 1000));
    }
    return token;
}

/// One request of ours on its way.
struct Call {
    HttpRequest request;
    Reply<HttpResponse> reply;
    std::stop_token token;
    bool hasKeptToken = false; ///< it may be an old one
    bool isRepeated = false;
    std::mutex mutex;
    std::uint64_t sent = 0; ///< times the request was sent, guarded by mutex
    Ticket ticket; ///< of the last time, likewise
    std::optional<std::stop_callback<std::function<void()>>> onStop;

    void answer(Result<HttpResponse> result)
    {
        if (auto once = std::exchange(reply, nullptr); once && !token.stop_requested()) {
            once(std::move(result));
        }
    }
    void cancel()
    {
        const std::lock_guard lock(mutex);
        ticket.cancel();
    }
};
using CallPtr = std::shared_ptr<Call>;

/// The tokens of one configuration.
struct Source {
    OAuth2 config;
    ClientPlace place = ClientPlace::header;
    std::optional<Token> token;
    bool isAsking = false;
    std::vector<CallPtr> waiting;
    Ticket ticket;
};

} // namespace

class OAuth2Fetcher::State : public std::enable_shared_from_this<State> {
public:
    State(HttpFetcher& next, const Clock& clock)
        : m_next(next)
        , m_clock(clock)
    {
    }

    Ticket pass(HttpRequest request, Reply<HttpResponse> reply)
    {
        return m_next.fetch(std::move(request), std::move(reply));
    }

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply)
    {
        std::stop_source source;
        auto call = std::make_shared<Call>();
        call->request = std::move(request);
        call->reply = std::move(reply);
        call->token = source.get_token();
        call->onStop.emplace(source.get_token(), [weak = std::weak_ptr(call)] {
            if (const auto held = weak.lock()) {
                held->cancel();
            }
        });
        begin(call);
        return Ticket(std::move(source));
    }

    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_sources.clear();
    }

private:
    /// The source of that configuration; made where there is none. Under the lock.
    std::shared_ptr<Source> sourceOf(const OAuth2& config)
    {
        for (const auto& source : m_sources) {
            if (source->config == config) {
                return source;
            }
        }
        auto source = std::make_shared<Source>();
        source->config = config;
        // Configurations come and go with reloads; those that wait for nothing can be made anew.
        constexpr std::size_t many = 256;
        if (m_sources.size() >= many) {
            std::erase_if(m_sources, [](const auto& old) { return !old->isAsking; });
        }
        m_sources.push_back(source);
        return source;
    }

    /// Sends the call, once there is a token for it.
    void begin(const CallPtr& call)
    {
        std::shared_ptr<Source> source;
        std::optional<Token> token;
        bool asks = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_isOver) {
                return;
            }
            source = sourceOf(std::get<OAuth2>(call->request.client.auth));
            const bool isGood = source->token
                && (!source->token->endsAt || m_clock.now() < *source->token->endsAt - renewBefore);
            if (isGood) {
                token = source->token;
                call->hasKeptToken = true;
            } else {
                source->waiting.push_back(call);
                asks = !std::exchange(source->isAsking, true);
            }
        }
        if (token) {
            send(call, source, *token);
        } else if (asks) {
            ask(source, call->request.timeout);
        }
    }

    void ask(const std::shared_ptr<Source>& source, std::chrono::milliseconds timeout)
    {
        auto request = tokenRequest(source->config, source->place, timeout);
        if (!request) {
            take(source, std::unexpected(request.error()));
            return;
        }
        Ticket ticket = m_next.fetch(
            std::move(*request),
            [weak = weak_from_this(), source, timeout](Result<HttpResponse> response) {
                if (const auto self = weak.lock()) {
                    self->answered(source, timeout, std::move(response));
                }
            });
        const std::lock_guard lock(m_mutex);
        if (source->isAsking) {
            source->ticket = std::move(ticket);
        } else {
            ticket.detach(); // it was answered at once
        }
    }

    void answered(const std::shared_ptr<Source>& source, std::chrono::milliseconds timeout,
                  Result<HttpResponse> response)
    {
        if (!response) {
            take(source, std::unexpected(response.error().within("asking for a token")));
            return;
        }
        if ((response->status == 400 || response->status == 401)
            && source->place == ClientPlace::header) {
            source->place = ClientPlace::body;
            ask(source, timeout);
            return;
        }
        auto token = tokenOf(source->config, *response, m_clock.now());
        if (!token) {
            source->place = ClientPlace::header; // both were tried
        }
        take(source, std::move(token));
    }

    /// What asking for a token came to, for all that wait.
    void take(const std::shared_ptr<Source>& source, Result<Token> token)
    {
        std::vector<CallPtr> waiting;
        {
            const std::lock_guard lock(m_mutex);
            source->isAsking = false;
            source->ticket.detach();
            source->ticket = {};
            waiting = std::exchange(source->waiting, {});
            if (m_isOver) {
                return;
            }
            source->token = token ? std::optional(*token) : std::nullopt;
        }
        for (const CallPtr& call : waiting) {
            if (token) {
                call->hasKeptToken = false;
                send(call, source, *token);
            } else {
                call->answer(std::unexpected(token.error()));
            }
        }
    }

    void send(const CallPtr& call, const std::shared_ptr<Source>& source, const Token& token)
    {
        if (call->token.stop_requested()) {
            return;
        }
        HttpRequest request = call->request;
        request.client.auth = BearerAuth{token.type, token.value, {}};
        std::uint64_t number = 0;
        {
            const std::lock_guard lock(call->mutex);
            number = ++call->sent;
        }
        Ticket ticket = m_next.fetch(std::move(request),
                                     [weak = weak_from_this(), call, source,
                                      used = token.value.reveal()](Result<HttpResponse> response) {
                                         if (const auto self = weak.lock()) {
                                             self->finish(call, source, used, std::move(response));
                                         }
                                     });
        const std::lock_guard lock(call->mutex);
        if (call->sent == number) {
            call->ticket = std::move(ticket);
        } else {
            ticket.detach(); // it was answered at once, and sent again
        }
        if (call->token.stop_requested()) {
            call->ticket.cancel();
        }
    }

    void finish(const CallPtr& call, const std::shared_ptr<Source>& source, const std::string& used,
                Result<HttpResponse> response)
    {
        if (response && response->status == 401) {
            {
                const std::lock_guard lock(m_mutex);
                if (source->token && source->token->value.reveal() == used) {
                    source->token.reset();
                }
            }
            if (call->hasKeptToken && !std::exchange(call->isRepeated, true)) {
                begin(call);
                return;
            }
        }
        call->answer(std::move(response));
    }

    HttpFetcher& m_next;
    const Clock& m_clock;
    std::mutex m_mutex;
    bool m_isOver = false;
    std::vector<std::shared_ptr<Source>> m_sources;
};

OAuth2Fetcher::OAuth2Fetcher(HttpFetcher& next, const Clock& clock)
    : m_state(std::make_shared<State>(next, clock))
{
}

OAuth2Fetcher::~OAuth2Fetcher()
{
    m_state->end();
}

Ticket OAuth2Fetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    return std::holds_alternative<OAuth2>(request.client.auth)
        ? m_state->fetch(std::move(request), std::move(reply))
        : m_state->pass(std::move(request), std::move(reply));
}

} // namespace watchfire::net
