// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/text_places.h"

#include <algorithm>

namespace watchfire::ui::editor {

TextPlaces::TextPlaces(const QString& text)
    : m_text(text)
    , m_bytes(text.toStdString())
    , m_plain(qsizetype(m_bytes.size()) == text.size())
{
}

int TextPlaces::position(std::uint32_t byte) const
{
    const auto at = std::min<std::size_t>(byte, m_bytes.size());
    return m_plain ? int(at)
                   : int(QString::fromUtf8(std::string_view(m_bytes).substr(0, at)).size());
}

std::uint32_t TextPlaces::byte(int position) const
{
    const auto at = std::clamp<qsizetype>(position, 0, m_text.size());
    return m_plain ? std::uint32_t(at) : std::uint32_t(m_text.left(at).toUtf8().size());
}

} // namespace watchfire::ui::editor
