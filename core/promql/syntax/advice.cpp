// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/advice.h"

#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/value_range.h"
#include "core/text/duration.h"
#include "core/text/quote.h"

#include <algorithm>
#include <array>
#include <format>
#include <map>

namespace watchfire::promql {

namespace {

constexpr int usualSamplesInRange = 4; // of a proposed range, so that one may be missed

const VectorSelector* selectorIn(const Node& argument)
{
    const auto* const matrix = std::get_if<MatrixSelector>(&unwrap(argument).kind);
    return matrix == nullptr ? nullptr : &std::get<VectorSelector>(matrix->selector->kind);
}

bool isCounterFunction(std::string_view name)
{
    return name == "rate" || name == "irate" || name == "increase";
}

/// They yield nothing where the range holds one sample alone.
bool needsTwoSamples(std::string_view name)
{
    static constexpr std::array names{
        "rate",   "irate", "increase",       "delta",
        "idelta", "deriv", "predict_linear", "double_exponential_smoothing"};
    return std::ranges::contains(names, name);
}

/// The same for the other kind of metric; empty: there is none.
std::string_view counterpart(std::string_view function)
{
    static constexpr std::pair<std::string_view, std::string_view> pairs[] = {{"rate", "deriv"},
                                                                              {"irate", "deriv"},
                                                                              {"increase", "delta"},
                                                                              {"delta", "increase"},
                                                                              {"deriv", "rate"}};
    const auto* const found
        = std::ranges::find(pairs, function, &std::pair<std::string_view, std::string_view>::first);
    return found == std::end(pairs) ? std::string_view() : found->second;
}

/// Series that are all the same in one label, by what the query says.
using FixedLabels = std::map<std::string, std::string, std::less<>>;

FixedLabels fixedLabels(const Node& node);

FixedLabels fixedLabels(const Aggregate& aggregate)
{
    FixedLabels fixed = fixedLabels(*aggregate.inner);
    switch (aggregate.op) {
    case AggregateOp::topk:
    case AggregateOp::bottomk:
    case AggregateOp::limitk:
    case AggregateOp::limitRatio:
        return fixed; // whole series
    default:
        break;
    }
    std::erase_if(fixed, [&](const auto& label) {
        return std::ranges::contains(aggregate.grouping, label.first) == aggregate.without;
    });
    return fixed;
}

FixedLabels fixedLabels(const Call& call)
{
    const std::string_view name = call.function->name;
    if (name == "label_replace" || name == "label_join" || name == "info"
        || name.starts_with("absent")) {
        return {};
    }
    FixedLabels fixed;
    for (const Node* const argument : call.arguments) {
        if (argument->type == ValueType::vector || argument->type == ValueType::matrix) {
            fixed = fixedLabels(*argument); // of the one there is
        }
    }
    return fixed;
}

/// Those that series must have with one value. Labels may have any other name or be absent.
FixedLabels fixedLabels(const Node& node)
{
    const Node& inner = unwrap(node);
    if (const auto* const selector = std::get_if<VectorSelector>(&inner.kind)) {
        FixedLabels fixed;
        for (const Matcher& matcher : selector->matchers) {
            if (matcher.type() == MatchType::equal && matcher.name() != metricNameLabel) {
                fixed.emplace(matcher.name(), matcher.value());
            }
        }
        return fixed;
    }
    if (const auto* const matrix = std::get_if<MatrixSelector>(&inner.kind)) {
        return fixedLabels(*matrix->selector);
    }
    if (const auto* const subquery = std::get_if<Subquery>(&inner.kind)) {
        return fixedLabels(*subquery->inner);
    }
    if (const auto* const unary = std::get_if<UnaryExpr>(&inner.kind)) {
        return fixedLabels(*unary->inner);
    }
    if (const auto* const aggregate = std::get_if<Aggregate>(&inner.kind)) {
        return fixedLabels(*aggregate);
    }
    if (const auto* const call = std::get_if<Call>(&inner.kind)) {
        return fixedLabels(*call);
    }
    if (const auto* const binary = std::get_if<BinaryExpr>(&inner.kind)) {
        if (binary->rhs->type == ValueType::scalar) {
            return fixedLabels(*binary->lhs);
        }
        if (binary->lhs->type == ValueType::scalar) {
            return fixedLabels(*binary->rhs);
        }
    }
    return {};
}

/// One reading of a query.
class Adviser {
public:
    Adviser(const Ast& query, const MetricFacts& facts)
        : m_text(query.text)
        , m_tokens(tokenize(m_text))
        , m_facts(facts)
    {
    }

    void visit(const Node& written)
    {
        const Node& node = unwrap(written);
        if (const auto* const call = std::get_if<Call>(&node.kind)) {
            judgeType(*call);
            judgeRange(*call);
            judgeRateOfSum(node, *call);
            judgeQuantile(*call);
        } else if (const auto* const binary = std::get_if<BinaryExpr>(&node.kind)) {
            judgeMatching(node, *binary);
            judgeComparison(node, *binary);
        }
        for (const Node* const part : partsOf(node)) {
            visit(*part);
        }
    }
    std::vector<Advice> take()
    {
        std::ranges::stable_sort(m_advice, {}, [](const Advice& one) { return one.where.begin; });
        return std::move(m_advice);
    }

private:
    void say(Span where, std::string message, std::optional<Fix> fix)
    {
        m_advice.push_back({std::move(message), where, std::move(fix)});
    }
    std::string_view textOf(Span span) const
    {
        return m_text.substr(span.begin, span.end - span.begin);
    }
    /// The first token of that kind that begins within the span; null: there is none.
    const Token* find(TokenKind kind, Span within) const
    {
        const auto found = std::ranges::find_if(m_tokens, [&](const Token& token) {
            return token.kind == kind && token.span.begin >= within.begin
                && token.span.end <= within.end;
        });
        return found == m_tokens.end() ? nullptr : &*found;
    }

    void judgeType(const Call& call)
    {
        const std::string_view function = call.function->name;
        const VectorSelector* const selector
            = call.arguments.empty() ? nullptr : selectorIn(*call.arguments.front());
        const std::string_view other = counterpart(function);
        if (selector == nullptr || selector->name.empty() || other.empty() || !m_facts.typeOf) {
            return;
        }
        const auto type = m_facts.typeOf(selector->name);
        const bool isForCounters = isCounterFunction(function);
        if (isForCounters && type == MetricType::gauge) {
            say(call.nameSpan,
                std::format("{} is a gauge: {}() takes each of its falls for a counter's reset",
                            selector->name, function),
                Fix{call.nameSpan, std::string(other)});
        } else if (!isForCounters && type == MetricType::counter) {
            say(call.nameSpan,
                std::format("{} is a counter: {}() takes its resets for falls", selector->name,
                            function),
                Fix{call.nameSpan, std::string(other)});
        }
    }

    void judgeRange(const Call& call)
    {
        if (call.arguments.empty() || !needsTwoSamples(call.function->name)
            || !m_facts.intervalOf) {
            return;
        }
        const Node& argument = unwrap(*call.arguments.front());
        const auto* const matrix = std::get_if<MatrixSelector>(&argument.kind);
        if (matrix == nullptr || matrix->rangeExpr) {
            return;
        }
        const auto& selector = std::get<VectorSelector>(matrix->selector->kind);
        const auto interval = m_facts.intervalOf(selector.matchers);
        if (!interval || selector.edges != RangeEdges::plain || matrix->range >= 2 * *interval) {
            return;
        }
        const Token* const open = find(TokenKind::leftBracket, argument.span);
        const Token* const close = find(TokenKind::rightBracket, argument.span);
        if (open == nullptr || close == nullptr) {
            return;
        }
        const Span range{open->span.end, close->span.begin};
        say(range,
            std::format("{}() needs two samples: {} is too short for what is scraped every {}",
                        call.function->name, text::formatDuration(matrix->range),
                        text::formatDuration(*interval)),
            Fix{range, text::formatDuration(usualSamplesInRange * *interval)});
    }

    void judgeRateOfSum(const Node& node, const Call& call)
    {
        if (call.arguments.empty() || !isCounterFunction(call.function->name)) {
            return;
        }
        const Node& argument = unwrap(*call.arguments.front());
        const auto* const subquery = std::get_if<Subquery>(&argument.kind);
        if (subquery == nullptr) {
            return;
        }
        const auto* const aggregate = std::get_if<Aggregate>(&unwrap(*subquery->inner).kind);
        if (aggregate == nullptr
            || (aggregate->op != AggregateOp::sum && aggregate->op != AggregateOp::avg)) {
            return;
        }
        say(node.span,
            std::format("{0}() of {1}(): where one of the counters is reset all of the sum falls; "
                        "take {1}() of {0}()",
                        call.function->name, toText(aggregate->op)),
            rateFirst(node, call, *subquery, *aggregate));
    }

    /// rate(sum by (a) (m)[5m:]) the other way round, where all of it is plain.
    std::optional<Fix> rateFirst(const Node& node, const Call& call, const Subquery& subquery,
                                 const Aggregate& aggregate) const
    {
        const Node& inner = unwrap(*aggregate.inner);
        const auto* const selector = std::get_if<VectorSelector>(&inner.kind);
        const auto isPlain = [](const Modifiers& modifiers) {
            return modifiers.at == Modifiers::At::none && modifiers.offset.count() == 0
                && !modifiers.offsetExpr;
        };
        if (selector == nullptr || !isPlain(selector->modifiers) || !isPlain(subquery.modifiers)
            || subquery.rangeExpr) {
            return std::nullopt;
        }
        std::string grouping;
        if (aggregate.without || !aggregate.grouping.empty()) {
            grouping = aggregate.without ? " without (" : " by (";
            for (std::size_t i = 0; i < aggregate.grouping.size(); ++i) {
                grouping += (i == 0 ? "" : ", ") + aggregate.grouping[i];
            }
            grouping += ") ";
        }
        return Fix{node.span,
                   std::format("{}{}({}({}[{}]))", toText(aggregate.op), grouping,
                               call.function->name, textOf(inner.span),
                               text::formatDuration(subquery.range))};
    }

    void judgeQuantile(const Call& call)
    {
        if (call.function->name == "histogram_quantile" && call.arguments.size() == 2) {
            judgeBuckets(*call.arguments[1]);
        }
    }

    /// Looks for an aggregation that leaves no le of the classic buckets below it.
    void judgeBuckets(const Node& written)
    {
        const Node& node = unwrap(written);
        const auto* const aggregate = std::get_if<Aggregate>(&node.kind);
        if (aggregate != nullptr && selectsBuckets(*aggregate->inner)
            && std::ranges::contains(aggregate->grouping, "le") == aggregate->without) {
            say(node.span, "the buckets are told apart by the label le, which is summed away here",
                keepingLe(node, *aggregate));
            return;
        }
        for (const Node* const part : partsOf(node)) {
            judgeBuckets(*part);
        }
    }

    static bool selectsBuckets(const Node& written)
    {
        const Node& node = unwrap(written);
        if (const auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
            return selector->name.ends_with("_bucket");
        }
        return std::ranges::any_of(partsOf(node),
                                   [](const Node* part) { return selectsBuckets(*part); });
    }

    std::optional<Fix> keepingLe(const Node& node, const Aggregate& aggregate) const
    {
        if (aggregate.without) {
            return std::nullopt;
        }
        const Token* const word = find(TokenKind::aggregation, node.span);
        if (word == nullptr) {
            return std::nullopt;
        }
        // by (…) stands behind the name, or behind the argument.
        const Span behind{word->span.end, node.span.end};
        const Span last{unwrap(*aggregate.inner).span.end, node.span.end};
        const Token* by = find(TokenKind::byWord, behind);
        if (by != nullptr
            && textOf({behind.begin, by->span.begin}).find('(') != std::string::npos) {
            by = find(TokenKind::byWord, last);
        }
        if (by == nullptr) {
            return Fix{{word->span.end, word->span.end}, " by (le) "};
        }
        const Token* const open = find(TokenKind::leftParen, {by->span.end, node.span.end});
        if (open == nullptr) {
            return std::nullopt;
        }
        return Fix{{open->span.end, open->span.end}, aggregate.grouping.empty() ? "le" : "le, "};
    }

    void judgeMatching(const Node& node, const BinaryExpr& binary)
    {
        if (!binary.matching || binary.op == BinaryOp::logicalOr
            || binary.op == BinaryOp::logicalUnless || binary.matching->fillLeft
            || binary.matching->fillRight) {
            return;
        }
        const VectorMatching& matching = *binary.matching;
        const FixedLabels left = fixedLabels(*binary.lhs);
        const FixedLabels right = fixedLabels(*binary.rhs);
        for (const auto& [name, value] : left) {
            const auto other = right.find(name);
            if (other == right.end() || other->second == value
                || std::ranges::contains(matching.labels, name) != matching.on) {
                continue;
            }
            std::optional<Fix> fix;
            const Token* const op
                = find(TokenKind::binaryOperator, {binary.lhs->span.end, binary.rhs->span.begin});
            if (op != nullptr && !matching.on && matching.labels.empty()) {
                fix = Fix{{op->span.end, op->span.end}, std::format(" ignoring ({})", name)};
            }
            say(node.span,
                std::format("the sides never match: {} is {} on the left and {} on the right", name,
                            text::quote(value), text::quote(other->second)),
                std::move(fix));
            return;
        }
    }

    void judgeComparison(const Node& node, const BinaryExpr& binary)
    {
        const auto literal = literalValue(*binary.rhs);
        if (!isComparison(binary.op) || binary.returnBool || !literal
            || binary.lhs->type != ValueType::vector) {
            return;
        }
        const ValueRange values = possibleValues(*binary.lhs);
        const auto holds = rangeWhere(binary.op, *literal);
        if (!holds || values.isEmpty() || !values.intersected(*holds).isEmpty()) {
            return;
        }
        const auto* const aggregate = std::get_if<Aggregate>(&unwrap(*binary.lhs).kind);
        const bool isCount = aggregate != nullptr && aggregate->op == AggregateOp::count;
        if (isCount && holds->intersected({0, 0}).isEmpty() == false) {
            say(node.span, "count() is never 0: of nothing there is no count, and no result",
                Fix{node.span, std::format("absent({})", textOf(aggregate->inner->span))});
            return;
        }
        say(node.span, "this never holds: what is compared has no such values", std::nullopt);
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    const MetricFacts& m_facts;
    std::vector<Advice> m_advice;
};

} // namespace

std::vector<Advice> advise(const Ast& query, const MetricFacts& facts)
{
    Adviser adviser(query, facts);
    adviser.visit(*query.root);
    return adviser.take();
}

} // namespace watchfire::promql
