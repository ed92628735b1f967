// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

namespace watchfire::promql {

/// Joins series that have the same labels (after a name was dropped, a label replaced, …) into
/// one, as long as no step holds two of them. When all labels differ, which is the common
/// case, it only hands batches on.
class MergeEqual final : public Operator {
public:
    /// Whether equal series may have samples at different steps, or not even that.
    enum class Turns { allowed, refused };

    explicit MergeEqual(OperatorPtr inner, Turns turns = Turns::allowed);

    /// Both are for the same part of the query.
    void setPlace(Span place) override;

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override;
    Result<void> merge();

    OperatorPtr m_inner;
    Turns m_turns;
    std::vector<std::size_t> m_target; ///< by inner row: its row here; empty: nothing to merge
    Batch m_rows;
    bool m_merged = false;
};

/// Whether two series of the schema have the same labels.
bool hasEqualLabels(const Schema& schema);

/// Fails the query: two series of one result have the same labels.
std::unexpected<Error> sameLabelset();

} // namespace watchfire::promql
