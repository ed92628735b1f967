// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/openmetrics_family.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::exposition {

/// Reads OpenMetrics text by the letter: its grammar and what it asks of each type. Blanks inside
/// braces pass, as in the format's own test suite; `hasInnerBlanks` tells of them.
///
/// Source: OpenMetrics 1.0 specification; conformance data, `openmetrics_spec`.
class StrictOpenMetrics {
public:
    explicit StrictOpenMetrics(std::string_view body)
        : m_body(body)
    {
    }
    /// In order of the body. Fails at the first fault with ErrorKind::invalid and where.
    Result<std::vector<OpenMetricsFamily>> read();
    /// Prometheus does not scrape such a body, although it follows the format.
    bool hasInnerBlanks() const { return m_hasInnerBlanks; }

private:
    bool line();
    bool comment();
    bool sample();
    bool labels(OpenMetricsSample& sample);
    bool labelSet(OpenMetricsSample::Labels& out, std::string* name);
    bool number(double& out, std::string_view what);
    bool time(double& out);
    bool exemplar(OpenMetricsSample& sample);
    bool name(std::string& out, bool colons, std::string_view what);
    bool quoted(std::string& out, std::string_view what);
    bool startFamily(std::string name);
    bool closeFamily();
    bool fault(std::size_t begin, std::size_t end, std::string_view message);
    bool told(const OpenMetricsFamily::Fault& fault);
    bool take(char c, std::string_view what);
    void skipInnerBlanks();

    char current() const { return m_at < m_body.size() ? m_body[m_at] : '\n'; }
    std::string_view rest() const { return m_body.substr(m_at); }

    std::string_view m_body;
    std::size_t m_at = 0;
    std::size_t m_lineAt = 0;
    bool m_hasInnerBlanks = false;
    bool m_isOver = false; ///< # EOF was there
    std::optional<OpenMetricsFamily> m_family;
    std::vector<OpenMetricsFamily> m_families;
    std::set<std::string, std::less<>> m_names; ///< of closed families and their samples
    Error m_fault;
};

} // namespace watchfire::exposition
