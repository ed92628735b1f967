// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchfire/client/exposition.h"
#include "watchfire/client/family.h"

#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace watchfire::client::detail {

/// What is wrong, each once; shared by a registry and its families.
class Faults {
public:
    void add(std::string fault)
    {
        const std::lock_guard lock(m_mutex);
        m_faults.insert(std::move(fault));
    }
    std::vector<std::string> list() const
    {
        const std::lock_guard lock(m_mutex);
        return {m_faults.begin(), m_faults.end()};
    }

private:
    mutable std::mutex m_mutex;
    std::set<std::string> m_faults;
};

/// A family as its registry knows it.
class AnyChildren {
public:
    virtual ~AnyChildren() = default;
    virtual FamilySnapshot snapshot() const = 0;

    std::string name; ///< without suffix
    MetricType type = MetricType::unknown;
    std::string help;
    std::vector<std::string> labelNames;
    std::vector<double> upperBounds; ///< of histograms, as asked for
};

MetricType typeOf(const Counter*);
MetricType typeOf(const Gauge*);
MetricType typeOf(const Histogram*);
MetricType typeOf(const Summary*);

/// The lines of one metric.
void appendSamples(const Counter& metric, const LabelPairs& labels, std::vector<Sample>& out);
void appendSamples(const Gauge& metric, const LabelPairs& labels, std::vector<Sample>& out);
void appendSamples(const Histogram& metric, const LabelPairs& labels, std::vector<Sample>& out);
void appendSamples(const Summary& metric, const LabelPairs& labels, std::vector<Sample>& out);

template <class Metric> class Children final : public AnyChildren {
public:
    Children(std::shared_ptr<Faults> faults, std::function<Metric()> make)
        : m_faults(std::move(faults))
        , m_make(std::move(make))
    {
    }

    Metric with(std::vector<std::string> values)
    {
        if (values.size() != labelNames.size()) {
            m_faults->add(name + ": " + std::to_string(values.size()) + " label values for "
                          + std::to_string(labelNames.size()) + " names");
            return m_make();
        }
        const std::lock_guard lock(m_mutex);
        const auto found = m_metrics.find(values);
        return found != m_metrics.end()
            ? found->second
            : m_metrics.emplace(std::move(values), m_make()).first->second;
    }
    bool remove(const std::vector<std::string>& values)
    {
        const std::lock_guard lock(m_mutex);
        return m_metrics.erase(values) != 0;
    }
    void clear()
    {
        const std::lock_guard lock(m_mutex);
        m_metrics.clear();
    }
    std::size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_metrics.size();
    }
    FamilySnapshot snapshot() const override
    {
        FamilySnapshot family{name, type, help, {}, {}};
        const std::lock_guard lock(m_mutex);
        for (const auto& [values, metric] : m_metrics) {
            LabelPairs labels;
            labels.reserve(values.size() + 1);
            for (std::size_t i = 0; i < values.size(); ++i) {
                labels.emplace_back(labelNames[i], values[i]);
            }
            appendSamples(metric, labels, family.samples);
        }
        return family;
    }

private:
    std::shared_ptr<Faults> m_faults;
    std::function<Metric()> m_make;
    mutable std::mutex m_mutex;
    std::map<std::vector<std::string>, Metric> m_metrics;
};

} // namespace watchfire::client::detail
