// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#include "watchfire/client/registry.h"

#include "children.h"

#include <algorithm>
#include <list>

namespace watchfire::client {

namespace {

bool endsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size()
        && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// The name of the family, to which its samples add their suffix.
std::string baseName(const std::string& name, const std::string& suffix)
{
    return endsWith(name, suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

bool isAscii(unsigned char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
        || (!first && c >= '0' && c <= '9');
}

} // namespace

bool isMetricName(std::string_view name)
{
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != ':' && !isAscii(static_cast<unsigned char>(name[i]), i == 0)) {
            return false;
        }
    }
    return !name.empty();
}

bool isLabelName(std::string_view name)
{
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!isAscii(static_cast<unsigned char>(name[i]), i == 0)) {
            return false;
        }
    }
    return !name.empty() && name.substr(0, 2) != "__";
}

FamilySnapshot single(std::string name, MetricType type, std::string help, double value)
{
    FamilySnapshot family{std::move(name), type, std::move(help), {}, {}};
    std::string suffix;
    if (type == MetricType::counter) {
        suffix = "_total";
        family.name = baseName(family.name, suffix);
    }
    family.samples.push_back({std::move(suffix), {}, value, std::nullopt});
    return family;
}

struct Registry::State {
    std::shared_ptr<detail::Faults> faults = std::make_shared<detail::Faults>();
    mutable std::mutex mutex; ///< of the families and infos
    std::map<std::string, std::shared_ptr<detail::AnyChildren>> families; ///< by base name
    std::map<std::string, FamilySnapshot> infos;
    /// Held while collectors run, so that one being removed is not running any more.
    mutable std::mutex collecting;
    std::list<Collector> collectors;

    template <class Metric>
    Family<Metric> family(const std::string& name, const std::string& help,
                          std::vector<std::string> labelNames, std::vector<double> upperBounds,
                          std::function<Metric()> make);
    bool checkNames(const std::string& name, const std::vector<std::string>& labelNames,
                    MetricType type) const;
};

bool Registry::State::checkNames(const std::string& name,
                                 const std::vector<std::string>& labelNames, MetricType type) const
{
    if (!isMetricName(name)) {
        faults->add("\"" + name + "\" is no metric name");
        return false;
    }
    for (const std::string& label : labelNames) {
        const bool reserved = (type == MetricType::histogram && label == "le")
            || (type == MetricType::summary && label == "quantile");
        if (!isLabelName(label) || reserved
            || std::count(labelNames.begin(), labelNames.end(), label) > 1) {
            faults->add(name + ": \"" + label + "\" cannot be a label of it");
            return false;
        }
    }
    return true;
}

template <class Metric>
Family<Metric> Registry::State::family(const std::string& name, const std::string& help,
                                       std::vector<std::string> labelNames,
                                       std::vector<double> upperBounds,
                                       std::function<Metric()> make)
{
    const Metric* const none = nullptr;
    const MetricType type = detail::typeOf(none);
    auto made = std::make_shared<detail::Children<Metric>>(faults, std::move(make));
    made->name = type == MetricType::counter ? baseName(name, "_total") : name;
    made->type = type;
    made->help = help;
    made->labelNames = std::move(labelNames);
    made->upperBounds = std::move(upperBounds);
    if (!checkNames(name, made->labelNames, type)) {
        return Family<Metric>(std::move(made));
    }
    const std::lock_guard lock(mutex);
    if (infos.count(made->name) != 0) {
        faults->add(name + ": there is an info of that name");
        return Family<Metric>(std::move(made));
    }
    const auto [entry, isNew] = families.emplace(made->name, made);
    if (!isNew) {
        const auto& there = *entry->second;
        if (there.type != type || there.labelNames != made->labelNames
            || there.upperBounds != made->upperBounds) {
            faults->add(name + ": asked for again with another type, other labels or buckets");
            return Family<Metric>(std::move(made));
        }
        return Family<Metric>(std::static_pointer_cast<detail::Children<Metric>>(entry->second));
    }
    return Family<Metric>(std::move(made));
}

Registry::Registry()
    : m_state(std::make_shared<State>())
{
}

Registry::~Registry() = default;

Family<Counter> Registry::counters(const std::string& name, const std::string& help,
                                   std::vector<std::string> labelNames)
{
    return m_state->family<Counter>(name, help, std::move(labelNames), {},
                                    [] { return Counter(); });
}

Family<Gauge> Registry::gauges(const std::string& name, const std::string& help,
                               std::vector<std::string> labelNames)
{
    return m_state->family<Gauge>(name, help, std::move(labelNames), {}, [] { return Gauge(); });
}

Family<Histogram> Registry::histograms(const std::string& name, const std::string& help,
                                       std::vector<std::string> labelNames,
                                       std::vector<double> upperBounds)
{
    return m_state->family<Histogram>(name, help, std::move(labelNames), upperBounds,
                                      [upperBounds] { return Histogram(upperBounds); });
}

Family<Summary> Registry::summaries(const std::string& name, const std::string& help,
                                    std::vector<std::string> labelNames)
{
    return m_state->family<Summary>(name, help, std::move(labelNames), {},
                                    [] { return Summary(); });
}

Counter Registry::counter(const std::string& name, const std::string& help)
{
    return counters(name, help, {}).with(std::vector<std::string>{});
}

Gauge Registry::gauge(const std::string& name, const std::string& help)
{
    return gauges(name, help, {}).with(std::vector<std::string>{});
}

Histogram Registry::histogram(const std::string& name, const std::string& help,
                              std::vector<double> upperBounds)
{
    return histograms(name, help, {}, std::move(upperBounds)).with(std::vector<std::string>{});
}

Summary Registry::summary(const std::string& name, const std::string& help)
{
    return summaries(name, help, {}).with(std::vector<std::string>{});
}

void Registry::info(const std::string& name, const std::string& help, LabelPairs facts)
{
    std::vector<std::string> names;
    for (const auto& [fact, value] : facts) {
        names.push_back(fact);
    }
    if (!m_state->checkNames(name, names, MetricType::info)) {
        return;
    }
    const std::string base = baseName(name, "_info");
    const std::lock_guard lock(m_state->mutex);
    if (m_state->families.count(base) != 0) {
        m_state->faults->add(name + ": there is a metric of that name");
        return;
    }
    m_state->infos[base]
        = {base, MetricType::info, help, {}, {{"_info", std::move(facts), 1, std::nullopt}}};
}

bool Registry::remove(const std::string& name)
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->families.erase(name) + m_state->families.erase(baseName(name, "_total"))
        + m_state->infos.erase(baseName(name, "_info"))
        != 0;
}

CollectorHandle Registry::addCollector(Collector collector)
{
    const std::lock_guard lock(m_state->collecting);
    m_state->collectors.push_back(std::move(collector));
    const auto at = std::prev(m_state->collectors.end());
    return CollectorHandle([weak = std::weak_ptr<State>(m_state), at] {
        if (const auto state = weak.lock()) {
            const std::lock_guard ending(state->collecting);
            state->collectors.erase(at);
        }
    });
}

std::vector<FamilySnapshot> Registry::gather() const
{
    std::vector<FamilySnapshot> all;
    {
        const std::lock_guard lock(m_state->mutex);
        for (const auto& [name, family] : m_state->families) {
            all.push_back(family->snapshot());
        }
        for (const auto& [name, family] : m_state->infos) {
            all.push_back(family);
        }
    }
    {
        const std::lock_guard lock(m_state->collecting);
        for (const Collector& collector : m_state->collectors) {
            std::vector<FamilySnapshot> made;
            try {
                collector(made);
            } catch (...) {
                m_state->faults->add("a collector threw");
                continue;
            }
            std::move(made.begin(), made.end(), std::back_inserter(all));
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const FamilySnapshot& a, const FamilySnapshot& b) {
        return a.name < b.name;
    });
    std::vector<FamilySnapshot> merged;
    for (FamilySnapshot& family : all) {
        if (family.samples.empty()) {
            continue;
        }
        if (!isMetricName(family.name)) {
            m_state->faults->add("\"" + family.name + "\" is no metric name");
        } else if (merged.empty() || merged.back().name != family.name) {
            merged.push_back(std::move(family));
        } else if (merged.back().type == family.type) {
            std::move(family.samples.begin(), family.samples.end(),
                      std::back_inserter(merged.back().samples));
        } else {
            m_state->faults->add(family.name + ": collected with two types");
        }
    }
    return merged;
}

std::vector<std::string> Registry::faults() const
{
    return m_state->faults->list();
}

} // namespace watchfire::client
