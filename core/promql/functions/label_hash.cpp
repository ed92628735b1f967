// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/label_hash.h"

#include <limits>
#include <string>
#include <xxhash.h>

namespace watchfire::promql {

namespace {

/// Lengths from 255 up take the byte 255 and three more, little-endian.
void appendText(std::string& out, std::string_view text)
{
    const std::size_t length = text.size();
    if (length < 255) {
        out += static_cast<char>(length);
    } else {
        out += static_cast<char>(255);
        out += static_cast<char>(length & 0xFF);
        out += static_cast<char>(length >> 8 & 0xFF);
        out += static_cast<char>(length >> 16 & 0xFF);
    }
    out += text;
}

} // namespace

double labelRatio(const Labels& labels)
{
    std::string bytes;
    for (const Label& label : labels) {
        appendText(bytes, label.name);
        appendText(bytes, label.value);
    }
    const XXH64_hash_t hash = XXH64(bytes.data(), bytes.size(), 0);
    return static_cast<double>(hash)
        / static_cast<double>(std::numeric_limits<std::uint64_t>::max());
}

} // namespace watchfire::promql
