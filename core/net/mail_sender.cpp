// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/mail_sender.h"

#include "core/net/curl_types.h"
#include "core/net/tls.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <format>
#include <string_view>
#include <utility>

namespace watchfire::net {

namespace {

/// One message on its way through libcurl.
struct Mailing {
    const MailMessage& message;
    std::stop_token dropped;
    std::stop_token closing;
    std::size_t read = 0;
    std::string lastLine; ///< of the server
};

std::size_t onRead(char* to, std::size_t size, std::size_t count, void* user)
{
    auto& mailing = *static_cast<Mailing*>(user);
    const std::string_view rest = std::string_view(mailing.message.text).substr(mailing.read);
    const std::size_t taken = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), taken);
    mailing.read += taken;
    return taken;
}

std::size_t onReply(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& mailing = *static_cast<Mailing*>(user);
    std::string_view line(data, size * count);
    while (line.ends_with('\n') || line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    mailing.lastLine = line;
    return size * count;
}

int onProgress(void* user, curl_off_t /*total*/, curl_off_t /*now*/, curl_off_t /*totalUp*/,
               curl_off_t /*nowUp*/)
{
    const auto& mailing = *static_cast<const Mailing*>(user);
    return mailing.dropped.stop_requested() || mailing.closing.stop_requested() ? 1 : 0;
}

/// AUTH=PLAIN;AUTH=LOGIN
std::string loginOptions(std::string_view mechanisms)
{
    std::string out = "AUTH=";
    for (const char c : mechanisms) {
        out += c == ',' ? std::string(";AUTH=") : std::string(1, c);
    }
    return out;
}

Result<void> setServer(CURL* handle, const MailServer& server)
{
    const bool implicit = server.security == MailSecurity::implicitTls;
    const bool bare = server.host.contains(':'); // an address of IPv6
    const std::string url = std::format("{}://{}{}{}:{}/{}", implicit ? "smtps" : "smtp",
                                        bare ? "[" : "", server.host, bare ? "]" : "", server.port,
                                        server.hello.empty() ? "" : percentEncode(server.hello));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (curl_easy_setopt(handle, CURLOPT_URL, url.c_str()) != CURLE_OK) {
        return fail(ErrorKind::invalid, std::format("no mail server: {}", server.host));
    }
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_USE_SSL,
                     static_cast<long>(server.security == MailSecurity::startTls
                                           ? CURLUSESSL_ALL
                                           : CURLUSESSL_NONE));
    if (!server.user.empty()) {
        curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.reveal().c_str());
        if (!server.identity.empty()) {
            curl_easy_setopt(handle, CURLOPT_SASL_AUTHZID, server.identity.c_str());
        }
        if (!server.mechanisms.empty()) {
            curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS,
                             loginOptions(server.mechanisms).c_str());
        }
    }
    FileNames files;
    return setTls(handle, server.tls, true, files);
}

/// 5yz is a refusal for good, all else may work another time: RFC 5321, 4.2.1.
Error failure(CURL* handle, CURLcode code, const Mailing& mailing, const char* detail)
{
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    const MailServer& server = mailing.message.server;
    const std::string where = std::format("mail server {}:{}", server.host, server.port);
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return {ErrorKind::timeout, where + ": no answer in time", {}};
    }
    if (code == CURLE_LOGIN_DENIED || status / 100 == 5) {
        return {ErrorKind::invalid, std::format("{}: {}", where, mailing.lastLine), {}};
    }
    const std::string_view said = *detail != '\0' ? detail : curl_easy_strerror(code);
    return {ErrorKind::unavailable,
            status / 100 == 4 ? std::format("{}: {}", where, mailing.lastLine)
                              : std::format("{}: {}", where, said),
            {}};
}

Result<void> transmit(Mailing& mailing)
{
    const MailMessage& message = mailing.message;
    const CurlHandle handle(curl_easy_init());
    if (!handle) {
        return fail(ErrorKind::io, "libcurl has no memory");
    }
    CURL* const curl = handle.get();
    if (auto set = setServer(curl, message.server); !set) {
        return set;
    }
    CurlList recipients;
    for (const std::string& to : message.to) {
        append(recipients, "<" + to + ">");
    }
    const std::string from = "<" + message.from + ">";
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &onRead);
    curl_easy_setopt(curl, CURLOPT_READDATA, &mailing);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &onReply);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &mailing);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &onProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &mailing);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(message.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(curl);
    return code == CURLE_OK ? Result<void>()
                            : std::unexpected(failure(curl, code, mailing, detail.data()));
}

} // namespace

CurlMailSender::CurlMailSender()
    : m_thread(1, "mail")
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
}

CurlMailSender::~CurlMailSender()
{
    m_closing.request_stop();
}

Ticket CurlMailSender::send(MailMessage message, Reply<void> reply)
{
    std::stop_source dropped;
    m_thread.run([message = std::move(message), reply = std::move(reply),
                  mine = dropped.get_token(), closing = m_closing.get_token()]() mutable {
        Mailing mailing{message, mine, closing, 0, {}};
        auto sent = transmit(mailing);
        if (message.answer) {
            *message.answer = mailing.lastLine;
        }
        if (!mine.stop_requested() && !closing.stop_requested()) {
            reply(std::move(sent));
        }
    });
    return Ticket(dropped);
}

} // namespace watchfire::net
