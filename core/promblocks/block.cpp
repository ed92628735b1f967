// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promblocks/block.h"

#include "core/base/files.h"
#include "core/encoding/json.h"
#include "core/promblocks/cursor.h"
#include "core/tsdb/codec/crc32c.h"

#include <algorithm>
#include <format>
#include <limits>
#include <system_error>

namespace watchfire::promblocks {

namespace {

constexpr std::uint32_t indexMagic = 0xBAAAD700;
constexpr std::uint32_t segmentMagic = 0x85BD40DD;
constexpr std::uint32_t tombstoneMagic = 0x0130BA30;
constexpr std::size_t tocSize = 6 * 8 + 4;
constexpr std::size_t seriesAlignment = 16;
constexpr std::size_t segmentHeader = 8;

} // namespace

std::unexpected<Error> Block::damaged(const MappedFile& file, std::uint64_t offset,
                                      std::string_view what) const
{
    return fail(ErrorKind::corrupt,
                std::format("{}, offset {}: {}", file.path().string(), offset, what));
}

/// The contents of a section: its length stands before, its checksum behind.
Result<ByteView> Block::section(std::uint64_t offset, const char* what) const
{
    const ByteView file = m_index.bytes();
    if (offset > file.size() || file.size() - offset < 8) {
        return damaged(m_index, offset, std::format("{}: outside the file", what));
    }
    Cursor in(file.subspan(static_cast<std::size_t>(offset)));
    const std::uint32_t length = in.be32();
    const ByteView contents = in.bytes(length);
    const std::uint32_t crc = in.be32();
    if (!in.ok()) {
        return damaged(m_index, offset, std::format("{}: longer than the file", what));
    }
    if (tsdb::crc32c(contents) != crc) {
        return damaged(m_index, offset, std::format("{}: wrong checksum", what));
    }
    return contents;
}

Result<void> Block::openIndex()
{
    const ByteView file = m_index.bytes();
    if (file.size() < 5 + tocSize) {
        return damaged(m_index, 0, "too short for an index");
    }
    Cursor head(file);
    if (head.be32() != indexMagic) {
        return damaged(m_index, 0, "not an index of Prometheus");
    }
    if (const unsigned version = head.u8(); version != 2) {
        return fail(
            ErrorKind::unsupported,
            std::format("{}: index format {}, only 2 is known", m_index.path().string(), version));
    }
    const std::size_t tocAt = file.size() - tocSize;
    const ByteView toc = file.subspan(tocAt, tocSize - 4);
    Cursor in(file.subspan(tocAt));
    const std::uint64_t symbols = in.be64();
    static_cast<void>(in.be64()); // series: found through their list
    static_cast<void>(in.be64()); // label indices
    static_cast<void>(in.be64()); // and their table: no longer used
    static_cast<void>(in.be64()); // postings: found through their table
    const std::uint64_t postingsTable = in.be64();
    if (in.be32() != tsdb::crc32c(toc)) {
        return damaged(m_index, tocAt, "table of contents: wrong checksum");
    }
    if (auto opened = openSymbols(symbols); !opened) {
        return opened;
    }
    return openAllPostings(postingsTable);
}

Result<void> Block::openSymbols(std::uint64_t offset)
{
    const auto contents = section(offset, "symbols");
    if (!contents) {
        return std::unexpected(contents.error());
    }
    if (contents->size() > std::numeric_limits<std::uint32_t>::max()) {
        return damaged(m_index, offset, "symbols: too many bytes");
    }
    m_symbolsAt = offset + 4;
    Cursor in(*contents);
    const std::uint32_t count = in.be32();
    // Each takes a byte at least, so a wrong number cannot ask for much.
    m_symbols.reserve(std::min<std::size_t>(count, contents->size()));
    for (std::uint32_t i = 0; i < count; ++i) {
        m_symbols.push_back(static_cast<std::uint32_t>(in.offset()));
        static_cast<void>(in.text());
        if (!in.ok()) {
            return damaged(m_index, m_symbolsAt + m_symbols.back(),
                           std::format("symbol {} of {}: longer than the section", i, count));
        }
    }
    return {};
}

/// The list of all series is that of the label with neither name nor value.
Result<void> Block::openAllPostings(std::uint64_t tableOffset)
{
    const auto table = section(tableOffset, "table of postings");
    if (!table) {
        return std::unexpected(table.error());
    }
    Cursor in(*table);
    const std::uint32_t count = in.be32();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        const std::uint64_t at = tableOffset + 4 + in.offset();
        if (in.u8() != 2) {
            return damaged(m_index, at, "table of postings: an entry is not a name and a value");
        }
        const std::string_view name = in.text();
        const std::string_view value = in.text();
        const std::uint64_t offset = in.uvarint();
        if (!in.ok()) {
            return damaged(m_index, at, "table of postings: an entry ends early");
        }
        if (!name.empty() || !value.empty()) {
            continue;
        }
        const auto list = section(offset, "list of all series");
        if (!list) {
            return std::unexpected(list.error());
        }
        Cursor series(*list);
        const std::uint32_t entries = series.be32();
        m_series = series.bytes(std::size_t{entries} * 4);
        if (!series.ok()) {
            return damaged(m_index, offset, "list of all series: ends early");
        }
        return {};
    }
    if (count == 0) {
        return {}; // a block without series
    }
    return damaged(m_index, tableOffset, "table of postings: the list of all series is missing");
}

Result<std::string_view> Block::symbol(std::uint64_t number, std::size_t offset) const
{
    if (number >= m_symbols.size()) {
        return damaged(m_index, offset, std::format("symbol {} of {}", number, m_symbols.size()));
    }
    Cursor in(m_index.bytes().subspan(
        static_cast<std::size_t>(m_symbolsAt + m_symbols[static_cast<std::size_t>(number)])));
    return in.text(); // inside: looked at when the block was opened
}

Result<BlockSeries> Block::series(std::size_t index) const
{
    Cursor list(m_series.subspan(index * 4));
    BlockSeries made;
    made.ref = list.be32();
    const ByteView file = m_index.bytes();
    const std::size_t at = static_cast<std::size_t>(made.ref) * seriesAlignment;
    if (at >= file.size()) {
        return damaged(m_index, at, "a series outside the file");
    }
    Cursor outer(file.subspan(at));
    const std::uint64_t length = outer.uvarint();
    const ByteView contents = outer.bytes(length);
    const std::uint32_t crc = outer.be32();
    if (!outer.ok()) {
        return damaged(m_index, at, "a series longer than the file");
    }
    if (tsdb::crc32c(contents) != crc) {
        return damaged(m_index, at, "a series: wrong checksum");
    }
    Cursor in(contents);
    const std::uint64_t labels = in.uvarint();
    LabelsBuilder builder;
    for (std::uint64_t i = 0; i < labels && in.ok(); ++i) {
        const auto name = symbol(in.uvarint(), at);
        const auto value = symbol(in.uvarint(), at);
        if (!name || !value) {
            return std::unexpected(!name ? name.error() : value.error());
        }
        builder.set(*name, *value);
    }
    made.labels = builder.build();
    const std::uint64_t chunks = in.uvarint();
    made.chunks.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(chunks, in.left())));
    std::uint64_t before = 0; // sums wrap: whatever they say is checked below
    for (std::uint64_t i = 0; i < chunks && in.ok(); ++i) {
        ChunkPlace place;
        const std::uint64_t min
            = before + (i == 0 ? static_cast<std::uint64_t>(in.varint()) : in.uvarint());
        const std::uint64_t max = min + in.uvarint();
        place.minMs = static_cast<std::int64_t>(min);
        place.maxMs = static_cast<std::int64_t>(max);
        place.ref = i == 0 ? in.uvarint()
                           : made.chunks.back().ref + static_cast<std::uint64_t>(in.varint());
        if (in.ok()
            && (place.maxMs < place.minMs || (i > 0 && place.minMs < made.chunks.back().maxMs))) {
            return damaged(m_index, at, "a series whose chunks are not in order of time");
        }
        before = max;
        made.chunks.push_back(place);
    }
    if (!in.ok()) {
        return damaged(m_index, at, "a series ends early");
    }
    return made;
}

Result<void> Block::openSegments(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> paths;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder / "chunks", failed), end;
         !failed && at != end; at.increment(failed)) {
        const std::string name = at->path().filename().string();
        if (!name.empty()
            && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
            paths.push_back(at->path());
        }
    }
    if (failed) {
        return fail(failed == std::errc::no_such_file_or_directory ? ErrorKind::notFound
                                                                   : ErrorKind::io,
                    std::format("{}: {}", (folder / "chunks").string(), failed.message()));
    }
    std::ranges::sort(paths);
    for (const std::filesystem::path& path : paths) {
        auto file = MappedFile::open(path);
        if (!file) {
            return std::unexpected(file.error());
        }
        Cursor in(file->bytes());
        if (in.be32() != segmentMagic || !in.ok()) {
            return damaged(*file, 0, "not a segment of chunks");
        }
        if (const unsigned version = in.u8(); version != 1) {
            return fail(
                ErrorKind::unsupported,
                std::format("{}: chunk format {}, only 1 is known", path.string(), version));
        }
        m_segments.push_back(std::move(*file));
    }
    return {};
}

Result<void> Block::openTombstones(const std::filesystem::path& folder)
{
    auto file = MappedFile::open(folder / "tombstones");
    if (!file) {
        return file.error().kind == ErrorKind::notFound ? Result<void>{}
                                                        : std::unexpected(file.error());
    }
    const ByteView bytes = file->bytes();
    if (bytes.size() < 9) {
        return damaged(*file, 0, "too short for tombstones");
    }
    Cursor in(bytes.first(bytes.size() - 4));
    Cursor tail(bytes.last(4));
    if (in.be32() != tombstoneMagic) {
        return damaged(*file, 0, "not a file of tombstones");
    }
    if (const unsigned version = in.u8(); version != 1) {
        return fail(ErrorKind::unsupported,
                    std::format("{}: tombstone format {}, only 1 is known", file->path().string(),
                                version));
    }
    if (tsdb::crc32c(bytes.subspan(5, bytes.size() - 9)) != tail.be32()) {
        return damaged(*file, 5, "tombstones: wrong checksum");
    }
    while (in.left() > 0) {
        const std::size_t at = in.offset();
        const std::uint64_t series = in.uvarint();
        const std::int64_t minMs = in.varint();
        const std::int64_t maxMs = in.varint();
        if (!in.ok()) {
            return damaged(*file, at, "a tombstone ends early");
        }
        m_deleted[series].emplace_back(minMs, maxMs);
    }
    return {};
}

Result<std::unique_ptr<Block>> Block::open(const std::filesystem::path& folder)
{
    auto meta = readMeta(folder);
    if (!meta) {
        return std::unexpected(meta.error());
    }
    auto index = MappedFile::open(folder / "index");
    if (!index) {
        return std::unexpected(index.error());
    }
    std::unique_ptr<Block> made(new Block(std::move(*index)));
    made->m_meta = std::move(*meta);
    if (auto opened = made->openIndex(); !opened) {
        return std::unexpected(opened.error());
    }
    if (auto opened = made->openSegments(folder); !opened) {
        return std::unexpected(opened.error());
    }
    if (auto opened = made->openTombstones(folder); !opened) {
        return std::unexpected(opened.error());
    }
    return made;
}

Result<Block::ChunkBytes> Block::find(const ChunkPlace& place) const
{
    const std::uint64_t segment = place.ref >> 32;
    ChunkBytes made;
    made.offset = static_cast<std::size_t>(place.ref & 0xFFFF'FFFF);
    if (segment >= m_segments.size()) {
        return damaged(m_index, 0,
                       std::format("a chunk is said to be in segment {}, there are {}", segment + 1,
                                   m_segments.size()));
    }
    made.file = &m_segments[static_cast<std::size_t>(segment)];
    const ByteView file = made.file->bytes();
    if (made.offset < segmentHeader || made.offset >= file.size()) {
        return damaged(*made.file, made.offset, "a chunk outside the file");
    }
    Cursor in(file.subspan(made.offset));
    const std::uint64_t length = in.uvarint();
    if (!in.ok() || length > in.left() || in.left() - length < 5) {
        return damaged(*made.file, made.offset, "a chunk longer than the file");
    }
    made.checked = in.bytes(length + 1);
    made.crc = in.be32();
    made.encoding = made.checked[0];
    made.data = made.checked.subspan(1);
    return made;
}

Result<Block::ChunkSummary> Block::summary(const ChunkPlace& place) const
{
    const auto chunk = find(place);
    if (!chunk) {
        return std::unexpected(chunk.error());
    }
    const bool floats = chunk->encoding == static_cast<std::uint8_t>(ChunkEncoding::xorFloats)
        || chunk->encoding == static_cast<std::uint8_t>(ChunkEncoding::xor2Floats);
    return ChunkSummary{chunkSampleCount(chunk->encoding, chunk->data), !floats,
                        chunk->data.size()};
}

Result<void> Block::read(const BlockSeries& series, const ChunkPlace& place,
                         std::vector<ChunkSample>& out) const
{
    const auto chunk = find(place);
    if (!chunk) {
        return std::unexpected(chunk.error());
    }
    if (tsdb::crc32c(chunk->checked) != chunk->crc) {
        return damaged(*chunk->file, chunk->offset, "a chunk: wrong checksum");
    }
    const std::size_t before = out.size();
    if (auto decoded = decodeChunk(chunk->encoding, chunk->data, out); !decoded) {
        return std::unexpected(decoded.error().within(
            std::format("{}, offset {}", chunk->file->path().string(), chunk->offset)));
    }
    const auto deleted = m_deleted.find(series.ref);
    if (deleted != m_deleted.end()) {
        const auto isHidden = [&](const ChunkSample& sample) {
            return std::ranges::any_of(deleted->second, [&](const auto& interval) {
                return sample.atMs >= interval.first && sample.atMs <= interval.second;
            });
        };
        const auto from = out.begin() + static_cast<std::ptrdiff_t>(before);
        out.erase(std::remove_if(from, out.end(), isHidden), out.end());
    }
    return {};
}

} // namespace watchfire::promblocks
