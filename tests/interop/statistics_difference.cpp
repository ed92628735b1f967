// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/statistics_difference.h"

#include "tests/interop/query_parts.h"

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

/// Version 3.5 subtracts too much when a window leaves histograms behind (matrixIterSlice), and
/// evaluates subqueries up to an end that no step looks at (subqueryTimeRange came later). And
/// series of several metrics come in an order of its own, by which those with many samples may
/// come last, when most results are held.
bool holdsOtherwise(const Node& query, const QUrlQuery& words)
{
    const qint64 step = words.queryItemValue(u"step"_s).toLongLong();
    const qint64 length = words.queryItemValue(u"end"_s).toLongLong()
        - words.queryItemValue(u"start"_s).toLongLong();
    const bool endsBetweenSteps = step > 0 && length % step != 0;
    return anyPart(query, selectsHistograms) || (endsBetweenSteps && anyPart(query, isSubquery))
        || anyPart(query, [](const Node& node) {
               return std::holds_alternative<promql::MatrixSelector>(node.kind)
                   && selectorOf(node)->name.empty();
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
