// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/loopback.h"

#include <utility>

#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QTcpSocket>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

ServedMetrics::ServedMetrics(std::string body, const std::string& listen)
{
    serve(std::move(body));
    if (auto server = net::HttpServer::listen(listen, *this)) {
        m_server = std::move(*server);
        m_address = u"127.0.0.1:%1"_s.arg(m_server->port());
    }
}

ServedMetrics::~ServedMetrics() = default;

void ServedMetrics::serve(std::string body, int status, std::string contentType)
{
    const std::lock_guard lock(m_mutex);
    m_response = HttpResponse();
    m_response.status = status;
    m_response.headers = {{"Content-Type", std::move(contentType)}};
    m_response.body = std::move(body);
    m_make = nullptr;
}

void ServedMetrics::serveEach(std::function<std::string(std::uint64_t)> make)
{
    serve({});
    const std::lock_guard lock(m_mutex);
    m_make = std::move(make);
}

void ServedMetrics::stop()
{
    m_server.reset();
}

Ticket ServedMetrics::handle(HttpRequest, Reply<HttpResponse> reply)
{
    HttpResponse response;
    {
        const std::lock_guard lock(m_mutex);
        response = m_response;
        const std::uint64_t number = ++m_requests;
        if (m_make) {
            response.body = m_make(number);
        }
    }
    reply(std::move(response));
    return {};
}

Got get(const QString& url, const QString& path, int forMs)
{
    return send("GET", url, path, forMs);
}

Got send(const QByteArray& method, const QString& url, const QString& path, int forMs)
{
    const QUrl where(url);
    const QDeadlineTimer deadline(forMs);
    QTcpSocket socket;
    socket.connectToHost(where.host(), quint16(where.port()));
    if (!socket.waitForConnected(forMs)) {
        return {};
    }
    socket.write(method + ' ' + path.toUtf8() + " HTTP/1.0\r\nHost: " + where.authority().toUtf8()
                 + "\r\nAccept: text/plain\r\nContent-Length: 0\r\n\r\n");
    while (socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired()) {
        socket.waitForReadyRead(int(deadline.remainingTime()));
    }
    const QByteArray answer = socket.readAll();
    const auto body = answer.indexOf("\r\n\r\n");
    if (body < 0 || !answer.startsWith("HTTP/1.")) {
        return {};
    }
    return {answer.mid(9, 3).toInt(), answer.mid(body + 4)};
}

QJsonObject getJson(const QString& url, const QString& path, const QUrlQuery& query)
{
    // A plus would be read as a space.
    const QString text = query.toString(QUrl::FullyEncoded).replace(u'+', u"%2B"_s);
    return QJsonDocument::fromJson(get(url, text.isEmpty() ? path : path + u'?' + text).body)
        .object();
}

QByteArray exposedValue(const QByteArray& exposition, const QByteArray& name)
{
    const QByteArray start = '\n' + name + ' ';
    const auto found = exposition.indexOf(start);
    if (found < 0) {
        return {};
    }
    const auto from = found + start.size();
    return exposition.mid(from, exposition.indexOf('\n', from) - from);
}

} // namespace watchfire::tests
