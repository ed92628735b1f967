// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

#include <functional>

namespace watchfire::promql {

/// What a function of an instant vector does to one series. A missing part means that samples
/// of that kind are dropped.
struct RowFunction {
    /// Changes the numbers of a row in place; may clear bits. Values of absent cells may be
    /// computed along.
    std::function<void(std::span<double>, Bits)> numbers;
    /// Yields what becomes of a histogram at a step.
    std::function<Cell(const HistogramPtr&, std::size_t)> histograms;
};

/// Applies a function to every series, each by itself, and drops the names.
class Map final : public Operator {
public:
    Map(OperatorPtr inner, RowFunction function);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    OperatorPtr m_inner;
    RowFunction m_function;
};

/// A sample at every step: a scalar as a vector of one series without labels, or with the
/// given ones.
class ScalarVector final : public Operator {
public:
    ScalarVector(EvalContext& context, StepGrid grid, std::vector<double> values);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    std::vector<double> m_values;
};

/// What an operator over the first step yields, at every step.
class Broadcast final : public Operator {
public:
    Broadcast(OperatorPtr inner, StepGrid grid, EvalContext& context);

    /// Both are for the same part of the query.
    void setPlace(Span place) override
    {
        Operator::setPlace(place);
        m_inner->setPlace(place);
    }

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;

    OperatorPtr m_inner;
    Collected m_rows;
};

} // namespace watchfire::promql
