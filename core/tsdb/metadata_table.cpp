// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/metadata_table.h"

#include "core/tsdb/index/names.h"

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t valueVersion = 1;
constexpr std::uint8_t lastType = static_cast<std::uint8_t>(MetricType::stateSet);

} // namespace

void MetadataTable::add(Gid gid, const FamilyMetadata& metadata)
{
    const std::lock_guard lock(m_mutex);
    m_pending[{gid, metadata.family}] = metadata.metadata;
}

Result<std::vector<FamilyMetadata>> MetadataTable::list(Environment& environment) const
{
    // Pending first: what is dropped there in between is in the table already.
    const Pending pending = this->pending();
    std::map<std::string, Metadata> families;
    {
        auto txn = environment.read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        Cursor cursor(*txn, Table::mdata);
        for (bool more = cursor.first(); more; more = cursor.next()) {
            ByteReader reader(cursor.value());
            const auto version = reader.le<std::uint8_t>();
            Metadata metadata;
            const auto type = reader.le<std::uint8_t>();
            metadata.type = type <= lastType ? static_cast<MetricType>(type) : MetricType::unknown;
            metadata.unit = reader.text();
            metadata.help = reader.text();
            if (!reader.ok() || version != valueVersion || cursor.key().size() <= 4) {
                continue;
            }
            const std::string_view full = asText(reader.rest());
            families[std::string(full.empty() ? asText(cursor.key().subspan(4)) : full)]
                = std::move(metadata);
        }
        if (auto read = cursor.result(environment); !read) {
            return std::unexpected(read.error());
        }
    }
    for (const auto& [key, metadata] : pending) {
        families[key.second] = metadata;
    }
    std::vector<FamilyMetadata> list;
    list.reserve(families.size());
    for (auto& [family, metadata] : families) {
        list.push_back({family, std::move(metadata)});
    }
    return list;
}

MetadataTable::Pending MetadataTable::pending() const
{
    const std::lock_guard lock(m_mutex);
    return m_pending;
}

void MetadataTable::write(WriteTxn& txn, const Pending& pending)
{
    for (const auto& [at, metadata] : pending) {
        Key key;
        key.be32(at.first);
        appendCut(key, at.second);
        Bytes value;
        ByteWriter writer(value);
        writer.le(valueVersion);
        writer.le(static_cast<std::uint8_t>(metadata.type));
        writer.text(metadata.unit);
        writer.text(metadata.help);
        if (isCut(at.second)) {
            writer.bytes(asBytes(at.second));
        }
        txn.put(Table::mdata, key, value);
    }
}

void MetadataTable::committed(const Pending& done)
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [at, metadata] : done) {
        if (const auto there = m_pending.find(at);
            there != m_pending.end() && there->second == metadata) {
            m_pending.erase(there);
        }
    }
}

} // namespace watchfire::tsdb
