// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/instance.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QSaveFile>

namespace watchfire::app {

using namespace Qt::StringLiterals;

Instance::Instance(const std::filesystem::path& stateDirectory)
    : m_stateFile(stateDirectory / "instance.json")
{
    // Socket names are short; the hash keeps different profiles apart.
    const QByteArray path = QByteArray::fromStdString(stateDirectory.string());
    m_name = u"watchfire-"_s
        + QString::fromLatin1(
                 QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().first(24));
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* const socket = m_server.nextPendingConnection()) {
            socket->deleteLater();
            emit raiseAsked();
        }
    });
}

bool Instance::raiseOther()
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    return socket.waitForConnected(500);
}

Result<void> Instance::claim(const QString& url)
{
    QLocalServer::removeServer(m_name); // what a killed one left behind
    if (!m_server.listen(m_name)) {
        return fail(ErrorKind::io, m_server.errorString().toStdString());
    }
    QSaveFile file(QString::fromStdString(m_stateFile.string()));
    const QJsonObject state{{u"pid"_s, QCoreApplication::applicationPid()}, {u"url"_s, url}};
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(state).toJson()) < 0
        || !file.commit()) {
        return fail(ErrorKind::io,
                    "cannot write " + m_stateFile.string() + ": "
                        + file.errorString().toStdString());
    }
    return {};
}

void Instance::release()
{
    m_server.close();
    QFile::remove(QString::fromStdString(m_stateFile.string()));
}

} // namespace watchfire::app
