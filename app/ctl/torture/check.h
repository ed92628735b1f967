// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/torture/plan.h"
#include "core/storage/querier.h"
#include "core/tsdb/store.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::torture {

/// What is not as it was promised, and how much of what is there was looked at.
struct Findings {
    Rows next; ///< of each group: the row after the last one there
    std::uint64_t samples = 0;
    std::uint64_t lost = 0; ///< rows that must be there and are not
    std::uint64_t halfVisible = 0; ///< rows and deletions of which a part is there
    std::uint64_t wrong = 0; ///< samples and rows that nobody wrote so, or that were deleted
    std::uint64_t errors = 0; ///< that queries reported
    std::vector<std::string> faults; ///< the first few of them in words

    bool isFine() const { return lost == 0 && halfVisible == 0 && wrong == 0 && errors == 0; }
};

/// Compares rows `from` and later of each group with what the plan says. Those up to `promised`
/// must be there; of each later one all or nothing, and none after one that is not there.
Findings check(storage::Queryable& store, const Plan& plan, const Rows& from, const Rows& promised);

struct ExemplarFindings {
    std::uint64_t compared = 0;
    std::vector<std::pair<int, std::int64_t>> missing; ///< group and row
    std::vector<std::string> wrong; ///< those that nobody brought, in words
};
/// The same for the exemplars of rows. A row may be there whose exemplar had no time to follow.
Result<ExemplarFindings> checkExemplars(tsdb::Store& store, const Plan& plan, const Rows& from,
                                        const Rows& promised);

/// The first row that retention keeps while no group is beyond `last`.
std::int64_t firstKept(const Plan& plan, std::int64_t last);

} // namespace watchfire::torture
