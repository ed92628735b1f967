// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/client.h"

#include "core/encoding/compress.h"

#include <curl/curl.h>
#include <format>

namespace watchfire::bench {

namespace {

std::size_t take(char* data, std::size_t /*one*/, std::size_t size, void* body)
{
    static_cast<std::string*>(body)->append(data, size);
    return size;
}

constexpr long largestRead = 512L * 1'024; // as much as the library allows

} // namespace

std::string percentEncoded(std::string_view text)
{
    char* const escaped = ::curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
    std::string encoded = escaped;
    ::curl_free(escaped);
    return encoded;
}

Client::Client(std::uint16_t port)
    : m_curl(::curl_easy_init())
    , m_address(std::format("http://127.0.0.1:{}", port))
{
}

Client::~Client()
{
    ::curl_easy_cleanup(m_curl);
}

long Client::perform(const std::string& path)
{
    m_body.clear();
    ::curl_easy_setopt(m_curl, CURLOPT_URL, (m_address + path).c_str());
    ::curl_easy_setopt(m_curl, CURLOPT_WRITEFUNCTION, &take);
    ::curl_easy_setopt(m_curl, CURLOPT_WRITEDATA, &m_body);
    ::curl_easy_setopt(m_curl, CURLOPT_NOPROXY, "*");
    ::curl_easy_setopt(m_curl, CURLOPT_BUFFERSIZE, largestRead);
    long status = 0;
    if (::curl_easy_perform(m_curl) == CURLE_OK) {
        ::curl_easy_getinfo(m_curl, CURLINFO_RESPONSE_CODE, &status);
    }
    return status;
}

std::optional<std::string> Client::get(const std::string& path)
{
    const std::string* const body = look(path);
    return body != nullptr ? std::optional(*body) : std::nullopt;
}

const std::string* Client::look(const std::string& path)
{
    ::curl_easy_reset(m_curl);
    return perform(path) == 200 ? &m_body : nullptr;
}

bool Client::post(const std::string& path)
{
    ::curl_easy_reset(m_curl);
    ::curl_easy_setopt(m_curl, CURLOPT_POSTFIELDS, "");
    return perform(path) == 200;
}

bool Client::write(const std::string& path, const std::string& message)
{
    const std::string compressed = encoding::snappyCompress(message);
    ::curl_slist* headers = nullptr;
    for (const char* const header :
         {"Content-Encoding: snappy", "Content-Type: application/x-protobuf",
          "X-Prometheus-Remote-Write-Version: 0.1.0", "Expect:"}) {
        headers = ::curl_slist_append(headers, header);
    }
    ::curl_easy_reset(m_curl);
    ::curl_easy_setopt(m_curl, CURLOPT_HTTPHEADER, headers);
    ::curl_easy_setopt(m_curl, CURLOPT_POSTFIELDS, compressed.data());
    ::curl_easy_setopt(m_curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<::curl_off_t>(compressed.size()));
    const long status = perform(path);
    ::curl_slist_free_all(headers);
    return status == 200 || status == 204;
}

} // namespace watchfire::bench
