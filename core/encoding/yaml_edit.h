// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/encoding/yaml.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::encoding {

/// Changes to a YAML text that leave every other byte of it as it is: comments, key order,
/// quoting. Changes are collected against the parsed document and applied together. What stands
/// in block style is written in block style, what stands in braces stays in braces.
class YamlEdits {
public:
    /// The document must outlive the edits.
    explicit YamlEdits(const YamlDocument& document)
        : m_document(document)
    {
    }

    /// Gives the key that value; a key that is not there yet is added at the end.
    void set(const YamlNode& mapping, std::string_view key, const YamlValue& value);
    void remove(const YamlNode& mapping, std::string_view key);
    /// Before the item of that index; at the end where there is none.
    void insert(const YamlNode& sequence, std::size_t index, const YamlValue& value);
    void replace(const YamlNode& sequence, std::size_t index, const YamlValue& value);
    /// Takes the comment lines right above the item with it, unless it is the first.
    void remove(const YamlNode& sequence, std::size_t index);

    bool empty() const { return m_splices.empty() && !m_failed; }
    /// The changed text, with the line ends it had. Fails with ErrorKind::unsupported when changes
    /// overlap or one cannot be made by replacing text; the caller then writes the whole anew.
    Result<std::string> apply() const;

private:
    struct Splice {
        std::size_t begin;
        std::size_t end;
        std::string text;
        std::size_t depth = 0; ///< of added lines: the deeper come first at one place
    };
    std::string_view text() const { return m_document.text(); }
    std::size_t lineStart(std::size_t offset) const;
    std::size_t lineEnd(std::size_t offset) const; ///< of the newline, or of the text
    std::size_t nextLine(std::size_t offset) const;
    std::size_t columnOf(std::size_t offset) const; ///< bytes from the start of its line
    bool startsLine(std::size_t offset) const;
    std::size_t colonOf(const YamlEntry& entry) const;
    std::size_t dashOf(const YamlNode& sequence, std::size_t index) const;
    void addLines(std::size_t after, std::string lines, std::size_t depth);
    void removeFlow(std::size_t begin, std::size_t end);
    void splice(std::size_t begin, std::size_t end, std::string replacement);

    const YamlDocument& m_document;
    std::vector<Splice> m_splices;
    bool m_failed = false;
};

/// Carries the difference between two values into a text: `base` is what the text was
/// understood as, `wanted` what it shall say. Parts that `base` does not speak of (unknown keys,
/// comments, defaults written out) survive. Mappings in a sequence are recognised by the first
/// of `identities` they hold.
///
/// Fails like YamlEdits::apply.
Result<std::string> mergeYaml(const YamlDocument& document, const YamlValue& base,
                              const YamlValue& wanted,
                              const std::vector<std::string_view>& identities);

/// The text with every alias replaced by what it stands for, and merge keys (<<) by the keys they
/// bring; comments stay. Afterwards each place can be changed without changing another.
///
/// Fails like YamlEdits::apply.
Result<std::string> withoutAliases(const YamlDocument& document);

/// The same as mergeYaml for the values of the document, where its text cannot be changed in
/// place: comments and layout are lost, parts that `base` does not speak of survive.
YamlValue mergeValues(const YamlDocument& document, const YamlValue& base, const YamlValue& wanted,
                      const std::vector<std::string_view>& identities);

/// The text with the line ends of `model`: "\r\n" where its first line ends so.
std::string withLineEndsOf(std::string_view model, std::string text);

} // namespace watchfire::encoding
