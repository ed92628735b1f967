// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/print_parts.h"
#include "core/promql/syntax/printer.h"

namespace watchfire::promql {

namespace {

constexpr std::size_t longestLine = 100; ///< of an expression, its indentation not counted

/// Breaks what is longer than a line at its outermost operators, calls and parentheses, each
/// level two columns further in.
class Formatter {
public:
    explicit Formatter(std::string& out)
        : m_out(out)
    {
    }

    void format(const Node& node, std::size_t level)
    {
        const std::size_t begin = m_out.size();
        indent(level);
        if (printWithin(m_out, node, longestLine)) {
            if (std::holds_alternative<Subquery>(node.kind)) {
                // Prometheus leaves a subquery that fits where it is; people compare texts.
                m_out.erase(begin, 2 * level);
            }
            return;
        }
        m_out.resize(begin);
        std::visit([&](const auto& kind) { write(kind, node, level); }, node.kind);
    }

private:
    void indent(std::size_t level) { m_out.append(2 * level, ' '); }

    /// Selectors and literals have no place to break at.
    template <class Kind> void write(const Kind&, const Node& node, std::size_t level)
    {
        indent(level);
        m_out += print(node);
    }
    void write(const ParenExpr& paren, const Node&, std::size_t level)
    {
        indent(level);
        m_out += "(\n";
        format(*paren.inner, level + 1);
        closeParen(level);
    }
    void write(const UnaryExpr& unary, const Node&, std::size_t level)
    {
        const std::size_t begin = m_out.size();
        format(*unary.inner, level);
        // The sign goes between the indentation and what it stands before.
        const std::size_t text = m_out.find_first_not_of(' ', begin);
        m_out.erase(begin, text - begin);
        m_out.insert(begin, std::string(2 * level, ' ') + (unary.negative ? '-' : '+'));
    }
    void write(const Subquery& subquery, const Node&, std::size_t level)
    {
        format(*subquery.inner, level);
        appendSubqueryTimes(m_out, subquery);
    }
    void write(const BinaryExpr& binary, const Node&, std::size_t level)
    {
        format(*binary.lhs, level + 1);
        m_out += '\n';
        indent(level);
        appendOperator(m_out, binary);
        m_out += '\n';
        format(*binary.rhs, level + 1);
    }
    void write(const Aggregate& aggregate, const Node&, std::size_t level)
    {
        indent(level);
        appendAggregateHead(m_out, aggregate);
        m_out += "(\n";
        if (aggregate.parameter != nullptr) {
            format(*aggregate.parameter, level + 1);
            m_out += ",\n";
        }
        format(*aggregate.inner, level + 1);
        closeParen(level);
    }
    void write(const Call& call, const Node&, std::size_t level)
    {
        indent(level);
        m_out += call.function->name;
        m_out += "(\n";
        for (bool first = true; const Node* argument : call.arguments) {
            if (!first) {
                m_out += ",\n";
            }
            first = false;
            format(*argument, level + 1);
        }
        closeParen(level);
    }
    void closeParen(std::size_t level)
    {
        m_out += '\n';
        indent(level);
        m_out += ')';
    }

    std::string& m_out;
};

} // namespace

std::string format(const Node& node)
{
    std::string out;
    Formatter(out).format(node, 0);
    return out;
}

} // namespace watchfire::promql
