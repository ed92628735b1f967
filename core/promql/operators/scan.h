// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/batches_ahead.h"
#include "core/promql/operators/operator.h"
#include "core/promql/operators/selection.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// Makes rows of results out of series that share a timeline, one after the other.
class SeriesFiller {
public:
    virtual ~SeriesFiller() = default;
    /// The timeline of the columns to come; it stays valid.
    virtual void startTimeline(std::span<const std::int64_t> timeline) = 0;
    /// Fills a row of absent cells.
    virtual void fill(const storage::Column& column, std::string_view metric, Batch& out,
                      std::size_t row, Findings& findings)
        = 0;
    /// The rows of a batch are filled.
    virtual void endBatch(Findings& /*findings*/) { }
};

/// What all operators do whose rows are each computed from one series of a selector: reader by
/// reader, on several threads where it is worth it.
class Scan : public Operator {
public:
    Scan(EvalContext& context, StepGrid grid, const VectorSelector& selector);

    /// Settles unknown counter resets of histograms against the sample before.
    void settleResets(bool settle) { m_settlesResets = settle; }
    /// Nobody looks at labels of other names: the schema may lack them.
    void needOnly(const std::vector<std::string>& names);

protected:
    enum class Names { kept, dropped };
    /// Asks the store for series with samples in [from, to]; the schema is theirs, with their
    /// names or without.
    Result<void> select(std::int64_t fromMs, std::int64_t toMs, Names names);
    /// One for each reader; called by the thread that reads it.
    virtual std::unique_ptr<SeriesFiller> filler() const = 0;
    std::int64_t lookbackMs() const { return m_lookbackMs; }

private:
    Result<bool> produce(Batch& out) final;
    Result<bool> projectLabels(Names names);
    Result<void> start();
    Result<void> compute(std::size_t part, std::size_t from, Batch& out, Findings& findings);

    /// While a reader is read.
    struct Part {
        std::unique_ptr<SeriesFiller> filler;
        storage::Column column;
    };

    const VectorSelector& m_selector;
    std::int64_t m_lookbackMs;
    bool m_settlesResets = false;
    std::string_view m_metric; ///< that all series have; empty: they may have several
    std::optional<std::vector<std::string>> m_needed; ///< sorted
    Selection m_selection;
    std::vector<Part> m_parts;
    std::optional<BatchesAhead> m_batches; // last: it ends those that use the others
};

} // namespace watchfire::promql
