// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchfire/client/metrics.h"
#include "watchfire/client/snapshot.h"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::client {

namespace detail {
template <class Metric> class Children;
}

/// Metrics of one name, told apart by the values of their labels. A handle, as they are.
/// `with` takes a lock: keep what it returns where it is used often.
template <class Metric> class Family {
public:
    explicit Family(std::shared_ptr<detail::Children<Metric>> children);

    /// The metric with these values, one for each label name, in their order; made when new.
    /// With a wrong number of values the metric belongs to nobody, and the registry tells so
    /// among its faults.
    Metric with(std::initializer_list<std::string_view> values) const;
    Metric with(const std::vector<std::string>& values) const;
    /// Takes the series out of later scrapes. Handles of it stay good; `with` begins a new one.
    /// False when there is none.
    bool remove(std::initializer_list<std::string_view> values) const;
    bool remove(const std::vector<std::string>& values) const;
    /// Removes every series.
    void clear() const;
    std::size_t size() const;

private:
    std::shared_ptr<detail::Children<Metric>> m_children;
};

extern template class Family<Counter>;
extern template class Family<Gauge>;
extern template class Family<Histogram>;
extern template class Family<Summary>;

} // namespace watchfire::client
