// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <array>

namespace watchfire::promql {

namespace {

constexpr ValueType scalar = ValueType::scalar;
constexpr ValueType vector = ValueType::vector;
constexpr ValueType matrix = ValueType::matrix;
constexpr ValueType string = ValueType::string;

/// A row of the table, with the rarer columns filled in by the calls behind it.
struct Row {
    Function function;

    Row(std::string_view name, std::vector<ValueType> arguments, std::string_view summary)
        : function{name, std::move(arguments), 0, vector, false, summary}
    {
    }
    Row&& variadic(int n) &&
    {
        function.variadic = n;
        return std::move(*this);
    }
    Row&& yields(ValueType type) &&
    {
        function.returns = type;
        return std::move(*this);
    }
    Row&& experimental() &&
    {
        function.experimental = true;
        return std::move(*this);
    }
};

void addRangeFunctions(std::vector<Row>& rows)
{
    const auto add = [&rows](std::string_view name, std::string_view summary) {
        rows.emplace_back(name, std::vector{matrix}, summary);
    };
    const auto addExperimental = [&rows](std::string_view name, std::string_view summary) {
        rows.push_back(Row(name, {matrix}, summary).experimental());
    };
    add("absent_over_time", "1 where the range holds no sample at all, else nothing.");
    add("avg_over_time", "The mean of the samples in the range.");
    add("changes", "How often the value changed within the range.");
    add("count_over_time", "How many samples the range holds.");
    add("delta", "The difference between the ends of the range, extrapolated; for gauges.");
    add("deriv", "The slope per second, by linear regression over the range; for gauges.");
    add("first_over_time", "The oldest sample in the range.");
    add("idelta", "The difference between the last two samples in the range.");
    add("increase", "How much a counter grew over the range, resets and both ends accounted for.");
    add("irate", "The growth per second between the last two samples of a counter.");
    add("last_over_time", "The newest sample in the range.");
    addExperimental("mad_over_time", "The median distance of the samples from their median.");
    add("max_over_time", "The greatest sample in the range.");
    add("min_over_time", "The least sample in the range.");
    add("present_over_time", "1 for each series with a sample in the range.");
    add("rate", "The growth per second of a counter over the range, resets accounted for.");
    add("resets", "How often a counter fell within the range.");
    add("stddev_over_time", "The standard deviation of the samples in the range.");
    add("stdvar_over_time", "The variance of the samples in the range.");
    add("sum_over_time", "The sum of the samples in the range.");
    addExperimental("ts_of_first_over_time", "The time of the oldest sample in the range.");
    addExperimental("ts_of_last_over_time", "The time of the newest sample in the range.");
    addExperimental("ts_of_max_over_time", "The time of the last greatest sample in the range.");
    addExperimental("ts_of_min_over_time", "The time of the last least sample in the range.");
    rows.push_back(Row("double_exponential_smoothing", {matrix, scalar, scalar},
                       "The range smoothed, with a factor for the level and one for the trend.")
                       .experimental());
    rows.emplace_back("predict_linear", std::vector{matrix, scalar},
                      "The value so many seconds from now, by linear regression over the range.");
    rows.emplace_back("quantile_over_time", std::vector{scalar, matrix},
                      "The quantile of the samples in the range, between 0 and 1.");
}

void addMathFunctions(std::vector<Row>& rows)
{
    const auto add = [&rows](std::string_view name, std::string_view summary) {
        rows.emplace_back(name, std::vector{vector}, summary);
    };
    add("abs", "The value without its sign.");
    add("acos", "The arc cosine, in radians.");
    add("acosh", "The inverse hyperbolic cosine.");
    add("asin", "The arc sine, in radians.");
    add("asinh", "The inverse hyperbolic sine.");
    add("atan", "The arc tangent, in radians.");
    add("atanh", "The inverse hyperbolic tangent.");
    add("ceil", "The value rounded up to a whole number.");
    add("cos", "The cosine of an angle in radians.");
    add("cosh", "The hyperbolic cosine.");
    add("deg", "Radians as degrees.");
    add("exp", "e to the power of the value.");
    add("floor", "The value rounded down to a whole number.");
    add("ln", "The natural logarithm.");
    add("log10", "The logarithm to base 10.");
    add("log2", "The logarithm to base 2.");
    add("rad", "Degrees as radians.");
    add("sgn", "1, 0 or -1 for the sign of the value.");
    add("sin", "The sine of an angle in radians.");
    add("sinh", "The hyperbolic sine.");
    add("sqrt", "The square root.");
    add("tan", "The tangent of an angle in radians.");
    add("tanh", "The hyperbolic tangent.");
    rows.emplace_back("clamp", std::vector{vector, scalar, scalar},
                      "The value held between a least and a greatest.");
    rows.emplace_back("clamp_max", std::vector{vector, scalar},
                      "The value, or the greatest allowed where it is above.");
    rows.emplace_back("clamp_min", std::vector{vector, scalar},
                      "The value, or the least allowed where it is below.");
    rows.push_back(Row("max_of", {scalar, scalar}, "The greater of two numbers.")
                       .yields(scalar)
                       .experimental());
    rows.push_back(Row("min_of", {scalar, scalar}, "The lesser of two numbers.")
                       .yields(scalar)
                       .experimental());
    rows.push_back(Row("pi", {}, "The number pi.").yields(scalar));
    rows.push_back(Row("round", {vector, scalar},
                       "The nearest whole number, or multiple of the second argument.")
                       .variadic(1));
}

void addTimeFunctions(std::vector<Row>& rows)
{
    const auto add = [&rows](std::string_view name, std::string_view summary) {
        rows.push_back(Row(name, {vector}, summary).variadic(1));
    };
    add("day_of_month", "The day of the month, from 1, of a time in seconds (UTC).");
    add("day_of_week", "The day of the week, Sunday being 0, of a time in seconds (UTC).");
    add("day_of_year", "The day of the year, from 1, of a time in seconds (UTC).");
    add("days_in_month", "How many days the month of a time in seconds has (UTC).");
    add("hour", "The hour of the day of a time in seconds (UTC).");
    add("minute", "The minute of the hour of a time in seconds (UTC).");
    add("month", "The month, January being 1, of a time in seconds (UTC).");
    add("year", "The year of a time in seconds (UTC).");
    const auto addFact = [&rows](std::string_view name, std::string_view summary) {
        rows.push_back(Row(name, {}, summary).yields(scalar).experimental());
    };
    addFact("end", "The end of the query's time range, in seconds.");
    addFact("range", "The length of the query's time range, in seconds.");
    addFact("start", "The start of the query's time range, in seconds.");
    addFact("step", "The distance between two evaluations, in seconds.");
    rows.push_back(Row("time", {}, "The time of the evaluation, in seconds.").yields(scalar));
    rows.emplace_back("timestamp", std::vector{vector}, "The time of each sample, in seconds.");
    rows.push_back(Row("start_timestamp", {vector},
                       "The time since which each sample's counter has counted, in seconds.")
                       .experimental());
}

void addHistogramFunctions(std::vector<Row>& rows)
{
    const auto add = [&rows](std::string_view name, std::string_view summary) {
        rows.emplace_back(name, std::vector{vector}, summary);
    };
    add("histogram_avg", "The mean of the observations in a native histogram.");
    add("histogram_count", "How many observations a native histogram holds.");
    add("histogram_stddev", "The estimated standard deviation of a native histogram.");
    add("histogram_stdvar", "The estimated variance of a native histogram.");
    add("histogram_sum", "The sum of the observations in a native histogram.");
    rows.emplace_back("histogram_fraction", std::vector{scalar, scalar, vector},
                      "The share of a histogram's observations between two values.");
    rows.emplace_back("histogram_quantile", std::vector{scalar, vector},
                      "The quantile, between 0 and 1, of a classic or native histogram.");
    rows.push_back(Row("histogram_quantiles", {vector, string, scalar, scalar},
                       "Several quantiles of a histogram, told apart by a label of that name.")
                       .variadic(9)
                       .experimental());
}

void addVectorFunctions(std::vector<Row>& rows)
{
    rows.emplace_back("absent", std::vector{vector},
                      "1 where the vector is empty, else nothing; for alerts on missing series.");
    rows.push_back(Row("info", {vector, vector},
                       "Adds the labels of matching info series, such as target_info.")
                       .variadic(1)
                       .experimental());
    rows.push_back(Row("label_join", {vector, string, string, string},
                       "Joins the values of labels, with a separator between, into one label.")
                       .variadic(-1));
    rows.emplace_back("label_replace", std::vector{vector, string, string, string, string},
                      "Sets a label from another one, by a regular expression with groups.");
    rows.push_back(
        Row("scalar", {vector}, "The value of the only element; NaN where it is not alone.")
            .yields(scalar));
    rows.emplace_back("sort", std::vector{vector}, "Orders an instant result by value.");
    rows.emplace_back("sort_desc", std::vector{vector},
                      "Orders an instant result by value, greatest first.");
    rows.push_back(Row("sort_by_label", {vector, string},
                       "Orders an instant result by labels, in natural order.")
                       .variadic(-1)
                       .experimental());
    rows.push_back(Row("sort_by_label_desc", {vector, string},
                       "Orders an instant result by labels, in reverse natural order.")
                       .variadic(-1)
                       .experimental());
    rows.emplace_back("vector", std::vector{scalar},
                      "The number as a vector with one element that has no labels.");
}

std::vector<Function> makeTable()
{
    std::vector<Row> rows;
    addRangeFunctions(rows);
    addMathFunctions(rows);
    addTimeFunctions(rows);
    addHistogramFunctions(rows);
    addVectorFunctions(rows);
    std::vector<Function> table;
    table.reserve(rows.size());
    for (Row& row : rows) {
        table.push_back(std::move(row.function));
    }
    std::ranges::sort(table, {}, &Function::name);
    return table;
}

const std::vector<Function>& table()
{
    static const std::vector<Function> functions = makeTable();
    return functions;
}

constexpr std::array aggregations{
    Aggregation{AggregateOp::sum, "sum", ValueType::none, false, "The sum within each group."},
    Aggregation{AggregateOp::avg, "avg", ValueType::none, false, "The mean within each group."},
    Aggregation{AggregateOp::count, "count", ValueType::none, false,
                "How many series each group has."},
    Aggregation{AggregateOp::min, "min", ValueType::none, false, "The least within each group."},
    Aggregation{AggregateOp::max, "max", ValueType::none, false, "The greatest within each group."},
    Aggregation{AggregateOp::group, "group", ValueType::none, false, "1 for each group."},
    Aggregation{AggregateOp::stddev, "stddev", ValueType::none, false,
                "The standard deviation within each group."},
    Aggregation{AggregateOp::stdvar, "stdvar", ValueType::none, false,
                "The variance within each group."},
    Aggregation{AggregateOp::topk, "topk", scalar, false,
                "The k greatest series of each group, with all their labels."},
    Aggregation{AggregateOp::bottomk, "bottomk", scalar, false,
                "The k least series of each group, with all their labels."},
    Aggregation{AggregateOp::countValues, "count_values", string, false,
                "How many series have each value, told apart by a label of that name."},
    Aggregation{AggregateOp::quantile, "quantile", scalar, false,
                "The quantile, between 0 and 1, within each group."},
    Aggregation{AggregateOp::limitk, "limitk", scalar, true,
                "Any k series of each group, the same at every step."},
    Aggregation{AggregateOp::limitRatio, "limit_ratio", scalar, true,
                "About that share of the series of each group, the same at every step."},
};

} // namespace

std::size_t leastArguments(const Function& function)
{
    return function.arguments.size() - (function.variadic == 0 ? 0 : 1);
}

std::optional<std::size_t> mostArguments(const Function& function)
{
    if (function.variadic < 0) {
        return std::nullopt;
    }
    return leastArguments(function) + static_cast<std::size_t>(function.variadic);
}

ValueType argumentType(const Function& function, std::size_t index)
{
    return function.arguments[std::min(index, function.arguments.size() - 1)];
}

std::span<const Function> allFunctions()
{
    return table();
}

const Function* findFunction(std::string_view name)
{
    const auto& functions = table();
    const auto found = std::ranges::lower_bound(functions, name, {}, &Function::name);
    return found != functions.end() && found->name == name ? &*found : nullptr;
}

std::span<const Aggregation> allAggregations()
{
    return aggregations;
}

const Aggregation& aggregation(AggregateOp op)
{
    return aggregations[static_cast<std::size_t>(op)];
}

} // namespace watchfire::promql
