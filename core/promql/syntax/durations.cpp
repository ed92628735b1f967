// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/durations.h"

#include "core/promql/syntax/parse_state.h"
#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <format>
#include <utility>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;
using Op = DurationExpr::Op;

/// 2^63 nanoseconds: what a duration of the field can hold.
constexpr double longestSeconds = 9223372036.854775807;

enum Binding : std::uint8_t { weakest, sum, product, power };

struct Operation {
    Op op;
    Binding binding;
};

std::optional<Operation> operationOf(const Token& token)
{
    if (token.kind != Kind::binaryOperator) {
        return std::nullopt;
    }
    switch (token.binary) {
    case BinaryOp::add:
        return Operation{Op::add, sum};
    case BinaryOp::sub:
        return Operation{Op::sub, sum};
    case BinaryOp::mul:
        return Operation{Op::mul, product};
    case BinaryOp::div:
        return Operation{Op::div, product};
    case BinaryOp::mod:
        return Operation{Op::mod, product};
    case BinaryOp::pow:
        return Operation{Op::pow, power};
    default:
        return std::nullopt;
    }
}

bool isSign(const Token& token)
{
    const auto operation = operationOf(token);
    return operation && operation->binding == sum;
}

bool isWordOfDurations(TokenKind kind)
{
    return kind >= Kind::stepWord && kind <= Kind::maxOfWord;
}

/// From the first operand to the last, as Prometheus tells where arithmetic stands: without
/// parentheses around it, nor the words of min_of() and max_of().
Span operandsOf(const DurationExpr& expr)
{
    if (expr.operands.empty()) {
        return expr.span;
    }
    const std::uint32_t end = operandsOf(expr.operands.back()).end;
    return {expr.operands.size() == 1 ? expr.span.begin : operandsOf(expr.operands.front()).begin,
            end};
}

std::unexpected<Error> unresolved(const DurationExpr& expr, std::string_view why)
{
    const Span where = operandsOf(expr);
    return fail(ErrorKind::invalid, std::format("{}:{}: {}", where.begin, where.end, why),
                expr.span);
}

Result<double> evaluate(const DurationExpr& expr, const DurationTimes& times)
{
    std::array<double, 2> operands{};
    for (std::size_t i = 0; i < expr.operands.size() && i < operands.size(); ++i) {
        const auto value = evaluate(expr.operands[i], times);
        if (!value) {
            return value;
        }
        operands[i] = *value;
    }
    const auto [a, b] = operands;
    switch (expr.op) {
    case Op::literal:
        return expr.seconds;
    case Op::step:
        return times.stepSeconds;
    case Op::range:
        return times.rangeSeconds;
    case Op::start:
        return times.startSeconds;
    case Op::end:
        return times.endSeconds;
    case Op::add:
        return a + b;
    case Op::sub:
        return a - b;
    case Op::mul:
        return a * b;
    case Op::div:
        return b == 0 ? Result<double>(unresolved(expr, "division by zero")) : a / b;
    case Op::mod:
        return b == 0 ? Result<double>(unresolved(expr, "modulo by zero")) : std::fmod(a, b);
    case Op::pow:
        return std::pow(a, b);
    case Op::negate:
        return -a;
    case Op::plus:
        return a;
    case Op::minOf:
        return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b);
    case Op::maxOf:
        return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);
    }
    std::unreachable();
}

} // namespace

bool isPlain(const DurationExpr& expr)
{
    return expr.op == Op::literal && !expr.parenthesized;
}

std::chrono::milliseconds toMilliseconds(double seconds)
{
    constexpr double most = 9223372036854774784.0; // the greatest double below 2^63
    const double nanoseconds = std::clamp(std::round(seconds * 1e9), -most, most);
    return std::chrono::milliseconds(static_cast<std::int64_t>(nanoseconds) / 1'000'000);
}

std::string formatSeconds(double seconds)
{
    return std::isfinite(seconds) ? std::format("{:.6f}", seconds) : text::formatFixed(seconds);
}

Result<std::chrono::milliseconds> resolve(const DurationExpr& expr, const DurationTimes& times,
                                          bool mayBeNegative)
{
    const auto seconds = evaluate(expr, times);
    if (!seconds) {
        return std::unexpected(seconds.error());
    }
    if (!std::isfinite(*seconds)) {
        return unresolved(expr, "duration is NaN or infinite");
    }
    if (*seconds <= 0 && !mayBeNegative) {
        return unresolved(expr, "duration must be greater than 0");
    }
    if (std::abs(*seconds) >= longestSeconds) {
        return unresolved(expr, "duration is out of range");
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
}

namespace {

Result<void> checkDuration(const std::optional<DurationExpr>& expr, const DurationTimes& times,
                           bool mayBeNegative)
{
    if (expr) {
        if (const auto resolved = resolve(*expr, times, mayBeNegative); !resolved) {
            return std::unexpected(resolved.error());
        }
    }
    return {};
}

/// A node before what it is made of, offset before step before range: which of several is told.
Result<void> checkDurations(const Node& node, const DurationTimes& times)
{
    Result<void> checked;
    if (const auto* const selector = std::get_if<VectorSelector>(&node.kind)) {
        checked = checkDuration(selector->modifiers.offsetExpr, times, true);
    } else if (const auto* const matrix = std::get_if<MatrixSelector>(&node.kind)) {
        checked = checkDuration(matrix->rangeExpr, times, false);
        if (checked) {
            checked = checkDurations(*matrix->selector, times);
        }
    } else if (const auto* const subquery = std::get_if<Subquery>(&node.kind)) {
        checked = checkDuration(subquery->modifiers.offsetExpr, times, true);
        if (checked) {
            checked = checkDuration(subquery->stepExpr, times, false);
        }
        if (checked) {
            checked = checkDuration(subquery->rangeExpr, times, false);
        }
    }
    for (const Node* const part : partsOf(node)) {
        if (!checked) {
            break;
        }
        checked = checkDurations(*part, times);
    }
    return checked;
}

} // namespace

Result<void> checkDurations(const Ast& query, const DurationTimes& times)
{
    return checkDurations(*query.root, times);
}

void Parser::needDurationArithmetic(Span where)
{
    if (!m_features.durationExpressions) {
        m_stream.addFault(where,
                          "experimental duration expression is not enabled; enable it with "
                          "--enable promql-duration-expr");
    }
}

void Parser::checkDurationRange(DurationExpr& literal, Span where)
{
    if (!(std::abs(literal.seconds) < longestSeconds)) {
        m_stream.addFault(where, "duration out of range");
        literal.seconds = 0;
    }
}

/// The length in brackets: what is known must be above zero.
DurationExpr Parser::positiveDuration()
{
    DurationExpr expr = duration(weakest).expr;
    if (isPlain(expr) && expr.seconds <= 0) {
        m_stream.addFault(expr.span, "duration must be greater than 0");
    }
    return expr;
}

/// Behind `offset` arithmetic needs parentheses: foo offset 5m + 3 and foo offset -(5m) + 3 add
/// to the vector. Only what begins with "(" goes on over an operator: foo offset (5m) + 3 is an
/// offset of 303 seconds.
DurationExpr Parser::offsetDuration()
{
    const bool sign = isSign(m_stream.token());
    if (m_stream.is(Kind::leftParen)) {
        return duration(weakest).expr;
    }
    if (!sign) {
        return durationPrimary().expr;
    }
    const Token first = m_stream.advance();
    if (!isSign(m_stream.token())) {
        Duration inner = durationPrimary();
        if (first.binary == BinaryOp::sub) {
            return negated(first.span, std::move(inner)).expr;
        }
        if (!inner.expr.parenthesized) {
            return std::move(inner.expr);
        }
        // Kept, because without it the parentheses would take in what follows.
        DurationExpr plus;
        plus.op = Op::plus;
        plus.span = {first.span.begin, inner.expr.span.end};
        plus.operands.push_back(std::move(inner.expr));
        return plus;
    }
    Duration left = duration(power);
    if (first.binary == BinaryOp::sub) {
        left = negated(first.span, std::move(left));
    }
    return std::move(left.expr);
}

Parser::Duration Parser::duration(int weakestBinding)
{
    const Depth depth(*this);
    if (depth.tooDeep) {
        return missingDuration();
    }
    Duration left = durationPrefixed();
    while (const auto operation = operationOf(m_stream.token())) {
        if (operation->binding < weakestBinding) {
            break;
        }
        const Span op = m_stream.advance().span;
        needDurationArithmetic(left.expr.span);
        Duration right
            = duration(operation->op == Op::pow ? operation->binding : operation->binding + 1);
        if (isPlain(right.expr) && right.expr.seconds == 0
            && (operation->op == Op::div || operation->op == Op::mod)) {
            m_stream.addFault(op, operation->op == Op::div ? "division by zero" : "modulo by zero");
        }
        Duration both;
        both.expr.op = operation->op;
        both.expr.span = {left.expr.span.begin, right.expr.span.end};
        both.height = std::max(left.height, right.height) + 1;
        both.expr.operands.reserve(2);
        both.expr.operands.push_back(std::move(left.expr));
        both.expr.operands.push_back(std::move(right.expr));
        left = std::move(both);
        if (left.height > maxNesting) {
            m_stream.addFault(left.expr.span,
                              std::format("duration has more than {} levels", maxNesting));
            m_stream.stop();
        }
    }
    return left;
}

Parser::Duration Parser::missingDuration() const
{
    Duration hole;
    hole.expr.seconds = 1;
    hole.expr.span = m_stream.token().span;
    return hole;
}

Parser::Duration Parser::durationPrefixed()
{
    if (!isSign(m_stream.token())) {
        return durationPrimary();
    }
    const Token sign = m_stream.advance();
    Duration inner = duration(power);
    return sign.binary == BinaryOp::sub ? negated(sign.span, std::move(inner)) : std::move(inner);
}

Parser::Duration Parser::negated(Span sign, Duration inner)
{
    const Span span{sign.begin, inner.expr.span.end};
    if (isPlain(inner.expr)) {
        inner.expr.seconds = -inner.expr.seconds;
        inner.expr.span = span;
        return inner;
    }
    Duration out;
    out.expr.op = Op::negate;
    out.expr.span = span;
    out.height = inner.height + 1;
    out.expr.operands.push_back(std::move(inner.expr));
    return out;
}

Parser::Duration Parser::durationPrimary()
{
    if (m_stream.is(Kind::number) || m_stream.is(Kind::duration)) {
        return durationLiteral();
    }
    if (isWordOfDurations(m_stream.kind())) {
        return durationCall();
    }
    if (!m_stream.is(Kind::leftParen)) {
        m_stream.unexpected();
        return missingDuration();
    }
    const std::uint32_t begin = m_stream.advance().span.begin;
    Duration inner = duration(weakest);
    needDurationArithmetic(inner.expr.span);
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
    } else {
        m_stream.unexpected();
    }
    inner.expr.parenthesized = true;
    inner.expr.span = {begin, m_stream.lastEnd()};
    return inner;
}

Parser::Duration Parser::durationLiteral()
{
    const Token token = m_stream.advance();
    Duration out;
    out.expr.seconds = number(token);
    out.expr.isDuration = token.kind == Kind::duration;
    out.expr.span = token.span;
    checkDurationRange(out.expr, token.span);
    return out;
}

/// step(), range(), min_of(a, b), max_of(a, b)
Parser::Duration Parser::durationCall()
{
    const Token word = m_stream.advance();
    Duration out;
    const auto take = [this](Kind wanted) {
        if (!m_stream.is(wanted)) {
            m_stream.unexpected();
            return false;
        }
        m_stream.advance();
        return true;
    };
    const auto takeOperand = [&] {
        Duration operand = duration(weakest);
        out.height = std::max(out.height, operand.height + 1);
        out.expr.operands.push_back(std::move(operand.expr));
        return true;
    };
    bool good = take(Kind::leftParen);
    if (word.kind == Kind::stepWord || word.kind == Kind::rangeWord) {
        out.expr.op = word.kind == Kind::stepWord ? Op::step : Op::range;
    } else {
        out.expr.op = word.kind == Kind::minOfWord ? Op::minOf : Op::maxOf;
        good = good && takeOperand() && take(Kind::comma) && takeOperand();
    }
    if (good) {
        take(Kind::rightParen);
    }
    out.expr.span = {word.span.begin, m_stream.lastEnd()};
    needDurationArithmetic(out.expr.span);
    return out;
}

} // namespace watchfire::promql
