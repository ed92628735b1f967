// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"
#include "core/promql/syntax/ast.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace watchfire::promql {

/// info(v, {…}): gives series the labels of the info series (target_info, …) with the same job
/// and instance. Which labels those are changes over time, so it is worked out while it is
/// opened.
class Info final : public Materialized {
public:
    /// `matchers`: of the second argument, or none. `at`: by step, when to look at the info
    /// series.
    Info(OperatorPtr inner, const Matchers* matchers, std::vector<std::int64_t> at);

    /// What the info series yield is added to `usage`, where samples are counted.
    void observeInfo(NodeUsage* usage) { m_infoUsage = usage; }

private:
    Result<void> prepare() override;
    /// A series of an info metric, by row of m_infoRows.
    struct InfoSeries {
        std::string metric;
        const Labels* labels = nullptr;
    };

    Result<void> selectInfo(const Batch& base);
    Matchers infoMatchers(const std::set<std::string>& instances, const std::set<std::string>& jobs,
                          bool& anyId) const;
    bool isInfoItself(const Labels& labels) const;
    /// Rows of the info series that go with a base series at a step: by metric the newest.
    Result<std::vector<std::size_t>> matchesAt(std::size_t step,
                                               const std::vector<std::size_t>& candidates) const;
    Result<std::optional<Labels>> enriched(const Labels& base,
                                           const std::vector<std::size_t>& matches) const;
    Result<void> enrichRow(const Batch& base, std::size_t row);
    void add(const SeriesLabels& series, std::size_t step, Cell cell);

    OperatorPtr m_inner;
    std::vector<std::int64_t> m_at;
    NodeUsage* m_infoUsage = nullptr;
    Matchers m_nameMatchers; ///< what makes a metric an info metric
    std::map<std::string, Matchers> m_dataMatchers; ///< by label; without __name__
    VectorSelector m_selector; ///< of the info series
    std::vector<InfoSeries> m_info;
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> m_infoOf; ///< by ids
    Batch m_infoTimes; ///< when each info series was sampled, ms
    std::map<Labels, std::size_t> m_places;
    std::vector<Batch> m_result;
};

} // namespace watchfire::promql
