// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parser.h"

#include "core/promql/syntax/parse_state.h"

#include <algorithm>
#include <format>
#include <limits>
#include <utility>

namespace watchfire::promql {

namespace {

/// Spans have 32 bits.
std::optional<Error> refuseOverlong(std::string_view text)
{
    if (text.size() < std::numeric_limits<std::uint32_t>::max()) {
        return std::nullopt;
    }
    return Error{ErrorKind::invalid, "query is longer than 4 GiB", Span{}};
}

} // namespace

Result<Ast> parse(std::string_view text, const Features& features)
{
    if (auto error = refuseOverlong(text)) {
        return std::unexpected(*std::move(error));
    }
    Parser parser(text, features, Reading::firstFault);
    parser.query();
    if (const Error* const error = parser.faults().first()) {
        return std::unexpected(*error);
    }
    Ast ast = std::move(parser.ast());
    ast.text = std::string(text);
    return ast;
}

std::vector<Error> diagnose(std::string_view text, const Features& features)
{
    if (auto error = refuseOverlong(text)) {
        return {*std::move(error)};
    }
    Parser parser(text, features, Reading::everyFault);
    parser.query();
    return std::move(parser.faults()).takeAll();
}

Result<Matchers> parseSelector(std::string_view text)
{
    if (auto error = refuseOverlong(text)) {
        return std::unexpected(*std::move(error));
    }
    const Features features;
    Parser parser(text, features, Reading::firstFault);
    Matchers matchers;
    parser.selectorOnly(matchers);
    // Types are not judged: a name that is set twice selects nothing, and that is no fault here.
    if (parser.faults().hasSyntax()) {
        return std::unexpected(*parser.faults().first());
    }
    if (std::ranges::all_of(matchers, &Matcher::matchesEmpty)) {
        return fail(ErrorKind::invalid, "match[] must contain at least one non-empty matcher",
                    Span{0, static_cast<std::uint32_t>(text.size())});
    }
    return matchers;
}

Result<Labels> parseMetric(std::string_view text)
{
    if (auto error = refuseOverlong(text)) {
        return std::unexpected(*std::move(error));
    }
    const Features features;
    Parser parser(text, features, Reading::firstFault);
    std::vector<std::pair<std::string, std::string>> labels;
    parser.metricOnly(labels);
    if (const Error* const error = parser.faults().first()) {
        return std::unexpected(*error);
    }
    return Labels::fromPairs(std::move(labels));
}

std::pair<std::uint32_t, std::uint32_t> lineAndColumn(std::string_view text, std::uint32_t offset)
{
    const std::string_view before = text.substr(0, std::min<std::size_t>(offset, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t lineBegin = before.rfind('\n') + 1; // npos + 1 is 0
    return {static_cast<std::uint32_t>(line),
            static_cast<std::uint32_t>(before.size() - lineBegin + 1)};
}

std::string describe(const Error& error, std::string_view text)
{
    if (text.empty() || !error.where) {
        return std::format("unknown position: parse error: {}", error.message);
    }
    const auto [line, column] = lineAndColumn(text, error.where->begin);
    return std::format("{}:{}: parse error: {}", line, column, error.message);
}

} // namespace watchfire::promql
