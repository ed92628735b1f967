// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"

#include <cstdint>
#include <format>
#include <string>
#include <string_view>

namespace watchfire::alerting {

/// The id that the field gives an alert: FNV-1a of 64 bits over its labels in order, each name
/// and each value closed by a byte 255, as 16 hexadecimal digits.
///
/// Source: github.com/prometheus/common, model.LabelSet.Fingerprint.
inline std::string fingerprintOf(const Labels& labels)
{
    std::uint64_t hash = 14695981039346656037ULL;
    const auto add = [&hash](std::string_view bytes) {
        for (const char c : bytes) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        }
        hash = (hash ^ 255U) * 1099511628211ULL;
    };
    for (const Label& label : labels) {
        add(label.name);
        add(label.value);
    }
    return std::format("{:016x}", hash);
}

} // namespace watchfire::alerting
