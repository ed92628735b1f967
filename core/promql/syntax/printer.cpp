// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/printer.h"

#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/print_parts.h"
#include "core/text/duration.h"
#include "core/text/number.h"
#include "core/text/quote.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <iterator>
#include <vector>

namespace watchfire::promql {

namespace {

void appendLabels(std::string& out, const std::vector<std::string>& labels)
{
    out += " (";
    for (bool first = true; const std::string& label : labels) {
        if (!first) {
            out += ", ";
        }
        first = false;
        if (isClassicLabelName(label)) {
            out += label;
        } else {
            text::appendQuoted(out, label);
        }
    }
    out += ')';
}

void appendFills(std::string& out, const VectorMatching& matching)
{
    const auto& left = matching.fillLeft;
    const auto& right = matching.fillRight;
    if (left && left == right) {
        out += " fill (" + text::formatG(*left) + ')';
        return;
    }
    if (left) {
        out += " fill_left (" + text::formatG(*left) + ')';
    }
    if (right) {
        out += " fill_right (" + text::formatG(*right) + ')';
    }
}

void appendDuration(std::string& out, double seconds)
{
    out += text::formatDuration(
        std::chrono::milliseconds(static_cast<std::int64_t>(std::round(seconds * 1000))));
}

void appendNumber(std::string& out, const NumberLiteral& number)
{
    if (number.isDuration) {
        appendDuration(out, number.value);
    } else {
        out += text::formatFixed(number.value);
    }
}

std::string_view signOf(DurationExpr::Op op)
{
    using Op = DurationExpr::Op;
    switch (op) {
    case Op::add:
    case Op::plus:
        return "+";
    case Op::sub:
    case Op::negate:
        return "-";
    case Op::mul:
        return "*";
    case Op::div:
        return "/";
    case Op::mod:
        return "%";
    case Op::pow:
        return "^";
    case Op::step:
        return "step";
    case Op::range:
        return "range";
    case Op::start:
        return "start";
    case Op::end:
        return "end";
    case Op::minOf:
        return "min_of";
    case Op::maxOf:
        return "max_of";
    case Op::literal:
        return "";
    }
    return {};
}

void appendRange(std::string& out, std::chrono::milliseconds plain,
                 const std::optional<DurationExpr>& computed)
{
    if (computed) {
        appendDurationExpr(out, *computed);
    } else {
        out += text::formatDuration(plain);
    }
}

void appendAt(std::string& out, const Modifiers& modifiers)
{
    switch (modifiers.at) {
    case Modifiers::At::none:
        break;
    case Modifiers::At::timestamp:
        std::format_to(std::back_inserter(out), " @ {:.3f}",
                       static_cast<double>(modifiers.atMs) / 1000);
        break;
    case Modifiers::At::start:
        out += " @ start()";
        break;
    case Modifiers::At::end:
        out += " @ end()";
        break;
    }
}

void appendOffset(std::string& out, const Modifiers& modifiers)
{
    if (modifiers.offsetExpr || modifiers.offset.count() != 0) {
        out += " offset ";
        appendRange(out, modifiers.offset, modifiers.offsetExpr);
    }
}

void appendEdges(std::string& out, RangeEdges edges)
{
    switch (edges) {
    case RangeEdges::plain:
        break;
    case RangeEdges::anchored:
        out += " anchored";
        break;
    case RangeEdges::smoothed:
        out += " smoothed";
        break;
    }
}

/// The name and the conditions in order of their texts, without the one the name stands for.
void appendSelected(std::string& out, const VectorSelector& selector)
{
    out += selector.name;
    std::vector<std::string> conditions;
    for (const Matcher& matcher : selector.matchers) {
        const bool isName = matcher.name() == metricNameLabel && matcher.type() == MatchType::equal
            && !matcher.value().empty() && matcher.value() == selector.name;
        if (!isName) {
            conditions.push_back(matcher.toString());
        }
    }
    if (conditions.empty()) {
        // Only what info() is given may be without any condition.
        out += selector.name.empty() ? "{}" : "";
        return;
    }
    std::ranges::sort(conditions);
    for (char before = '{'; const std::string& condition : conditions) {
        out += before;
        out += condition;
        before = ',';
    }
    out += '}';
}

/// Writes the one-line form until `limit` bytes are passed.
class LinePrinter {
public:
    LinePrinter(std::string& out, std::size_t limit)
        : m_out(out)
        , m_limit(limit)
    {
    }

    void print(const Node& node)
    {
        if (m_out.size() <= m_limit) {
            std::visit([this](const auto& kind) { write(kind); }, node.kind);
        }
    }

private:
    void write(const NumberLiteral& number) { appendNumber(m_out, number); }
    void write(const StringLiteral& string) { text::appendQuoted(m_out, string.value); }
    void write(const ParenExpr& paren)
    {
        m_out += '(';
        print(*paren.inner);
        m_out += ')';
    }
    void write(const UnaryExpr& unary)
    {
        m_out += unary.negative ? '-' : '+';
        print(*unary.inner);
    }
    void write(const VectorSelector& selector)
    {
        appendSelected(m_out, selector);
        appendAt(m_out, selector.modifiers);
        appendEdges(m_out, selector.edges);
        appendOffset(m_out, selector.modifiers);
    }
    void write(const MatrixSelector& matrix)
    {
        const auto& selector = std::get<VectorSelector>(matrix.selector->kind);
        appendSelected(m_out, selector);
        m_out += '[';
        appendRange(m_out, matrix.range, matrix.rangeExpr);
        m_out += ']';
        appendEdges(m_out, selector.edges);
        appendAt(m_out, selector.modifiers);
        appendOffset(m_out, selector.modifiers);
    }
    void write(const Subquery& subquery)
    {
        print(*subquery.inner);
        appendSubqueryTimes(m_out, subquery);
    }
    /// A chain a + b + c + … leans to the left; going down it by recursion would be as deep as
    /// the chain is long.
    void write(const BinaryExpr& last)
    {
        std::vector<const BinaryExpr*> chain{&last};
        while (const auto* const left = std::get_if<BinaryExpr>(&chain.back()->lhs->kind)) {
            chain.push_back(left);
        }
        printLeft(*chain.back());
        for (auto it = chain.rbegin(); it != chain.rend() && m_out.size() <= m_limit; ++it) {
            m_out += ' ';
            appendOperator(m_out, **it);
            m_out += ' ';
            print(*(*it)->rhs);
        }
    }
    void printLeft(const BinaryExpr& binary)
    {
        const auto* const number = std::get_if<NumberLiteral>(&binary.lhs->kind);
        if (binary.op == BinaryOp::pow && number != nullptr && std::isinf(number->value)) {
            // In "+Inf ^ 2" the sign would be read as one over the power.
            m_out += "Inf";
        } else {
            print(*binary.lhs);
        }
    }
    void write(const Aggregate& aggregate)
    {
        appendAggregateHead(m_out, aggregate);
        m_out += '(';
        if (aggregate.parameter != nullptr) {
            print(*aggregate.parameter);
            m_out += ", ";
        }
        print(*aggregate.inner);
        m_out += ')';
    }
    void write(const Call& call)
    {
        m_out += call.function->name;
        m_out += '(';
        for (bool first = true; const Node* argument : call.arguments) {
            if (!first) {
                m_out += ", ";
            }
            first = false;
            print(*argument);
        }
        m_out += ')';
    }

    std::string& m_out;
    std::size_t m_limit;
};

} // namespace

void appendDurationExpr(std::string& out, const DurationExpr& expr)
{
    using Op = DurationExpr::Op;
    if (expr.parenthesized) {
        out += '(';
    }
    switch (expr.op) {
    case Op::literal:
        appendNumber(out, {expr.seconds, expr.isDuration});
        break;
    case Op::step:
    case Op::range:
    case Op::start:
    case Op::end:
        out += signOf(expr.op);
        out += "()";
        break;
    case Op::minOf:
    case Op::maxOf:
        out += signOf(expr.op);
        out += '(';
        appendDurationExpr(out, expr.operands[0]);
        out += ", ";
        appendDurationExpr(out, expr.operands[1]);
        out += ')';
        break;
    case Op::plus:
    case Op::negate:
        out += signOf(expr.op);
        appendDurationExpr(out, expr.operands[0]);
        break;
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::mod:
    case Op::pow:
        appendDurationExpr(out, expr.operands[0]);
        out += ' ';
        out += signOf(expr.op);
        out += ' ';
        appendDurationExpr(out, expr.operands[1]);
        break;
    }
    if (expr.parenthesized) {
        out += ')';
    }
}

std::string_view durationSign(DurationExpr::Op op)
{
    return signOf(op);
}

void appendSubqueryTimes(std::string& out, const Subquery& subquery)
{
    out += '[';
    appendRange(out, subquery.range, subquery.rangeExpr);
    out += ':';
    if (subquery.stepExpr || subquery.step.count() != 0) {
        appendRange(out, subquery.step, subquery.stepExpr);
    }
    out += ']';
    appendAt(out, subquery.modifiers);
    appendOffset(out, subquery.modifiers);
}

void appendOperator(std::string& out, const BinaryExpr& binary)
{
    out += toText(binary.op);
    if (binary.returnBool) {
        out += " bool";
    }
    if (!binary.matching) {
        return;
    }
    const VectorMatching& matching = *binary.matching;
    const bool grouped = matching.cardinality == Cardinality::manyToOne
        || matching.cardinality == Cardinality::oneToMany;
    if (!matching.labels.empty() || matching.on || grouped) {
        out += matching.on ? " on" : " ignoring";
        appendLabels(out, matching.labels);
    }
    if (grouped) {
        out += matching.cardinality == Cardinality::manyToOne ? " group_left" : " group_right";
        appendLabels(out, matching.include);
    }
    appendFills(out, matching);
}

void appendAggregateHead(std::string& out, const Aggregate& aggregate)
{
    out += toText(aggregate.op);
    if (aggregate.without || !aggregate.grouping.empty()) {
        out += aggregate.without ? " without" : " by";
        appendLabels(out, aggregate.grouping);
        out += ' ';
    }
}

bool printWithin(std::string& out, const Node& node, std::size_t limit)
{
    const std::size_t begin = out.size();
    LinePrinter(out, begin + limit).print(node);
    return out.size() - begin <= limit;
}

std::string print(const Node& node)
{
    std::string out;
    LinePrinter(out, std::string::npos).print(node);
    return out;
}

} // namespace watchfire::promql
