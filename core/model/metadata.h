// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watchfire {

enum class MetricType : std::uint8_t {
    unknown,
    counter,
    gauge,
    histogram,
    gaugeHistogram,
    summary,
    info,
    stateSet
};

/// counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown.
std::string_view toText(MetricType type);

struct Metadata {
    MetricType type = MetricType::unknown;
    std::string help;
    std::string unit;
    friend bool operator==(const Metadata&, const Metadata&) = default;
};

/// Metadata of the family with that name.
struct FamilyMetadata {
    std::string family;
    Metadata metadata;
    friend bool operator==(const FamilyMetadata&, const FamilyMetadata&) = default;
};

} // namespace watchfire
