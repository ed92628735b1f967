// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/words.h"

#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <array>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;

constexpr Word aggregation(std::string_view text, AggregateOp op)
{
    return {text, Kind::aggregation, BinaryOp::add, op, {}};
}
constexpr Word operation(std::string_view text, BinaryOp op, std::string_view summary)
{
    return {text, Kind::binaryOperator, op, AggregateOp::sum, summary};
}
constexpr Word keyword(std::string_view text, TokenKind kind, std::string_view summary)
{
    return {text, kind, BinaryOp::add, AggregateOp::sum, summary};
}

/// Sorted by text.
constexpr std::array words{
    keyword("anchored", Kind::anchoredWord,
            "Starts the range from the newest sample at or before it, without extrapolation."),
    operation("and", BinaryOp::logicalAnd,
              "Keeps the series on the left that have a match on the right."),
    operation("atan2", BinaryOp::atan2, "The angle of the point (right, left), in radians."),
    aggregation("avg", AggregateOp::avg),
    keyword("bool", Kind::boolWord, "Makes a comparison yield 0 or 1 instead of filtering."),
    aggregation("bottomk", AggregateOp::bottomk),
    keyword("by", Kind::byWord, "Groups an aggregation by these labels and drops all others."),
    aggregation("count", AggregateOp::count),
    aggregation("count_values", AggregateOp::countValues),
    keyword("end", Kind::endWord, "The end of the query's time range."),
    keyword("fill", Kind::fillWord, "Stands in for series that are missing on either side."),
    keyword("fill_left", Kind::fillLeftWord, "Stands in for series missing on the left."),
    keyword("fill_right", Kind::fillRightWord, "Stands in for series missing on the right."),
    aggregation("group", AggregateOp::group),
    keyword("group_left", Kind::groupLeftWord,
            "Lets several series on the left match one on the right."),
    keyword("group_right", Kind::groupRightWord,
            "Lets several series on the right match one on the left."),
    keyword("ignoring", Kind::ignoringWord, "Matches both sides on all labels but these."),
    keyword("inf", Kind::number, "Infinity."),
    aggregation("limit_ratio", AggregateOp::limitRatio),
    aggregation("limitk", AggregateOp::limitk),
    aggregation("max", AggregateOp::max),
    keyword("max_of", Kind::maxOfWord, "The greater of two numbers or durations."),
    aggregation("min", AggregateOp::min),
    keyword("min_of", Kind::minOfWord, "The lesser of two numbers or durations."),
    keyword("nan", Kind::number, "Not a number."),
    keyword("offset", Kind::offsetWord, "Looks that long into the past."),
    keyword("on", Kind::onWord, "Matches both sides on these labels alone."),
    operation("or", BinaryOp::logicalOr,
              "All series of the left, and those of the right that have no match there."),
    aggregation("quantile", AggregateOp::quantile),
    keyword("range", Kind::rangeWord, "The length of the query's time range."),
    keyword("smoothed", Kind::smoothedWord,
            "Interpolates at both ends of the range instead of extrapolating."),
    keyword("start", Kind::startWord, "The start of the query's time range."),
    aggregation("stddev", AggregateOp::stddev),
    aggregation("stdvar", AggregateOp::stdvar),
    keyword("step", Kind::stepWord, "The distance between two evaluations of the query."),
    aggregation("sum", AggregateOp::sum),
    aggregation("topk", AggregateOp::topk),
    operation("unless", BinaryOp::logicalUnless,
              "Keeps the series on the left that have no match on the right."),
    keyword("without", Kind::withoutWord, "Groups an aggregation by all labels but these."),
};

constexpr std::size_t longestWord = 12;

static_assert(std::ranges::is_sorted(words, {}, &Word::text));
static_assert(std::ranges::all_of(words,
                                  [](const Word& w) { return w.text.size() <= longestWord; }));

/// May the word stand where something begins rather than joins, so that it can be a name?
bool isAnyWord(TokenKind kind)
{
    return kind == Kind::identifier || kind == Kind::metricIdentifier || kind == Kind::aggregation
        || (kind >= Kind::boolWord && kind <= Kind::maxOfWord);
}

bool isWordOperator(const Token& token)
{
    return token.kind == Kind::binaryOperator
        && (isSetOperator(token.binary) || token.binary == BinaryOp::atan2);
}

} // namespace

const Word* findWord(std::string_view text)
{
    if (text.size() < 2 || text.size() > longestWord) {
        return nullptr;
    }
    std::array<char, longestWord> buffer{};
    std::ranges::transform(text, buffer.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const std::string_view lower(buffer.data(), text.size());
    const auto* const found = std::ranges::lower_bound(words, lower, {}, &Word::text);
    return found != words.end() && found->text == lower ? found : nullptr;
}

bool canBeMetricName(const Token& token)
{
    switch (token.kind) {
    case Kind::boolWord:
    case Kind::onWord:
    case Kind::ignoringWord:
    case Kind::groupLeftWord:
    case Kind::groupRightWord:
        return false;
    case Kind::binaryOperator:
        return isSetOperator(token.binary);
    default:
        return isAnyWord(token.kind);
    }
}

bool canBeLabelName(const Token& token)
{
    return token.kind != Kind::withoutWord && (isAnyWord(token.kind) || isWordOperator(token));
}

std::span<const Keyword> allKeywords()
{
    static const std::vector<Keyword> keywords = [] {
        std::vector<Keyword> out;
        for (const Word& word : words) {
            if (word.kind != Kind::aggregation) {
                out.push_back({word.text, word.summary});
            }
        }
        return out;
    }();
    return keywords;
}

std::vector<TokenRole> rolesOf(std::span<const Token> tokens)
{
    std::vector<TokenRole> roles;
    roles.reserve(tokens.size());
    bool inBraces = false;
    bool inLabelList = false; // of by (…), on (…)
    bool wantsLabelList = false;
    bool wantsOperand = true;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.kind == Kind::comment) {
            roles.push_back(TokenRole::comment);
            continue;
        }
        std::size_t next = i + 1;
        while (next < tokens.size() && tokens[next].kind == Kind::comment) {
            ++next;
        }
        const Kind following = next < tokens.size() ? tokens[next].kind : Kind::endOfInput;
        TokenRole role = TokenRole::punctuation;
        bool operandNext = false;
        switch (token.kind) {
        case Kind::endOfInput:
        case Kind::error:
            role = TokenRole::error;
            break;
        case Kind::comment:
            break;
        case Kind::string:
            role = TokenRole::string;
            break;
        case Kind::number:
        case Kind::duration:
            role = TokenRole::number;
            break;
        case Kind::leftParen:
            inLabelList = wantsLabelList;
            operandNext = true;
            break;
        case Kind::rightParen:
            // What stands behind by (a) may be an operand still: sum by (a) (x), x + on (a) y.
            operandNext = inLabelList;
            inLabelList = false;
            break;
        case Kind::leftBrace:
        case Kind::rightBrace:
            inBraces = token.kind == Kind::leftBrace;
            break;
        case Kind::leftBracket:
        case Kind::comma:
        case Kind::colon:
            operandNext = true;
            break;
        case Kind::rightBracket:
            break;
        case Kind::assign:
        case Kind::matchRegex:
        case Kind::matchNotRegex:
            role = TokenRole::operation;
            break;
        case Kind::at:
            role = TokenRole::operation;
            operandNext = true;
            break;
        default:
            if (inBraces || inLabelList) {
                role = token.kind == Kind::binaryOperator && !isWordOperator(token)
                    ? TokenRole::operation
                    : TokenRole::label;
            } else if (token.kind == Kind::binaryOperator) {
                const bool name = wantsOperand && canBeMetricName(token);
                role = name ? TokenRole::metric : TokenRole::operation;
                operandNext = !name;
            } else if (token.kind == Kind::aggregation
                       && (following == Kind::leftParen || following == Kind::byWord
                           || following == Kind::withoutWord)) {
                role = TokenRole::aggregation;
            } else if (following == Kind::leftParen
                       && (token.kind == Kind::identifier
                           || (token.kind >= Kind::startWord && token.kind <= Kind::maxOfWord))) {
                role = TokenRole::function;
            } else if (token.kind == Kind::identifier || token.kind == Kind::metricIdentifier
                       || token.kind == Kind::aggregation
                       || (wantsOperand && canBeMetricName(token)
                           && following != Kind::leftParen)) {
                role = TokenRole::metric;
            } else {
                role = TokenRole::keyword;
                operandNext = true;
            }
            break;
        }
        wantsLabelList = role == TokenRole::keyword && token.kind >= Kind::byWord
            && token.kind <= Kind::groupRightWord;
        wantsOperand = operandNext;
        roles.push_back(role);
    }
    return roles;
}

} // namespace watchfire::promql
