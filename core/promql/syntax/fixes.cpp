// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/fixes.h"

#include "core/promql/syntax/functions.h"

#include <algorithm>
#include <cstddef>
#include <format>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace watchfire::promql {

namespace {

/// How many characters must be put in, left out, changed or swapped with their neighbour.
/// Source: optimal string alignment distance, Damerau 1964.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before;
    std::vector<std::size_t> last(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min(
                {last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before = std::exchange(last, std::move(row));
    }
    return last.back();
}

std::string_view textAt(std::string_view text, Span span)
{
    const auto begin = std::min<std::size_t>(span.begin, text.size());
    return text.substr(begin, std::max(span.begin, span.end) - span.begin);
}

} // namespace

bool isUnknownFunction(const Error& error)
{
    return error.where && error.message.starts_with("unknown function");
}

std::string_view nearestFunction(std::string_view name)
{
    std::string_view best;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    const std::size_t most = std::max<std::size_t>(1, name.size() / 3);
    const auto consider = [&](std::string_view known, bool experimental) {
        if (experimental) {
            return;
        }
        std::size_t slips = distance(name, known);
        if (known.starts_with(name) && name.size() >= 2) {
            slips = 0;
        } else if (slips > most) {
            return;
        }
        // Of those that begin like it the shortest.
        const std::size_t cost = 100 * slips + known.size();
        if (cost < least) {
            least = cost;
            best = known;
        }
    };
    for (const Function& function : allFunctions()) {
        consider(function.name, function.experimental);
    }
    for (const Aggregation& aggregation : allAggregations()) {
        consider(aggregation.name, aggregation.experimental);
    }
    return best;
}

std::optional<Fix> fixFor(const Error& error, std::string_view text)
{
    if (isUnknownFunction(error)) {
        const auto meant = nearestFunction(textAt(text, *error.where));
        return meant.empty() ? std::nullopt : std::optional(Fix{*error.where, std::string(meant)});
    }
    if (error.where && error.message.starts_with("expected type range vector")
        && error.message.ends_with("got instant vector")) {
        // Only a bare selector takes a range; anything else would need a subquery.
        const std::string_view argument = textAt(text, *error.where);
        if (!argument.ends_with(')')) {
            return Fix{{error.where->end, error.where->end}, "[5m]"};
        }
    }
    return std::nullopt;
}

std::string withSuggestion(const Error& error, std::string_view text)
{
    std::string out = error.message;
    if (const auto fix = fixFor(error, text)) {
        out += isUnknownFunction(error) ? std::format("; did you mean {}?", fix->text)
                                        : std::format("; a range such as {} is missing", fix->text);
    }
    return out;
}

} // namespace watchfire::promql
