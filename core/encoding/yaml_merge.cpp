// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/yaml_edit.h"

#include <algorithm>

namespace watchfire::encoding {

namespace {

const YamlValue* findKey(const YamlValue& mapping, std::string_view key)
{
    for (const auto& [name, value] : mapping.entries) {
        if (name == key) {
            return &value;
        }
    }
    return nullptr;
}

class Merger {
public:
    Merger(YamlEdits& edits, const std::vector<std::string_view>& identities)
        : m_edits(edits)
        , m_identities(identities)
    {
    }

    void mapping(const YamlNode& node, const YamlValue& base, const YamlValue& wanted)
    {
        for (const auto& [key, value] : base.entries) {
            if (findKey(wanted, key) == nullptr) {
                m_edits.remove(node, key);
            }
        }
        for (const auto& [key, value] : wanted.entries) {
            const YamlValue* const before = findKey(base, key);
            if (before != nullptr && *before == value) {
                continue;
            }
            const YamlEntry* const entry = node.findEntry(key);
            if (before == nullptr || entry == nullptr || entry->value.alias
                || !descend(*entry->value.node, *before, value)) {
                m_edits.set(node, key, value);
            }
        }
    }

private:
    /// Whether the difference was carried into the node itself.
    bool descend(const YamlNode& node, const YamlValue& base, const YamlValue& wanted)
    {
        if (node.kind != base.kind || base.kind != wanted.kind) {
            return false;
        }
        switch (node.kind) {
        case YamlKind::scalar:
            return false;
        case YamlKind::sequence:
            return sequence(node, base, wanted);
        case YamlKind::mapping:
            if (node.entries.empty() || wanted.entries.empty()
                || std::ranges::any_of(
                    node.entries, [](const YamlEntry& entry) { return entry.key->text == "<<"; })) {
                return false;
            }
            mapping(node, base, wanted);
            return true;
        }
        return false;
    }

    std::string_view identity(const YamlValue& value) const
    {
        for (const std::string_view key : m_identities) {
            if (const YamlValue* const found = findKey(value, key)) {
                return found->text;
            }
        }
        return {};
    }

    bool correspond(const YamlValue& a, const YamlValue& b) const
    {
        const std::string_view name = identity(a);
        return a == b || (!name.empty() && name == identity(b));
    }

    /// For each item of `wanted` the index in `base` it was, in ascending order; or npos.
    std::vector<std::size_t> align(const YamlValue& base, const YamlValue& wanted) const
    {
        const std::size_t rows = base.items.size();
        const std::size_t columns = wanted.items.size();
        // Longest common subsequence; lists of a configuration are short.
        std::vector<std::vector<std::size_t>> best(rows + 1, std::vector<std::size_t>(columns + 1));
        for (std::size_t i = rows; i-- > 0;) {
            for (std::size_t j = columns; j-- > 0;) {
                best[i][j] = correspond(base.items[i], wanted.items[j])
                    ? best[i + 1][j + 1] + 1
                    : std::max(best[i + 1][j], best[i][j + 1]);
            }
        }
        std::vector<std::size_t> from(columns, npos);
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < rows && j < columns) {
            if (correspond(base.items[i], wanted.items[j])) {
                from[j++] = i++;
            } else if (best[i + 1][j] >= best[i][j + 1]) {
                ++i;
            } else {
                ++j;
            }
        }
        pairGaps(from, rows);
        return from;
    }

    /// Between two recognised items, as many old ones as new ones: each was changed into its
    /// counterpart (a renamed job).
    static void pairGaps(std::vector<std::size_t>& from, std::size_t rows)
    {
        std::size_t row = 0;
        for (std::size_t j = 0; j < from.size();) {
            if (from[j] != npos) {
                row = from[j++] + 1;
                continue;
            }
            std::size_t end = j;
            while (end < from.size() && from[end] == npos) {
                ++end;
            }
            const std::size_t nextRow = end < from.size() ? from[end] : rows;
            if (nextRow - row == end - j) {
                for (std::size_t k = j; k < end; ++k) {
                    from[k] = row + (k - j);
                }
            }
            j = end;
        }
    }

    bool sequence(const YamlNode& node, const YamlValue& base, const YamlValue& wanted)
    {
        if (node.items.size() != base.items.size() || node.items.empty() || wanted.items.empty()) {
            return false;
        }
        if (base.items.size() * wanted.items.size() > 4'000'000) {
            return false;
        }
        const std::vector<std::size_t> from = align(base, wanted);
        if (std::ranges::count(from, npos) == std::ssize(from)) {
            return false; // nothing of the old list stays
        }
        std::vector<bool> kept(base.items.size());
        std::size_t nextOld = 0;
        for (std::size_t j = 0; j < from.size(); ++j) {
            const YamlValue& value = wanted.items[j];
            if (from[j] == npos) {
                m_edits.insert(node, nextOld, value);
                continue;
            }
            const std::size_t old = from[j];
            kept[old] = true;
            nextOld = old + 1;
            const YamlPlace& place = node.items[old];
            if (!(base.items[old] == value)
                && (place.alias || !descend(*place.node, base.items[old], value))) {
                m_edits.replace(node, old, value);
            }
        }
        for (std::size_t i = 0; i < kept.size(); ++i) {
            if (!kept[i]) {
                m_edits.remove(node, i);
            }
        }
        return true;
    }

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    YamlEdits& m_edits;
    const std::vector<std::string_view>& m_identities;
};

} // namespace

Result<std::string> mergeYaml(const YamlDocument& document, const YamlValue& base,
                              const YamlValue& wanted,
                              const std::vector<std::string_view>& identities)
{
    if (base == wanted) {
        return document.text();
    }
    const YamlNode* const root = document.root();
    if (root == nullptr || root->isNull() || (root->isMapping() && root->entries.empty())) {
        // Nothing but comments so far: they stay on top.
        std::string text = root == nullptr ? document.text() : std::string();
        if (!text.empty() && !text.ends_with('\n')) {
            text += '\n';
        }
        return text + emitYaml(wanted);
    }
    if (!root->isMapping() || wanted.kind != YamlKind::mapping) {
        return fail(ErrorKind::unsupported, "the document is no mapping");
    }
    YamlEdits edits(document);
    Merger(edits, identities).mapping(*root, base, wanted);
    return edits.apply();
}

} // namespace watchfire::encoding
