// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

#include <QString>

namespace watchfire::ui::editor {

/// One text as the language sees it (bytes of UTF-8) and as the editor does (positions of
/// UTF-16), with the way from one to the other.
class TextPlaces {
public:
    explicit TextPlaces(const QString& text);

    const QString& text() const { return m_text; }
    const std::string& bytes() const { return m_bytes; }
    /// Beyond the end: the end.
    int position(std::uint32_t byte) const;
    std::uint32_t byte(int position) const;

private:
    QString m_text;
    std::string m_bytes;
    bool m_plain; ///< one byte for each character: both ways are the same
};

} // namespace watchfire::ui::editor
