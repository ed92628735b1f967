// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/promblocks/chunk_decoder.h"
#include "core/promblocks/mapped_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::promblocks {

/// What a block's meta.json says.
struct BlockMeta {
    std::string ulid;
    std::int64_t minMs = 0;
    std::int64_t maxMs = 0; ///< the first moment after the block
    std::uint64_t samples = 0;
    std::uint64_t series = 0;
    std::uint64_t chunks = 0;
};

/// Where a chunk is. Both times inclusive, of its first and last sample.
struct ChunkPlace {
    std::int64_t minMs = 0;
    std::int64_t maxMs = 0;
    std::uint64_t ref = 0; ///< segment number (from 0) in the upper half, offset in the lower
};

struct BlockSeries {
    std::uint64_t ref = 0; ///< the block's own number of it
    Labels labels;
    std::vector<ChunkPlace> chunks; ///< ascending in time
};

/// One block of a Prometheus database: a folder with meta.json, index (format 2), chunks/ and
/// perhaps tombstones. Used in place; every length in it is checked before it is used, every
/// checksum when its bytes are first read. Errors name file and offset. Used by one thread.
///
/// Source: Prometheus 3.14, tsdb/docs/format: index.md, chunks.md, tombstones.md.
class Block {
public:
    /// Fails with ErrorKind::notFound, io, corrupt, or unsupported (another version).
    static Result<std::unique_ptr<Block>> open(const std::filesystem::path& folder);

    const BlockMeta& meta() const { return m_meta; }
    std::size_t seriesCount() const { return m_series.size() / 4; }
    /// The series at that place of the block's list.
    Result<BlockSeries> series(std::size_t index) const;
    /// How many samples the chunk says it has, and whether they are histograms.
    struct ChunkSummary {
        std::uint32_t samples = 0;
        bool holdsHistograms = false;
        std::size_t bytes = 0;
    };
    Result<ChunkSummary> summary(const ChunkPlace& place) const;
    /// Appends the chunk's samples to `out` without those that tombstones of the series hide.
    Result<void> read(const BlockSeries& series, const ChunkPlace& place,
                      std::vector<ChunkSample>& out) const;

private:
    struct ChunkBytes {
        const MappedFile* file = nullptr;
        std::size_t offset = 0;
        std::uint8_t encoding = 0;
        ByteView data;
        ByteView checked; ///< encoding and data
        std::uint32_t crc = 0;
    };

    explicit Block(MappedFile index)
        : m_index(std::move(index))
    {
    }
    Result<void> openIndex();
    Result<void> openSymbols(std::uint64_t offset);
    Result<void> openAllPostings(std::uint64_t tableOffset);
    Result<void> openSegments(const std::filesystem::path& folder);
    Result<void> openTombstones(const std::filesystem::path& folder);
    Result<ByteView> section(std::uint64_t offset, const char* what) const;
    Result<std::string_view> symbol(std::uint64_t number, std::size_t offset) const;
    Result<ChunkBytes> find(const ChunkPlace& place) const;
    std::unexpected<Error> damaged(const MappedFile& file, std::uint64_t offset,
                                   std::string_view what) const;

    BlockMeta m_meta;
    MappedFile m_index;
    std::vector<std::uint32_t>
        m_symbols; ///< offset of each in the index file; 4 GiB of them at most
    std::uint64_t m_symbolsAt = 0;
    ByteView m_series; ///< 4 bytes each, big-endian: a sixteenth of its offset
    std::vector<MappedFile> m_segments;
    std::map<std::uint64_t, std::vector<std::pair<std::int64_t, std::int64_t>>> m_deleted;
};

/// The blocks in a folder: itself, where it is one, else those directly in it (a Prometheus
/// data directory, or a snapshot), in order of time. What is no block is passed over: the head
/// (wal, chunks_head) is not read.
/// Fails with ErrorKind::notFound where there is none.
Result<std::vector<std::filesystem::path>> findBlocks(const std::filesystem::path& folder);

/// Reads meta.json of a block.
Result<BlockMeta> readMeta(const std::filesystem::path& folder);

} // namespace watchfire::promblocks
