// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/answer_difference.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

QString compact(const QJsonValue& value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

QString textOf(const Samples& samples, Samples::const_iterator sample)
{
    return sample == samples.end() ? u"nothing"_s : compact(sample->second).left(400);
}

/// The same samples, by their rank at each moment instead of their labels.
Samples byRank(const Samples& samples)
{
    std::map<double, std::vector<QJsonValue>> moments;
    for (const auto& [place, value] : samples) {
        moments[place.second].push_back(value);
    }
    Samples out;
    for (auto& [at, values] : moments) {
        std::ranges::sort(values, [](const QJsonValue& left, const QJsonValue& right) {
            const double a = numberOf(left).value_or(0);
            const double b = numberOf(right).value_or(0);
            return a < b || (std::isnan(a) && !std::isnan(b));
        });
        for (std::size_t rank = 0; rank < values.size(); ++rank) {
            out.emplace(std::pair(QString::number(rank), at), values[rank]);
        }
    }
    return out;
}

Difference samplesDiffer(const Samples& theirs, const Samples& ours)
{
    for (auto left = theirs.begin(), right = ours.begin();
         left != theirs.end() || right != ours.end();) {
        const bool isLeft
            = right == ours.end() || (left != theirs.end() && left->first <= right->first);
        const bool isRight
            = left == theirs.end() || (right != ours.end() && right->first <= left->first);
        const auto& place = isLeft ? left->first : right->first;
        if (!isLeft || !isRight || !isAlike(left->second, right->second)) {
            return {Difference::Kind::samples,
                    u"%1 at %2: theirs %3, ours %4"_s.arg(
                        place.first, QString::number(place.second, 'f', 3),
                        textOf(theirs, isLeft ? left : theirs.end()),
                        textOf(ours, isRight ? right : ours.end())),
                    place.second};
        }
        ++left;
        ++right;
    }
    return {};
}

} // namespace

bool isAlike(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b))
        || std::abs(a - b) <= alike * std::max(std::abs(a), std::abs(b));
}

std::optional<double> numberOf(const QJsonValue& value)
{
    if (value.isDouble()) {
        return value.toDouble();
    }
    const QString text = value.toString();
    if (text == u"+Inf"_s || text == u"-Inf"_s) {
        return text == u"+Inf"_s ? HUGE_VAL : -HUGE_VAL;
    }
    bool isNumber = text == u"NaN"_s;
    const double number = isNumber ? std::nan("") : text.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

bool isAlike(const QJsonValue& a, const QJsonValue& b)
{
    if (a.isArray() && b.isArray()) {
        return std::ranges::equal(
            a.toArray(), b.toArray(),
            [](const QJsonValue& left, const QJsonValue& right) { return isAlike(left, right); });
    }
    if (a.isObject() && b.isObject()) {
        const QJsonObject left = a.toObject();
        const QJsonObject right = b.toObject();
        return left.keys() == right.keys()
            && std::ranges::all_of(
                   left.keys(), [&](const QString& key) { return isAlike(left[key], right[key]); });
    }
    if (a == b) {
        return true;
    }
    const auto left = numberOf(a);
    const auto right = numberOf(b);
    return left && right && isAlike(*left, *right);
}

Samples samplesOf(const QJsonObject& answer)
{
    Samples all;
    const QJsonArray result = answer.value(u"data"_s)[u"result"_s].toArray();
    if (!result.isEmpty() && !result[0].isObject()) { // a scalar or a string
        all.emplace(std::pair(QString(), result[0].toDouble()), result[1]);
        return all;
    }
    for (const QJsonValue& series : result) {
        const QString labels = compact(series[u"metric"_s]);
        for (const QString& key : {u"value"_s, u"histogram"_s}) {
            if (const QJsonValue sample = series[key]; sample.isArray()) {
                all.emplace(std::pair(labels, sample[0].toDouble()), sample[1]);
            }
        }
        for (const QString& key : {u"values"_s, u"histograms"_s}) {
            const QJsonArray samples = series[key].toArray();
            for (const QJsonValue& sample : samples) {
                all.emplace(std::pair(labels, sample[0].toDouble()), sample[1]);
            }
        }
    }
    return all;
}

std::map<double, std::map<QString, QJsonValue>> byMoment(const Samples& samples)
{
    std::map<double, std::map<QString, QJsonValue>> moments;
    for (const auto& [place, value] : samples) {
        moments[place.second].emplace(place.first, value);
    }
    return moments;
}

bool isAlike(const std::map<QString, QJsonValue>& a, const std::map<QString, QJsonValue>& b)
{
    return std::ranges::equal(a, b, [](const auto& left, const auto& right) {
        return left.first == right.first && isAlike(left.second, right.second);
    });
}

std::vector<double> differingMoments(const Samples& a, const Samples& b)
{
    auto left = byMoment(a);
    auto right = byMoment(b);
    std::vector<double> moments;
    for (const auto& [at, samples] : left) {
        if (!isAlike(samples, right[at])) {
            moments.push_back(at);
        }
    }
    for (const auto& [at, samples] : right) {
        if (!samples.empty() && !left.contains(at)) {
            moments.push_back(at);
        }
    }
    std::ranges::sort(moments);
    return moments;
}

QStringList remarksOf(const QJsonObject& answer, const QString& level)
{
    static const QRegularExpression place(u" \\(\\d+:\\d+\\)$"_s);
    QStringList all;
    for (const QJsonValue& remark : answer.value(level).toArray()) {
        const QString text
            = remark.toString().remove(place).remove(u" for metric name \"\""_s); // versions differ
        // Version 3.5 does not say these yet.
        if (!text.contains(u"sort is ineffective for range queries"_s)
            && !text.contains(u"conflicting counter resets during histogram"_s)) {
            all << text;
        }
    }
    all.removeDuplicates();
    all.sort();
    return all;
}

Difference differenceOf(const QJsonObject& theirs, const QJsonObject& ours, bool byValue)
{
    const auto stateOf = [](const QJsonObject& answer) {
        return answer.value(u"status"_s) == u"success"_s
            ? u"success"_s
            : u"error "_s + answer.value(u"errorType"_s).toString();
    };
    if (stateOf(theirs) != stateOf(ours)) {
        return {Difference::Kind::state,
                u"theirs: %1 %2, ours: %3 %4"_s.arg(
                    stateOf(theirs), theirs.value(u"error"_s).toString(), stateOf(ours),
                    ours.value(u"error"_s).toString())};
    }
    if (stateOf(theirs) != u"success"_s) {
        return {};
    }
    const QString type = u"resultType"_s;
    if (theirs.value(u"data"_s)[type] != ours.value(u"data"_s)[type]) {
        return {Difference::Kind::state, u"another type"_s};
    }
    Difference difference = byValue
        ? samplesDiffer(byRank(samplesOf(theirs)), byRank(samplesOf(ours)))
        : samplesDiffer(samplesOf(theirs), samplesOf(ours));
    for (const QString& level : {u"warnings"_s, u"infos"_s}) {
        const QStringList left = remarksOf(theirs, level);
        const QStringList right = remarksOf(ours, level);
        if (difference.kind == Difference::Kind::none && left != right) {
            difference = {
                Difference::Kind::remarks,
                u"%1: theirs %2, ours %3"_s.arg(level, left.join(u" | "_s), right.join(u" | "_s))};
        }
    }
    return difference;
}

} // namespace watchfire::tests
