// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire {

inline constexpr std::string_view metricNameLabel = "__name__";

/// One name and value, seen, not owned.
struct Label {
    std::string_view name;
    std::string_view value;
    friend bool operator==(const Label&, const Label&) = default;
};

/// An immutable label set: sorted by name, each name once, no empty values (a label with an
/// empty value does not exist). Held in one block of memory: for each label varint length and
/// bytes of the name, then of the value; so equality is a comparison of bytes.
class Labels {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = Label;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(const char* at, const char* end)
            : m_at(at)
            , m_end(end)
        {
            load();
        }
        Label operator*() const { return m_label; }
        const Label* operator->() const { return &m_label; }
        Iterator& operator++()
        {
            m_at = m_next;
            load();
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_at == b.m_at; }

    private:
        void load();

        const char* m_at = nullptr;
        const char* m_next = nullptr;
        const char* m_end = nullptr;
        Label m_label;
    };

    Labels() = default;
    /// Sorts; empty values vanish; of a repeated name the last wins.
    Labels(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);
    static Labels fromPairs(std::vector<std::pair<std::string, std::string>> pairs);
    /// `sorted` must be sorted by name, each once, without empty values.
    static Labels fromSorted(const std::vector<Label>& sorted);

    Iterator begin() const { return Iterator(m_data.data(), m_data.data() + m_data.size()); }
    Iterator end() const
    {
        const char* const last = m_data.data() + m_data.size();
        return Iterator(last, last);
    }
    bool empty() const { return m_data.empty(); }
    std::size_t size() const;

    /// The value of that label, or "" where there is none.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;
    std::string_view metricName() const { return get(metricNameLabel); }

    /// The set without that label.
    Labels without(std::string_view name) const;
    /// The set with that label set, replaced, or (value empty) removed.
    Labels with(std::string_view name, std::string_view value) const;
    /// Only these names / all but these names (and never __name__). `names` sorted.
    Labels keepOnly(const std::vector<std::string>& names) const;
    Labels dropAll(const std::vector<std::string>& names) const;

    /// 64-bit hash of the content, the same in every process.
    std::uint64_t hash() const;
    /// 128-bit hash of the content, the same in every process: high, low.
    std::pair<std::uint64_t, std::uint64_t> hash128() const;

    /// name{label="value", …}, the form people read; {} for the empty set.
    std::string toString() const;
    /// {__name__="name", label="value", …}: every label alike, as Prometheus' errors have it.
    std::string toBraces() const;

    friend bool operator==(const Labels&, const Labels&) = default;
    /// By the first differing name, then its value; a set that is a prefix comes first.
    friend std::strong_ordering operator<=>(const Labels& a, const Labels& b);

    std::size_t bytes() const { return m_data.size(); }

private:
    friend class LabelsBuilder;
    std::string m_data;
};

/// Changes a label set name by name, then builds it once.
class LabelsBuilder {
public:
    LabelsBuilder() = default;
    explicit LabelsBuilder(const Labels& base);

    void clear() { m_pairs.clear(); }
    /// Sets or replaces; an empty value removes.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    std::string_view get(std::string_view name) const;
    /// Names and values now, in no particular order.
    const std::vector<std::pair<std::string, std::string>>& pairs() const { return m_pairs; }
    Labels build() const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs;
};

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool isClassicMetricName(std::string_view name);
/// [a-zA-Z_][a-zA-Z0-9_]*
bool isClassicLabelName(std::string_view name);
/// Any non-empty UTF-8 text is a name since Prometheus 3.
bool isValidName(std::string_view name);

} // namespace watchfire

template <> struct std::hash<watchfire::Labels> {
    std::size_t operator()(const watchfire::Labels& labels) const noexcept { return labels.hash(); }
};
