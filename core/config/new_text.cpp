// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/file_changes.h"
#include "core/encoding/yaml_edit.h"

#include <algorithm>
#include <format>

namespace watchfire::config {

namespace {

using encoding::YamlDocument;
using encoding::YamlValue;

/// The whole text anew, with the top-level keys that are not ours left as they were.
YamlValue rewritten(const YamlDocument& document, const FileChange& change)
{
    YamlValue whole = YamlValue::mapping();
    if (document.root() != nullptr && document.root()->isMapping()) {
        whole = encoding::toValue(*document.root());
    }
    const auto isIn = [](const YamlValue& value, const std::string& key) {
        return std::ranges::contains(value.entries, key, &encoding::YamlMember::key);
    };
    std::erase_if(whole.entries, [&](const auto& entry) {
        return isIn(change.base, entry.key) || isIn(change.wanted, entry.key);
    });
    YamlValue out = change.wanted;
    out.entries.insert(out.entries.end(), whole.entries.begin(), whole.entries.end());
    return out;
}

/// Ways to the new text, the gentlest first: a change in place; one after what aliases share was
/// spelled out; the same values without the old layout; what we know of alone.
class Candidates {
public:
    Candidates(const YamlDocument& document, const FileChange& change)
        : m_document(document)
        , m_change(change)
    {
    }

    static constexpr int count = 4;

    /// Nothing: this way leads nowhere.
    std::optional<std::string> operator()(int way) const
    {
        switch (way) {
        case 0:
            return inPlace(m_document);
        case 1:
            return withoutSharing();
        case 2:
            return emitted(encoding::mergeValues(m_document, m_change.base, m_change.wanted,
                                                 m_change.identities));
        default:
            return emitted(rewritten(m_document, m_change));
        }
    }

private:
    std::optional<std::string> inPlace(const YamlDocument& document) const
    {
        auto merged
            = encoding::mergeYaml(document, m_change.base, m_change.wanted, m_change.identities);
        return merged ? std::optional(std::move(*merged)) : std::nullopt;
    }

    std::optional<std::string> withoutSharing() const
    {
        auto plain = encoding::withoutAliases(m_document);
        if (!plain) {
            return std::nullopt;
        }
        const auto document = YamlDocument::parse(std::move(*plain));
        return document ? inPlace(*document) : std::nullopt;
    }

    std::string emitted(const YamlValue& value) const
    {
        return encoding::withLineEndsOf(m_document.text(), encoding::emitYaml(value));
    }

    const YamlDocument& m_document;
    const FileChange& m_change;
};

} // namespace

Result<std::string> newText(const FileChange& change, const FileView& files)
{
    std::string text;
    if (auto current = files.read(change.file)) {
        text = std::move(*current);
    } else if (current.error().kind != ErrorKind::notFound) {
        return std::unexpected(current.error());
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    Findings before;
    if (!text.empty() && change.readOld(text, before) != change.base) {
        return fail(ErrorKind::conflict,
                    std::format("{} was changed on disk since it was read; reload it first",
                                change.file.string()));
    }
    auto document = YamlDocument::parse(std::move(text));
    if (!document) {
        return std::unexpected(document.error());
    }
    Findings findings;
    YamlValue got;
    const Candidates candidates(*document, change);
    for (int way = 0; way < Candidates::count; ++way) {
        auto candidate = candidates(way);
        if (!candidate) {
            continue;
        }
        findings = {};
        got = change.readNew(*candidate, findings);
        if (findings.faults.empty() && got == change.wanted) {
            return std::move(*candidate);
        }
    }
    if (!findings.faults.empty()) {
        return fail(ErrorKind::invalid, findings.faults.front().toString());
    }
    return fail(ErrorKind::invalid,
                std::format("{} would not read back as it was meant", change.file.string()));
}

} // namespace watchfire::config
