// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"

#include <functional>
#include <optional>

namespace watchfire::promql {

/// Gives every series other labels (label_replace, label_join). Two may become equal: wrap it
/// in MergeEqual.
class Relabel final : public Operator {
public:
    /// The new labels; nothing: the series stays as it is.
    using Change = std::function<std::optional<Labels>(const Labels&)>;

    /// `namesSeries`: the label set is the name, which then is no longer to be dropped.
    Relabel(OperatorPtr inner, Change change, bool namesSeries);

private:
    Result<void> prepare() override;
    Result<bool> produce(Batch& out) override { return m_inner->next(out); }

    OperatorPtr m_inner;
    Change m_change;
    bool m_namesSeries;
};

/// What label_replace does to one label set; fails on a bad pattern or label name.
Result<Relabel::Change> labelReplace(const std::string& target, const std::string& replacement,
                                     const std::string& source, const std::string& pattern);
Result<Relabel::Change> labelJoin(const std::string& target, const std::string& separator,
                                  const std::vector<std::string>& sources);

} // namespace watchfire::promql
