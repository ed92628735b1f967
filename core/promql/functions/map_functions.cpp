// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/map_functions.h"

#include "core/promql/functions/date_parts.h"
#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/statistics.h"
#include "core/promql/kernels/elementwise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace watchfire::promql {

namespace {

using Unary = double (*)(double);

struct NamedUnary {
    std::string_view name;
    Unary function;
};

double sign(double value)
{
    return value < 0 ? -1 : value > 0 ? 1 : value;
}

constexpr std::array unaries{
    NamedUnary{"abs", [](double v) { return std::abs(v); }},
    NamedUnary{"acos", [](double v) { return std::acos(v); }},
    NamedUnary{"acosh", [](double v) { return std::acosh(v); }},
    NamedUnary{"asin", [](double v) { return std::asin(v); }},
    NamedUnary{"asinh", [](double v) { return std::asinh(v); }},
    NamedUnary{"atan", [](double v) { return std::atan(v); }},
    NamedUnary{"atanh", [](double v) { return std::atanh(v); }},
    NamedUnary{"ceil", [](double v) { return std::ceil(v); }},
    NamedUnary{"cos", [](double v) { return std::cos(v); }},
    NamedUnary{"cosh", [](double v) { return std::cosh(v); }},
    NamedUnary{"deg", [](double v) { return v * 180 / std::numbers::pi; }},
    NamedUnary{"exp", [](double v) { return std::exp(v); }},
    NamedUnary{"floor", [](double v) { return std::floor(v); }},
    NamedUnary{"ln", [](double v) { return std::log(v); }},
    NamedUnary{"log10", [](double v) { return std::log10(v); }},
    NamedUnary{"log2", [](double v) { return std::log2(v); }},
    NamedUnary{"rad", [](double v) { return v * std::numbers::pi / 180; }},
    NamedUnary{"sgn", sign},
    NamedUnary{"sin", [](double v) { return std::sin(v); }},
    NamedUnary{"sinh", [](double v) { return std::sinh(v); }},
    NamedUnary{"sqrt", [](double v) { return std::sqrt(v); }},
    NamedUnary{"tan", [](double v) { return std::tan(v); }},
    NamedUnary{"tanh", [](double v) { return std::tanh(v); }},
};

struct NamedDatePart {
    std::string_view name;
    DatePart part;
};

constexpr std::array dateParts{
    NamedDatePart{"day_of_month", dates::dayOfMonth},
    NamedDatePart{"day_of_week", dates::dayOfWeek},
    NamedDatePart{"day_of_year", dates::dayOfYear},
    NamedDatePart{"days_in_month", dates::daysInMonth},
    NamedDatePart{"hour", dates::hour},
    NamedDatePart{"minute", dates::minute},
    NamedDatePart{"month", dates::month},
    NamedDatePart{"year", dates::year},
};

RowFunction eachNumber(Unary function)
{
    return {[function](std::span<double> values, Bits present) {
                forEachBit(present,
                           [&](std::size_t step) { values[step] = function(values[step]); });
            },
            {}};
}

/// Held between the two at every step; where the least is above the greatest, nothing is left.
RowFunction clamp(std::vector<double> least, std::vector<double> greatest)
{
    return {[least = std::move(least), greatest = std::move(greatest)](std::span<double> values,
                                                                       Bits present) {
                for (std::size_t step = 0; step < values.size(); ++step) {
                    if (greatest[step] < least[step]) {
                        clearBit(present, step);
                    }
                    values[step] = kernels::greater(least[step],
                                                    kernels::lesser(greatest[step], values[step]));
                }
            },
            {}};
}

RowFunction round(std::vector<double> nearest)
{
    return {[nearest = std::move(nearest)](std::span<double> values, Bits) {
                for (std::size_t step = 0; step < values.size(); ++step) {
                    // By the inverse: 0.1 has none that is exact, 10 is.
                    const double inverse = 1 / nearest[step];
                    values[step] = std::floor(values[step] * inverse + 0.5) / inverse;
                }
            },
            {}};
}

RowFunction ofHistograms(double (*function)(const Histogram&))
{
    return {{}, [function](const HistogramPtr& histogram, std::size_t) {
                return Cell::of(function(*histogram));
            }};
}

RowFunction timeOfStep(const StepGrid& grid)
{
    const auto at = [grid](std::size_t step) { return static_cast<double>(grid.at(step)) / 1000; };
    return {[at](std::span<double> values, Bits) {
                for (std::size_t step = 0; step < values.size(); ++step) {
                    values[step] = at(step);
                }
            },
            [at](const HistogramPtr&, std::size_t step) { return Cell::of(at(step)); }};
}

std::optional<RowFunction> histogramFunction(std::string_view name)
{
    if (name == "histogram_count") {
        return ofHistograms([](const Histogram& h) { return h.count; });
    }
    if (name == "histogram_sum") {
        return ofHistograms([](const Histogram& h) { return h.sum; });
    }
    if (name == "histogram_avg") {
        return ofHistograms(histogramAverage);
    }
    if (name == "histogram_stdvar") {
        return ofHistograms(histogramVariance);
    }
    if (name == "histogram_stddev") {
        return ofHistograms([](const Histogram& h) { return std::sqrt(histogramVariance(h)); });
    }
    return std::nullopt;
}

} // namespace

DatePart findDatePart(std::string_view name)
{
    const auto found = std::ranges::find(dateParts, name, &NamedDatePart::name);
    return found == dateParts.end() ? nullptr : found->part;
}

std::optional<RowFunction>
mapFunction(std::string_view name, std::vector<std::vector<double>> scalars, const StepGrid& grid)
{
    if (const auto found = std::ranges::find(unaries, name, &NamedUnary::name);
        found != unaries.end()) {
        return eachNumber(found->function);
    }
    if (const DatePart part = findDatePart(name)) {
        return eachNumber(part);
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (name == "clamp") {
        return clamp(std::move(scalars[0]), std::move(scalars[1]));
    }
    if (name == "clamp_min") {
        return clamp(std::move(scalars[0]), std::vector(grid.count, infinity));
    }
    if (name == "clamp_max") {
        return clamp(std::vector(grid.count, -infinity), std::move(scalars[0]));
    }
    if (name == "round") {
        return round(scalars.empty() ? std::vector(grid.count, 1.0) : std::move(scalars[0]));
    }
    if (name == "timestamp") {
        return timeOfStep(grid);
    }
    return histogramFunction(name);
}

RowFunction negation()
{
    return {[](std::span<double> values, Bits) {
                for (double& value : values) {
                    value = -value;
                }
            },
            [](const HistogramPtr& histogram, std::size_t) {
                Histogram negative = *histogram;
                multiply(negative, -1);
                return Cell::of(std::make_shared<const Histogram>(std::move(negative)));
            }};
}

} // namespace watchfire::promql
