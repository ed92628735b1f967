// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/statistics_difference.h"

#include "tests/interop/query_parts.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

using promql::Node;

bool isSubquery(const Node& node)
{
    return std::holds_alternative<promql::Subquery>(node.kind);
}

/// Version 3.5 reads histograms without their buckets for fewer of these functions than later
/// ones do (detectHistogramStatsDecoding in promql/engine.go), and histograms that a query makes
/// have other spans there, which a subquery counts.
bool countsHistogramsOtherwise(const Node& query)
{
    const auto isOfStatistics = [](const Node& node) {
        const std::string_view name = calledBy(node);
        return name == "histogram_count" || name == "histogram_sum" || name == "histogram_avg";
    };
    return isWithin(query, isOfStatistics, selectsHistograms)
        || isWithin(query, isSubquery, selectsHistograms);
}

/// Whether what the part yields comes in the order of the series that it reads. What is put
/// together step by step comes in any.
bool keepsOrder(const Node& part)
{
    const Node& node = promql::unwrap(part);
    return selectorOf(node) != nullptr
        || (std::holds_alternative<promql::Call>(node.kind)
            && std::ranges::any_of(promql::partsOf(node), [](const Node* argument) {
                   return std::holds_alternative<promql::MatrixSelector>(
                       promql::unwrap(*argument).kind);
               }));
}

bool isTimestampOfFixed(const Node& node)
{
    if (calledBy(node) != "timestamp") {
        return false;
    }
    const promql::VectorSelector* const selector
        = selectorOf(promql::unwrap(*std::get<promql::Call>(node.kind).arguments.front()));
    return selector != nullptr && selector->modifiers.at != promql::Modifiers::At::none;
}

/// Whether what is held at most depends on more than the query:
/// - version 3.5 subtracts too much when a window leaves histograms behind (matrixIterSlice);
/// - it evaluates subqueries up to an end that no step looks at (subqueryTimeRange came later);
/// - of a subquery that is fixed by @, it evaluates what the steps would see if it were not;
/// - timestamp() of a selector with @ is computed at every step, and once since (promql/engine.go,
///   preprocessExprHelper);
/// - where windows are looked at series by series, those with many samples may come last, when
///   most results are held: the series of several metrics and those put together by a query come
///   in an order of its own.
bool holdsOtherwise(const Node& query, const QUrlQuery& words)
{
    const qint64 step = words.queryItemValue(u"step"_s).toLongLong();
    const qint64 length = words.queryItemValue(u"end"_s).toLongLong()
        - words.queryItemValue(u"start"_s).toLongLong();
    const bool endsBetweenSteps = step > 0 && length % step != 0;
    return anyPart(query, [&](const Node& node) {
        const auto* const subquery = std::get_if<promql::Subquery>(&node.kind);
        const bool isOfAnyMetric = std::holds_alternative<promql::MatrixSelector>(node.kind)
            && selectorOf(node)->name.empty();
        return selectsHistograms(node) || isOfAnyMetric || isTimestampOfFixed(node)
            || (subquery != nullptr
                && (endsBetweenSteps || subquery->modifiers.at != promql::Modifiers::At::none
                    || !keepsOrder(*subquery->inner)));
    });
}

} // namespace

QString statisticsDifference(const Node& query, const QUrlQuery& words, const QJsonObject& theirs,
                             const QJsonObject& ours)
{
    const auto samplesOf = [](const QJsonObject& answer) {
        return answer.value(u"data"_s)[u"stats"_s][u"samples"_s].toObject();
    };
    const QJsonObject left = samplesOf(theirs);
    const QJsonObject right = samplesOf(ours);
    QStringList keys;
    if (!countsHistogramsOtherwise(query)) {
        keys << u"totalQueryableSamples"_s << u"totalQueryableSamplesPerStep"_s;
    }
    if (!holdsOtherwise(query, words)) {
        keys << u"peakSamples"_s;
    }
    for (const QString& key : keys) {
        if (left.value(key) != right.value(key) || right.value(key).isUndefined()) {
            const auto text = [&key](const QJsonObject& samples) {
                return QString::fromUtf8(QJsonDocument(QJsonArray{samples.value(key)})
                                             .toJson(QJsonDocument::Compact)
                                             .left(300));
            };
            return u"%1: theirs %2, ours %3"_s.arg(key, text(left), text(right));
        }
    }
    return {};
}

} // namespace watchfire::tests
