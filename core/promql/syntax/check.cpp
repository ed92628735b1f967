// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parse_state.h"
#include "core/text/quote.h"

#include <algorithm>
#include <format>

namespace watchfire::promql {

namespace {

bool isOperand(ValueType type)
{
    return type == ValueType::scalar || type == ValueType::vector || type == ValueType::none;
}

} // namespace

void Parser::checkType(const Node& node, ValueType wanted, std::string_view context)
{
    if (node.type != wanted && node.type != ValueType::none) {
        addType(node.span,
                std::format("expected type {} in {}, got {}", toText(wanted), context,
                            toText(node.type)));
    }
}

/// Judges both sides and what joins them, and settles how series match: not at all unless both
/// sides are vectors, many to many for set operators.
void Parser::checkBinary(BinaryExpr& binary, Span where, Span op)
{
    const ValueType left = binary.lhs->type;
    const ValueType right = binary.rhs->type;
    VectorMatching& matching = *binary.matching;
    const bool filled = matching.fillLeft || matching.fillRight;
    const bool set = isSetOperator(binary.op);

    if (binary.returnBool && !isComparison(binary.op)) {
        addType(op, "bool modifier can only be used on comparison operators");
    }
    if (isComparison(binary.op) && !binary.returnBool && left == ValueType::scalar
        && right == ValueType::scalar) {
        addType(op, "comparisons between scalars must use BOOL modifier");
    }
    if (matching.on) {
        for (const std::string& label : matching.labels) {
            if (std::ranges::contains(matching.include, label)) {
                addType(op,
                        std::format("label {} must not occur in ON and GROUP clause at once",
                                    text::quote(label)));
            }
        }
    }
    for (const Node* side : {binary.lhs, binary.rhs}) {
        if (!isOperand(side->type)) {
            addType(side->span,
                    "binary expression must contain only scalar and instant vector types");
        }
    }
    if (left == ValueType::none || right == ValueType::none) {
        return;
    }
    if (left != ValueType::vector || right != ValueType::vector) {
        if (!matching.labels.empty()) {
            addType(where, "vector matching only allowed between instant vectors");
        }
        if (filled) {
            addType(where, "filling in missing series only allowed between instant vectors");
        }
        if (set && (left == ValueType::scalar || right == ValueType::scalar)) {
            addType(where,
                    std::format("set operator \"{}\" not allowed in binary scalar expression",
                                toText(binary.op)));
        }
        binary.matching.reset();
        return;
    }
    if (set) {
        if (matching.cardinality != Cardinality::oneToOne) {
            addType(where,
                    std::format("no grouping allowed for \"{}\" operation", toText(binary.op)));
        }
        if (filled) {
            addType(where, "filling in missing series not allowed for set operators");
        }
        matching.cardinality = Cardinality::manyToMany;
    }
}

void Parser::checkUnary(const UnaryExpr& unary, Span where)
{
    if (!isOperand(unary.inner->type)) {
        addType(where,
                std::format("unary expression only allowed on expressions of type scalar or "
                            "instant vector, got \"{}\"",
                            toText(unary.inner->type)));
    }
}

void Parser::checkCall(const Call& call, Span where)
{
    const Function& function = *call.function;
    const std::size_t given = call.arguments.size();
    const std::size_t least = leastArguments(function);
    const auto most = mostArguments(function);
    const auto wrongCount = [&](std::string_view qualifier, std::size_t wanted) {
        addType(where,
                std::format("expected {}{} argument(s) in call to \"{}\", got {}", qualifier,
                            wanted, function.name, given));
    };
    if (given < least || (most && given > *most)) {
        if (function.variadic == 0) {
            wrongCount("", least);
        } else if (given < least) {
            wrongCount("at least ", least);
        } else {
            wrongCount("at most ", *most);
        }
    }
    if (function.name == "info" && given > 1) {
        Node* const second = call.arguments[1];
        const auto* const selector = std::get_if<VectorSelector>(&second->kind);
        if (selector == nullptr) {
            if (second->type != ValueType::none) {
                addType(second->span, "expected label selectors only");
            }
        } else if (!selector->name.empty()) {
            addType(second->span, "expected label selectors only, got vector selector instead");
        } else {
            std::erase(m_unbounded, second);
        }
    }
    for (std::size_t i = 0; i < given; ++i) {
        const bool judged = i < function.arguments.size() || function.variadic != 0;
        if (judged && call.arguments[i]->type != argumentType(function, i)) {
            checkType(*call.arguments[i], argumentType(function, i),
                      std::format("call to function \"{}\"", function.name));
        }
    }
}

void Parser::checkAggregate(const Aggregate& aggregate)
{
    checkType(*aggregate.inner, ValueType::vector, "aggregation expression");
    if (aggregate.parameter != nullptr) {
        checkType(*aggregate.parameter, aggregation(aggregate.op).parameter,
                  "aggregation parameter");
    }
}

void Parser::checkSubquery(const Node& inner, Span where)
{
    if (inner.type != ValueType::vector && inner.type != ValueType::none) {
        // The one message that says "matrix" for a range vector.
        const std::string_view type
            = inner.type == ValueType::matrix ? "matrix" : toText(inner.type);
        addType(where,
                std::format("subquery is only allowed on instant vector, got {} instead", type));
    }
}

void Parser::checkSelector(const VectorSelector& selector, Node& node)
{
    if (selector.name.empty()) {
        if (std::ranges::all_of(selector.matchers, &Matcher::matchesEmpty)) {
            m_unbounded.push_back(&node);
        }
        return;
    }
    for (std::size_t i = 0; i + 1 < selector.matchers.size(); ++i) {
        if (const Matcher& matcher = selector.matchers[i]; matcher.name() == metricNameLabel) {
            addType(node.span,
                    std::format("metric name must not be set twice: {} or {}",
                                text::quote(selector.name), text::quote(matcher.value())));
        }
    }
}

} // namespace watchfire::promql
