// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/tsdb/environment.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

namespace watchfire::tsdb {

// The hand-off file. On disk: do not renumber.
//
//   header 4096: magic "WFRING1\0" 8; capacity u64; store UUID 16; head u64; tail u64 (bytes
//   since the file was made; the batches from head to tail are not in LMDB yet); incarnation u32;
//   incarnation before u32; zeros
//   then `capacity` bytes, used round and round:
//   batch: u32 length of the payload; u32 CRC-32C of the payload, XOR the low half of seq, XOR the
//   incarnation; u64 seq; payload; zeros to a multiple of 8
//
// Each opening for writing takes another incarnation, at random, and marks what it found with it.
// After a power loss pages of the file are of different ages: a batch that was lost once, with a
// number that was given again since, is told from a new one by that. While the marking goes on,
// batches of the incarnation before count too.
//
// A batch is what one commit of a writer accepted. Its payload is journal frames; seq is the
// number of the first of them that the journal will hold (see journal.h).

/// Carries accepted batches from the writers to the storage writer through a shared mapping, so
/// that they outlive the process. When the file is full, batches wait in memory, where they do
/// not: that is told by `hasSpilled`.
class Ring {
public:
    /// Opens or makes DIR/handoff, fully allocated. A file of another store is begun anew; one
    /// of another size, too, unless it holds something, and then keeps its size. When the disk has
    /// no room for it, memory takes its place (`isDurable`).
    static Result<std::unique_ptr<Ring>> open(const std::filesystem::path& directory,
                                              const StoreId& id, std::uint64_t capacity);
    /// An empty file gives its room back, until it is opened again.
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    struct Batch {
        std::uint64_t seq = 0;
        ByteView payload;
    };

    /// What a process before this one left, oldest first: from `nextSeq` on, without a gap;
    /// batches wholly before `nextSeq` are passed over. `countFrames` tells how many numbers a
    /// payload uses. What follows a damaged batch is dropped. Afterwards the next push gets the
    /// number after the last. Call once, before anything else.
    void recover(std::uint64_t nextSeq,
                 const std::function<std::uint64_t(ByteView payload)>& countFrames,
                 const std::function<void(const Batch&)>& apply);

    /// The same for a tool beside the running engine: reads the file and changes nothing.
    static void peek(const std::filesystem::path& directory, const StoreId& id,
                     std::uint64_t nextSeq,
                     const std::function<std::uint64_t(ByteView payload)>& countFrames,
                     const std::function<void(const Batch&)>& apply);

    /// Hands over one batch using `frames` numbers and returns the first of them. From any
    /// thread.
    std::uint64_t push(ByteView payload, std::uint64_t frames);

    /// A place in the stream of batches.
    struct Mark {
        std::uint64_t tail = 0;
        std::size_t spilled = 0;
        std::uint64_t nextSeq = 0; ///< the number of the first frame behind it
    };
    Mark mark() const;
    /// The batches not yet taken, up to `end`, oldest first. Storage writer only.
    void visit(const Mark& end, const std::function<void(const Batch&)>& visitor);
    /// They are in LMDB now: their room is free. Storage writer only.
    void release(const Mark& end);

    bool isHalfFull() const;
    bool isDurable() const { return m_fd >= 0; }
    std::uint64_t usedBytes() const;
    bool hasSpilled() const { return m_hasSpilled.load(std::memory_order_relaxed); }

private:
    struct Header;
    /// The capacity of a file of that store that holds batches; 0: there is none.
    static std::uint64_t capacityInUse(int fd, const StoreId& id);
    struct Spilled {
        std::uint64_t seq = 0;
        Bytes payload;
    };
    Ring() = default;
    void copyIn(std::uint64_t at, ByteView data);
    void copyOut(std::uint64_t at, std::span<std::uint8_t> data) const;
    /// Takes a batch that has one of these marks.
    struct Marks {
        std::uint32_t now = 0;
        std::uint32_t before = 0;
    };
    Marks marks() const;
    bool readBatch(std::uint64_t at, std::uint64_t end, Marks marks, Batch& batch, Bytes& buffer,
                   std::uint64_t& next) const;
    void beginIncarnation();

    int m_fd = -1;
    Header* m_header = nullptr;
    std::uint8_t* m_data = nullptr;
    std::uint64_t m_capacity = 0;
    mutable std::mutex m_mutex;
    std::uint64_t m_nextSeq = 1;
    std::deque<Spilled> m_spilled; // younger than everything in the file
    std::atomic<bool> m_hasSpilled = false;
};

} // namespace watchfire::tsdb
