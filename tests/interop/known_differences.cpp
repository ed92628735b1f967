// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/known_differences.h"

#include "core/promql/syntax/printer.h"
#include "tests/interop/histogram_rates.h"
#include "tests/interop/query_parts.h"
#include "tests/interop/rounding.h"

#include <algorithm>
#include <cmath>
#include <ranges>
#include <utility>
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

/// What they and we answer to a part of the query, asked alone.
struct Answers {
    QJsonObject theirs;
    QJsonObject ours;
};
Answers answersTo(const Disagreement& about, const Node& part)
{
    const QUrlQuery words = wordsFor(about, textOf(about, part));
    return {about.askThem(about.path, words), about.askUs(about.path, words)};
}

/// Whether they would answer another query as we do this one.
bool agreeOn(const Disagreement& about, const QString& query)
{
    return differenceOf(about.askThem(about.path, wordsFor(about, query)), about.ours, false).kind
        == Difference::Kind::none;
}

/// NaN among the samples: passed over then, the result since (promql/functions.go,
/// funcMadOverTime).
bool passesOverNaN(const Disagreement& about)
{
    const std::vector<const Node*> calls = partsWhere(about.query, [](const Node& node) {
        return calledBy(node) == "mad_over_time" && anyPart(node, [](const Node& part) {
                   const promql::VectorSelector* const selector = selectorOf(part);
                   return selector != nullptr
                       && (selector->name == "strange" || selector->name.empty());
               });
    });
    // They differ where we have NaN, and nowhere else.
    bool anyDiffers = false;
    const auto differsByNaN = [&](const Node* call) {
        const Answers answers = answersTo(about, *call);
        const Samples theirs = samplesOf(answers.theirs);
        const Samples ours = samplesOf(answers.ours);
        return theirs.size() == ours.size() && std::ranges::all_of(theirs, [&](const auto& sample) {
                   const auto other = ours.find(sample.first);
                   if (other == ours.end()) {
                       return false;
                   }
                   const bool differs = !isAlike(sample.second, other->second);
                   anyDiffers = anyDiffers || differs;
                   return !differs || std::isnan(numberOf(other->second).value_or(0));
               });
    };
    return std::ranges::all_of(calls, differsByNaN) && anyDiffers;
}

/// Series that become equal, but at different steps: an error then, one series since
/// (promql/engine.go, mergeSeriesWithSameLabelset).
bool refusesTurns(const Disagreement& about)
{
    const QString refused = u"with the same labelset"_s;
    if (!isError(about.theirs, refused) || about.ours.value(u"status"_s) != u"success"_s) {
        return false;
    }
    return anyPart(about.query, [&](const Node& node) {
        const bool renames = calledBy(node) == "label_replace" || calledBy(node) == "label_join"
            || std::holds_alternative<promql::UnaryExpr>(node.kind);
        if (!renames) {
            return false;
        }
        const Answers answers = answersTo(about, node);
        return isError(answers.theirs, refused) && answers.ours.value(u"status"_s) == u"success"_s;
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

/// Pairs that a comparison drops are not counted there, but are since (promql/engine.go,
/// VectorBinop): with `bool`, which drops none, it refuses them, too.
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

/// timestamp() of a selector that has both loses the offset, but not what was read for it
/// (promql/engine.go, rangeEvalTimestampFunctionOverVectorSelector). Where @ alone leads to the
/// same moment, it answers as we do.
bool losesAnOffset(const Disagreement& about)
{
    const std::vector<const Node*> calls = partsWhere(about.query, [](const Node& node) {
        if (calledBy(node) != "timestamp") {
            return false;
        }
        const Node& argument = promql::unwrap(*std::get<promql::Call>(node.kind).arguments.front());
        const auto* const selector = std::get_if<promql::VectorSelector>(&argument.kind);
        return selector != nullptr && selector->modifiers.at != promql::Modifiers::At::none
            && selector->modifiers.offset.count() != 0;
    });
    if (!isSamples(about) || calls.empty()) {
        return false;
    }
    std::string text = about.text;
    for (const Node* const call : std::views::reverse(calls)) { // from the last to the first
        Node argument = promql::unwrap(*std::get<promql::Call>(call->kind).arguments.front());
        promql::Modifiers& modifiers = std::get<promql::VectorSelector>(argument.kind).modifiers;
        const bool isStart = modifiers.at == promql::Modifiers::At::start;
        if (modifiers.at != promql::Modifiers::At::timestamp) {
            const QString word
                = about.path.endsWith(u"range"_s) ? isStart ? u"start"_s : u"end"_s : u"time"_s;
            modifiers.atMs = about.words.queryItemValue(word).toLongLong() * 1'000;
        }
        modifiers.at = promql::Modifiers::At::timestamp;
        modifiers.atMs -= std::exchange(modifiers.offset, {}).count();
        text.replace(argument.span.begin, argument.span.end - argument.span.begin,
                     promql::print(argument));
    }
    return agreeOn(about, QString::fromStdString(text));
}

/// From step to step, the memory of histograms of a subquery is used again while it is in use
/// (storageSeriesIterator of promql/value.go, mended in 3.6). At each step alone it answers as we
/// do.
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
    const auto alone = [&](double at) {
        QUrlQuery words = wordsFor(about, query);
        for (const QString& end : {u"start"_s, u"end"_s}) {
            words.removeAllQueryItems(end);
            words.addQueryItem(end, QString::number(at, 'f', 3));
        }
        return byMoment(samplesOf(about.askThem(about.path, words)))[at];
    };
    const Samples theirs = samplesOf(about.theirs);
    const Samples ours = samplesOf(about.ours);
    auto oursAt = byMoment(ours);
    return std::ranges::all_of(differingMoments(theirs, ours),
                               [&](double at) { return isAlike(alone(at), oursAt[at]); });
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

/// Of the pairs of an operator that cannot be computed it remarks on the last at each step
/// (promql/engine.go, VectorBinop: lastErr), in an order of its own.
bool remarksOnTheLast(const Disagreement& about)
{
    static const QRegularExpression ofPair(
        u"incompatible sample types encountered for binary operator (\"[^\"]+\")"_s);
    const QStringList theirs = remarksOf(about.theirs, u"infos"_s);
    const QStringList ours = remarksOf(about.ours, u"infos"_s);
    const auto isOnAnother = [&](const QString& remark) {
        const QString op = ofPair.match(remark).captured(1);
        return !op.isEmpty() && std::ranges::any_of(theirs, [&](const QString& other) {
            return ofPair.match(other).captured(1) == op;
        });
    };
    return about.difference.kind == Difference::Kind::remarks
        && remarksOf(about.theirs, u"warnings"_s) == remarksOf(about.ours, u"warnings"_s)
        && std::ranges::all_of(theirs, [&](const auto& one) { return ours.contains(one); })
        && std::ranges::all_of(
               ours, [&](const auto& one) { return theirs.contains(one) || isOnAnother(one); });
}

/// A comparison sees every bit of histograms, and empty buckets that nobody else does
/// (model/histogram/float_histogram.go, Equals): those of sums and means, which are added up in
/// another way there. Both sides are alike but for that.
bool comparesEveryBit(const Disagreement& about)
{
    const auto isSum = [](const Node& node) {
        const auto* const aggregate = std::get_if<promql::Aggregate>(&node.kind);
        const bool sums = aggregate != nullptr
            ? aggregate->op == promql::AggregateOp::sum || aggregate->op == promql::AggregateOp::avg
            : calledBy(node) == "sum_over_time" || calledBy(node) == "avg_over_time";
        return sums && anyPart(node, selectsHistograms);
    };
    return isSamples(about) && anyPart(about.query, [&](const Node& node) {
               if (!isOperator(node, promql::BinaryOp::equal)
                   && !isOperator(node, promql::BinaryOp::notEqual)) {
                   return false;
               }
               const auto& binary = std::get<promql::BinaryExpr>(node.kind);
               const auto isAlikeAlone = [&](const Node* side) {
                   const Answers answers = answersTo(about, *side);
                   return differenceOf(answers.theirs, answers.ours, false).kind
                       == Difference::Kind::none;
               };
               return (anyPart(*binary.lhs, isSum) || anyPart(*binary.rhs, isSum))
                   && isAlikeAlone(binary.lhs) && isAlikeAlone(binary.rhs);
           });
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
    {"remarks on the last pair alone", remarksOnTheLast},
    {"every bit of histograms in a comparison", comparesEveryBit},
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
