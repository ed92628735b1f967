// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"
#include "core/model/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace watchfire::scrape {

/// What the comments of one target's answers said of its families. There are many targets with
/// the same families, so it is kept small: names as hashes, the rest packed.
class MetadataMemory {
public:
    /// Takes up a comment (type, help or unit). All that is known of its family, where that is
    /// other than before.
    std::optional<Metadata> take(const exposition::Entry& entry, exposition::EntryKind kind);

private:
    std::unordered_map<std::uint64_t, std::string> m_known; ///< by the family's name
};

} // namespace watchfire::scrape
