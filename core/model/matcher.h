// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/text/regex.h"

#include <optional>
#include <span>
#include <string>

namespace watchfire {

enum class MatchType { equal, notEqual, regex, notRegex };

/// One condition on a label's value. An absent label has the value "".
class Matcher {
public:
    /// Fails with ErrorKind::invalid when a regex does not compile.
    static Result<Matcher> make(MatchType type, std::string name, std::string value);
    static Matcher equal(std::string name, std::string value);

    MatchType type() const { return m_type; }
    const std::string& name() const { return m_name; }
    const std::string& value() const { return m_value; }
    /// Set for regex and notRegex.
    const std::optional<text::Regex>& regex() const { return m_regex; }

    bool matches(std::string_view value) const;
    bool matchesEmpty() const { return matches(""); }

    /// name="value", with the value quoted and the name quoted where it must be.
    std::string toString() const;

    friend bool operator==(const Matcher& a, const Matcher& b)
    {
        return a.m_type == b.m_type && a.m_name == b.m_name && a.m_value == b.m_value;
    }

private:
    MatchType m_type = MatchType::equal;
    std::string m_name;
    std::string m_value;
    std::optional<text::Regex> m_regex;
};

using Matchers = std::vector<Matcher>;

bool matchesAll(std::span<const Matcher> matchers, const Labels& labels);

/// = != =~ !~
std::string_view toText(MatchType type);

} // namespace watchfire
