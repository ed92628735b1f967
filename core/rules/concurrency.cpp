// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/concurrency.h"

#include "core/promql/syntax/parser.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace watchfire::rules {

namespace {

/// Shared by those who work; a helper that comes late finds nothing left.
struct Work {
    std::size_t count = 0;
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t done = 0;

    /// `ask` lives as long as somebody who took a number has not said that it is done.
    void take(const std::function<void(std::size_t)>& ask)
    {
        for (std::size_t i = next++; i < count; i = next++) {
            ask(i);
            const std::lock_guard lock(mutex);
            if (++done == count) {
                changed.notify_all();
            }
        }
    }
};

/// Whether `reader`'s expression may read what `maker` makes.
bool mayRead(const promql::Node& node, const config::RuleConfig& maker)
{
    if (const auto* const selector = std::get_if<promql::VectorSelector>(&node.kind)) {
        const auto name = std::ranges::find(selector->matchers, metricNameLabel, &Matcher::name);
        if (name == selector->matchers.end()) {
            return true;
        }
        return maker.isAlerting() ? name->matches("ALERTS") || name->matches("ALERTS_FOR_STATE")
                                  : name->matches(maker.record);
    }
    if (const auto* const range = std::get_if<promql::MatrixSelector>(&node.kind)) {
        return mayRead(*range->selector, maker);
    }
    return std::ranges::any_of(promql::partsOf(node), [&maker](const promql::Node* part) {
        return mayRead(*part, maker);
    });
}

} // namespace

bool Concurrency::take()
{
    std::size_t free = m_free;
    while (free > 0 && !m_free.compare_exchange_weak(free, free - 1)) { }
    return free > 0;
}

void Concurrency::run(std::size_t count, const std::function<void(std::size_t)>& ask)
{
    const auto work = std::make_shared<Work>();
    work->count = count;
    for (std::size_t i = 1; i < count && take(); ++i) {
        m_workers.run([this, work, &ask] {
            work->take(ask);
            give();
        });
    }
    work->take(ask);
    std::unique_lock lock(work->mutex);
    work->changed.wait(lock, [&work] { return work->done == work->count; });
}

std::vector<std::size_t> independentParts(std::span<const config::RuleConfig> rules)
{
    std::vector<std::size_t> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto ast = promql::parse(rules[i].expr, promql::Features::all());
        const bool depends = !ast
            || std::ranges::any_of(
                rules.subspan(begin, i - begin),
                [&ast](const config::RuleConfig& before) { return mayRead(*ast->root, before); });
        if (depends && i > begin) {
            parts.push_back(i - begin);
            begin = i;
        }
    }
    if (begin < rules.size()) {
        parts.push_back(rules.size() - begin);
    }
    return parts;
}

} // namespace watchfire::rules
