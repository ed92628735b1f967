// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/utf8.h"

#include <cstddef>
#include <cstdint>

namespace watchfire::text {

bool isUtf8(std::string_view text)
{
    const auto byteAt = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const std::uint8_t lead = byteAt(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        std::size_t length = 0;
        std::uint8_t least = 0x80;
        std::uint8_t most = 0xBF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            length = 2;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            length = 3;
            least = lead == 0xE0 ? 0xA0 : 0x80; // overlong below
            most = lead == 0xED ? 0x9F : 0xBF; // surrogates above
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            length = 4;
            least = lead == 0xF0 ? 0x90 : 0x80;
            most = lead == 0xF4 ? 0x8F : 0xBF; // beyond U+10FFFF
        } else {
            return false;
        }
        if (i + length > text.size() || byteAt(i + 1) < least || byteAt(i + 1) > most) {
            return false;
        }
        for (std::size_t k = 2; k < length; ++k) {
            if ((byteAt(i + k) & 0xC0) != 0x80) {
                return false;
            }
        }
        i += length;
    }
    return true;
}

} // namespace watchfire::text
