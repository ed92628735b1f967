// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/profile.h"

#include "core/promql/context.h"
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/printer.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql {

namespace {

template <class... Ts> struct Overloaded : Ts... {
    using Ts::operator()...;
};

std::string kindOf(const Node& node)
{
    return std::visit(
        Overloaded{
            [](const NumberLiteral&) { return std::string("number"); },
            [](const StringLiteral&) { return std::string("string"); },
            [](const ParenExpr&) { return std::string("parentheses"); },
            [](const UnaryExpr&) { return std::string("sign"); },
            [](const VectorSelector&) { return std::string("selector"); },
            [](const MatrixSelector&) { return std::string("range selector"); },
            [](const Subquery&) { return std::string("subquery"); },
            [](const BinaryExpr& binary) { return "operator " + std::string(toText(binary.op)); },
            [](const Aggregate& sum) { return "aggregation " + std::string(toText(sum.op)); },
            [](const Call& call) { return "function " + std::string(call.function->name); }},
        node.kind);
}

} // namespace

const NodeUsage& Profile::known(const Node& node) const
{
    static const NodeUsage nothing;
    const auto found = m_usage.find(&node);
    return found == m_usage.end() ? nothing : found->second;
}

const Node& Profile::evaluated(const Node& node) const
{
    const auto found = m_shared.find(&node);
    return found == m_shared.end() ? node : *found->second;
}

NodeReport Profile::report(const Node& written) const
{
    const Node& node = unwrap(written);
    const NodeUsage& usage = known(node);
    NodeReport report;
    report.kind = kindOf(node);
    report.text = print(node);
    report.where = node.span;
    report.seriesOut = usage.seriesOut;
    report.samplesRead = usage.samplesRead;
    report.samplesOut = usage.samplesOut;
    report.time = usage.time;
    report.peakSamples = usage.peakSamples;
    report.matching = usage.matching;
    if (std::holds_alternative<MatrixSelector>(node.kind)) { // the whole query
        report.seriesOut = usage.seriesRead;
        report.samplesOut = usage.samplesRead;
    }
    if (std::holds_alternative<MatrixSelector>(node.kind)) {
        return report; // one with its selector
    }
    for (const Node* const part : partsOf(node)) {
        NodeReport child = this->report(*part);
        if (std::holds_alternative<MatrixSelector>(unwrap(*part).kind)) {
            // What it selects is read by the function around it, window by window.
            child.seriesOut = usage.seriesRead;
            child.samplesRead = usage.samplesRead;
            child.samplesOut = usage.samplesRead;
        }
        report.seriesIn += child.seriesOut;
        report.children.push_back(std::move(child));
    }
    if (std::holds_alternative<Subquery>(node.kind) && !report.children.empty()) {
        // Evaluated by what is in it, and handed on as it is.
        NodeReport& inner = report.children.front();
        report.seriesOut = inner.seriesOut;
        report.samplesOut = inner.samplesOut;
        report.samplesRead = inner.samplesRead;
        report.time = inner.time;
        report.peakSamples = inner.peakSamples;
    }
    return report;
}

Measure::Measure(EvalContext& context, NodeUsage* usage)
    : m_context(context)
    , m_usage(usage)
{
    if (m_usage == nullptr) {
        return;
    }
    m_begin = std::chrono::steady_clock::now();
    m_seriesRead = context.statistics.seriesRead;
    m_samplesRead = context.statistics.samplesRead;
    m_held = context.held();
    m_outerPeak = context.exchangePeak(m_held);
}

Measure::~Measure()
{
    if (m_usage == nullptr) {
        return;
    }
    m_usage->time += std::chrono::steady_clock::now() - m_begin;
    m_usage->seriesRead += m_context.statistics.seriesRead - m_seriesRead;
    m_usage->samplesRead += m_context.statistics.samplesRead - m_samplesRead;
    const std::uint64_t peak = m_context.exchangePeak(m_outerPeak);
    m_context.notePeak(peak);
    m_usage->peakSamples = std::max(m_usage->peakSamples, m_usage->held + (peak - m_held));
    // Modulo 2^64: a call may also give back.
    m_usage->held += m_context.held() - m_held;
}

} // namespace watchfire::promql
