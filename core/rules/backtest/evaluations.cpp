// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/backtest/evaluations.h"

#include "core/promql/syntax/parser.h"
#include "core/rules/query_answer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace watchfire::rules {

namespace {

/// Whether a part of a query means something else in a range query than at one moment of it.
bool dependsOnRange(const promql::DurationExpr& expr)
{
    using Op = promql::DurationExpr::Op;
    return expr.op == Op::step || expr.op == Op::range || expr.op == Op::start || expr.op == Op::end
        || std::ranges::any_of(expr.operands,
                               [](const auto& part) { return dependsOnRange(part); });
}

bool dependsOnRange(const std::optional<promql::DurationExpr>& expr)
{
    return expr && dependsOnRange(*expr);
}

bool dependsOnRange(const promql::Modifiers& modifiers)
{
    using At = promql::Modifiers::At;
    return modifiers.at == At::start || modifiers.at == At::end
        || dependsOnRange(modifiers.offsetExpr);
}

bool dependsOnRange(const promql::Node& node)
{
    if (const auto* const selector = std::get_if<promql::VectorSelector>(&node.kind)) {
        return dependsOnRange(selector->modifiers);
    }
    if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&node.kind)) {
        return dependsOnRange(matrix->rangeExpr) || dependsOnRange(*matrix->selector);
    }
    if (const auto* const subquery = std::get_if<promql::Subquery>(&node.kind)) {
        if (dependsOnRange(subquery->modifiers) || dependsOnRange(subquery->rangeExpr)
            || dependsOnRange(subquery->stepExpr)) {
            return true;
        }
    }
    if (const auto* const call = std::get_if<promql::Call>(&node.kind)) {
        constexpr std::array<std::string_view, 4> names{"start", "end", "range", "step"};
        if (std::ranges::contains(names, call->function->name)) {
            return true;
        }
    }
    return std::ranges::any_of(promql::partsOf(node),
                               [](const promql::Node* part) { return dependsOnRange(*part); });
}

/// What is wrong with the question at that moment, and not with asking at all.
bool isOfTheMoment(const Error& error)
{
    return error.kind == ErrorKind::invalid || error.kind == ErrorKind::unsupported;
}

} // namespace

Evaluations::Evaluations(promql::Ast ast, storage::Queryable& store, promql::QueryOptions options)
    : m_ast(std::move(ast))
    , m_store(&store)
    , m_options(std::move(options))
    , m_dependsOnRange(dependsOnRange(*m_ast.root))
{
}

Result<Evaluations> Evaluations::of(const std::string& expr, storage::Queryable& store,
                                    const promql::QueryOptions& options)
{
    auto ast = promql::parse(expr, options.features);
    if (!ast) {
        return std::unexpected(std::move(ast.error()));
    }
    return Evaluations(std::move(*ast), store, options);
}

std::uint32_t Evaluations::numberOf(const Labels& labels)
{
    const auto [entry, isNew]
        = m_numbers.try_emplace(labels, static_cast<std::uint32_t>(m_labels.size()));
    if (isNew) {
        m_labels.push_back(labels);
    }
    return entry->second;
}

Result<void> Evaluations::run(Timestamp start, Timestamp end, std::chrono::milliseconds step,
                              const Take& take, const std::stop_token& stop)
{
    if (m_dependsOnRange || m_ast.root->type == promql::ValueType::string
        || m_ast.root->type == promql::ValueType::matrix) {
        return runEach(start, end, step, take, stop);
    }
    auto result = promql::evaluate(m_ast, *m_store, {start, end, step}, m_options, stop);
    if (!result) {
        // One moment may spoil the whole; the others are to be heard all the same.
        return isOfTheMoment(result.error()) ? runEach(start, end, step, take, stop)
                                             : std::unexpected(std::move(result.error()));
    }
    const auto* const matrix = std::get_if<Matrix>(&result->value);
    if (matrix == nullptr) {
        return runEach(start, end, step, take, stop);
    }
    takeMatrix(*matrix, start, end, step, take);
    return {};
}

Result<void> Evaluations::runEach(Timestamp start, Timestamp end, std::chrono::milliseconds step,
                                  const Take& take, const std::stop_token& stop)
{
    for (Timestamp at = start; at <= end; at += step) {
        const auto vector = vectorOf(
            promql::evaluate(m_ast, *m_store, promql::QueryTimes::instant(at), m_options, stop));
        if (!vector) {
            // A bound that one moment exceeds alone fails that evaluation, as it does live.
            if (!isOfTheMoment(vector.error()) && vector.error().kind != ErrorKind::limit) {
                return std::unexpected(vector.error());
            }
            take(at, std::unexpected(vector.error()));
            continue;
        }
        m_elements.clear();
        for (const VectorSample& sample : *vector) {
            m_elements.push_back({numberOf(sample.labels), sample.value, sample.histogram});
        }
        take(at, m_elements);
    }
    return {};
}

void Evaluations::takeMatrix(const Matrix& matrix, Timestamp start, Timestamp end,
                             std::chrono::milliseconds step, const Take& take)
{
    struct Place {
        std::uint32_t number = 0;
        std::size_t nextFloat = 0;
        std::size_t nextHistogram = 0;
    };
    std::vector<Place> places;
    places.reserve(matrix.size());
    for (const MatrixSeries& series : matrix) {
        places.push_back({numberOf(series.labels), 0, 0});
    }
    for (Timestamp at = start; at <= end; at += step) {
        const std::int64_t ms = unixMs(at);
        m_elements.clear();
        for (std::size_t i = 0; i < matrix.size(); ++i) {
            const MatrixSeries& series = matrix[i];
            Place& place = places[i];
            if (place.nextFloat < series.atMs.size() && series.atMs[place.nextFloat] == ms) {
                m_elements.push_back({place.number, series.values[place.nextFloat++], nullptr});
            } else if (place.nextHistogram < series.histogramAtMs.size()
                       && series.histogramAtMs[place.nextHistogram] == ms) {
                m_elements.push_back({place.number, 0, series.histograms[place.nextHistogram++]});
            }
        }
        take(at, m_elements);
    }
}

} // namespace watchfire::rules
