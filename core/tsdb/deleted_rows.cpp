// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/deleted_rows.h"

#include "core/model/sample.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t deletionVersion = 1;

} // namespace

bool Deletion::covers(Sid sid) const
{
    const auto after = std::ranges::upper_bound(series, sid, {}, &std::pair<Sid, Sid>::first);
    return after != series.begin() && sid <= std::prev(after)->second;
}

Bytes Deletion::serialize() const
{
    Bytes out;
    ByteWriter writer(out);
    writer.le(deletionVersion);
    writer.le(beforeSeq);
    writer.le(static_cast<std::uint64_t>(fromMs));
    writer.le(static_cast<std::uint64_t>(toMs));
    writer.varint(series.size());
    for (const auto& [first, last] : series) {
        writer.varint(first);
        writer.varint(last - first + 1);
    }
    return out;
}

std::optional<Deletion> Deletion::parse(ByteView value)
{
    Deletion deletion;
    ByteReader reader(value);
    const auto version = reader.le<std::uint8_t>();
    deletion.beforeSeq = reader.le<std::uint32_t>();
    deletion.fromMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
    deletion.toMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
    const std::uint64_t count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto first = static_cast<Sid>(reader.varint());
        const auto length = static_cast<Sid>(reader.varint());
        deletion.series.emplace_back(first, first + length - 1);
    }
    return reader.ok() && version == deletionVersion ? std::optional(std::move(deletion))
                                                     : std::nullopt;
}

Result<Deletions> Deletions::load(Txn& txn, Window window, Gid gid)
{
    Deletions deletions;
    if (txn.entries(Table::tomb) == 0) {
        return deletions;
    }
    Cursor cursor(txn, Table::tomb);
    const Key prefix = Key().be32(window).be32(gid);
    for (bool more = cursor.seek(prefix); more && startsWith(cursor.key(), prefix);
         more = cursor.next()) {
        auto deletion = Deletion::parse(cursor.value());
        if (!deletion || cursor.key().size() != 12) {
            return fail(ErrorKind::corrupt, "a record of deletions cannot be read");
        }
        deletions.m_all.push_back(std::move(*deletion));
        deletions.m_numbers.push_back(be32At(cursor.key(), 8));
    }
    if (auto read = cursor.result(txn.environment()); !read) {
        return std::unexpected(read.error());
    }
    return deletions;
}

bool Deletions::isDeleted(std::uint32_t seq, Sid sid, std::int64_t atMs) const
{
    return std::ranges::any_of(m_all, [&](const Deletion& one) {
        return seq < one.beforeSeq && atMs >= one.fromMs && atMs <= one.toMs && one.covers(sid);
    });
}

std::size_t Deletions::mask(std::uint32_t seq, Sid sid, std::span<const std::int64_t> times,
                            std::span<double> values) const
{
    std::size_t masked = 0;
    for (const Deletion& one : m_all) {
        if (seq >= one.beforeSeq || !one.covers(sid)) {
            continue;
        }
        const auto first = std::ranges::lower_bound(times, one.fromMs) - times.begin();
        const auto last = std::ranges::upper_bound(times, one.toMs) - times.begin();
        for (auto i = first; i < last; ++i) {
            double& value = values[static_cast<std::size_t>(i)];
            masked += isAbsent(value) ? 0 : 1;
            value = absentValue();
        }
    }
    return masked;
}

} // namespace watchfire::tsdb
