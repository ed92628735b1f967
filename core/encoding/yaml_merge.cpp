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

constexpr std::size_t npos = static_cast<std::size_t>(-1);

/// Which items of two lists are the same one.
class Aligner {
public:
    explicit Aligner(const std::vector<std::string_view>& identities)
        : m_identities(identities)
    {
    }

    /// For each item of `wanted` the index in `base` it was, in ascending order; or npos. Nothing
    /// where the lists are too long for that, or no item stays.
    std::vector<std::size_t> align(const YamlValue& base, const YamlValue& wanted) const
    {
        const std::size_t rows = base.items.size();
        const std::size_t columns = wanted.items.size();
        if (rows * columns > 4'000'000) {
            return {};
        }
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
        return std::ranges::count(from, npos) == std::ssize(from) ? std::vector<std::size_t>()
                                                                  : from;
    }

private:
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

    const std::vector<std::string_view>& m_identities;
};

/// The mappings that a mapping has further keys from (<<), the first first.
std::vector<const YamlNode*> mergedInto(const YamlNode& node)
{
    std::vector<const YamlNode*> sources;
    for (const YamlEntry& entry : node.entries) {
        if (entry.key->text != "<<" || entry.key->style != YamlStyle::plain) {
            continue;
        }
        if (entry.value.node->isSequence()) {
            for (const YamlPlace& item : entry.value.node->items) {
                sources.push_back(item.node);
            }
        } else {
            sources.push_back(entry.value.node);
        }
    }
    return sources;
}

/// The keys of a mapping that come from elsewhere and are not set by itself.
std::vector<const YamlEntry*> mergedEntries(const YamlNode& node)
{
    std::vector<const YamlEntry*> entries;
    const auto isThere = [&](const YamlEntry& entry) {
        return node.findEntry(entry.key->text) != nullptr
            || std::ranges::any_of(entries, [&](const YamlEntry* other) {
                   return other->key->text == entry.key->text;
               });
    };
    for (const YamlNode* const source : mergedInto(node)) {
        for (const YamlEntry& entry : source->entries) {
            if (!isThere(entry)) {
                entries.push_back(&entry);
            }
        }
    }
    return entries;
}

/// As toValue, with merge keys resolved.
YamlValue resolvedValue(const YamlNode& node)
{
    if (node.kind == YamlKind::scalar) {
        return toValue(node);
    }
    if (node.kind == YamlKind::sequence) {
        YamlValue list = YamlValue::sequence();
        for (const YamlPlace& item : node.items) {
            list.items.push_back(resolvedValue(*item.node));
        }
        return list;
    }
    YamlValue map = YamlValue::mapping();
    for (const YamlEntry& entry : node.entries) {
        if (entry.key->text != "<<" || entry.key->style != YamlStyle::plain) {
            map.set(entry.key->text, resolvedValue(*entry.value.node));
        }
    }
    for (const YamlEntry* const entry : mergedEntries(node)) {
        map.set(entry->key->text, resolvedValue(*entry->value.node));
    }
    return map;
}

/// Carries the difference into a value, as Merger does into a text.
YamlValue mergedValue(const YamlValue& value, const YamlValue& base, const YamlValue& wanted,
                      const Aligner& aligner)
{
    if (base == wanted) {
        return value;
    }
    if (value.kind != base.kind || base.kind != wanted.kind || value.kind == YamlKind::scalar) {
        return wanted;
    }
    YamlValue out = value.kind == YamlKind::mapping ? YamlValue::mapping() : YamlValue::sequence();
    if (value.kind == YamlKind::sequence) {
        const std::vector<std::size_t> from = value.items.size() == base.items.size()
            ? aligner.align(base, wanted)
            : std::vector<std::size_t>();
        for (std::size_t j = 0; j < wanted.items.size(); ++j) {
            out.items.push_back(from.empty() || from[j] == npos
                                    ? wanted.items[j]
                                    : mergedValue(value.items[from[j]], base.items[from[j]],
                                                  wanted.items[j], aligner));
        }
        return out;
    }
    for (const auto& [key, was] : value.entries) {
        const YamlValue* const before = findKey(base, key);
        const YamlValue* const after = findKey(wanted, key);
        if (before == nullptr && after == nullptr) {
            out.set(key, was); // the base does not speak of it
        } else if (after != nullptr) {
            out.set(key, before == nullptr ? *after : mergedValue(was, *before, *after, aligner));
        }
    }
    for (const auto& [key, after] : wanted.entries) {
        const YamlValue* const before = findKey(base, key);
        const bool said = before != nullptr && *before == after; // in other words
        if (findKey(value, key) == nullptr && !said) {
            out.set(key, after);
        }
    }
    return out;
}

class Merger {
public:
    Merger(YamlEdits& edits, const std::vector<std::string_view>& identities)
        : m_edits(edits)
        , m_aligner(identities)
    {
    }

    /// Whether the difference could be carried into the mapping.
    bool mapping(const YamlNode& node, const YamlValue& base, const YamlValue& wanted)
    {
        // A key that comes from elsewhere cannot be taken away here.
        for (const YamlNode* const source : mergedInto(node)) {
            for (const auto& [key, value] : base.entries) {
                if (findKey(wanted, key) == nullptr && source->findEntry(key) != nullptr) {
                    return false;
                }
            }
        }
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
                const YamlNode* const said
                    = entry == nullptr ? elsewhere(node, key) : entry->value.node;
                m_edits.set(node, key, anew(said, before, value));
            }
        }
        return true;
    }

private:
    /// The value of a key that comes from a merge; nullptr: from none.
    static const YamlNode* elsewhere(const YamlNode& node, std::string_view key)
    {
        for (const YamlEntry* const entry : mergedEntries(node)) {
            if (entry->key->text == key) {
                return entry->value.node;
            }
        }
        return nullptr;
    }

    /// What to write where the difference cannot be carried into a node: that node's value, with
    /// the difference.
    YamlValue anew(const YamlNode* node, const YamlValue* base, const YamlValue& wanted) const
    {
        return node == nullptr || base == nullptr
            ? wanted
            : mergedValue(resolvedValue(*node), *base, wanted, m_aligner);
    }

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
            return !node.entries.empty() && !wanted.entries.empty() && mapping(node, base, wanted);
        }
        return false;
    }

    bool sequence(const YamlNode& node, const YamlValue& base, const YamlValue& wanted)
    {
        if (node.items.size() != base.items.size() || node.items.empty() || wanted.items.empty()) {
            return false;
        }
        const std::vector<std::size_t> from = m_aligner.align(base, wanted);
        if (from.empty()) {
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
                m_edits.replace(node, old, anew(place.node, &base.items[old], value));
            }
        }
        for (std::size_t i = 0; i < kept.size(); ++i) {
            if (!kept[i]) {
                m_edits.remove(node, i);
            }
        }
        return true;
    }

    YamlEdits& m_edits;
    Aligner m_aligner;
};

/// Puts what the aliases of a tree stand for in their places.
void expand(YamlEdits& edits, const YamlNode& node)
{
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (node.items[i].alias) {
            edits.replace(node, i, resolvedValue(*node.items[i].node));
        } else {
            expand(edits, *node.items[i].node);
        }
    }
    bool merges = false;
    for (const YamlEntry& entry : node.entries) {
        if (entry.key->text == "<<" && entry.key->style == YamlStyle::plain) {
            merges = true;
        } else if (entry.value.alias) {
            edits.set(node, entry.key->text, resolvedValue(*entry.value.node));
        } else {
            expand(edits, *entry.value.node);
        }
    }
    if (merges) {
        edits.remove(node, "<<");
        for (const YamlEntry* const entry : mergedEntries(node)) {
            edits.set(node, entry->key->text, resolvedValue(*entry->value.node));
        }
    }
}

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
        return text + withLineEndsOf(text, emitYaml(wanted));
    }
    if (!root->isMapping() || wanted.kind != YamlKind::mapping) {
        return fail(ErrorKind::unsupported, "the document is no mapping");
    }
    YamlEdits edits(document);
    if (!Merger(edits, identities).mapping(*root, base, wanted)) {
        return fail(ErrorKind::unsupported, "a key that goes comes from a merge");
    }
    return edits.apply();
}

Result<std::string> withoutAliases(const YamlDocument& document)
{
    YamlEdits edits(document);
    if (document.root() != nullptr) {
        expand(edits, *document.root());
    }
    return edits.apply();
}

YamlValue mergeValues(const YamlDocument& document, const YamlValue& base, const YamlValue& wanted,
                      const std::vector<std::string_view>& identities)
{
    const YamlValue whole
        = document.root() == nullptr ? YamlValue::mapping() : resolvedValue(*document.root());
    return mergedValue(whole, base, wanted, Aligner(identities));
}

} // namespace watchfire::encoding
