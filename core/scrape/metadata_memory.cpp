// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/metadata_memory.h"

#include "core/base/bytes.h"
#include "core/scrape/line_cache.h"

#include <string_view>
#include <utility>

namespace watchfire::scrape {

namespace {

using exposition::EntryKind;

/// Views of what is packed: the type, the length of the unit, the unit, the help.
struct Known {
    MetricType type = MetricType::unknown;
    std::string_view unit;
    std::string_view help;

    explicit Known(std::string_view packed)
    {
        if (packed.empty()) {
            return;
        }
        ByteReader reader(asBytes(packed));
        type = static_cast<MetricType>(reader.le<std::uint8_t>());
        unit = reader.text();
        help = asText(reader.rest());
    }

    std::string pack() const
    {
        Bytes packed;
        ByteWriter writer(packed);
        writer.le(static_cast<std::uint8_t>(type));
        writer.text(unit);
        writer.bytes(asBytes(help));
        return std::string(asText(packed)); // without the room to grow
    }
};

} // namespace

std::optional<Metadata> MetadataMemory::take(const exposition::Entry& entry, EntryKind kind)
{
    std::string& packed = m_known[keyedHash(entry.family)];
    Known known(packed);
    bool changes = packed.empty();
    if (kind == EntryKind::type) {
        changes |= std::exchange(known.type, entry.type) != entry.type;
    } else {
        std::string_view& text = kind == EntryKind::help ? known.help : known.unit;
        changes |= std::exchange(text, entry.text) != entry.text;
    }
    if (!changes) {
        return std::nullopt;
    }
    Metadata all{known.type, std::string(known.help), std::string(known.unit)};
    packed = known.pack();
    return all;
}

} // namespace watchfire::scrape
