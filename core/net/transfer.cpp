// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/transfer.h"

#include "core/net/credentials.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace watchfire::net {

namespace {

using namespace std::chrono_literals;

/// The body of a redirect is read to its end, so that the connection can be used again, unless
/// it is longer than this.
constexpr std::size_t mostSkipped = std::size_t{64} << 10;

/// A header that could end early and begin another one is none.
Result<void> check(const std::string& name, const std::string& value)
{
    constexpr std::string_view separators = "\"(),/:;<=>?@[\\]{}";
    const bool isToken = !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
        return c > 0x20 && c < 0x7F && !separators.contains(static_cast<char>(c));
    });
    if (!isToken) {
        return fail(ErrorKind::invalid, std::format("\"{}\" is no name of a header", name));
    }
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        return fail(ErrorKind::invalid,
                    std::format("the value of the header {} goes over several lines", name));
    }
    return {};
}

/// As libcurl takes it: a header without value has a semicolon instead.
std::string line(const std::string& name, const std::string& value)
{
    return value.empty() ? name + ";" : name + ": " + value;
}

int closeSocket(void* user, curl_socket_t socket)
{
    --static_cast<SocketCount*>(user)->open;
    return close(socket);
}

std::string_view trimmedStart(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

} // namespace

Transfer::Transfer(HttpRequest request, Reply<HttpResponse> reply)
    : m_request(std::move(request))
    , m_reply(std::move(reply))
    , m_submitted(std::chrono::steady_clock::now())
    , m_deadline(m_submitted + m_request.timeout)
{
}

Result<void> Transfer::begin(TransferSurroundings& surroundings)
{
    auto url = parseUrl(m_request.url);
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    m_hop = {.url = std::move(*url), .method = m_request.method};
    auto configured = resolveHeaders(m_request.client.headers);
    if (!configured) {
        return std::unexpected(std::move(configured.error()));
    }
    m_configured = std::move(*configured);
    m_budget = &surroundings.budget;
    m_sockets = &surroundings.sockets;
    auto authorization = authorizationOf(m_request.client.auth, m_hop.url);
    if (!authorization) {
        return std::unexpected(std::move(authorization.error()));
    }
    m_authorization = std::move(*authorization);
    return aim(surroundings);
}

Result<void> Transfer::aim(TransferSurroundings& surroundings)
{
    m_aimed = std::chrono::steady_clock::now();
    enter(HttpPhase::resolve, m_timings);
    m_proxy.reset();
    if (m_request.unixSocket.empty()) {
        auto proxy = proxyFor(m_request.client.proxy, surroundings.environment, m_hop.url);
        if (!proxy) {
            return std::unexpected(std::move(proxy.error()));
        }
        m_proxy = std::move(*proxy);
    }
    return {};
}

std::string Transfer::hostToResolve() const
{
    if (!m_request.unixSocket.empty()) {
        return {};
    }
    const std::string& host = m_proxy ? m_proxy->host : m_hop.url.host;
    return HostResolver::isName(host) ? host : std::string();
}

Result<void> Transfer::prepare(const Addresses& addresses, TransferSurroundings& surroundings)
{
    m_handle.reset(); // before what it uses
    m_handle.reset(curl_easy_init());
    if (m_handle == nullptr) {
        return fail(ErrorKind::internal, "libcurl cannot start a request");
    }
    CURL* const handle = m_handle.get();
    m_headers.reset();
    m_proxyHeaders.reset();
    m_connectTo.reset();
    m_resolved.reset();
    m_status = 0;
    m_headEnded = false;
    m_answer.clear();
    m_body.reset();
    m_skipped = 0;
    m_leftEarly = false;
    m_message.fill('\0');
    if (!addresses.empty()) {
        m_timings.resolve += std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - m_aimed);
    }
    enter(HttpPhase::connect, m_timings);

    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L); // see redirect.h
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        m_deadline - std::chrono::steady_clock::now());
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(left, 1ms).count()));
    setCallbacks(surroundings);
    setConnection();
    setMethod();
    setProxy();
    setNames(addresses);
    if (auto set = setAddress(); !set) {
        return set;
    }
    if (auto set = setHeaders(); !set) {
        return set;
    }
    if (m_hop.url.isSecure() || (m_proxy && m_proxy->url.starts_with("https:"))) {
        return setTls(handle, m_request.client.tls, m_hop.isTrusted, surroundings.files);
    }
    return {};
}

void Transfer::setCallbacks(TransferSurroundings& surroundings)
{
    CURL* const handle = m_handle.get();
    curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, m_message.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::onOpen);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &closeSocket);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, &surroundings.sockets);
    if (m_request.progress) {
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Transfer::onProgress);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
    }
}

void Transfer::setConnection()
{
    CURL* const handle = m_handle.get();
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION,
                     m_request.client.http2 ? static_cast<long>(CURL_HTTP_VERSION_2TLS)
                                            : static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, 300L); // longer than targets' intervals are
}

void Transfer::setMethod()
{
    CURL* const handle = m_handle.get();
    if (m_hop.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
        return;
    }
    const bool hasBody = m_hop.sendsBody
        && (!m_request.body.empty() || m_hop.method == "POST" || m_hop.method == "PUT");
    if (m_hop.method != "GET" || hasBody) {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, m_hop.method.c_str());
    }
    if (hasBody) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(m_request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, m_request.body.data());
        append(m_headers, "Expect:"); // no round trip to ask for permission
    }
}

void Transfer::setProxy()
{
    CURL* const handle = m_handle.get();
    // An empty text says "none", and that the environment is not asked.
    curl_easy_setopt(handle, CURLOPT_PROXY, m_proxy ? m_proxy->url.c_str() : "");
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
    curl_easy_setopt(handle, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    if (!m_proxy || !m_hop.url.isSecure()) {
        return; // libcurl would send them on to the server where there is no CONNECT
    }
    for (const auto& [name, values] : m_request.client.proxy.connectHeaders) {
        for (const Secret& value : values) {
            append(m_proxyHeaders, line(name, value.reveal()));
        }
    }
    curl_easy_setopt(handle, CURLOPT_PROXYHEADER, m_proxyHeaders.get());
}

void Transfer::setNames(const Addresses& addresses)
{
    // A memory of names for this transfer alone: libcurl walks through all of the one that
    // transfers share each time that one ends, and addresses in figures are in it, too.
    m_names.reset(curl_share_init());
    curl_share_setopt(m_names.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_easy_setopt(m_handle.get(), CURLOPT_SHARE, m_names.get());
    if (addresses.empty()) {
        return;
    }
    std::string entry = m_proxy ? std::format("{}:{}:", m_proxy->host, m_proxy->port)
                                : m_hop.url.authority() + ":";
    for (const std::string& address : addresses) {
        entry += (entry.ends_with(':') ? "" : ",") + address;
    }
    append(m_resolved, entry);
    curl_easy_setopt(m_handle.get(), CURLOPT_RESOLVE, m_resolved.get());
}

Result<void> Transfer::setAddress()
{
    CURL* const handle = m_handle.get();
    const Url& url = m_hop.url;
    if (const std::string& path = m_request.unixSocket; path.starts_with('@')) {
        curl_easy_setopt(handle, CURLOPT_ABSTRACT_UNIX_SOCKET, path.c_str() + 1);
    } else if (!path.empty()) {
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, path.c_str());
    }
    const std::string& serverName = m_request.client.tls.serverName;
    if (serverName.empty() || !m_hop.isTrusted || !url.isSecure()) {
        curl_easy_setopt(handle, CURLOPT_URL, url.text.c_str());
        return {};
    }
    // libcurl takes the name to verify from the URL: put it there, connect to the real host and
    // keep the real Host header.
    const std::string named = withHost(url, serverName);
    if (named.empty()) {
        return fail(ErrorKind::invalid,
                    std::format("\"{}\" cannot be the name of a server", serverName));
    }
    append(m_connectTo, std::format("::{}:{}", url.host, url.port));
    append(m_headers, line("Host", url.hostHeader()));
    curl_easy_setopt(handle, CURLOPT_URL, named.c_str());
    curl_easy_setopt(handle, CURLOPT_CONNECT_TO, m_connectTo.get());
    return {};
}

Result<void> Transfer::setHeaders()
{
    if (header(m_request.headers, "Accept-Encoding").empty()) {
        append(m_headers,
               m_request.acceptCompressed ? "Accept-Encoding: gzip" : "Accept-Encoding: identity");
    }
    for (const auto& [name, value] :
         headersFor(m_hop, m_request.headers, m_configured, m_authorization)) {
        if (auto checked = check(name, value); !checked) {
            return checked;
        }
        append(m_headers, line(name, value));
    }
    curl_easy_setopt(m_handle.get(), CURLOPT_HTTPHEADER, m_headers.get());
    return {};
}

curl_socket_t Transfer::onOpen(void* user, curlsocktype /*purpose*/, curl_sockaddr* address)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const int socket
        = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket < 0) {
        return CURL_SOCKET_BAD;
    }
    if (address->family == AF_INET || address->family == AF_INET6) {
        // A peer that is gone without a word would keep a connection that many requests share
        // for a quarter of an hour.
        const unsigned milliseconds = 60'000;
        setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
    }
    // Over the number that is kept, a new one closes when its request is done, and those that are
    // kept stay. libcurl would look through all of them for the oldest, each time; and of more
    // targets than fit, asked in turn, the oldest is the one that is needed next.
    if (++transfer.m_sockets->open > transfer.m_sockets->kept) {
        curl_easy_setopt(transfer.m_handle.get(), CURLOPT_FORBID_REUSE, 1L);
    }
    return socket;
}

std::size_t Transfer::onHeader(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const std::size_t bytes = size * count;
    std::string_view text(data, bytes);
    while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) {
        text.remove_suffix(1);
    }
    transfer.m_headEnded = transfer.m_headEnded || text.empty();
    if (text.starts_with("HTTP/")) {
        transfer.m_headEnded = false;
        transfer.m_answer.clear(); // of an informational answer
        transfer.m_status = 0;
        const std::string_view status
            = trimmedStart(text.substr(std::min(text.find(' '), text.size())));
        std::from_chars(status.data(), status.data() + status.size(), transfer.m_status);
    } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        transfer.m_answer.emplace_back(text.substr(0, colon), trimmedStart(text.substr(colon + 1)));
    }
    return bytes;
}

std::size_t Transfer::onBody(char* data, std::size_t size, std::size_t count, void* user)
{
    const std::size_t bytes = size * count;
    return static_cast<Transfer*>(user)->take({data, bytes}) ? bytes : CURL_WRITEFUNC_ERROR;
}

bool Transfer::leadsElsewhere() const
{
    return m_request.client.followRedirects && isRedirect(m_status)
        && !header(m_answer, "Location").empty();
}

bool Transfer::take(std::string_view piece)
{
    if (leadsElsewhere()) {
        m_skipped += piece.size();
        m_leftEarly = m_skipped > mostSkipped;
        return !m_leftEarly;
    }
    Result<void> taken;
    if (!m_body) {
        m_body.emplace(m_request.maxBody, *m_budget);
        taken = m_body->begin(m_answer);
    }
    if (taken) {
        taken = m_body->take(piece);
    }
    if (!taken) {
        m_failure = std::move(taken.error());
        return false;
    }
    return true;
}

HttpTimings Transfer::timings() const
{
    const auto at = [this](CURLINFO what) {
        curl_off_t microseconds = 0;
        curl_easy_getinfo(m_handle.get(), what, &microseconds);
        return std::chrono::microseconds(microseconds);
    };
    const auto connected = at(CURLINFO_CONNECT_TIME_T);
    const auto secured = std::max(connected, at(CURLINFO_APPCONNECT_TIME_T));
    HttpTimings sum = m_timings;
    sum.connect += connected;
    sum.tls += secured - connected;
    sum.firstByte += std::max(secured, at(CURLINFO_STARTTRANSFER_TIME_T)) - secured;
    return sum;
}

void Transfer::enter(HttpPhase phase, const HttpTimings& before)
{
    if (m_request.progress && m_phase != phase) {
        m_phase = phase;
        m_request.progress(phase, before);
    }
}

/// libcurl calls it whenever something may have happened.
int Transfer::onProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const auto isOver = [&](CURLINFO phase) {
        curl_off_t microseconds = 0;
        curl_easy_getinfo(transfer.m_handle.get(), phase, &microseconds);
        return microseconds > 0;
    };
    HttpPhase now = HttpPhase::connect;
    if (isOver(CURLINFO_STARTTRANSFER_TIME_T)) {
        now = HttpPhase::body;
    } else if (isOver(CURLINFO_PRETRANSFER_TIME_T)) {
        now = HttpPhase::firstByte;
    } else if (isOver(CURLINFO_CONNECT_TIME_T) && transfer.m_hop.url.isSecure()) {
        now = HttpPhase::tls;
    }
    transfer.enter(now, transfer.timings());
    return 0;
}

bool Transfer::followsOn(CURLcode code, TransferSurroundings& surroundings)
{
    m_timings = timings();
    if (m_failure) {
        return false;
    }
    if (code != CURLE_OK && !m_leftEarly) {
        m_failure = fetchError(m_handle.get(), code, m_message.data(), context());
        return false;
    }
    if (!m_headEnded) { // libcurl takes it for an answer without a body
        m_failure = {
            ErrorKind::io,
            std::format("{} closed the connection within the head of its answer", context().peer)};
        return false;
    }
    if (!leadsElsewhere()) {
        if (m_body) {
            if (auto finished = m_body->finish(); !finished) {
                m_failure = std::move(finished.error());
            }
        }
        return false;
    }
    const std::string location(header(m_answer, "Location"));
    auto next = redirected(m_hop, m_status, resolved(m_hop.url, location));
    if (!next) {
        m_failure = std::move(next.error());
        return false;
    }
    if (!*next) {
        return false;
    }
    m_hop = std::move(**next);
    if (auto aimed = aim(surroundings); !aimed) {
        m_failure = std::move(aimed.error());
        return false;
    }
    return true;
}

FetchContext Transfer::context() const
{
    return {.peer = m_request.unixSocket.empty() ? m_hop.url.authority() : m_request.unixSocket,
            .proxy = m_proxy ? std::format("{}:{}", m_proxy->host, m_proxy->port) : std::string(),
            .timeout = m_request.timeout};
}

void Transfer::conclude()
{
    if (m_failure) {
        m_reply(std::unexpected(std::move(*m_failure)));
        return;
    }
    HttpResponse response;
    response.status = m_status;
    response.headers = std::move(m_answer);
    response.body = m_body ? m_body->release() : std::string();
    response.timings = m_timings;
    response.timings.total = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - m_submitted);
    m_reply(std::move(response));
}

void Transfer::failWith(Error error)
{
    m_failure = std::move(error);
    conclude();
}

void Transfer::failLate(std::string_view meanwhile)
{
    failWith(timeoutError(context(), meanwhile));
}

} // namespace watchfire::net
