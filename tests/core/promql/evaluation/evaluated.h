// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/sample.h"
#include "core/promql/histogram/arithmetic.h"
#include "core/promql/query.h"
#include "core/promql/series_notation.h"
#include "core/storage/memory_store.h"
#include "core/text/number.h"

#include <QTest>

namespace watchfire::promql {

inline constexpr std::chrono::seconds every(15);

/// Series in the notation of test scripts, one sample every 15 s from the epoch.
inline void load(storage::MemoryStore& store, std::initializer_list<std::string_view> lines)
{
    const auto appender = store.appender();
    for (const std::string_view line : lines) {
        const auto [metric, rest] = splitMetric(line);
        const Labels labels = *parseMetric(metric);
        std::int64_t at = 0;
        const auto sequence = parseSequence(rest);
        for (const SequenceValue& value : *sequence) {
            SampleView sample;
            sample.at = fromUnixMs(at);
            at += std::chrono::milliseconds(every).count();
            if (value.kind == SequenceValue::Kind::gap) {
                continue;
            }
            sample.value = value.kind == SequenceValue::Kind::stale ? staleMarker() : value.number;
            sample.histogram = value.histogram.get();
            QVERIFY(appender->append(0, labels, sample).has_value());
        }
    }
    QVERIFY(appender->commit().has_value());
}

inline QueryTimes at(std::int64_t seconds)
{
    return QueryTimes::instant(fromUnixMs(seconds * 1000));
}

/// One series a line.
inline QByteArray written(const QueryValue& value)
{
    QByteArray out;
    const auto add = [&out](const Labels& labels, double number) {
        out += QByteArray::fromStdString(labels.toString()) + ' '
            + QByteArray::fromStdString(text::formatG(number)) + '\n';
    };
    if (const auto* const vector = std::get_if<Vector>(&value)) {
        for (const VectorSample& sample : *vector) {
            if (sample.histogram != nullptr) {
                out += QByteArray::fromStdString(sample.labels.toString()) + ' '
                    + QByteArray::fromStdString(toText(*sample.histogram)) + '\n';
            } else {
                add(sample.labels, sample.value);
            }
        }
    } else if (const auto* const scalar = std::get_if<Scalar>(&value)) {
        out += QByteArray::fromStdString(text::formatG(scalar->value)) + '\n';
    } else if (const auto* const string = std::get_if<StringValue>(&value)) {
        out += QByteArray::fromStdString(string->value) + '\n';
    } else {
        for (const MatrixSeries& series : std::get<Matrix>(value)) {
            out += QByteArray::fromStdString(series.labels.toString());
            for (std::size_t i = 0; i < series.values.size(); ++i) {
                out += ' ' + QByteArray::fromStdString(text::formatG(series.values[i])) + '@'
                    + QByteArray::number(qlonglong(series.atMs[i] / 1000));
            }
            out += '\n';
        }
    }
    return out;
}

/// The texts of an answer's remarks, one a line.
inline QByteArray remarksOf(const QueryResult& answer)
{
    QByteArray out;
    for (const Annotation& remark : answer.annotations) {
        out += QByteArray::fromStdString(remark.message) + '\n';
    }
    return out;
}

} // namespace watchfire::promql
