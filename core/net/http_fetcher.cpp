// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/http_fetcher.h"

#include "core/base/files.h"
#include "core/text/duration.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <curl/curl.h>
#include <format>
#include <mutex>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::net {

namespace {

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, ListDeleter>;

void append(CurlList& list, const std::string& line)
{
    list.reset(curl_slist_append(list.release(), line.c_str()));
}

/// One request under way.
struct Transfer {
    std::uint64_t id = 0;
    CurlHandle handle;
    CurlList headers;
    CurlList connectTo;
    HttpRequest request;
    HttpResponse response;
    Reply<HttpResponse> reply;
    bool overLimit = false;
    std::array<char, CURL_ERROR_SIZE> message{};
};

std::size_t onBody(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const std::size_t bytes = size * count;
    if (transfer.request.maxBody != 0
        && transfer.response.body.size() + bytes > transfer.request.maxBody) {
        transfer.overLimit = true;
        return CURL_WRITEFUNC_ERROR;
    }
    transfer.response.body.append(data, bytes);
    return bytes;
}

std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const std::size_t bytes = size * count;
    std::string_view line(data, bytes);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
        line.remove_suffix(1);
    }
    if (line.starts_with("HTTP/")) {
        transfer.response.headers.clear(); // a redirect's, or an informational answer's
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        transfer.response.headers.emplace_back(line.substr(0, colon), value);
    }
    return bytes;
}

Result<std::string> readSecretFile(const std::string& path)
{
    auto text = readFile(path);
    while (text && !text->empty() && std::isspace(static_cast<unsigned char>(text->back())) != 0) {
        text->pop_back();
    }
    return text;
}

Result<void> setAuth(Transfer& transfer)
{
    CURL* const handle = transfer.handle.get();
    if (const auto* basic = std::get_if<BasicAuth>(&transfer.request.client.auth)) {
        std::string password = basic->password.reveal();
        if (!basic->passwordFile.empty()) {
            auto read = readSecretFile(basic->passwordFile);
            if (!read) {
                return std::unexpected(std::move(read.error()));
            }
            password = std::move(*read);
        }
        curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(handle, CURLOPT_USERNAME, basic->user.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, password.c_str());
    } else if (const auto* bearer = std::get_if<BearerAuth>(&transfer.request.client.auth)) {
        std::string token = bearer->token.reveal();
        if (!bearer->tokenFile.empty()) {
            auto read = readSecretFile(bearer->tokenFile);
            if (!read) {
                return std::unexpected(std::move(read.error()));
            }
            token = std::move(*read);
        }
        append(transfer.headers, std::format("Authorization: {} {}", bearer->type, token));
    }
    return {};
}

void setTls(Transfer& transfer)
{
    CURL* const handle = transfer.handle.get();
    const TlsOptions& tls = transfer.request.client.tls;
    if (!tls.caFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, tls.caFile.c_str());
    }
    if (!tls.certFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, tls.certFile.c_str());
    }
    if (!tls.keyFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_SSLKEY, tls.keyFile.c_str());
    }
    if (tls.skipVerify) {
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (tls.serverName.empty()) {
        return;
    }
    // libcurl takes the name to verify from the URL: put it there, connect to the real host and
    // keep the real Host header.
    CURLU* const url = curl_url();
    char* host = nullptr;
    char* port = nullptr;
    char* text = nullptr;
    if (curl_url_set(url, CURLUPART_URL, transfer.request.url.c_str(), 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK
        && curl_url_set(url, CURLUPART_HOST, tls.serverName.c_str(), 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK) {
        append(transfer.connectTo, std::format("{}:{}:{}:{}", tls.serverName, port, host, port));
        append(transfer.headers, std::format("Host: {}:{}", host, port));
        curl_easy_setopt(handle, CURLOPT_URL, text);
        curl_easy_setopt(handle, CURLOPT_CONNECT_TO, transfer.connectTo.get());
    }
    curl_free(host);
    curl_free(port);
    curl_free(text);
    curl_url_cleanup(url);
}

Result<void> prepare(Transfer& transfer)
{
    transfer.handle.reset(curl_easy_init());
    CURL* const handle = transfer.handle.get();
    const HttpRequest& request = transfer.request;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, request.client.followRedirects ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer.message.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &onBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &onHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    if (request.acceptCompressed) {
        curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    if (request.method != "GET" || !request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        append(transfer.headers, "Expect:"); // no round trip to ask for permission
    }
    for (const auto& [name, value] : request.headers) {
        append(transfer.headers, name + ": " + value);
    }
    auto configured = resolveHeaders(request.client.headers);
    if (!configured) {
        return std::unexpected(std::move(configured.error()));
    }
    for (const auto& [name, value] : *configured) {
        append(transfer.headers, name + ": " + value);
    }
    setTls(transfer);
    if (auto set = setAuth(transfer); !set) {
        return set;
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer.headers.get());
    return {};
}

HttpTimings timingsOf(CURL* handle)
{
    const auto at = [handle](CURLINFO what) {
        curl_off_t microseconds = 0;
        curl_easy_getinfo(handle, what, &microseconds);
        return std::chrono::microseconds(microseconds);
    };
    const auto resolved = at(CURLINFO_NAMELOOKUP_TIME_T);
    const auto connected = std::max(resolved, at(CURLINFO_CONNECT_TIME_T));
    const auto secured = std::max(connected, at(CURLINFO_APPCONNECT_TIME_T));
    HttpTimings timings;
    timings.resolve = resolved;
    timings.connect = connected - resolved;
    timings.tls = secured - connected;
    timings.firstByte = std::max(secured, at(CURLINFO_STARTTRANSFER_TIME_T)) - secured;
    timings.total = at(CURLINFO_TOTAL_TIME_T);
    return timings;
}

std::string hostOf(const std::string& url)
{
    CURLU* const parsed = curl_url();
    char* host = nullptr;
    char* port = nullptr;
    std::string out = url;
    if (curl_url_set(parsed, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK
        && curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        out = std::format("{}:{}", host, port);
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parsed);
    return out;
}

Error errorOf(const Transfer& transfer, CURLcode code)
{
    const std::string host = hostOf(transfer.request.url);
    const std::string_view detail
        = transfer.message[0] != '\0' ? transfer.message.data() : curl_easy_strerror(code);
    if (transfer.overLimit) {
        return {ErrorKind::limit,
                std::format("the answer is larger than the limit of {} bytes",
                            transfer.request.maxBody)};
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return {ErrorKind::timeout,
                std::format("no complete answer from {} within {}", host,
                            text::formatDuration(transfer.request.timeout))};
    case CURLE_COULDNT_RESOLVE_HOST:
        return {ErrorKind::unavailable, std::format("cannot resolve the host of {}", host)};
    case CURLE_COULDNT_CONNECT: {
        long number = 0;
        curl_easy_getinfo(transfer.handle.get(), CURLINFO_OS_ERRNO, &number);
        return {ErrorKind::unavailable,
                number != 0 ? std::format("cannot connect to {}: {}", host,
                                          std::strerror(static_cast<int>(number)))
                            : std::format("cannot connect to {}: {}", host, detail)};
    }
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {ErrorKind::invalid,
                std::format("\"{}\" is not an address that can be fetched: {}",
                            transfer.request.url, detail)};
    case CURLE_GOT_NOTHING:
        return {ErrorKind::io, std::format("{} closed the connection without an answer", host)};
    default:
        return {ErrorKind::io, std::format("{}: {}", host, detail)};
    }
}

} // namespace

/// The thread with its transfers. Other threads only touch the two queues.
class CurlFetcher::Loop {
public:
    Loop()
        : m_multi(curl_multi_init())
        , m_thread([this] { run(); })
    {
    }
    ~Loop()
    {
        m_stopping = true;
        curl_multi_wakeup(m_multi);
        m_thread.join();
        for (auto& [id, transfer] : m_running) {
            curl_multi_remove_handle(m_multi, transfer->handle.get());
        }
        curl_multi_cleanup(m_multi);
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    std::uint64_t submit(HttpRequest request, Reply<HttpResponse> reply)
    {
        auto transfer = std::make_unique<Transfer>();
        transfer->request = std::move(request);
        transfer->reply = std::move(reply);
        std::uint64_t id = 0;
        {
            const std::lock_guard lock(m_mutex);
            id = ++m_lastId;
            transfer->id = id;
            m_added.push_back(std::move(transfer));
        }
        curl_multi_wakeup(m_multi);
        return id;
    }

    void cancel(std::uint64_t id)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_cancelled.push_back(id);
        }
        curl_multi_wakeup(m_multi);
    }

private:
    void run()
    {
        pthread_setname_np(pthread_self(), "net-fetch");
        while (!m_stopping) {
            takeQueued();
            int running = 0;
            curl_multi_perform(m_multi, &running);
            finishDone();
            curl_multi_poll(m_multi, nullptr, 0, 1'000, nullptr);
        }
    }

    void takeQueued()
    {
        std::vector<std::unique_ptr<Transfer>> added;
        std::vector<std::uint64_t> cancelled;
        {
            const std::lock_guard lock(m_mutex);
            added.swap(m_added);
            cancelled.swap(m_cancelled);
        }
        for (auto& transfer : added) {
            if (auto prepared = prepare(*transfer); !prepared) {
                transfer->reply(std::unexpected(std::move(prepared.error())));
                continue;
            }
            curl_multi_add_handle(m_multi, transfer->handle.get());
            m_running.emplace(transfer->id, std::move(transfer));
        }
        for (const std::uint64_t id : cancelled) {
            if (const auto found = m_running.find(id); found != m_running.end()) {
                curl_multi_remove_handle(m_multi, found->second->handle.get());
                m_running.erase(found);
            }
        }
    }

    void finishDone()
    {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
            if (message->msg != CURLMSG_DONE) {
                continue;
            }
            const CURLcode code = message->data.result;
            Transfer* found = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &found);
            auto node = m_running.extract(found->id);
            Transfer& transfer = *node.mapped();
            curl_multi_remove_handle(m_multi, transfer.handle.get());
            if (code != CURLE_OK) {
                transfer.reply(std::unexpected(errorOf(transfer, code)));
                continue;
            }
            long status = 0;
            curl_easy_getinfo(transfer.handle.get(), CURLINFO_RESPONSE_CODE, &status);
            transfer.response.status = static_cast<int>(status);
            transfer.response.timings = timingsOf(transfer.handle.get());
            transfer.reply(std::move(transfer.response));
        }
    }

    CURLM* m_multi;
    std::atomic<bool> m_stopping = false;
    std::mutex m_mutex;
    std::uint64_t m_lastId = 0;
    std::vector<std::unique_ptr<Transfer>> m_added;
    std::vector<std::uint64_t> m_cancelled;
    std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> m_running;
    std::thread m_thread; // last: it uses all of the above
};

CurlFetcher::CurlFetcher()
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
    m_loop = std::make_unique<Loop>();
}

CurlFetcher::~CurlFetcher() = default;

Ticket CurlFetcher::fetch(HttpRequest request, Reply<HttpResponse> reply)
{
    std::stop_source source;
    const auto id = std::make_shared<std::uint64_t>(0);
    // The callback lives in a holder that the reply owns, so it is gone when the transfer is.
    struct Holder {
        std::optional<std::stop_callback<std::function<void()>>> callback;
    };
    auto holder = std::make_shared<Holder>();
    *id = m_loop->submit(std::move(request),
                         [holder, token = source.get_token(),
                          reply = std::move(reply)](Result<HttpResponse> result) mutable {
                             if (!token.stop_requested()) {
                                 reply(std::move(result));
                             }
                         });
    holder->callback.emplace(source.get_token(),
                             [loop = m_loop.get(), id = *id] { loop->cancel(id); });
    return Ticket(std::move(source));
}

} // namespace watchfire::net
