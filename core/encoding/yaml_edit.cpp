// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/yaml_edit.h"

#include <algorithm>

namespace watchfire::encoding {

namespace {

std::string indented(std::string_view block, std::size_t indent)
{
    std::string out;
    while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        if (end > 0) {
            out.append(indent, ' ');
        }
        out += block.substr(0, end);
        out += '\n';
        block.remove_prefix(std::min(end + 1, block.size()));
    }
    return out;
}

/// "key: value" with its newline, at no indentation.
std::string entryLines(std::string_view key, const YamlValue& value)
{
    return emitYaml(YamlValue::mapping({{std::string(key), value}}));
}

std::string withoutLastNewline(std::string text)
{
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

} // namespace

std::string withLineEndsOf(std::string_view model, std::string text)
{
    const std::size_t end = model.find('\n');
    if (end == std::string_view::npos || end == 0 || model[end - 1] != '\r') {
        return text;
    }
    std::string out;
    for (const char c : text) {
        if (c == '\n' && !out.ends_with('\r')) {
            out += '\r';
        }
        out += c;
    }
    return out;
}

std::size_t YamlEdits::lineStart(std::size_t offset) const
{
    const std::size_t newline
        = offset == 0 ? std::string_view::npos : text().rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t YamlEdits::lineEnd(std::size_t offset) const
{
    return std::min(text().find('\n', offset), text().size());
}

std::size_t YamlEdits::nextLine(std::size_t offset) const
{
    return std::min(lineEnd(offset) + 1, text().size());
}

std::size_t YamlEdits::columnOf(std::size_t offset) const
{
    return offset - lineStart(offset);
}

bool YamlEdits::startsLine(std::size_t offset) const
{
    const std::size_t start = lineStart(offset);
    return text().substr(start, offset - start).find_first_not_of(' ') == std::string_view::npos;
}

std::size_t YamlEdits::colonOf(const YamlEntry& entry) const
{
    return text().find(':', entry.key->end);
}

std::size_t YamlEdits::dashOf(const YamlNode& sequence, std::size_t index) const
{
    // The sequence begins at its first dash, and all dashes stand in that column.
    const std::size_t column = columnOf(sequence.begin.offset);
    std::size_t start = lineStart(sequence.items[index].begin.offset);
    while (true) {
        const std::size_t at = start + column;
        if (at <= sequence.items[index].begin.offset && at < lineEnd(start) && text()[at] == '-') {
            return at;
        }
        if (start <= sequence.begin.offset) {
            return std::string_view::npos;
        }
        start = lineStart(start - 1);
    }
}

void YamlEdits::splice(std::size_t begin, std::size_t end, std::string replacement)
{
    if (begin == std::string_view::npos || end == std::string_view::npos || begin > end) {
        m_failed = true;
        return;
    }
    m_splices.push_back({begin, end, std::move(replacement), 0});
}

void YamlEdits::addLines(std::size_t after, std::string lines, std::size_t depth)
{
    const std::size_t end = lineEnd(after);
    if (end == text().size()) {
        m_splices.push_back({end, end, "\n" + withoutLastNewline(std::move(lines)), depth});
    } else {
        m_splices.push_back({end + 1, end + 1, std::move(lines), depth});
    }
}

void YamlEdits::set(const YamlNode& mapping, std::string_view key, const YamlValue& value)
{
    const YamlEntry* const entry = mapping.findEntry(key);
    if (mapping.style == YamlStyle::flow) {
        if (entry != nullptr) {
            const bool missing = entry->value.begin.offset >= entry->value.end;
            const std::size_t begin = missing ? entry->key->end : entry->value.begin.offset;
            if (missing) {
                m_failed = true; // {key}: no text of the value to replace
                return;
            }
            splice(begin, entry->value.end, emitYamlFlow(value));
            return;
        }
        const std::string pair = emitYamlFlow(YamlValue::mapping({{std::string(key), value}}));
        const std::string inner = pair.substr(1, pair.size() - 2);
        if (mapping.entries.empty()) {
            splice(mapping.begin.offset + 1, mapping.end - 1, inner);
        } else {
            const YamlEntry& last = mapping.entries.back();
            const std::size_t end = std::max(last.key->end, last.value.end);
            splice(end, end, ", " + inner);
        }
        return;
    }
    if (mapping.entries.empty()) {
        m_failed = true;
        return;
    }
    const std::size_t indent = columnOf(mapping.entries.front().key->begin.offset);
    if (entry == nullptr) {
        addLines(mapping.end, indented(entryLines(key, value), indent), 2 * indent);
        return;
    }
    // From behind the colon to the end of the value; a comment behind a scalar stays.
    const std::size_t colon = colonOf(*entry);
    const std::string lines
        = withoutLastNewline(indented(entryLines("k", value), indent)).substr(indent + 2);
    if (colon == std::string_view::npos) {
        m_failed = true;
        return;
    }
    const std::size_t end = std::max<std::size_t>(colon + 1, entry->value.end);
    // Text behind the value, a comment, would end up inside a block scalar.
    const bool comment = text().substr(end, lineEnd(end) - end).contains('#');
    if (comment && value.kind == YamlKind::scalar && lines.contains('\n')) {
        splice(colon + 1, lineEnd(end), lines);
        return;
    }
    splice(colon + 1, end, lines);
}

void YamlEdits::removeFlow(std::size_t begin, std::size_t end)
{
    // Takes the comma behind, or else the one in front.
    const std::size_t next = text().find_first_not_of(" \t\r\n", end);
    if (next != std::string_view::npos && text()[next] == ',') {
        end = std::min(text().find_first_not_of(" \t", next + 1), text().size());
    } else {
        const std::size_t previous
            = begin == 0 ? begin : text().find_last_not_of(" \t\r\n", begin - 1);
        if (previous != std::string_view::npos && text()[previous] == ',') {
            begin = previous;
        }
    }
    splice(begin, end, "");
}

void YamlEdits::remove(const YamlNode& mapping, std::string_view key)
{
    const YamlEntry* const entry = mapping.findEntry(key);
    if (entry == nullptr) {
        return;
    }
    const std::size_t begin = entry->key->begin.offset;
    const std::size_t end = std::max(entry->key->end, entry->value.end);
    if (mapping.style == YamlStyle::flow) {
        removeFlow(begin, end);
        return;
    }
    if (mapping.entries.size() == 1) {
        const bool isRoot = &mapping == m_document.root();
        if (isRoot || !startsLine(begin)) {
            splice(begin, isRoot ? nextLine(end) : end, isRoot ? "" : "{}");
        } else {
            const std::size_t indent = columnOf(begin);
            splice(lineStart(begin), lineEnd(end), std::string(indent, ' ') + "{}");
        }
        return;
    }
    if (startsLine(begin)) {
        splice(lineStart(begin), nextLine(end), "");
        return;
    }
    // "- key: …": the next key takes its place.
    const auto next = std::ranges::find_if(
        mapping.entries, [&](const YamlEntry& other) { return other.key->begin.offset > begin; });
    if (next == mapping.entries.end()) {
        m_failed = true;
        return;
    }
    splice(begin, next->key->begin.offset, "");
}

void YamlEdits::insert(const YamlNode& sequence, std::size_t index, const YamlValue& value)
{
    index = std::min(index, sequence.items.size());
    if (sequence.style == YamlStyle::flow) {
        const std::string item = emitYamlFlow(value);
        if (sequence.items.empty()) {
            splice(sequence.begin.offset + 1, sequence.end - 1, item);
        } else if (index == sequence.items.size()) {
            splice(sequence.items.back().end, sequence.items.back().end, ", " + item);
        } else {
            const std::size_t at = sequence.items[index].begin.offset;
            splice(at, at, item + ", ");
        }
        return;
    }
    if (sequence.items.empty()) {
        m_failed = true;
        return;
    }
    const std::size_t indent = columnOf(sequence.begin.offset);
    std::string lines = indented(emitYaml(YamlValue::sequence({value})), indent);
    if (index == sequence.items.size()) {
        // A list may stand in the column of its key: the list's lines come first.
        addLines(sequence.end, std::move(lines), 2 * indent + 1);
        return;
    }
    const std::size_t dash = dashOf(sequence, index);
    if (dash == std::string_view::npos || !startsLine(dash)) {
        m_failed = true;
        return;
    }
    splice(lineStart(dash), lineStart(dash), std::move(lines));
}

void YamlEdits::replace(const YamlNode& sequence, std::size_t index, const YamlValue& value)
{
    const YamlPlace& item = sequence.items[index];
    if (sequence.style == YamlStyle::flow) {
        splice(item.begin.offset, item.end, emitYamlFlow(value));
        return;
    }
    const std::size_t dash = dashOf(sequence, index);
    if (dash == std::string_view::npos) {
        m_failed = true;
        return;
    }
    const std::size_t indent = columnOf(sequence.begin.offset);
    const std::string lines
        = withoutLastNewline(indented(emitYaml(YamlValue::sequence({value})), indent));
    splice(dash, std::max<std::size_t>(dash + 1, item.end), lines.substr(indent));
}

void YamlEdits::remove(const YamlNode& sequence, std::size_t index)
{
    const YamlPlace& item = sequence.items[index];
    if (sequence.style == YamlStyle::flow) {
        removeFlow(item.begin.offset, item.end);
        return;
    }
    const std::size_t dash = dashOf(sequence, index);
    if (dash == std::string_view::npos || !startsLine(dash) || sequence.items.size() == 1) {
        m_failed = true;
        return;
    }
    std::size_t begin = lineStart(dash);
    if (index > 0) {
        const std::size_t after = nextLine(sequence.items[index - 1].end);
        while (begin > after) {
            const std::size_t above = lineStart(begin - 1);
            const std::string_view line = text().substr(above, begin - above);
            const std::size_t first = line.find_first_not_of(' ');
            if (first == std::string_view::npos || line[first] != '#') {
                break;
            }
            begin = above;
        }
    }
    splice(begin, nextLine(std::max<std::size_t>(dash, item.end)), "");
}

Result<std::string> YamlEdits::apply() const
{
    if (m_failed) {
        return fail(ErrorKind::unsupported, "the change cannot be made in place");
    }
    std::vector<Splice> ordered = m_splices;
    std::ranges::stable_sort(ordered, [](const Splice& a, const Splice& b) {
        if (a.begin != b.begin || a.end != b.end) {
            return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
        }
        return a.depth > b.depth;
    });
    std::string out;
    std::size_t at = 0;
    for (const Splice& splice : ordered) {
        if (splice.begin < at) {
            return fail(ErrorKind::unsupported, "changes overlap");
        }
        out += text().substr(at, splice.begin - at);
        out += withLineEndsOf(text(), splice.text);
        at = splice.end;
    }
    out += text().substr(at);
    return out;
}

} // namespace watchfire::encoding
