// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchfire/client/family.h"
#include "watchfire/client/snapshot.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::client {

/// Makes families at the time of a scrape, appended to its argument. Called on the thread that
/// gathers, one gathering at a time. What it throws costs its families of that scrape only.
using Collector = std::function<void(std::vector<FamilySnapshot>&)>;

/// Keeps a collector in its registry; once its destructor returns the collector is not called
/// any more, and is not running. It may outlive the registry. Not to be ended by a collector.
class [[nodiscard]] CollectorHandle {
public:
    CollectorHandle() = default;
    explicit CollectorHandle(std::function<void()> end)
        : m_end(std::move(end))
    {
    }
    CollectorHandle(CollectorHandle&& other) noexcept
        : m_end(std::exchange(other.m_end, nullptr))
    {
    }
    CollectorHandle& operator=(CollectorHandle&& other) noexcept
    {
        if (this != &other) {
            reset();
            m_end = std::exchange(other.m_end, nullptr);
        }
        return *this;
    }
    ~CollectorHandle() { reset(); }

    /// Ends it now.
    void reset()
    {
        if (const auto end = std::exchange(m_end, nullptr)) {
            end();
        }
    }
    /// Leaves the collector in for as long as the registry lives.
    void detach() { m_end = nullptr; }

private:
    std::function<void()> m_end;
};

/// What a program tells of itself. From any thread.
///
/// Names are the program's own constants, so a bad one is no reason to fail: the metric works,
/// is never exposed, and `faults` says why. Asking again for a name gives the same family, if
/// type and labels agree; else that is a fault.
class Registry {
public:
    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // Metrics without labels. "_total" is appended to a counter's name where it is missing.
    Counter counter(const std::string& name, const std::string& help);
    Gauge gauge(const std::string& name, const std::string& help);
    Histogram histogram(const std::string& name, const std::string& help,
                        std::vector<double> upperBounds = Histogram::defaultBuckets());
    Summary summary(const std::string& name, const std::string& help);
    /// Facts that do not change while the process runs: one sample name_info of value 1.
    void info(const std::string& name, const std::string& help, LabelPairs facts);

    // Families by labels.
    Family<Counter> counters(const std::string& name, const std::string& help,
                             std::vector<std::string> labelNames);
    Family<Gauge> gauges(const std::string& name, const std::string& help,
                         std::vector<std::string> labelNames);
    Family<Histogram> histograms(const std::string& name, const std::string& help,
                                 std::vector<std::string> labelNames,
                                 std::vector<double> upperBounds = Histogram::defaultBuckets());
    Family<Summary> summaries(const std::string& name, const std::string& help,
                              std::vector<std::string> labelNames);

    /// Removes a family by the name it was given; its handles stay good.
    bool remove(const std::string& name);
    CollectorHandle addCollector(Collector collector);

    /// Everything now, families by name. Families of one name and type from several collectors
    /// become one; of another type, the later is left out and a fault.
    std::vector<FamilySnapshot> gather() const;
    /// What is wrong with the names used so far, each once.
    std::vector<std::string> faults() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace watchfire::client
