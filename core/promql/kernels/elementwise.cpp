// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/elementwise.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql::kernels {

namespace {

template <class Operation>
void each(std::span<const double> a, std::span<const double> b, std::span<double> out,
          Operation&& operation)
{
    const double* const left = a.data();
    const double* const right = b.data();
    double* const to = out.data();
    const std::size_t count = out.size();
    for (std::size_t i = 0; i < count; ++i) {
        to[i] = operation(left[i], right[i]);
    }
}

template <class Test>
void eachBit(std::span<const double> a, std::span<const double> b, Bits out, Test&& test)
{
    const std::size_t count = a.size();
    for (std::size_t word = 0; word < out.size(); ++word) {
        const std::size_t from = word * 64;
        const std::size_t to = std::min(from + 64, count);
        std::uint64_t bits = 0;
        for (std::size_t i = from; i < to; ++i) {
            bits |= static_cast<std::uint64_t>(test(a[i], b[i])) << (i - from);
        }
        out[word] = bits;
    }
}

/// Calls `use` with the operator as a function of two numbers.
template <class Use> void withArithmetic(BinaryOp op, Use&& use)
{
    switch (op) {
    case BinaryOp::add:
        return use([](double a, double b) { return a + b; });
    case BinaryOp::sub:
        return use([](double a, double b) { return a - b; });
    case BinaryOp::mul:
        return use([](double a, double b) { return a * b; });
    case BinaryOp::div:
        return use([](double a, double b) { return a / b; });
    case BinaryOp::mod:
        return use([](double a, double b) { return std::fmod(a, b); });
    case BinaryOp::pow:
        return use([](double a, double b) { return std::pow(a, b); });
    case BinaryOp::atan2:
        return use([](double a, double b) { return std::atan2(a, b); });
    case BinaryOp::equal:
    case BinaryOp::notEqual:
    case BinaryOp::greater:
    case BinaryOp::less:
    case BinaryOp::greaterEqual:
    case BinaryOp::lessEqual:
    case BinaryOp::logicalAnd:
    case BinaryOp::logicalOr:
    case BinaryOp::logicalUnless:
    case BinaryOp::trimUpper:
    case BinaryOp::trimLower:
        break;
    }
    std::unreachable();
}

template <class Use> void withComparison(BinaryOp op, Use&& use)
{
    switch (op) {
    case BinaryOp::equal:
        return use([](double a, double b) { return a == b; });
    case BinaryOp::notEqual:
        return use([](double a, double b) { return a != b; });
    case BinaryOp::greater:
        return use([](double a, double b) { return a > b; });
    case BinaryOp::less:
        return use([](double a, double b) { return a < b; });
    case BinaryOp::greaterEqual:
        return use([](double a, double b) { return a >= b; });
    case BinaryOp::lessEqual:
        return use([](double a, double b) { return a <= b; });
    case BinaryOp::add:
    case BinaryOp::sub:
    case BinaryOp::mul:
    case BinaryOp::div:
    case BinaryOp::mod:
    case BinaryOp::pow:
    case BinaryOp::atan2:
    case BinaryOp::logicalAnd:
    case BinaryOp::logicalOr:
    case BinaryOp::logicalUnless:
    case BinaryOp::trimUpper:
    case BinaryOp::trimLower:
        break;
    }
    std::unreachable();
}

} // namespace

void arithmetic(BinaryOp op, std::span<const double> a, std::span<const double> b,
                std::span<double> out)
{
    withArithmetic(op, [&](auto operation) { each(a, b, out, operation); });
}

void compare(BinaryOp op, std::span<const double> a, std::span<const double> b, Bits out)
{
    withComparison(op, [&](auto test) { eachBit(a, b, out, test); });
}

double arithmetic(BinaryOp op, double a, double b)
{
    double result = 0;
    withArithmetic(op, [&](auto operation) { result = operation(a, b); });
    return result;
}

bool compare(BinaryOp op, double a, double b)
{
    bool result = false;
    withComparison(op, [&](auto test) { result = test(a, b); });
    return result;
}

} // namespace watchfire::promql::kernels
