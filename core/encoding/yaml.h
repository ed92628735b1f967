// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::encoding {

/// A place in a text. Lines and columns count from 1, columns in code points.
struct YamlMark {
    std::uint32_t offset = 0; ///< bytes
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

enum class YamlKind { scalar, sequence, mapping };
enum class YamlStyle { plain, singleQuoted, doubleQuoted, literal, folded, flow, block };

struct YamlNode;

/// Where a value stands. Through an alias several places share one node.
struct YamlPlace {
    const YamlNode* node = nullptr;
    YamlMark begin; ///< of the text at this place: the alias', where it is one
    std::uint32_t end = 0; ///< byte after it
    bool alias = false;
};

struct YamlEntry {
    const YamlNode* key = nullptr;
    YamlPlace value;
};

/// One node of a parsed document; lives as long as its YamlDocument.
struct YamlNode {
    YamlKind kind = YamlKind::scalar;
    YamlStyle style = YamlStyle::plain;
    std::string text; ///< of a scalar, unescaped
    std::string tag; ///< as written ("!!str"), empty where there is none
    std::string anchor;
    YamlMark begin; ///< quotes and brackets included, anchor and tag not
    std::uint32_t end = 0; ///< a block collection ends with its last value
    std::vector<YamlPlace> items; ///< of a sequence
    std::vector<YamlEntry> entries; ///< of a mapping, in order of the text, duplicates too

    bool isScalar() const { return kind == YamlKind::scalar; }
    bool isSequence() const { return kind == YamlKind::sequence; }
    bool isMapping() const { return kind == YamlKind::mapping; }
    /// A plain scalar that YAML 1.1 reads as null: empty, ~ or null.
    bool isNull() const;
    /// true, yes, on, y and their opposites, in the three usual spellings of case.
    std::optional<bool> asBool() const;
    /// A plain decimal, hexadecimal, octal or binary integer.
    std::optional<std::int64_t> asInteger() const;
    std::optional<double> asNumber() const;
    /// The value of that key; of a repeated key the first. nullptr where there is none.
    const YamlNode* find(std::string_view key) const;
    const YamlEntry* findEntry(std::string_view key) const;
};

/// A YAML text and the tree of its first document. Aliases point at the node of their anchor.
/// Immutable; safe to read from several threads.
///
/// Source: YAML 1.1, as the field's programs read it.
class YamlDocument {
public:
    /// Fails with ErrorKind::invalid, the byte at fault and "line:column" in the message, for
    /// text that is not YAML or not UTF-8, an unknown or recursive alias, and aliases that would
    /// expand to more than four million nodes.
    static Result<YamlDocument> parse(std::string text);

    /// nullptr: the text holds no document, or only comments.
    const YamlNode* root() const { return m_root; }
    const std::string& text() const { return *m_text; }
    /// Keys that repeat an earlier one of their mapping, in order of the text.
    const std::vector<const YamlNode*>& duplicates() const { return m_duplicates; }

private:
    friend class YamlReader;
    std::unique_ptr<const std::string> m_text;
    std::deque<YamlNode> m_nodes;
    const YamlNode* m_root = nullptr;
    std::vector<const YamlNode*> m_duplicates;
};

/// Line and column of a byte of a text.
YamlMark markAt(std::string_view text, std::uint32_t offset);

struct YamlMember;

/// A value to be written.
struct YamlValue {
    YamlKind kind = YamlKind::scalar;
    std::string text;
    bool isString = true; ///< quote where the text would read as something else
    std::vector<YamlValue> items;
    std::vector<YamlMember> entries;

    /// A text, whatever it looks like.
    static YamlValue string(std::string text);
    /// A number, a boolean, null: written as it is.
    static YamlValue plain(std::string text);
    static YamlValue boolean(bool value);
    static YamlValue sequence();
    static YamlValue sequence(std::vector<YamlValue> items);
    static YamlValue mapping();
    static YamlValue mapping(std::vector<YamlMember> entries);
    /// Adds a key at the end of a mapping.
    YamlValue& set(std::string key, YamlValue value);
};

bool operator==(const YamlValue& one, const YamlValue& other);

/// One key of a mapping to be written.
struct YamlMember {
    std::string key;
    YamlValue value;

    bool operator==(const YamlMember&) const = default;
};
/// Block style, two spaces a level, sequences at the column of their key; ends with a newline.
std::string emitYaml(const YamlValue& value);
/// On one line, in flow style.
std::string emitYamlFlow(const YamlValue& value);
/// The same values as the node holds, for writing it elsewhere.
YamlValue toValue(const YamlNode& node);

} // namespace watchfire::encoding
