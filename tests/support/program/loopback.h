// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/http_server.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

namespace watchfire::tests {

/// A target on a free port of the loopback, on a thread of its own.
class ServedMetrics final : public HttpHandler {
public:
    /// `listen`: where, if not on a free port; where that is taken, the address stays empty.
    explicit ServedMetrics(std::string body = {}, const std::string& listen = "127.0.0.1:0");
    ~ServedMetrics() override;

    /// What is served from now on.
    void serve(std::string body, int status = 200,
               std::string contentType = "text/plain; version=0.0.4");
    /// Made anew for each request, from its number; on the server's thread.
    void serveEach(std::function<std::string(std::uint64_t)> make);
    /// Goes away: connections to the port are refused.
    void stop();
    /// "127.0.0.1:40123"
    QString address() const { return m_address; }
    std::uint64_t requests() const { return m_requests; }

    Ticket handle(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    std::mutex m_mutex;
    HttpResponse m_response;
    std::function<std::string(std::uint64_t)> m_make;
    std::atomic<std::uint64_t> m_requests = 0;
    QString m_address;
    std::unique_ptr<net::HttpServer> m_server;
};

struct Got {
    int status = 0; ///< 0: no answer
    QByteArray body;
};
/// Asks "http://HOST:PORT" for a path and waits for the whole answer.
Got get(const QString& url, const QString& path, int forMs = 10'000);
/// Likewise, with another method than GET.
Got send(const QByteArray& method, const QString& url, const QString& path, int forMs = 30'000);
/// The same for an API that answers in JSON; empty: no JSON came.
QJsonObject getJson(const QString& url, const QString& path, const QUrlQuery& query = {});

/// The value of a series without labels in an exposition, as it is written there.
QByteArray exposedValue(const QByteArray& exposition, const QByteArray& name);

} // namespace watchfire::tests
