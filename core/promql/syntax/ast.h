// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/matcher.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace watchfire::promql {

/// What an expression yields. A `string` is only ever an argument or a whole query.
enum class ValueType : std::uint8_t { none, scalar, vector, matrix, string };
std::string_view toText(ValueType type); ///< "scalar", "instant vector", "range vector", "string"

struct Node;

enum class BinaryOp : std::uint8_t {
    add,
    sub,
    mul,
    div,
    mod,
    pow,
    atan2,
    equal,
    notEqual,
    greater,
    less,
    greaterEqual,
    lessEqual,
    logicalAnd,
    logicalOr,
    logicalUnless,
    trimUpper, ///< </ on native histograms
    trimLower ///< >/
};
enum class AggregateOp : std::uint8_t {
    sum,
    avg,
    count,
    min,
    max,
    group,
    stddev,
    stdvar,
    topk,
    bottomk,
    countValues,
    quantile,
    limitk,
    limitRatio
};
enum class Cardinality : std::uint8_t { oneToOne, manyToOne, oneToMany, manyToMany };

std::string_view toText(BinaryOp op);
std::string_view toText(AggregateOp op);
inline bool isComparison(BinaryOp op)
{
    return op >= BinaryOp::equal && op <= BinaryOp::lessEqual;
}
inline bool isSetOperator(BinaryOp op)
{
    return op >= BinaryOp::logicalAnd && op <= BinaryOp::logicalUnless;
}

/// How deep parentheses, arguments, signs and durations may nest: what a reader of the text
/// goes down by recursion.
inline constexpr int maxNesting = 256;
/// How many levels a tree may have, long chains such as 1 + 1 + 1 + … included, which are trees
/// that lean to the left. Whoever walks a tree by recursion goes no deeper than this.
inline constexpr int maxHeight = 2000;

/// A length of time as written: a number of seconds, or arithmetic over durations, step(),
/// range(), start(), end(), min_of() and max_of() that only a query's times resolve.
struct DurationExpr {
    enum class Op : std::uint8_t {
        literal,
        step,
        range,
        start,
        end,
        add,
        sub,
        mul,
        div,
        mod,
        pow,
        negate,
        plus,
        minOf,
        maxOf
    };
    Op op = Op::literal;
    double seconds = 0; ///< of a literal
    bool isDuration = false; ///< a literal written as 5m, not 300
    std::vector<DurationExpr> operands; ///< nested at most maxNesting deep
    bool parenthesized = false;
    Span span; ///< with its parentheses
};

/// `@ t`, `@ start()`, `@ end()`, `offset d`, as a selector or subquery carries them.
struct Modifiers {
    enum class At : std::uint8_t { none, timestamp, start, end };
    At at = At::none;
    std::int64_t atMs = 0;
    std::chrono::milliseconds offset{}; ///< as written; negative looks ahead
    std::optional<DurationExpr> offsetExpr; ///< set when the offset is no plain literal
};

enum class RangeEdges : std::uint8_t { plain, anchored, smoothed };

struct NumberLiteral {
    double value = 0;
    bool isDuration = false; ///< written as 5m, not 300
};
struct StringLiteral {
    std::string value;
};
struct ParenExpr {
    Node* inner = nullptr;
};
struct UnaryExpr {
    bool negative = false;
    Node* inner = nullptr;
};
/// name{…}; `name` is empty when the metric stands only among the matchers, which hold
/// __name__ in every case.
struct VectorSelector {
    std::string name;
    Matchers matchers;
    Modifiers modifiers;
    RangeEdges edges = RangeEdges::plain;
};
/// The selector's modifiers apply (offset and @ after the brackets are stored there).
struct MatrixSelector {
    Node* selector = nullptr; ///< a VectorSelector
    std::chrono::milliseconds range{};
    std::optional<DurationExpr> rangeExpr;
};
struct Subquery {
    Node* inner = nullptr;
    std::chrono::milliseconds range{};
    std::chrono::milliseconds step{}; ///< zero: the engine's default
    std::optional<DurationExpr> rangeExpr;
    std::optional<DurationExpr> stepExpr;
    Modifiers modifiers;
};
struct VectorMatching {
    Cardinality cardinality = Cardinality::oneToOne;
    bool on = false; ///< on(labels), else ignoring(labels)
    std::vector<std::string> labels;
    std::vector<std::string> include; ///< of group_left, group_right
    std::optional<double> fillLeft;
    std::optional<double> fillRight;
};
struct BinaryExpr {
    BinaryOp op = BinaryOp::add;
    Node* lhs = nullptr;
    Node* rhs = nullptr;
    bool returnBool = false;
    std::optional<VectorMatching> matching; ///< set when both sides are vectors
};
struct Aggregate {
    AggregateOp op = AggregateOp::sum;
    Node* inner = nullptr;
    Node* parameter = nullptr; ///< of topk, bottomk, quantile, count_values, limitk, limit_ratio
    std::vector<std::string> grouping;
    bool without = false;
};
struct Function; ///< a row of the function table (functions.h)
struct Call {
    const Function* function = nullptr;
    std::vector<Node*> arguments;
    Span nameSpan;
};

/// One node of the tree; owned by its Ast, stays where it is while that lives.
struct Node {
    Span span;
    ValueType type = ValueType::none;
    int height = 1; ///< levels from here to the farthest leaf, at most maxHeight
    std::variant<NumberLiteral, StringLiteral, ParenExpr, UnaryExpr, VectorSelector, MatrixSelector,
                 Subquery, BinaryExpr, Aggregate, Call>
        kind;
};

/// The expression inside any parentheses.
const Node& unwrap(const Node& node);
/// The expressions that a node is made of, in order; a selector has none.
std::vector<const Node*> partsOf(const Node& node);

/// A parsed query: the nodes, their root, and the text the spans point into.
struct Ast {
    std::string text;
    std::deque<Node> nodes;
    Node* root = nullptr;

    Ast() = default;
    Ast(Ast&&) noexcept = default;
    Ast& operator=(Ast&&) noexcept = default;
};

} // namespace watchfire::promql
