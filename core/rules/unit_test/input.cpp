// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/input.h"

#include "core/model/sample.h"
#include "core/promql/syntax/parser.h"

#include <format>

namespace watchfire::rules::unit_test {

Result<Input> Input::read(const Test& test)
{
    Input out;
    out.m_start = test.start;
    out.m_interval = test.interval;
    for (const InputSeries& input : test.input) {
        const auto context = [&input](Error&& error) {
            return error.within(std::format("input series `{}`", input.series));
        };
        const auto labels = promql::parseMetric(input.series).transform_error(context);
        if (!labels) {
            return std::unexpected(labels.error());
        }
        auto values = promql::parseSequence(input.values).transform_error(context);
        if (!values) {
            return std::unexpected(std::move(values.error()));
        }
        out.m_series[*labels] = Series{std::move(*values), 0, 0}; // of two the later counts
    }
    return out;
}

Result<void> Input::append(storage::Appender& appender, const Labels& labels, Series& series,
                           Timestamp until)
{
    for (; series.stored < series.values.size(); ++series.stored) {
        const Timestamp at = m_start + m_interval * static_cast<std::int64_t>(series.stored);
        if (at > until) {
            break;
        }
        const promql::SequenceValue& value = series.values[series.stored];
        SampleView sample;
        sample.at = at;
        Histogram histogram;
        switch (value.kind) {
        case promql::SequenceValue::Kind::gap:
            continue;
        case promql::SequenceValue::Kind::number:
            sample.value = value.number;
            m_hints.sawFloat(labels);
            break;
        case promql::SequenceValue::Kind::stale:
            sample.value = staleMarker();
            break;
        case promql::SequenceValue::Kind::histogram:
            histogram = m_hints.asStored(labels, *value.histogram);
            sample.histogram = &histogram;
            break;
        }
        const auto appended = appender.append(series.ref, labels, sample);
        if (!appended) {
            return std::unexpected(appended.error());
        }
        series.ref = *appended;
    }
    return {};
}

Result<void> Input::storeUntil(Timestamp at, storage::Store& store)
{
    const auto appender = store.appender();
    for (auto& [labels, series] : m_series) {
        if (auto appended = append(*appender, labels, series, at); !appended) {
            return appended;
        }
    }
    return appender->commit().transform([](const storage::CommitReport&) { });
}

} // namespace watchfire::rules::unit_test
