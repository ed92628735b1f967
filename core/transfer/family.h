// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/metadata.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::transfer {

/// Which OpenMetrics family each metric belongs to.
class Families {
public:
    /// `metadata` as the store has it: named after a family of OpenMetrics or of the older text
    /// format (whose counters bear _total in the family's name too).
    /// `metrics`: the names of all metrics that will be written.
    Families(std::span<const FamilyMetadata> metadata, std::vector<std::string> metrics);

    /// A family of the dump.
    struct Family {
        std::string name;
        Metadata metadata;
    };
    /// That metric's; always the same for the same name.
    const Family& of(std::string_view metric) const;

private:
    std::map<std::string, Family, std::less<>> m_byMetric;
};

} // namespace watchfire::transfer
