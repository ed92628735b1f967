// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/custom_bucket_parser.h"

#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace watchfire::exposition {

namespace {

constexpr std::string_view boundLabel = "le";

/// Names and values but the metric's name and `le`, in one order.
void keepShared(const LabelPairs& from, LabelPairs& to)
{
    to.assign(from.begin() + 1, from.end());
    std::erase_if(to, [](const auto& pair) { return pair.first == boundLabel; });
    std::ranges::sort(to);
}

} // namespace

Result<EntryKind> CustomBucketParser::next(Entry& entry)
{
    for (;;) {
        if (m_held) {
            const EntryKind kind = *std::exchange(m_held, std::nullopt);
            if (kind == EntryKind::series && collect() && !m_keepClassic) {
                continue;
            }
            std::swap(entry, m_entry);
            return kind;
        }
        const auto kind = m_inner->next(m_entry);
        if (!kind) {
            return kind;
        }
        if (*kind == EntryKind::series) {
            labelsOf(m_entry, m_pairs);
            if (m_isCollecting && !isOfCollected(m_pairs.front().second) && emit(entry)) {
                m_held = *kind;
                return EntryKind::histogram;
            }
            if (collect() && !m_keepClassic) {
                continue;
            }
            std::swap(entry, m_entry);
            return kind;
        }
        if (*kind == EntryKind::type) {
            m_type = m_entry.type;
            m_family = m_entry.family;
        }
        if (emit(entry)) {
            m_held = *kind;
            return EntryKind::histogram;
        }
        std::swap(entry, m_entry);
        return kind;
    }
}

/// Whether the series of m_pairs is part of the histogram that is being collected.
bool CustomBucketParser::isOfCollected(std::string_view name)
{
    if (m_type != MetricType::histogram || classicName(name).base != m_base) {
        return false;
    }
    LabelPairs shared;
    keepShared(m_pairs, shared);
    return shared == m_labels;
}

/// The bound of the series of m_pairs; nothing where it has none.
std::optional<double> CustomBucketParser::boundOf() const
{
    const auto le = std::ranges::find(m_pairs, boundLabel, &LabelPairs::value_type::first);
    const auto bound = le == m_pairs.end() ? std::nullopt : text::parseFloat(le->second);
    return bound && !std::isnan(*bound) ? bound : std::nullopt;
}

/// Takes the value of m_entry. False: it is no series of the histogram that TYPE named.
bool CustomBucketParser::collect()
{
    if (m_type != MetricType::histogram) {
        return false;
    }
    const ClassicName name = classicName(m_pairs.front().second);
    if (name.part == ClassicPart::none || name.base != m_family) {
        return false;
    }
    const auto bound = name.part == ClassicPart::bucket ? boundOf() : std::optional<double>(0);
    if (!bound) {
        return false;
    }
    if (!m_isCollecting) {
        m_isCollecting = true;
        m_base = name.base;
        keepShared(m_pairs, m_labels);
        m_startedAtMs = m_entry.startedAtMs;
    }
    m_atMs = m_entry.atMs;
    std::ranges::move(m_entry.exemplars, std::back_inserter(m_exemplars));
    m_entry.exemplars.clear();
    switch (name.part) {
    case ClassicPart::bucket:
        m_classic.setBucket(*bound, m_entry.value);
        break;
    case ClassicPart::count:
        m_classic.setCount(m_entry.value);
        break;
    case ClassicPart::sum:
        m_classic.setSum(m_entry.value);
        break;
    case ClassicPart::none:
        break;
    }
    return true;
}

/// Makes a native histogram of what was collected. False: nothing was, or it is no histogram.
bool CustomBucketParser::emit(Entry& entry)
{
    if (!std::exchange(m_isCollecting, false)) {
        return false;
    }
    auto made = m_classic.convert();
    m_classic.clear();
    auto exemplars = std::exchange(m_exemplars, {});
    if (!made) {
        return false;
    }
    entry.histogram = *std::move(made);
    entry.histogramFault.clear();
    entry.exemplars = std::move(exemplars);
    entry.atMs = m_atMs;
    entry.atSeconds.reset();
    entry.startedAtMs = m_startedAtMs;
    entry.numeric = NumericLabel::none;
    // Held by the parser, so that the views stay good while the next one is collected.
    m_key.assign("\xFF");
    m_key += m_base;
    for (const auto& [name, value] : m_labels) {
        m_key.append("\xFF").append(name).append("\xFF").append(value);
    }
    entry.series = m_key;
    const std::string_view key = m_key;
    std::size_t at = 1;
    entry.name = {key.substr(at, m_base.size()), false};
    at += m_base.size();
    entry.labels.clear();
    for (const auto& [name, value] : m_labels) {
        const Written label{key.substr(at + 1, name.size()), false};
        at += 1 + name.size();
        entry.labels.emplace_back(label, Written{key.substr(at + 1, value.size()), false});
        at += 1 + value.size();
    }
    return true;
}

} // namespace watchfire::exposition
