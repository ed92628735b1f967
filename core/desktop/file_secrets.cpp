// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/file_secrets.h"

#include <format>
#include <utility>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace watchfire::desktop {

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

/// What the file holds: an object of texts by key. Empty where there is no file.
Result<QJsonObject> contentOf(const QString& path)
{
    QFile file(path);
    if (!file.exists()) {
        return QJsonObject();
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorKind::io,
                    std::format("cannot read {}: {}", path.toStdString(),
                                file.errorString().toStdString()));
    }
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    if (!document.isObject()) {
        return fail(ErrorKind::io, std::format("{} is not a file of secrets", path.toStdString()));
    }
    return document.object();
}

} // namespace

FileSecrets::FileSecrets(QString file)
    : m_file(std::move(file))
{
}

Ticket FileSecrets::read(std::string key, Reply<Secret> reply)
{
    reply(readNow(key));
    return {};
}

Ticket FileSecrets::write(std::string key, Secret secret, Reply<void> reply)
{
    reply(writeNow(key, secret));
    return {};
}

std::string FileSecrets::place() const
{
    return std::format("{}, a file that is not encrypted", m_file.toStdString());
}

Result<Secret> FileSecrets::readNow(const std::string& key)
{
    const std::lock_guard lock(m_mutex);
    const auto content = contentOf(m_file);
    if (!content) {
        return std::unexpected(content.error());
    }
    const QJsonValue value = content->value(QString::fromStdString(key));
    if (!value.isString()) {
        return fail(ErrorKind::notFound, std::format("no secret is kept as {}", key));
    }
    return Secret(value.toString().toStdString());
}

Result<void> FileSecrets::writeNow(const std::string& key, const Secret& secret)
{
    const std::lock_guard lock(m_mutex);
    auto content = contentOf(m_file);
    if (!content) {
        return std::unexpected(content.error());
    }
    const QString name = QString::fromStdString(key);
    if (secret.empty()) {
        content->remove(name);
    } else {
        content->insert(name, QString::fromStdString(secret.reveal()));
    }
    QSaveFile file(m_file);
    // Nobody else may look, not even before it has its name.
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(ownerOnly)
        || file.write(QJsonDocument(*content).toJson()) < 0 || !file.commit()) {
        return fail(ErrorKind::io,
                    std::format("cannot write {}: {}", m_file.toStdString(),
                                file.errorString().toStdString()));
    }
    return {};
}

} // namespace watchfire::desktop
