// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

#include <memory>

namespace watchfire::promql {

/// The rows of an expression that stands in a query several times: computed once, by the first
/// that asks, and kept, and charged to the query, until the last was served.
class SharedRows {
public:
    explicit SharedRows(OperatorPtr inner)
        : m_inner(std::move(inner))
    {
    }
    ~SharedRows();
    SharedRows(const SharedRows&) = delete;
    SharedRows& operator=(const SharedRows&) = delete;
    /// Another one that yields all of them.
    static OperatorPtr reader(const std::shared_ptr<SharedRows>& rows);
    /// There will be no more readers than there are.
    void close();

private:
    class Reader;

    Result<void> open();
    Result<void> compute();
    void readToTheEnd();
    void letGo();

    OperatorPtr m_inner;
    bool m_isOpen = false;
    bool m_isComputed = false;
    std::vector<Batch> m_batches;
    std::uint64_t m_held = 0; ///< charged for them
    bool m_isClosed = false;
    std::size_t m_reading = 0; ///< readers that have not come to the end
};

} // namespace watchfire::promql
