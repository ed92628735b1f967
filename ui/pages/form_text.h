// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>

/// What people write into one-line fields, read and written again, with a sentence for what
/// cannot be read. Reading is of what was checked: what is at fault reads as nothing.
namespace watchfire::ui {

/// What is wrong, a sentence by the name of the field; a field that is not there is fine.
using FieldFaults = std::map<QString, QString>;

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// 15s, 1m30s; above zero. Nothing: not one.
std::optional<std::chrono::milliseconds> readDuration(const QString& text);
QString durationFault(const QString& text); ///< of a text that is not empty

/// Whole numbers, grouped by commas, spaces or underscores if one likes.
std::optional<std::uint64_t> readCount(const QString& text);
QString countFault(const QString& text);
/// 1 to 65535.
QString portFault(const QString& text);

/// Words between commas, semicolons and white space, each once, in order.
std::vector<std::string> readWords(const QString& text);
QString wordsText(const std::vector<std::string>& words);

/// "name=value, other=value"; a value ends at the comma.
TextPairs readPairs(const QString& text);
QString pairsText(const TextPairs& pairs);
QString pairsFault(const QString& text);

/// "module=http_2xx&target=a&target=b", as in a URL; values are kept together by name.
std::vector<std::pair<std::string, std::vector<std::string>>> readQuery(const QString& text);
QString queryText(const std::vector<std::pair<std::string, std::vector<std::string>>>& parameters);
QString queryFault(const QString& text);

/// http:// or https:// and a host.
QString urlFault(const QString& text);
/// Of a file: from the root, since there is no folder it would be seen from.
QString pathFault(const QString& text);

/// Bytes as a number and the largest unit that divides them.
struct ByteText {
    QString number;
    QString unit; ///< B, KB, MB, GB or TB, each 1024 of the one before
};
ByteText byteText(std::uint64_t bytes);
/// Nothing: no number, or beyond 64 bits.
std::optional<std::uint64_t> readBytes(const QString& number, const QString& unit);

} // namespace watchfire::ui
