// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/labels.h"

#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <format>
#include <xxhash.h>

namespace watchfire {

namespace {

std::string_view takeText(const char*& at)
{
    std::size_t length = static_cast<unsigned char>(*at++);
    if (length >= 0x80) {
        length &= 0x7F;
        for (unsigned shift = 7;; shift += 7) {
            const auto byte = static_cast<unsigned char>(*at++);
            length |= static_cast<std::size_t>(byte & 0x7F) << shift;
            if (byte < 0x80) {
                break;
            }
        }
    }
    const std::string_view text(at, length);
    at += length;
    return text;
}

std::size_t firstDifference(const char* a, const char* b, std::size_t count)
{
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= count; i += sizeof(std::uint64_t)) {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
        std::memcpy(&left, a + i, sizeof left);
        std::memcpy(&right, b + i, sizeof right);
        if (left != right) {
            break;
        }
    }
    while (i < count && a[i] == b[i]) {
        ++i;
    }
    return i;
}

void appendText(std::string& out, std::string_view text)
{
    std::size_t length = text.size();
    while (length >= 0x80) {
        out += static_cast<char>(length | 0x80);
        length >>= 7;
    }
    out += static_cast<char>(length);
    out += text;
}

void appendLabel(std::string& out, Label label)
{
    appendText(out, label.name);
    appendText(out, label.value);
}

} // namespace

void Labels::Iterator::load()
{
    if (m_at == m_end) {
        m_next = m_at;
        m_label = {};
        return;
    }
    m_next = m_at;
    m_label.name = takeText(m_next);
    m_label.value = takeText(m_next);
}

Labels::Labels(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs)
{
    LabelsBuilder builder;
    for (const auto& [name, value] : pairs) {
        builder.set(name, value);
    }
    *this = builder.build();
}

Labels Labels::fromPairs(std::vector<std::pair<std::string, std::string>> pairs)
{
    // Stable, so that of a repeated name the last one stands last.
    std::ranges::stable_sort(pairs, {}, &std::pair<std::string, std::string>::first);
    Labels labels;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const bool repeated = i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first;
        if (!repeated && !pairs[i].second.empty()) {
            appendLabel(labels.m_data, {pairs[i].first, pairs[i].second});
        }
    }
    return labels;
}

Labels Labels::fromSorted(const std::vector<Label>& sorted)
{
    Labels labels;
    std::size_t bytes = 0;
    for (const Label& label : sorted) {
        bytes += label.name.size() + label.value.size() + 2;
    }
    labels.m_data.reserve(bytes);
    for (const Label& label : sorted) {
        appendLabel(labels.m_data, label);
    }
    return labels;
}

std::size_t Labels::size() const
{
    return static_cast<std::size_t>(std::distance(begin(), end()));
}

std::string_view Labels::get(std::string_view name) const
{
    for (const Label& label : *this) {
        if (label.name == name) {
            return label.value;
        }
        if (label.name > name) {
            break;
        }
    }
    return {};
}

bool Labels::has(std::string_view name) const
{
    return !get(name).empty();
}

Labels Labels::without(std::string_view name) const
{
    Labels out;
    out.m_data.reserve(m_data.size());
    for (const Label& label : *this) {
        if (label.name != name) {
            appendLabel(out.m_data, label);
        }
    }
    return out;
}

Labels Labels::with(std::string_view name, std::string_view value) const
{
    Labels out;
    out.m_data.reserve(m_data.size() + name.size() + value.size() + 4);
    bool placed = value.empty();
    for (const Label& label : *this) {
        if (!placed && label.name >= name) {
            appendLabel(out.m_data, {name, value});
            placed = true;
        }
        if (label.name != name) {
            appendLabel(out.m_data, label);
        }
    }
    if (!placed) {
        appendLabel(out.m_data, {name, value});
    }
    return out;
}

Labels Labels::keepOnly(const std::vector<std::string>& names) const
{
    Labels out;
    for (const Label& label : *this) {
        if (std::ranges::binary_search(names, label.name)) {
            appendLabel(out.m_data, label);
        }
    }
    return out;
}

Labels Labels::dropAll(const std::vector<std::string>& names) const
{
    Labels out;
    for (const Label& label : *this) {
        if (label.name != metricNameLabel && !std::ranges::binary_search(names, label.name)) {
            appendLabel(out.m_data, label);
        }
    }
    return out;
}

std::uint64_t Labels::hash() const
{
    return XXH3_64bits(m_data.data(), m_data.size());
}

std::pair<std::uint64_t, std::uint64_t> Labels::hash128() const
{
    const XXH128_hash_t hash = XXH3_128bits(m_data.data(), m_data.size());
    return {hash.high64, hash.low64};
}

std::string Labels::toBraces() const
{
    std::string out = "{";
    for (const Label& label : *this) {
        if (out.size() > 1) {
            out += ", ";
        }
        out += isClassicLabelName(label.name) ? std::string(label.name) : text::quote(label.name);
        out += '=';
        out += text::quote(label.value);
    }
    return out + '}';
}

std::string Labels::toString() const
{
    std::string out;
    const std::string_view metric = metricName();
    const bool plain = isClassicMetricName(metric);
    if (plain) {
        out += metric;
    }
    std::string inside;
    for (const Label& label : *this) {
        if (label.name == metricNameLabel && plain) {
            continue;
        }
        if (!inside.empty()) {
            inside += ", ";
        }
        if (label.name == metricNameLabel) {
            inside += text::quote(label.value);
            continue;
        }
        inside
            += isClassicLabelName(label.name) ? std::string(label.name) : text::quote(label.name);
        inside += '=';
        inside += text::quote(label.value);
    }
    if (!inside.empty() || out.empty()) {
        out += '{' + inside + '}';
    }
    return out;
}

std::strong_ordering operator<=>(const Labels& a, const Labels& b)
{
    const std::size_t shorter = std::min(a.m_data.size(), b.m_data.size());
    const std::size_t differs = firstDifference(a.m_data.data(), b.m_data.data(), shorter);
    if (differs == shorter) {
        return a.m_data.size() <=> b.m_data.size();
    }
    // The name or value it lies in begins at the same place in both.
    const char* const place = a.m_data.data() + differs;
    const char* next = a.m_data.data();
    const char* begin = next;
    for (std::string_view text = takeText(next); text.data() + text.size() <= place;
         text = takeText(next)) {
        begin = next;
    }
    const char* other = b.m_data.data() + (begin - a.m_data.data());
    return takeText(begin) <=> takeText(other);
}

LabelsBuilder::LabelsBuilder(const Labels& base)
{
    for (const Label& label : base) {
        m_pairs.emplace_back(label.name, label.value);
    }
}

void LabelsBuilder::set(std::string_view name, std::string_view value)
{
    if (value.empty()) {
        remove(name);
        return;
    }
    const auto found
        = std::ranges::find(m_pairs, name, &std::pair<std::string, std::string>::first);
    if (found != m_pairs.end()) {
        found->second = value;
    } else {
        m_pairs.emplace_back(name, value);
    }
}

void LabelsBuilder::remove(std::string_view name)
{
    std::erase_if(m_pairs, [name](const auto& pair) { return pair.first == name; });
}

std::string_view LabelsBuilder::get(std::string_view name) const
{
    const auto found
        = std::ranges::find(m_pairs, name, &std::pair<std::string, std::string>::first);
    return found == m_pairs.end() ? std::string_view() : std::string_view(found->second);
}

Labels LabelsBuilder::build() const
{
    return Labels::fromPairs(m_pairs);
}

bool isClassicMetricName(std::string_view name)
{
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
        return false;
    }
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '_' || c == ':';
    });
}

bool isClassicLabelName(std::string_view name)
{
    return isClassicMetricName(name) && !name.contains(':');
}

bool isValidName(std::string_view name)
{
    return !name.empty() && text::isUtf8(name);
}

} // namespace watchfire
