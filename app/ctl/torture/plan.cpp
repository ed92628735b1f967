// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/plan.h"

#include <bit>
#include <charconv>
#include <format>

namespace watchfire::torture {

namespace {

constexpr std::int64_t exemplarEvery = 3;
constexpr std::int64_t deletionEvery = 400;
constexpr std::int64_t deletedRows = 50;
constexpr std::int64_t deletedBefore = 200; ///< rows before the one it follows

std::uint64_t mix(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27)) * 0x94D0'49BB'1331'11EB;
    return x ^ (x >> 31);
}

} // namespace

double valueOf(int group, std::int64_t row, int series)
{
    const auto number = static_cast<std::uint64_t>(row);
    switch (series % 4) {
    case 0: // a counter
        return static_cast<double>(row * (series + 1) + group);
    case 1: // does not change
        return series;
    case 2: // tenths
        return static_cast<double>(mix(number * 131 + static_cast<unsigned>(series)) % 1'000) / 10;
    default: { // any bits but those that have a meaning in a row
        const double value
            = std::bit_cast<double>(mix(number * 977 + static_cast<unsigned>(series * 7 + group)));
        return isAbsent(value) || isHistogramMarker(value) ? 0 : value;
    }
    }
}

Labels labelsOf(const Plan& plan, int group, std::int64_t row, int series)
{
    const std::string number = series < plan.stableSeries
        ? std::to_string(series)
        : std::to_string(series) + "_" + std::to_string(row / plan.churnRows);
    return Labels{{"__name__", "torture_metric_" + std::to_string(series % 5)},
                  {"job", "torture"},
                  {"instance", std::to_string(group)},
                  {"n", number}};
}

std::optional<SeriesNumber> numberOf(const Plan& plan, const Labels& labels)
{
    const std::string_view text = labels.get("n");
    const char* const end = text.data() + text.size();
    SeriesNumber number;
    auto read = std::from_chars(text.data(), end, number.series);
    if (read.ec == std::errc() && read.ptr != end && *read.ptr == '_') {
        read = std::from_chars(read.ptr + 1, end, number.epoch);
    }
    if (read.ec != std::errc() || read.ptr != end || number.series < 0
        || number.series >= plan.seriesOfGroup()
        || (number.epoch >= 0) != (number.series >= plan.stableSeries)) {
        return {};
    }
    return number;
}

Labels pushedLabels(int series)
{
    return Labels{{"__name__", "torture_pushed"}, {"job", "push"}, {"n", std::to_string(series)}};
}

Labels lateLabels()
{
    return Labels{{"__name__", "torture_late"}, {"job", "push"}};
}

std::optional<PlannedExemplar> exemplarOf(const Plan& plan, int group, std::int64_t row)
{
    if (row % exemplarEvery != group % exemplarEvery) {
        return {};
    }
    const bool isPushed = group == plan.groups;
    PlannedExemplar planned;
    planned.series = static_cast<int>(row % (isPushed ? plan.pushedSeries : plan.stableSeries));
    planned.exemplar.labels = Labels{{"trace_id", std::format("{}_{}", group, row)}};
    planned.exemplar.value = static_cast<double>(row) / 8;
    if (isPushed) {
        planned.exemplar.at = fromUnixMs(plan.timeOf(row));
    }
    return planned;
}

std::optional<Deletion> deletionAfter(const Plan& plan, std::int64_t row)
{
    if (row == 0 || row % deletionEvery != 0) {
        return {};
    }
    return Deletion{row, static_cast<int>(row / deletionEvery % plan.stableSeries),
                    row - deletedBefore, row - deletedBefore + deletedRows - 1};
}

std::optional<Deletion> deletionOf(const Plan& plan, std::int64_t row)
{
    const std::int64_t after = row + deletedBefore - (row + deletedBefore) % deletionEvery;
    const auto deletion = deletionAfter(plan, after);
    return deletion && row >= deletion->from && row <= deletion->to ? deletion : std::nullopt;
}

} // namespace watchfire::torture
