// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/sort.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace watchfire::promql {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes the run of digits, or of others, at the front.
std::string_view takeRun(std::string_view& text)
{
    std::size_t length = 1;
    while (length < text.size() && isDigit(text[length]) == isDigit(text[0])) {
        ++length;
    }
    const std::string_view run = text.substr(0, length);
    text.remove_prefix(length);
    return run;
}

std::optional<std::int64_t> numberOf(std::string_view run)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(run.data(), run.data() + run.size(), number);
    if (error != std::errc() || end != run.data() + run.size()) {
        return std::nullopt;
    }
    return number;
}

} // namespace

bool naturallyBefore(std::string_view a, std::string_view b)
{
    while (!a.empty()) {
        if (b.empty()) {
            return false;
        }
        const std::string_view left = takeRun(a);
        const std::string_view right = takeRun(b);
        const auto leftNumber = numberOf(left);
        const auto rightNumber = numberOf(right);
        const bool numbers = leftNumber && rightNumber;
        const bool equal = numbers ? *leftNumber == *rightNumber : left == right;
        if (!equal) {
            return numbers ? *leftNumber < *rightNumber : left < right;
        }
        if (a.empty()) {
            return true;
        }
    }
    return false;
}

Sort::Sort(OperatorPtr inner, By by, bool descending, std::vector<std::string> labels, Span call)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_by(by)
    , m_descending(descending)
    , m_labels(std::move(labels))
    , m_call(call)
{
}

bool Sort::before(std::size_t a, std::size_t b, const Batch& rows, const Schema& schema) const
{
    if (m_by == By::value) {
        const double left = rows.values(a)[0];
        const double right = rows.values(b)[0];
        if (std::isnan(left) || std::isnan(right)) {
            return !std::isnan(left) && std::isnan(right);
        }
        return m_descending ? left > right : left < right;
    }
    const Labels& left = *schema[a].labels;
    const Labels& right = *schema[b].labels;
    for (const std::string& label : m_labels) {
        const std::string_view leftValue = left.get(label);
        const std::string_view rightValue = right.get(label);
        if (leftValue != rightValue) {
            return naturallyBefore(leftValue, rightValue) != m_descending;
        }
    }
    return m_descending ? right < left : left < right;
}

Result<void> Sort::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    if (grid().isRange) {
        context().annotations.warn(remarks::sortIneffective(), m_call);
    }
    if (grid().count != 1) {
        m_schema = m_inner->schema();
        return {};
    }
    auto rows = collect(*m_inner);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    const Schema& schema = m_inner->schema();
    std::vector<std::size_t> order;
    for (std::size_t row = 0; row < schema.size(); ++row) {
        if (m_by == By::value ? testBit(rows->present(row), 0) : !rows->isEmpty(row)) {
            order.push_back(row);
        }
    }
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return before(a, b, *rows, schema); });
    if (auto started = startRows(order.size()); !started) {
        return started;
    }
    for (std::size_t row = 0; row < order.size(); ++row) {
        m_schema.push_back(schema[order[row]]);
        m_rows.moveRow(row, *rows, order[row]);
    }
    return {};
}

Result<bool> Sort::produce(Batch& out)
{
    if (grid().count == 1) {
        return Materialized::produce(out);
    }
    const auto more = m_inner->next(out);
    if (more && *more && m_by == By::value) {
        out.dropHistograms();
    }
    return more;
}

} // namespace watchfire::promql
