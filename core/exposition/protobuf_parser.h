// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/classic_histogram.h"
#include "core/exposition/parser.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::exposition {

namespace pb {
class Exemplar;
class Histogram;
class Metric;
} // namespace pb

/// The delimited protobuf format: MetricFamily messages, each with its length before it. One
/// metric at a time is in memory, whatever the size of the body.
///
/// Yields what the scraper of Prometheus does, in its order: help, unit, type; of a histogram the
/// native sample, then the classic series (count, sum, buckets, +Inf added where it is missing),
/// then the converted one. One deliberate difference: whether a histogram is native is asked of
/// each metric, where Prometheus goes on as with the metric before.
///
/// Source: io.prometheus.client, metrics.proto; Prometheus, model/textparse/protobufparse.go.
class ProtobufParser final : public Parser {
public:
    ProtobufParser(std::string_view body, const ReadOptions& options);
    ~ProtobufParser() override;
    Result<EntryKind> next(Entry& entry) override;

private:
    enum class Stage : std::uint8_t { family, help, unit, type, samples };
    /// What of a metric comes next.
    enum class Part : std::uint8_t { value, native, count, sum, values, converted, done };
    enum class Type : std::int8_t { counter, gauge, summary, untyped, histogram, gaugeHistogram };

    std::unexpected<Error> fault(std::string_view message) const;
    std::unexpected<Error> faultOfMetric(std::string_view message) const;

    Result<bool> nextFamily();
    Result<void> readFamily();
    Result<bool> nextMetric();
    Result<void> startMetric();
    Result<void> readLabels();

    Result<EntryKind> sample(Entry& entry);
    Result<EntryKind> simple(Entry& entry);
    Result<EntryKind> native(Entry& entry);
    Result<EntryKind> converted(Entry& entry);
    EntryKind count(Entry& entry);
    EntryKind sum(Entry& entry);
    EntryKind value(Entry& entry);
    void bucket(Entry& entry);
    void quantile(Entry& entry);
    Part firstClassic() const;
    Part afterClassic() const;
    void startEntry(Entry& entry, Part part, std::string_view suffix);
    void addBound(Entry& entry, std::string_view label, double bound);
    void nativeExemplars(Entry& entry) const;

    bool isHistogram() const { return m_type == Type::histogram || m_type == Type::gaugeHistogram; }
    MetricType metricType() const;
    const pb::Histogram& histogram() const;

    std::string_view m_body;
    ReadOptions m_options;
    Stage m_stage = Stage::family;

    // The family: where its message lies in the body, and what it says.
    std::size_t m_at = 0; ///< of the next family
    std::string_view m_family;
    std::size_t m_familyAt = 0; ///< of m_family in the body
    std::size_t m_metricAt = 0; ///< of the next metric, in m_family
    std::string m_name;
    std::string m_help;
    std::string m_unit;
    Type m_type = Type::counter;

    // The metric.
    std::unique_ptr<pb::Metric> m_metric;
    std::size_t m_metricNumber = 0; ///< from 1, for people
    Part m_part = Part::done;
    std::size_t m_index = 0; ///< of the quantile or bucket
    bool m_native = false;
    std::int64_t m_startedAtMs = 0;
    std::vector<std::pair<Written, Written>> m_labels;
    std::string m_key; ///< of the latest sample
    std::size_t m_keyOfMetric = 0; ///< how much of it all samples of the metric share
    std::string m_sampleName;
    /// Bounds as texts, by number of the bucket or quantile: those of one metric are those of
    /// the next, nearly always.
    std::vector<std::pair<double, std::string>> m_bounds;
    ClassicHistogram m_classic;
};

} // namespace watchfire::exposition
