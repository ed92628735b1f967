// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/result.h"
#include "core/promql/query.h"
#include "core/storage/querier.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::rules {

/// One element of what an expression yields at a moment. `series` numbers label sets within an
/// `Evaluations`; the same number is the same label set.
struct Element {
    std::uint32_t series = 0;
    double value = 0;
    HistogramPtr histogram;
};

/// The answers of an expression at every moment of a grid, as so many instant queries would give
/// them.
class Evaluations {
public:
    /// The expression must parse: ErrorKind::invalid.
    static Result<Evaluations> of(const std::string& expr, storage::Queryable& store,
                                  const promql::QueryOptions& options);

    /// Called at each moment in ascending order, with the elements or why there are none.
    using Take = std::function<void(Timestamp at, Result<std::span<const Element>> elements)>;

    /// Asks for `start`, `start + step`, … up to `end`, by one range query where that is the same.
    /// Fails as a query does that could not be answered at any moment: cancelled, timeout, and
    /// faults of the store. With ErrorKind::limit none has been taken, and fewer moments at once
    /// may do.
    Result<void> run(Timestamp start, Timestamp end, std::chrono::milliseconds step,
                     const Take& take, const std::stop_token& stop);

    const Labels& labels(std::uint32_t series) const { return m_labels[series]; }

private:
    Evaluations(promql::Ast ast, storage::Queryable& store, promql::QueryOptions options);

    Result<void> runEach(Timestamp start, Timestamp end, std::chrono::milliseconds step,
                         const Take& take, const std::stop_token& stop);
    void takeMatrix(const Matrix& matrix, Timestamp start, Timestamp end,
                    std::chrono::milliseconds step, const Take& take);
    std::uint32_t numberOf(const Labels& labels);

    promql::Ast m_ast;
    storage::Queryable* m_store;
    promql::QueryOptions m_options;
    bool m_dependsOnRange = false;
    std::vector<Labels> m_labels;
    std::unordered_map<Labels, std::uint32_t> m_numbers;
    std::vector<Element> m_elements; ///< of one moment; its memory is reused
};

} // namespace watchfire::rules
