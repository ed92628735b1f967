// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/metadata.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::exposition {

/// A family as its author meant it: comments and samples together.
struct StrictFamily {
    using Labels = std::vector<std::pair<std::string, std::string>>;

    std::string name;
    std::optional<std::string> help;
    std::optional<MetricType> type; ///< unknown: untyped, said or implied
    /// Of each sample, in order of the body; of histograms and summaries once for all samples
    /// of one metric, without `le` and `quantile`.
    std::vector<Labels> metrics;
};

/// Reads the text format 0.0.4 by the letter: names of the classic alphabet, known escapes only,
/// HELP and TYPE once and before the samples, a newline at the end.
class StrictReader {
public:
    explicit StrictReader(std::string_view body)
        : m_body(body)
    {
    }
    /// Families that have samples, in order of their first line.
    Result<std::vector<StrictFamily>> read();

private:
    bool line();
    bool comment();
    bool help();
    bool type();
    bool sample();
    bool labels(StrictFamily::Labels& out);
    bool label(StrictFamily::Labels& out);
    bool value(std::string& out);
    bool fault(std::size_t begin, std::size_t end, std::string_view message);

    char current() const { return m_at < m_body.size() ? m_body[m_at] : '\n'; }
    void skipBlanks();
    std::string_view word();
    std::string_view name(bool colons);
    StrictFamily& familyOf(std::string_view name);

    std::string_view m_body;
    std::size_t m_at = 0;
    std::deque<StrictFamily> m_families;
    std::map<std::string, StrictFamily*, std::less<>> m_byName;
    std::map<const StrictFamily*, std::set<StrictFamily::Labels>> m_collected;
    StrictFamily* m_family = nullptr;
    Error m_fault;
};

} // namespace watchfire::exposition
