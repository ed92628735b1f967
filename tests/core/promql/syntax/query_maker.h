// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/functions.h"

#include <random>
#include <string>
#include <string_view>

namespace watchfire::promql::test {

/// Makes query texts that are right in syntax and types, the same ones for a seed.
class QueryMaker {
public:
    explicit QueryMaker(unsigned seed)
        : m_random(seed)
    {
    }

    std::string make() { return expression(pick({ValueType::vector, ValueType::scalar}), 4); }

private:
    std::size_t below(std::size_t bound) { return m_random() % bound; }
    bool oneIn(std::size_t n) { return below(n) == 0; }
    template <class T> T pick(std::initializer_list<T> choices)
    {
        return *(choices.begin() + below(choices.size()));
    }
    std::string text(std::initializer_list<std::string_view> choices)
    {
        return std::string(pick(choices));
    }

    std::string expression(ValueType type, int depth)
    {
        switch (type) {
        case ValueType::scalar:
            return scalar(depth);
        case ValueType::matrix:
            return matrix(depth);
        case ValueType::string:
            return quoted();
        case ValueType::vector:
        case ValueType::none:
            break;
        }
        return vector(depth);
    }

    std::string scalar(int depth)
    {
        if (depth <= 0 || oneIn(2)) {
            return text({"1", "0", "-2.5", "1e3", "0x1f", "Inf", "-Inf", "NaN", "5m", "1h30m", "+3",
                         "1e-9", "017", "1_000", "300ms"});
        }
        switch (below(4)) {
        case 0:
            return '(' + scalar(depth - 1) + ')';
        case 1:
            return text({"-", "+", "- "}) + scalar(depth - 1);
        case 2:
            return call(ValueType::scalar, depth);
        default:
            return scalar(depth - 1)
                + text({" + ", "-", " * ", "/", " % ", "^", " == bool ", " >= bool ", " atan2 "})
                + scalar(depth - 1);
        }
    }

    std::string vector(int depth)
    {
        if (depth <= 0 || oneIn(4)) {
            return selector() + modifiers();
        }
        switch (below(6)) {
        case 0:
            return '(' + vector(depth - 1) + ')';
        case 1:
            return text({"-", "+", "- "}) + vector(depth - 1);
        case 2:
            return aggregation(depth);
        case 3:
            return call(ValueType::vector, depth);
        default:
            return binary(depth);
        }
    }

    std::string binary(int depth)
    {
        const std::string left = vector(depth - 1);
        if (oneIn(3)) {
            return left + text({" and ", " or ", " unless "}) + matching(false) + vector(depth - 1);
        }
        const bool compares = oneIn(3);
        std::string op = compares
            ? text({" == ", " != ", " > ", " < ", ">=", "<="})
            : text({" + ", " - ", "*", "/", "%", "^", " atan2 ", " </ ", " >/ "});
        if (compares && oneIn(2)) {
            op += "bool ";
        }
        if (oneIn(4)) {
            // In parentheses, so that what stands around cannot take the number alone.
            return '(' + left + op + scalar(depth - 1) + ')';
        }
        return left + op + matching(true) + vector(depth - 1);
    }

    std::string matching(bool grouping)
    {
        std::string out
            = oneIn(2) ? std::string() : text({"on(x) ", "on() ", "ignoring(y, \"z z\") "});
        if (grouping && !out.empty() && oneIn(2)) {
            out += text({"group_left() ", "group_left(v) ", "group_right(\"a.b\", w) "});
        }
        if (grouping && oneIn(6)) {
            out += text(
                {"fill(0) ", "fill_left(-1) ", "fill_right(2.5) ", "fill_left(1) fill_right(2) "});
        }
        return out;
    }

    std::string aggregation(int depth)
    {
        const auto all = allAggregations();
        const Aggregation& chosen = all[below(all.size())];
        const std::string labels = oneIn(2)
            ? std::string()
            : text({" by (x)", " by ()", " without (a, \"b.c\")", " without ()", " by (by, on)"});
        std::string arguments = "(";
        if (chosen.parameter != ValueType::none) {
            arguments += expression(chosen.parameter, depth - 1) + ", ";
        }
        arguments += vector(depth - 1) + ')';
        return std::string(chosen.name)
            + (oneIn(2) ? labels + ' ' + arguments : arguments + labels);
    }

    std::string call(ValueType returns, int depth)
    {
        const auto all = allFunctions();
        const Function* chosen = nullptr;
        do {
            chosen = &all[below(all.size())];
        } while (chosen->returns != returns);
        std::size_t count = leastArguments(*chosen);
        if (chosen->variadic != 0) {
            count += below(3);
            count = std::min(count, mostArguments(*chosen).value_or(count));
        }
        std::string out = std::string(chosen->name) + '(';
        for (std::size_t i = 0; i < count; ++i) {
            out += i == 0 ? "" : ", ";
            out += chosen->name == "info" && i == 1
                ? "{a=~\"b.*\"}"
                : expression(argumentType(*chosen, i), depth - 1);
        }
        return out + ')';
    }

    std::string matrix(int depth)
    {
        if (depth <= 0 || oneIn(2)) {
            return selector() + '[' + duration(2) + ']'
                + (oneIn(5) ? text({" anchored", " smoothed"}) : std::string()) + modifiers();
        }
        return '(' + vector(depth - 1) + ")[" + duration(2) + ':'
            + (oneIn(2) ? duration(2) : std::string()) + ']' + modifiers();
    }

    std::string selector()
    {
        return text({"a", "b:c", "sum", "by", "offset", "start", "fill", "and", "step"})
            + (oneIn(2) ? matchers() : std::string());
    }

    std::string matchers()
    {
        std::string out = "{";
        for (std::size_t count = below(3); count > 0; --count) {
            out += oneIn(2) ? text({"x=", "y!=", "\"\"="}) + quoted()
                            : text({"\"z z\"=~", "by!~"}) + text({"\"a|b\"", "'x.*'", "`\\d+`"});
            out += ',';
        }
        return out + '}';
    }

    std::string quoted()
    {
        return text({"\"\"", "\"v\"", "'it\"s'", "`raw`", "\"\\n\\x01\\u00e4\\U0001f525\"",
                     "\"\\xff\"", "\"\xc3\xa4\"", "\".+\"", "\"a|b\""});
    }

    std::string modifiers()
    {
        std::string out;
        if (oneIn(5)) {
            out += text({" @ 5", " @ -1.5", " @ start()", " @ end()", " @ 1e9"});
        }
        if (oneIn(4)) {
            out += " offset "
                + (oneIn(2) ? text({"5m", "-90", "0", "1.5", "1d12h"})
                            : text({"+(", "-("}) + duration(2) + ')');
        }
        return out;
    }

    std::string duration(int depth)
    {
        if (depth <= 0 || oneIn(2)) {
            return text({"5m", "90", "1h30m", "0.25", "step()", "range()", "2w"});
        }
        switch (below(4)) {
        case 0:
            return '(' + duration(depth - 1) + ')';
        case 1:
            return "-(-" + duration(depth - 1) + ')';
        case 2:
            return text({"min_of(", "max_of("}) + duration(depth - 1) + ',' + duration(depth - 1)
                + ')';
        default:
            return duration(depth - 1) + text({"+", " - ", "*", "/", "%", "^"})
                + duration(depth - 1);
        }
    }

    std::mt19937 m_random;
};

} // namespace watchfire::promql::test
