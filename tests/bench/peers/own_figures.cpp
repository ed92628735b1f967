// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/own_figures.h"

#include "tests/bench/peers/query_list.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <string>
#include <thread>
#include <vector>

namespace watchfire::bench {

namespace {

using std::chrono::steady_clock;

constexpr std::int64_t stepMs = 15'000;
constexpr std::int64_t panelMs = 6 * 3'600'000;

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Milliseconds; nothing: it was refused.
std::optional<double> timeOf(Client& client, const std::string& address)
{
    const auto begin = steady_clock::now();
    if (client.look(address) == nullptr) {
        return {};
    }
    return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

/// A panel as a dashboard asks for it: from one multiple of the step to another.
bool measurePanel(Client& client, std::int64_t atMs, std::size_t repetitions, OwnFigures& figures)
{
    const std::int64_t endMs = atMs / stepMs * stepMs;
    std::vector<double> first;
    std::vector<double> again;
    for (std::size_t i = 0; i < repetitions; ++i) {
        // Another text each time, so that nothing of it is known before.
        const std::string query
            = percentEncoded(std::format("sum by (x) (rate(m[5m])) * {}", i + 1));
        const auto address = [&](std::int64_t endsMs) {
            return std::format("/api/v1/query_range?query={}&start={}&end={}&step={}", query,
                               (endsMs - panelMs) / 1'000, endsMs / 1'000, stepMs / 1'000);
        };
        const auto whole = timeOf(client, address(endMs - stepMs));
        const auto refreshed = timeOf(client, address(endMs));
        if (!whole || !refreshed) {
            return false;
        }
        first.push_back(*whole);
        again.push_back(*refreshed);
    }
    figures.panelMs = median(std::move(first));
    figures.refreshMs = median(std::move(again));
    return true;
}

std::optional<double> scan(Client& client, std::int64_t atMs, std::size_t repetitions)
{
    const Query query{Query::Kind::range, "sum by (x) (rate(m[5m]))", std::chrono::hours(6),
                      std::chrono::seconds(60)};
    std::vector<double> times;
    for (std::size_t i = 0; i < repetitions; ++i) {
        const auto took = timeOf(client, addressOf(query, ++atMs));
        if (!took) {
            return {};
        }
        times.push_back(*took);
    }
    return median(std::move(times));
}

} // namespace

std::optional<OwnFigures> ownFigures(const MeasuredProcess& process, Client& client,
                                     std::int64_t atMs, std::size_t repetitions)
{
    OwnFigures figures;
    if (!measurePanel(client, atMs, repetitions, figures) || !process.keepTo(1)) {
        return {};
    }
    const auto one = scan(client, atMs, repetitions);
    if (!process.keepTo(2)) {
        return {};
    }
    const auto two = scan(client, atMs + 1'000, repetitions);
    if (!one || !two) {
        return {};
    }
    figures.oneCpuMs = *one;
    figures.twoCpusMs = *two;
    return figures;
}

} // namespace watchfire::bench
