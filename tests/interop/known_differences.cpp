// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/known_differences.h"

#include "tests/interop/histogram_rates.h"
#include "tests/interop/query_parts.h"
#include "tests/interop/rounding.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

using promql::Node;

/// All parts of which `wanted` holds.
template <class Wanted> std::vector<const Node*> partsWhere(const Node& query, const Wanted& wanted)
{
    std::vector<const Node*> found;
    anyPart(query, [&](const Node& node) {
        if (wanted(node)) {
            found.push_back(&node);
        }
        return false;
    });
    return found;
}

QString textOf(const Disagreement& about, const Node& node)
{
    return QString::fromStdString(
        about.text.substr(node.span.begin, node.span.end - node.span.begin));
}

QUrlQuery wordsFor(const Disagreement& about, const QString& query)
{
    QUrlQuery words = about.words;
    words.removeAllQueryItems(u"query"_s);
    words.addQueryItem(u"query"_s, QString::fromLatin1(QUrl::toPercentEncoding(query)));
    return words;
}

bool isError(const QJsonObject& answer, const QString& text)
{
    return answer.value(u"error"_s).toString().contains(text);
}

bool isSamples(const Disagreement& about)
{
    return about.difference.kind == Difference::Kind::samples;
}

/// NaN among the samples: passed over then, the result since.
bool passesOverNaN(const Disagreement& about)
{
    const std::vector<const Node*> calls = partsWhere(about.query, [](const Node& node) {
        return calledBy(node) == "mad_over_time" && anyPart(node, [](const Node& part) {
                   const promql::VectorSelector* const selector = selectorOf(part);
                   return selector != nullptr
                       && (selector->name == "strange" || selector->name.empty());
               });
    });
    return !calls.empty() && std::ranges::all_of(calls, [&](const Node* call) {
        // They differ where we have NaN, and nowhere else.
        const QUrlQuery words = wordsFor(about, textOf(about, *call));
        const Samples theirs = samplesOf(about.askThem(about.path, words));
        const Samples ours = samplesOf(about.askUs(about.path, words));
        return theirs.size() == ours.size() && std::ranges::all_of(theirs, [&](const auto& sample) {
                   const auto other = ours.find(sample.first);
                   return other != ours.end()
                       && (isAlike(sample.second, other->second)
                           || std::isnan(numberOf(other->second).value_or(0)));
               });
    });
}

/// Series that become equal, but at different steps: an error then, one series since.
bool refusesTurns(const Disagreement& about)
{
    return isError(about.theirs, u"with the same labelset"_s)
        && anyPart(about.query, [](const Node& node) {
               return calledBy(node) == "label_replace" || calledBy(node) == "label_join";
           });
}

bool isRounded(const Disagreement& about)
{
    return isSamples(about)
        && isRounding(about.query, about.text, samplesOf(about.theirs), samplesOf(about.ours),
                      [&](const std::string& query) {
                          return about.askUs(about.path,
                                             wordsFor(about, QString::fromStdString(query)));
                      });
}

/// Pairs that a comparison drops are not counted there, but are since: with `bool`, which drops
/// none, it refuses them, too.
bool countsWhatIsKept(const Disagreement& about)
{
    const QString refused = u"multiple matches for labels"_s;
    if (about.theirs.value(u"status"_s) != u"success"_s || !isError(about.ours, refused)) {
        return false;
    }
    return anyPart(about.query, [&](const Node& node) {
        const auto* const binary = std::get_if<promql::BinaryExpr>(&node.kind);
        if (binary == nullptr || !promql::isComparison(binary->op) || !binary->matching
            || binary->returnBool) {
            return false;
        }
        const std::string_view op = promql::toText(binary->op);
        std::string text = about.text;
        text.insert(text.find(op, binary->lhs->span.end) + op.size(), " bool");
        return isError(about.askThem(about.path, wordsFor(about, QString::fromStdString(text))),
                       refused);
    });
}

/// timestamp() of a selector that has both loses the offset, but not what was read for it.
bool losesAnOffset(const Disagreement& about)
{
    return isSamples(about) && anyPart(about.query, [](const Node& node) {
               if (calledBy(node) != "timestamp") {
                   return false;
               }
               const Node& argument
                   = promql::unwrap(*std::get<promql::Call>(node.kind).arguments.front());
               const auto* const selector = std::get_if<promql::VectorSelector>(&argument.kind);
               return selector != nullptr && selector->modifiers.at != promql::Modifiers::At::none
                   && selector->modifiers.offset.count() != 0;
           });
}

/// From step to step, the memory of histograms of a subquery is used again while it is in use
/// (storageSeriesIterator of promql/value.go, mended in 3.6). At one step alone all is well.
bool overwritesHistograms(const Disagreement& about)
{
    const bool readsSubquery = anyPart(about.query, [](const Node& node) {
        return std::holds_alternative<promql::Subquery>(node.kind)
            && anyPart(node, selectsHistograms);
    });
    if (!isSamples(about) || !readsSubquery || !about.path.endsWith(u"range"_s)) {
        return false;
    }
    QString query = QString::fromStdString(about.text);
    for (const QString& end : {u"start"_s, u"end"_s}) {
        query.replace(u"@ %1()"_s.arg(end), u"@ "_s + about.words.queryItemValue(end));
    }
    QUrlQuery words = wordsFor(about, query);
    for (const QString& end : {u"start"_s, u"end"_s}) {
        words.removeAllQueryItems(end);
        words.addQueryItem(end, QString::number(*about.difference.at, 'f', 3));
    }
    return differenceOf(about.askThem(about.path, words), about.askUs(about.path, words), false)
               .kind
        == Difference::Kind::none;
}

/// The index puts matchers in another order, by which the labels of an absence are then made.
bool ordersMatchers(const Disagreement& about)
{
    const auto twice = [](const promql::VectorSelector& selector) {
        return std::ranges::any_of(selector.matchers, [&](const Matcher& one) {
            return one.type() == MatchType::equal
                && std::ranges::count(selector.matchers, one.name(), &Matcher::name) > 1;
        });
    };
    const bool isAbsence = anyPart(about.query, [&](const Node& node) {
        if (calledBy(node) != "absent" && calledBy(node) != "absent_over_time") {
            return false;
        }
        const promql::VectorSelector* const selector
            = selectorOf(promql::unwrap(*std::get<promql::Call>(node.kind).arguments.front()));
        return selector != nullptr && twice(*selector);
    });
    return isAbsence && differenceOf(about.theirs, about.ours, true).kind == Difference::Kind::none;
}

/// Of atan2 with histograms it remarks on half.
bool remarksOnHalf(const Disagreement& about)
{
    return about.difference.kind == Difference::Kind::remarks
        && isWithin(
               about.query,
               [](const Node& node) { return isOperator(node, promql::BinaryOp::atan2); },
               selectsHistograms);
}

/// Sums and means of histograms have empty buckets there that nobody sees but a comparison.
bool comparesEmptyBuckets(const Disagreement& about)
{
    const auto isEquality = [](const Node& node) {
        return isOperator(node, promql::BinaryOp::equal)
            || isOperator(node, promql::BinaryOp::notEqual);
    };
    const auto isSum = [](const Node& node) {
        const auto* const aggregate = std::get_if<promql::Aggregate>(&node.kind);
        const bool sums = aggregate != nullptr
            ? aggregate->op == promql::AggregateOp::sum || aggregate->op == promql::AggregateOp::avg
            : calledBy(node) == "sum_over_time" || calledBy(node) == "avg_over_time";
        return sums && anyPart(node, selectsHistograms);
    };
    return isSamples(about) && isWithin(about.query, isEquality, isSum);
}

struct Reason {
    const char* text;
    bool (*holds)(const Disagreement& about);
};
constexpr Reason reasons[] = {
    {"mad_over_time passes over NaN", passesOverNaN},
    {"series that become equal may not take turns", refusesTurns},
    {"pairs that a comparison drops do not count", countsWhatIsKept},
    {"timestamp() loses an offset beside @", losesAnOffset},
    {"labels of an absence", ordersMatchers},
    {"half of the remarks on atan2", remarksOnHalf},
    {"empty buckets in a comparison", comparesEmptyBuckets},
    {"rates of histograms beyond zero",
     [](const Disagreement& about) { return isRateBeyondZero(about); }},
    {"histograms of a subquery overwritten", overwritesHistograms},
    {"rounding", isRounded},
};

} // namespace

QString knownReason(const Disagreement& about)
{
    for (const Reason& reason : reasons) {
        if (reason.holds(about)) {
            return QString::fromLatin1(reason.text);
        }
    }
    return {};
}

} // namespace watchfire::tests
