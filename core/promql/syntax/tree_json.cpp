// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/json.h"
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/print_parts.h"
#include "core/promql/syntax/printer.h"
#include "core/text/number.h"

namespace watchfire::promql {

namespace {

using encoding::JsonWriter;

/// The names of types in the tree, which are shorter than those in messages.
std::string_view shortName(ValueType type)
{
    switch (type) {
    case ValueType::vector:
        return "vector";
    case ValueType::matrix:
        return "matrix";
    case ValueType::none:
    case ValueType::scalar:
    case ValueType::string:
        return toText(type);
    }
    return {};
}

std::string_view nameOf(Cardinality cardinality)
{
    switch (cardinality) {
    case Cardinality::oneToOne:
        return "one-to-one";
    case Cardinality::manyToOne:
        return "many-to-one";
    case Cardinality::oneToMany:
        return "one-to-many";
    case Cardinality::manyToMany:
        return "many-to-many";
    }
    return {};
}

/// Writes the tree. What came to the language after Prometheus 3.5 has fields that are left out
/// where it is not used, so that readers made for either version understand it.
class TreeWriter {
public:
    explicit TreeWriter(std::string& out)
        : m_json(out)
    {
    }

    void write(const Node& node)
    {
        m_json.beginObject();
        std::visit([this](const auto& kind) { fields(kind); }, node.kind);
        m_json.endObject();
    }

private:
    void child(std::string_view name, const Node* node)
    {
        m_json.key(name);
        if (node == nullptr) {
            m_json.null();
        } else {
            write(*node);
        }
    }
    void strings(std::string_view name, const std::vector<std::string>& texts)
    {
        m_json.key(name).beginArray();
        for (const std::string& text : texts) {
            m_json.string(text);
        }
        m_json.endArray();
    }
    void milliseconds(std::string_view name, std::chrono::milliseconds length)
    {
        m_json.key(name).integer(length.count());
    }

    void fields(const NumberLiteral& number)
    {
        m_json.field("type", "numberLiteral");
        m_json.field("val", text::formatFixed(number.value));
    }
    void fields(const StringLiteral& string)
    {
        m_json.field("type", "stringLiteral").field("val", string.value);
    }
    void fields(const ParenExpr& paren)
    {
        m_json.field("type", "parenExpr");
        child("expr", paren.inner);
    }
    void fields(const UnaryExpr& unary)
    {
        m_json.field("type", "unaryExpr").field("op", unary.negative ? "-" : "+");
        child("expr", unary.inner);
    }
    void fields(const VectorSelector& selector)
    {
        m_json.field("type", "vectorSelector");
        selected(selector);
    }
    void fields(const MatrixSelector& matrix)
    {
        m_json.field("type", "matrixSelector");
        milliseconds("range", matrix.range);
        duration("rangeExpr", matrix.rangeExpr);
        selected(std::get<VectorSelector>(matrix.selector->kind));
    }
    void fields(const Subquery& subquery)
    {
        m_json.field("type", "subquery");
        child("expr", subquery.inner);
        milliseconds("range", subquery.range);
        duration("rangeExpr", subquery.rangeExpr);
        milliseconds("step", subquery.step);
        duration("stepExpr", subquery.stepExpr);
        modifiers(subquery.modifiers);
    }
    void fields(const BinaryExpr& binary)
    {
        m_json.field("type", "binaryExpr").field("op", toText(binary.op));
        m_json.key("bool").boolean(binary.returnBool);
        child("lhs", binary.lhs);
        child("rhs", binary.rhs);
        m_json.key("matching");
        if (!binary.matching) {
            m_json.null();
            return;
        }
        const VectorMatching& matching = *binary.matching;
        m_json.beginObject().field("card", nameOf(matching.cardinality));
        m_json.key("on").boolean(matching.on);
        strings("labels", matching.labels);
        strings("include", matching.include);
        if (matching.fillLeft || matching.fillRight) {
            m_json.key("fillValues").beginObject();
            fill("lhs", matching.fillLeft);
            fill("rhs", matching.fillRight);
            m_json.endObject();
        }
        m_json.endObject();
    }
    void fill(std::string_view name, std::optional<double> value)
    {
        m_json.key(name);
        if (value) {
            m_json.number(*value);
        } else {
            m_json.null();
        }
    }
    void fields(const Aggregate& aggregate)
    {
        m_json.field("type", "aggregation").field("op", toText(aggregate.op));
        m_json.key("without").boolean(aggregate.without);
        strings("grouping", aggregate.grouping);
        child("param", aggregate.parameter);
        child("expr", aggregate.inner);
    }
    void fields(const Call& call)
    {
        const Function& function = *call.function;
        m_json.field("type", "call");
        m_json.key("func").beginObject().field("name", function.name);
        m_json.key("argTypes").beginArray();
        for (const ValueType type : function.arguments) {
            m_json.string(shortName(type));
        }
        m_json.endArray();
        m_json.key("variadic").integer(function.variadic);
        m_json.field("returnType", shortName(function.returns)).endObject();
        m_json.key("args").beginArray();
        for (const Node* argument : call.arguments) {
            write(*argument);
        }
        m_json.endArray();
    }

    void selected(const VectorSelector& selector)
    {
        m_json.field("name", selector.name);
        m_json.key("matchers").beginArray();
        for (const Matcher& matcher : selector.matchers) {
            m_json.beginObject().field("type", toText(matcher.type()));
            m_json.field("name", matcher.name()).field("value", matcher.value()).endObject();
        }
        m_json.endArray();
        modifiers(selector.modifiers);
        if (selector.edges == RangeEdges::anchored) {
            m_json.key("anchored").boolean(true);
        } else if (selector.edges == RangeEdges::smoothed) {
            m_json.key("smoothed").boolean(true);
        }
    }
    void modifiers(const Modifiers& modifiers)
    {
        milliseconds("offset", modifiers.offset);
        duration("offsetExpr", modifiers.offsetExpr);
        m_json.key("timestamp");
        if (modifiers.at == Modifiers::At::timestamp) {
            m_json.integer(modifiers.atMs);
        } else {
            m_json.null();
        }
        m_json.key("startOrEnd");
        if (modifiers.at == Modifiers::At::start) {
            m_json.string("start");
        } else if (modifiers.at == Modifiers::At::end) {
            m_json.string("end");
        } else {
            m_json.null();
        }
    }
    void duration(std::string_view name, const std::optional<DurationExpr>& expr)
    {
        if (expr) {
            m_json.key(name);
            duration(*expr);
        }
    }
    void duration(const DurationExpr& expr)
    {
        const bool literal = expr.op == DurationExpr::Op::literal;
        if (literal && !expr.parenthesized) {
            durationLiteral(expr);
            return;
        }
        const auto operand = [&](std::string_view name, std::size_t index) {
            m_json.key(name);
            if (index < expr.operands.size()) {
                duration(expr.operands[index]);
            } else {
                m_json.null();
            }
        };
        const bool unary = expr.operands.size() == 1;
        m_json.beginObject().field("type", "durationExpr");
        m_json.field("op", literal ? "+" : durationSign(expr.op));
        m_json.key("wrapped").boolean(expr.parenthesized);
        if (literal) { // in parentheses: told as a plus before it
            m_json.key("lhs").null().key("rhs");
            durationLiteral(expr);
        } else {
            operand("lhs", unary ? 1 : 0);
            operand("rhs", unary ? 0 : 1);
        }
        m_json.endObject();
    }
    void durationLiteral(const DurationExpr& literal)
    {
        m_json.beginObject().field("type", "numberLiteral");
        m_json.field("val", text::formatFixed(literal.seconds));
        m_json.key("duration").boolean(literal.isDuration).endObject();
    }

    JsonWriter m_json;
};

} // namespace

std::string toJson(const Node& node)
{
    std::string out;
    TreeWriter(out).write(node);
    return out;
}

} // namespace watchfire::promql
