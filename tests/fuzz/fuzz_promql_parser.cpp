// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace watchfire;

// Any bytes are a query or are refused with a place in the text; what is a query prints to a
// text that reads as a query with the same text, on one line and on several.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const promql::Features features = promql::Features::all();

    std::uint32_t end = 0;
    const auto tokens = promql::tokenize(text);
    for (const promql::Token& token : tokens) {
        WF_CHECK(token.span.begin >= end && token.span.end >= token.span.begin);
        end = token.span.end;
    }
    WF_CHECK(end <= size && promql::rolesOf(tokens).size() == tokens.size());

    const auto faults = promql::diagnose(text, features);
    for (const Error& fault : faults) {
        WF_CHECK(fault.where && fault.where->begin <= fault.where->end && fault.where->end <= size);
        WF_CHECK(!promql::describe(fault, text).empty());
    }
    const auto ast = promql::parse(text, features);
    WF_CHECK(ast.has_value() == faults.empty());
    if (!ast) {
        WF_CHECK(ast.error().where.has_value());
        return 0;
    }
    const std::string line = promql::print(*ast->root);
    const auto again = promql::parse(line, features);
    WF_CHECK(again.has_value() && promql::print(*again->root) == line);
    const auto broken = promql::parse(promql::format(*ast->root), features);
    WF_CHECK(broken.has_value() && promql::print(*broken->root) == line);
    WF_CHECK(!promql::toJson(*ast->root).empty());
    (void)promql::parseSelector(text);
    (void)promql::parseMetric(text);
    return 0;
}
