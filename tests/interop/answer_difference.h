// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

namespace watchfire::tests {

/// Numbers of answers are alike when they differ by no more than this, relatively: there and here
/// other operations come to them, in another order.
inline constexpr double alike = 1e-9;

bool isAlike(double a, double b);
/// Numbers, which are strings in answers, need only be alike.
bool isAlike(const QJsonValue& a, const QJsonValue& b);
/// Of a number, or a number as text.
std::optional<double> numberOf(const QJsonValue& value);

/// What a result holds, by labels and moment (seconds): numbers as text, histograms as objects.
using Samples = std::map<std::pair<QString, double>, QJsonValue>;
Samples samplesOf(const QJsonObject& answer);
/// What they hold at each moment, by labels.
std::map<double, std::map<QString, QJsonValue>> byMoment(const Samples& samples);
bool isAlike(const std::map<QString, QJsonValue>& a, const std::map<QString, QJsonValue>& b);
/// The moments at which they differ, in order.
std::vector<double> differingMoments(const Samples& a, const Samples& b);

/// The remarks of a level, "warnings" or "infos", that version 3.5 could make: without the places
/// in the text that they are about, sorted, each once.
QStringList remarksOf(const QJsonObject& answer, const QString& level);

/// Where two answers differ.
struct Difference {
    enum class Kind { none, state, samples, remarks };
    Kind kind = Kind::none;
    QString text; ///< in words
    std::optional<double> at = std::nullopt; ///< the first moment, where it is the samples
};

/// `byValue`: which series have the values does not matter.
Difference differenceOf(const QJsonObject& theirs, const QJsonObject& ours, bool byValue);

} // namespace watchfire::tests
