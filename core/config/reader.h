// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/config/import.h"
#include "core/encoding/yaml.h"
#include "core/model/secret.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// How the readers of this folder take YAML apart: strictly, as Go's decoder does for
/// Prometheus, but collecting every fault instead of stopping at the first.
namespace watchfire::config {

/// Where faults of one file go.
class Reading {
public:
    Reading(std::string file, Findings& findings, bool wantsFiles = false)
        : m_file(std::move(file))
        , m_findings(findings)
        , m_wantsFiles(wantsFiles)
    {
    }

    void fault(const encoding::YamlNode& at, std::string message);
    void fault(const encoding::YamlMark& at, std::string message);
    /// About the file as a whole.
    void fault(std::string message);
    /// Kept and not done: what that means, and the remedy.
    void warn(const encoding::YamlNode& at, std::string message);
    /// Kept, and without a meaning here: why.
    void ignore(const encoding::YamlNode& at, std::string message);
    /// Whether files that are named must exist.
    bool wantsFiles() const { return m_wantsFiles; }
    bool ignoresUnknownFields() const { return m_findings.ignoresUnknownFields; }
    const std::string& file() const { return m_file; }
    std::size_t faults() const { return m_findings.faults.size(); }

private:
    std::string m_file;
    Findings& m_findings;
    bool m_wantsFiles;
};

/// Reads the keys of one mapping. Each key is asked for once; `finish` reports those nobody
/// asked for. A null value leaves what was there, as an absent key does. Merge keys (<<) count
/// behind the mapping's own.
class Fields {
public:
    /// `what` names the section in faults. A node that is no mapping is a fault.
    Fields(Reading& reading, const encoding::YamlNode& node, std::string what);

    /// The value, or nullptr where there is none or null.
    const encoding::YamlNode* take(std::string_view key);
    /// Whether the key stands there, even with null.
    bool has(std::string_view key) const;

    // Each returns the node where a value was read, else nullptr.
    const encoding::YamlNode* text(std::string_view key, std::string& out);
    const encoding::YamlNode* boolean(std::string_view key, bool& out);
    const encoding::YamlNode* count(std::string_view key, std::uint64_t& out);
    const encoding::YamlNode* integer(std::string_view key, std::int64_t& out);
    const encoding::YamlNode* duration(std::string_view key, Duration& out);
    const encoding::YamlNode* duration(std::string_view key, std::optional<Duration>& out);
    const encoding::YamlNode* number(std::string_view key, double& out);
    const encoding::YamlNode* secret(std::string_view key, Secret& out);
    const encoding::YamlNode* texts(std::string_view key, std::vector<std::string>& out);
    const encoding::YamlNode* pairs(std::string_view key,
                                    std::vector<std::pair<std::string, std::string>>& out);
    /// Bytes with a unit: 10MB, 1KiB, 0.
    const encoding::YamlNode* bytes(std::string_view key, std::uint64_t& out);

    /// Calls `each` for every item of a list; a null item is a fault with that message.
    void list(std::string_view key, std::string_view nullMessage,
              const std::function<void(const encoding::YamlNode&)>& each);
    /// Calls `each` with every key and value of a mapping.
    void
    entries(std::string_view key,
            const std::function<void(const encoding::YamlNode&, const encoding::YamlNode&)>& each);

    /// Accepts these keys without reading them. Returns those that are there.
    std::vector<std::string_view> skip(std::initializer_list<std::string_view> keys);
    void finish();

    Reading& reading() { return m_reading; }
    const encoding::YamlNode& node() const { return m_node; }

private:
    const encoding::YamlNode* scalar(std::string_view key, std::string_view type);
    void mismatch(const encoding::YamlNode& node, std::string_view type);

    Reading& m_reading;
    const encoding::YamlNode& m_node;
    std::string m_what;
    std::vector<std::pair<const encoding::YamlNode*, const encoding::YamlNode*>> m_entries;
    std::set<std::string_view> m_asked;
};

/// A scalar as text, !!binary decoded. Faults for what is no scalar. False then.
bool readText(Reading& reading, const encoding::YamlNode& node, std::string& out);
std::optional<Duration> readDuration(Reading& reading, const encoding::YamlNode& node);

/// Parses the text and hands over its root; duplicates and text that is not YAML are faults.
/// Nothing for an empty document.
std::optional<encoding::YamlDocument> readDocument(Reading& reading, std::string text);

/// The key `retention`: time, size and percentage, as Prometheus has them.
void readRetention(Fields& fields, RetentionConfig& out);

/// "10MB", "1KiB", "0". Nothing: not a size.
std::optional<std::uint64_t> parseBytes(std::string_view text);

} // namespace watchfire::config
