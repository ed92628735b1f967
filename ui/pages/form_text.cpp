// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/form_text.h"

#include "core/ports/http.h"
#include "core/text/duration.h"
#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <limits>

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::JobForm)
};

constexpr std::array<const char*, 5> byteUnits{"B", "KB", "MB", "GB", "TB"};

/// Only what would end a parameter: match[]={job="x"} stays legible.
QString inQuery(std::string_view text, bool isName)
{
    std::string out;
    for (const char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || c == '&' || c == '%' || c == '+' || (isName && c == '=')) {
            out += percentEncode(std::string_view(&c, 1));
        } else {
            out += c;
        }
    }
    return fromUtf8(out);
}

} // namespace

std::optional<std::chrono::milliseconds> readDuration(const QString& text)
{
    const auto parsed = text::parseDuration(text.trimmed().toStdString());
    return parsed && parsed->count() > 0 ? std::optional(*parsed) : std::nullopt;
}

QString durationFault(const QString& text)
{
    return readDuration(text) ? QString() : Words::tr("Write a duration such as 15s, 1m or 1m30s.");
}

std::optional<std::uint64_t> readCount(const QString& text)
{
    static const QRegularExpression grouping(u"[\\s,_\u202f]"_s);
    QString digits = text.trimmed();
    digits.remove(grouping);
    bool ok = false;
    const std::uint64_t count = digits.toULongLong(&ok);
    return ok ? std::optional(count) : std::nullopt;
}

QString countFault(const QString& text)
{
    return readCount(text) ? QString() : Words::tr("Write a whole number, such as 50,000.");
}

QString portFault(const QString& text)
{
    const auto port = readCount(text);
    return port && *port >= 1 && *port <= 65535 ? QString()
                                                : Words::tr("A port is between 1 and 65535.");
}

std::vector<std::string> readWords(const QString& text)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    std::vector<std::string> words;
    const QStringList parts = text.split(separators, Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        std::string word = part.toStdString();
        if (std::ranges::find(words, word) == words.end()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

QString wordsText(const std::vector<std::string>& words)
{
    QStringList parts;
    for (const std::string& word : words) {
        parts << fromUtf8(word);
    }
    return parts.join(u", "_s);
}

TextPairs readPairs(const QString& text)
{
    TextPairs pairs;
    const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const qsizetype equals = part.indexOf(u'=');
        const QString name = part.left(equals).trimmed();
        if (equals > 0 && !name.isEmpty()) {
            pairs.emplace_back(name.toStdString(), part.mid(equals + 1).trimmed().toStdString());
        }
    }
    return pairs;
}

QString pairsText(const TextPairs& pairs)
{
    QStringList parts;
    for (const auto& [name, value] : pairs) {
        parts << fromUtf8(name) + u'=' + fromUtf8(value);
    }
    return parts.join(u", "_s);
}

QString pairsFault(const QString& text)
{
    const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        if (!part.trimmed().isEmpty() && part.trimmed().indexOf(u'=') < 1) {
            return Words::tr("“%1”: write name=value.").arg(part.trimmed());
        }
    }
    return {};
}

std::vector<std::pair<std::string, std::vector<std::string>>> readQuery(const QString& text)
{
    std::vector<std::pair<std::string, std::vector<std::string>>> parameters;
    const QStringList parts = text.trimmed().split(u'&', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const qsizetype equals = part.indexOf(u'=');
        const std::string name = percentDecode(
            part.left(equals < 0 ? part.size() : equals).trimmed().toStdString(), true);
        const std::string value
            = equals < 0 ? "" : percentDecode(part.mid(equals + 1).toStdString(), true);
        if (name.empty()) {
            continue;
        }
        const auto known = std::ranges::find(
            parameters, name, &std::pair<std::string, std::vector<std::string>>::first);
        if (known == parameters.end()) {
            parameters.push_back({name, {value}});
        } else {
            known->second.push_back(value);
        }
    }
    return parameters;
}

QString queryText(const std::vector<std::pair<std::string, std::vector<std::string>>>& parameters)
{
    QStringList parts;
    for (const auto& [name, values] : parameters) {
        for (const std::string& value : values) {
            parts << inQuery(name, true) + u'=' + inQuery(value, false);
        }
    }
    return parts.join(u'&');
}

QString queryFault(const QString& text)
{
    const QStringList parts = text.trimmed().split(u'&', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        if (part.indexOf(u'=') < 1) {
            return Words::tr("“%1”: write name=value, joined by “&”.").arg(part);
        }
    }
    return {};
}

QString urlFault(const QString& text)
{
    const QUrl url(text.trimmed(), QUrl::StrictMode);
    const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    return url.isValid() && isWeb && !url.host().isEmpty()
        ? QString()
        : Words::tr("Write a whole address, such as https://example.org/targets.");
}

QString pathFault(const QString& text)
{
    return text.trimmed().startsWith(u'/')
        ? QString()
        : Words::tr("Write the whole path of the file, from “/” on.");
}

ByteText byteText(std::uint64_t bytes)
{
    std::size_t unit = 0;
    while (bytes != 0 && unit + 1 < byteUnits.size() && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return {QString::number(bytes), QString::fromLatin1(byteUnits[unit])};
}

std::optional<std::uint64_t> readBytes(const QString& number, const QString& unit)
{
    auto count = readCount(number);
    if (!count) {
        return std::nullopt;
    }
    for (const char* const each : byteUnits) {
        if (unit == QLatin1StringView(each)) {
            return count;
        }
        if (*count > std::numeric_limits<std::uint64_t>::max() / 1024) {
            return std::nullopt;
        }
        *count *= 1024;
    }
    return std::nullopt;
}

} // namespace watchfire::ui
