// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/accumulate.h"

#include <cmath>
#include <limits>

namespace watchfire::promql::kernels {

namespace {

/// CompensatedSum::add without branches, so that a loop over steps becomes vector code.
inline void addOne(double value, double& sum, double& error)
{
    const double total = sum + value;
    const bool larger = std::abs(sum) >= std::abs(value);
    const double big = larger ? sum : value;
    const double small = larger ? value : sum;
    const double next = error + ((big - total) + small);
    error = std::abs(total) == std::numeric_limits<double>::infinity() ? 0 : next;
    sum = total;
}

inline void keepLess(double value, double& least)
{
    least = value < least || least != least ? value : least;
}
inline void keepGreater(double value, double& greatest)
{
    greatest = value > greatest || greatest != greatest ? value : greatest;
}

inline void addMoment(double value, double& count, double& mean, double& squares)
{
    count += 1;
    const double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
}

} // namespace

void addToSum(std::span<const double> row, const Accumulators& to)
{
    const double* const values = row.data();
    double* const sums = to.value.data();
    double* const errors = to.error.data();
    for (std::size_t step = 0; step < row.size(); ++step) {
        addOne(values[step], sums[step], errors[step]);
    }
}

void addToSum(std::span<const double> row, ConstBits present, const Accumulators& to)
{
    forEachBit(present,
               [&](std::size_t step) { addOne(row[step], to.value[step], to.error[step]); });
}

void addToCount(const Accumulators& to)
{
    for (double& count : to.count) {
        count += 1;
    }
}

void addToCount(ConstBits present, const Accumulators& to)
{
    forEachBit(present, [&](std::size_t step) { to.count[step] += 1; });
}

void addToMin(std::span<const double> row, const Accumulators& to)
{
    for (std::size_t step = 0; step < row.size(); ++step) {
        keepLess(row[step], to.value[step]);
    }
}

void addToMin(std::span<const double> row, ConstBits present, const Accumulators& to)
{
    forEachBit(present, [&](std::size_t step) { keepLess(row[step], to.value[step]); });
}

void addToMax(std::span<const double> row, const Accumulators& to)
{
    for (std::size_t step = 0; step < row.size(); ++step) {
        keepGreater(row[step], to.value[step]);
    }
}

void addToMax(std::span<const double> row, ConstBits present, const Accumulators& to)
{
    forEachBit(present, [&](std::size_t step) { keepGreater(row[step], to.value[step]); });
}

void addToVariance(std::span<const double> row, const Accumulators& to)
{
    for (std::size_t step = 0; step < row.size(); ++step) {
        addMoment(row[step], to.count[step], to.mean[step], to.value[step]);
    }
}

void addToVariance(std::span<const double> row, ConstBits present, const Accumulators& to)
{
    forEachBit(present, [&](std::size_t step) {
        addMoment(row[step], to.count[step], to.mean[step], to.value[step]);
    });
}

void addToMean(std::span<const double> row, ConstBits present, Bits running, const Accumulators& to)
{
    const auto addAt = [&](std::size_t step) {
        const double value = row[step];
        double& count = to.count[step];
        count += 1;
        if (!testBit(running, step)) {
            double sum = to.value[step];
            double error = to.error[step];
            addOne(value, sum, error);
            if (!std::isinf(sum) || count == 1) {
                to.value[step] = sum;
                to.error[step] = error;
                return;
            }
            setBit(running, step);
            to.mean[step] = to.value[step] / (count - 1);
            to.error[step] /= count - 1;
        }
        const double weight = (count - 1) / count;
        to.mean[step] *= weight;
        to.error[step] *= weight;
        addOne(value / count, to.mean[step], to.error[step]);
    };
    const std::size_t steps = row.size();
    if (countBits(present) == steps && !anyBit(running)) {
        bool finite = true;
        for (std::size_t step = 0; step < steps; ++step) {
            finite
                &= std::abs(to.value[step] + row[step]) != std::numeric_limits<double>::infinity();
        }
        if (finite) {
            addToSum(row, to);
            addToCount(to);
            return;
        }
    }
    forEachBit(present, addAt);
}

} // namespace watchfire::promql::kernels
