// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

namespace watchfire {

/// A text that never appears in logs, exports or answers: it prints as <secret>, and only
/// `reveal` yields it, at the place that needs it.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text)
        : m_text(std::move(text))
    {
    }

    const std::string& reveal() const { return m_text; }
    bool empty() const { return m_text.empty(); }
    /// "<secret>", or "" when empty.
    std::string toString() const { return m_text.empty() ? "" : "<secret>"; }
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string m_text;
};

} // namespace watchfire
