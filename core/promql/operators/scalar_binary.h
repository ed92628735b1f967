// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/cell_operations.h"
#include "core/promql/operators/operator.h"

namespace watchfire::promql {

/// vector op scalar, or scalar op vector. A comparison filters and keeps the vector's sample;
/// arithmetic and `bool` drop the name.
class ScalarBinary final : public Operator {
public:
    ScalarBinary(OperatorPtr vector, std::vector<double> scalar, bool scalarIsLeft,
                 BinaryCall call);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    void applyToNumbers(Batch& out, std::size_t row);
    void applyToHistograms(Batch& out, std::size_t row);

    OperatorPtr m_inner;
    std::vector<double> m_scalar; ///< by step
    bool m_scalarIsLeft;
    BinaryCall m_call;
    std::vector<std::uint64_t> m_holds;
};

/// Whether the operator's result is another metric, so that its name goes.
bool changesMetric(BinaryOp op);

} // namespace watchfire::promql
