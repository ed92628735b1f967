// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/query_generator.h"

#include <format>

namespace watchfire::tests {

namespace {

constexpr std::string_view metrics[]
    = {"requests_total", "requests_total", "errors_total", "queue_length", "queue_length",
       "temperature",    "strange",        "info",         "sparse",       "latency_bucket",
       "latency",        "sizes",          "mixed",        "nothing"};
constexpr std::string_view labelNames[] = {"instance", "job", "code", "queue", "le", "path"};

} // namespace

std::string QueryGenerator::oneOf(Words words)
{
    return std::string(words.begin()[number(words.size())]);
}

template <std::size_t N> std::string QueryGenerator::oneOf(const std::string_view (&words)[N])
{
    return std::string(words[number(N)]);
}

std::string QueryGenerator::literal()
{
    return oneOf({"0", "1", "2", "-1", "0.5", "3", "7", "10", "100", "1e3", "-2.5", "0x1F", "1e-3",
                  "NaN", "Inf", "-Inf", "1e300"});
}

std::string QueryGenerator::quantile()
{
    return oneOf({"0", "0.1", "0.25", "0.5", "0.9", "0.99", "1", "-0.5", "1.5", "NaN"});
}

std::string QueryGenerator::duration()
{
    return oneOf({"15s", "30s", "47s", "1m", "1m", "90s", "2m30s", "5m", "5m", "10m", "1h", "61",
                  "1ms", "20m"});
}

std::string QueryGenerator::matcher()
{
    return oneOf({R"(instance="a")", R"(instance="b")", R"(instance!="c")", R"(instance=~"a|b")",
                  R"(instance!~"a.*")", R"(job="web")", R"(job=~".+")", R"(job!="web")",
                  R"(code="200")", R"(code=~"2..")", R"(code!~"2..")", R"(code!="")", R"(code="")",
                  R"(code=~".*")", R"(nosuch="")", R"(nosuch!="")", R"(queue=~"m.*")",
                  R"(queue=~"^mail$")", R"(path=~"/.*")"});
}

std::string QueryGenerator::modifiers()
{
    std::string text;
    if (oneIn(12)) {
        text += " @ ";
        text += oneIn(3) ? oneOf({"start()", "end()"})
                         : std::to_string(m_fromS
                                          + static_cast<std::int64_t>(
                                              number(static_cast<std::uint64_t>(m_toS - m_fromS))));
    }
    if (oneIn(8)) {
        text += " offset " + oneOf({"1m", "-1m", "37s", "5m", "1h", "-20s", "30"});
    }
    return text;
}

std::string QueryGenerator::selectorOf(std::string_view metric)
{
    std::string text(metric);
    if (oneIn(3)) {
        text += "{" + matcher() + (oneIn(3) ? "," + matcher() : "") + "}";
    }
    return text;
}

std::string QueryGenerator::selector()
{
    if (oneIn(25)) {
        return R"({__name__=~")" + oneOf({"requests_.*", ".*_total", "queue_length|temperature"})
            + "\"}";
    }
    return selectorOf(oneOf(metrics));
}

std::string QueryGenerator::range(int depth)
{
    if (depth > 0 && oneIn(5)) {
        const std::string inner = oneIn(2) ? vector(depth - 1) : selector();
        return std::format("({})[{}:{}]{}", inner, oneOf({"1m", "5m", "10m", "3m", "47s"}),
                           oneOf({"15s", "30s", "1m", "7s", ""}), modifiers());
    }
    return std::format("{}[{}]{}", selector(), duration(), modifiers());
}

std::string QueryGenerator::labels(std::size_t atMost)
{
    std::string text;
    for (std::size_t i = number(atMost + 1); i > 0; --i) {
        text += (text.empty() ? "" : ", ") + oneOf(labelNames);
    }
    return text;
}

std::string QueryGenerator::grouping()
{
    return oneIn(3) ? "" : std::format(" {} ({})", oneOf({"by", "by", "without"}), labels(2));
}

std::string QueryGenerator::scalar(int depth)
{
    if (depth > 0) {
        switch (number(10)) {
        case 0:
            return "time()";
        case 1:
            return "pi()";
        case 2:
            return std::format("scalar({})", vector(depth - 1));
        case 3:
            return std::format("({} {} {})", scalar(depth - 1),
                               oneOf({"+", "-", "*", "/", "%", "^", "atan2"}), scalar(depth - 1));
        case 4:
            return std::format("({} {}bool {})", scalar(depth - 1),
                               oneOf({"==", "!=", "<", ">", "<=", ">="}), scalar(depth - 1));
        case 5:
            return "-" + scalar(depth - 1);
        default:
            break;
        }
    }
    return literal();
}

std::string QueryGenerator::ofRange(int depth)
{
    switch (number(12)) {
    case 0:
        return std::format("quantile_over_time({}, {})", quantile(), range(depth));
    case 1:
        return std::format("predict_linear({}, {})", range(depth), oneOf({"60", "3600", "-30"}));
    case 2:
        return std::format("double_exponential_smoothing({}, 0.3, 0.6)", range(depth));
    case 3:
    case 4:
    case 5:
        return std::format("{}({})",
                           oneOf({"rate", "rate", "increase", "delta", "irate", "idelta"}),
                           range(depth));
    case 6:
        return std::format("{}({})",
                           oneOf({"ts_of_min_over_time", "ts_of_max_over_time",
                                  "ts_of_last_over_time", "mad_over_time"}),
                           range(depth));
    default:
        return std::format(
            "{}({})",
            oneOf({"sum_over_time", "avg_over_time", "min_over_time", "max_over_time",
                   "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time",
                   "present_over_time", "absent_over_time", "changes", "resets", "deriv"}),
            range(depth));
    }
}

std::string QueryGenerator::ofHistograms(int depth)
{
    const std::string inner = oneIn(2)
        ? selectorOf(oneOf({"latency", "sizes", "mixed"}))
        : std::format("{}({}[{}])", oneOf({"rate", "increase", "sum_over_time", "avg_over_time"}),
                      selectorOf(oneOf({"latency", "sizes", "mixed"})), duration());
    const std::string some = oneIn(3) ? std::format("sum{} ({})", grouping(), inner) : inner;
    switch (number(5)) {
    case 0:
        return std::format("histogram_quantile({}, {})", quantile(), some);
    case 1:
        return std::format("histogram_fraction({}, {}, {})", oneOf({"0", "-1", "-Inf", "0.3"}),
                           oneOf({"1", "2.5", "Inf", "10"}), some);
    case 2:
        return std::format("histogram_quantile({}, sum by (le{}) (rate(latency_bucket[{}])))",
                           quantile(), oneOf({"", ", instance", ", path"}), duration());
    case 3:
        return depth > 0 && oneIn(2)
            ? std::format("{} {} {}", some, oneOf({"+", "-", "==", "!="}), inner)
            : some;
    default:
        return std::format("{}({})",
                           oneOf({"histogram_count", "histogram_sum", "histogram_avg",
                                  "histogram_stddev", "histogram_stdvar"}),
                           some);
    }
}

std::string QueryGenerator::relabelled(int depth)
{
    if (oneIn(2)) {
        return std::format(R"(label_join({}, "{}", "{}", "instance", "{}"))", vector(depth - 1),
                           oneOf({"joined", "job", "code"}), oneOf({"-", "", "/"}),
                           oneOf({"code", "nosuch"}));
    }
    return std::format(R"(label_replace({}, "{}", "{}", "{}", "{}"))", vector(depth - 1),
                       oneOf({"new", "job", "instance", "__name__"}),
                       oneOf({"$1", "x$1y", "", "${1}", "const"}),
                       oneOf({"instance", "code", "nosuch", "__name__"}),
                       oneOf({"(.*)", "(.)", "(..).*", "a|b", "(a)?.*", ""}));
}

std::string QueryGenerator::ofVector(int depth)
{
    const std::string inner = vector(depth - 1);
    switch (number(8)) {
    case 0:
        return std::format("clamp({}, {}, {})", inner, literal(), literal());
    case 1:
        return std::format("{}({}, {})", oneOf({"clamp_min", "clamp_max", "round"}), inner,
                           literal());
    case 2:
        return std::format("{}({})", oneOf({"absent", "timestamp", "sort", "sort_desc"}), inner);
    case 3:
        return std::format("{}({})",
                           oneOf({"day_of_month", "day_of_week", "day_of_year", "hour", "minute",
                                  "month", "year", "days_in_month"}),
                           inner);
    case 4:
        return relabelled(depth);
    case 5:
        return std::format("vector({})", scalar(depth - 1));
    default:
        return std::format(
            "{}({})", oneOf({"abs",   "ceil", "floor", "round", "sqrt", "exp",   "ln",    "log2",
                             "log10", "sgn",  "deg",   "rad",   "sin",  "cos",   "tan",   "asin",
                             "acos",  "atan", "sinh",  "cosh",  "tanh", "asinh", "acosh", "atanh"}),
            inner);
    }
}

std::string QueryGenerator::aggregation(int depth)
{
    const std::string inner = vector(depth - 1);
    switch (number(7)) {
    case 1:
        return std::format("quantile{} ({}, {})", grouping(), quantile(), inner);
    case 2:
        // Of what is no more rounded here than there: the last digit makes another label.
        return std::format("count_values{} (\"{}\", {})", grouping(), oneOf({"value", "job"}),
                           selector());
    case 3:
        return std::format("limit_ratio{} ({}, {})", grouping(), oneOf({"0.5", "-0.5", "1", "0.1"}),
                           inner);
    default:
        return std::format(
            "{}{} ({})",
            oneOf({"sum", "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"}),
            grouping(), inner);
    }
}

std::string QueryGenerator::binary(int depth)
{
    const bool isSet = oneIn(4);
    const std::string op = isSet ? oneOf({"and", "or", "unless"})
        : oneIn(2)               ? oneOf({"+", "-", "*", "/", "%", "^", "atan2"})
                   : oneOf({"==", "!=", "<", ">", "<=", ">="}) + (oneIn(2) ? " bool" : "");
    const std::string left = vector(depth - 1);
    if (!isSet && oneIn(4)) {
        return oneIn(2) ? std::format("({}) {} {}", left, op, scalar(depth - 1))
                        : std::format("{} {} ({})", scalar(depth - 1), op, left);
    }
    std::string matching;
    if (oneIn(2)) {
        matching = std::format(" {}({})", oneOf({"on", "ignoring"}), labels(2));
        if (!isSet && oneIn(2)) {
            matching += std::format(" {}({})", oneOf({"group_left", "group_right"}),
                                    oneIn(3) ? oneOf(labelNames) : std::string());
        }
    }
    // Mostly sides that have something to do with each other.
    const std::string right = oneIn(2) ? vector(depth - 1) : left;
    return std::format("({}) {}{} ({})", left, op, matching, right);
}

std::string QueryGenerator::vector(int depth)
{
    if (depth <= 0) {
        return oneIn(2) ? selector() + modifiers() : ofRange(0);
    }
    switch (number(9)) {
    case 0:
    case 1:
        return aggregation(depth);
    case 2:
    case 3:
        return binary(depth);
    case 4:
        return ofVector(depth);
    case 5:
        return ofHistograms(depth);
    case 6:
        return selector() + modifiers();
    default:
        return ofRange(depth - 1);
    }
}

std::string QueryGenerator::query()
{
    const int depth = 1 + static_cast<int>(number(3));
    // Which of equal series they take is nobody's promise, so nothing is made of it.
    if (oneIn(25)) {
        return std::format("{}{} ({}, {})", oneOf({"topk", "bottomk"}), grouping(),
                           oneOf({"1", "2", "3", "0", "100"}), vector(depth - 1));
    }
    return oneIn(15) ? scalar(depth) : vector(depth);
}

} // namespace watchfire::tests
