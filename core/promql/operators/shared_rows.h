// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

#include <memory>

namespace watchfire::promql {

/// The rows of an expression that stands in a query several times: computed once, by the first
/// that asks, and kept until the last was served.
class SharedRows {
public:
    explicit SharedRows(OperatorPtr inner)
        : m_inner(std::move(inner))
    {
    }
    /// Another one that yields all of them.
    static OperatorPtr reader(const std::shared_ptr<SharedRows>& rows);

private:
    class Reader;

    Result<void> open();
    Result<void> compute();

    OperatorPtr m_inner;
    bool m_isOpen = false;
    bool m_isComputed = false;
    std::vector<Batch> m_batches;
};

} // namespace watchfire::promql
