// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/ring.h"

#include "core/base/log.h"
#include "core/tsdb/codec/crc32c.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace watchfire::tsdb {

struct Ring::Header {
    std::array<char, 8> magic;
    std::uint64_t capacity;
    StoreId id;
    std::atomic<std::uint64_t> head;
    std::atomic<std::uint64_t> tail;
    std::atomic<std::uint32_t> incarnation;
    std::atomic<std::uint32_t> before;
};

namespace {

constexpr std::array<char, 8> magic{'W', 'F', 'R', 'I', 'N', 'G', '1', '\0'};
constexpr std::size_t headerBytes = 4096;
constexpr std::uint64_t batchHeaderBytes = 16;

constexpr std::uint64_t padded(std::uint64_t bytes)
{
    return (bytes + 7) & ~std::uint64_t{7};
}
constexpr std::uint64_t checkOffset = 4; // in a batch

/// Walks batches from `nextSeq` on, given a way to read the one at an offset. Returns the offset
/// behind the last good one.
template <class Read>
std::uint64_t walk(std::uint64_t head, std::uint64_t tail, std::uint64_t& nextSeq,
                   const std::function<std::uint64_t(ByteView)>& countFrames,
                   const std::function<void(const Ring::Batch&)>& apply, Read&& read)
{
    std::uint64_t at = head;
    while (at < tail) {
        Ring::Batch batch;
        std::uint64_t next = at;
        if (!read(at, tail, batch, next)) {
            break;
        }
        const std::uint64_t end = batch.seq + countFrames(batch.payload);
        if (batch.seq > nextSeq || (batch.seq < nextSeq && end > nextSeq)) {
            break; // frames between are missing, so what follows has nothing to stand on
        }
        if (batch.seq == nextSeq) {
            apply(batch);
            nextSeq = end;
        }
        at = next;
    }
    return at;
}

} // namespace

std::uint64_t Ring::capacityInUse(int fd, const StoreId& id)
{
    Header header{};
    struct ::stat status{};
    if (::pread(fd, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)
        || ::fstat(fd, &status) != 0) {
        return 0;
    }
    const std::uint64_t used = header.tail.load() - header.head.load();
    const bool isWhole = header.magic == magic && header.id == id && header.capacity >= 4096
        && padded(header.capacity) == header.capacity
        && headerBytes + header.capacity == static_cast<std::uint64_t>(status.st_size);
    return isWhole && used > 0 && used <= header.capacity ? header.capacity : 0;
}

Result<std::unique_ptr<Ring>> Ring::open(const std::filesystem::path& directory, const StoreId& id,
                                         std::uint64_t capacity)
{
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    std::unique_ptr<Ring> ring(new Ring);
    const std::filesystem::path path = directory / "handoff";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail(ErrorKind::io,
                    std::format("cannot open {}: {}", path.string(),
                                std::generic_category().message(errno)));
    }
    // What a file of another size holds was accepted as well: such a file is used as it is.
    const std::uint64_t inUse = capacityInUse(fd, id);
    ring->m_capacity = inUse != 0 ? inUse : padded(std::max<std::uint64_t>(capacity, 4096));
    const std::size_t whole = headerBytes + ring->m_capacity;
    struct ::stat status{};
    const bool sized
        = ::fstat(fd, &status) == 0 && static_cast<std::size_t>(status.st_size) == whole;
    if (!sized && ::ftruncate(fd, 0) != 0) {
        log(LogLevel::warning, "tsdb", "{}: cannot empty it: {}", path.string(),
            std::generic_category().message(errno));
    }
    // Every byte is allocated now: a write into the mapping must never meet a full disk.
    if (const int refused = ::posix_fallocate(fd, 0, static_cast<off_t>(whole)); refused != 0) {
        if (::ftruncate(fd, 0) != 0) { // gives back what could be had
            log(LogLevel::debug, "tsdb", "{}: not emptied", path.string());
        }
        ::close(fd);
        if (refused != ENOSPC && refused != EDQUOT && refused != EFBIG) {
            return fail(ErrorKind::io,
                        std::format("cannot allocate {}: {}", path.string(),
                                    std::generic_category().message(refused)));
        }
    } else {
        ring->m_fd = fd;
    }
    void* const map = ring->m_fd >= 0
        ? ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, ring->m_fd, 0)
        : ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        return fail(ErrorKind::io,
                    std::format("cannot map {}: {}", path.string(),
                                std::generic_category().message(errno)));
    }
    ring->m_header = static_cast<Header*>(map);
    ring->m_data = static_cast<std::uint8_t*>(map) + headerBytes;
    Header& header = *ring->m_header;
    const std::uint64_t used = header.tail.load() - header.head.load();
    if (header.magic != magic || header.capacity != ring->m_capacity || header.id != id
        || used > ring->m_capacity) {
        header.head = 0;
        header.tail = 0;
        header.incarnation = 0;
        header.before = 0;
        header.capacity = ring->m_capacity;
        header.id = id;
        header.magic = magic;
    }
    return ring;
}

Ring::~Ring()
{
    if (m_header != nullptr) {
        const bool isEmpty = usedBytes() == 0;
        ::munmap(m_header, headerBytes + m_capacity);
        if (isEmpty && m_fd >= 0
            && ::fallocate(m_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, headerBytes,
                           static_cast<off_t>(m_capacity))
                != 0) {
            log(LogLevel::debug, "tsdb", "the hand-off file keeps its room: {}",
                std::generic_category().message(errno));
        }
    }
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

void Ring::copyIn(std::uint64_t at, ByteView data)
{
    const std::size_t offset = at % m_capacity;
    const std::size_t front = std::min<std::size_t>(data.size(), m_capacity - offset);
    std::memcpy(m_data + offset, data.data(), front);
    if (front < data.size()) {
        std::memcpy(m_data, data.data() + front, data.size() - front);
    }
}

void Ring::copyOut(std::uint64_t at, std::span<std::uint8_t> data) const
{
    const std::size_t offset = at % m_capacity;
    const std::size_t front = std::min<std::size_t>(data.size(), m_capacity - offset);
    std::memcpy(data.data(), m_data + offset, front);
    if (front < data.size()) {
        std::memcpy(data.data() + front, m_data, data.size() - front);
    }
}

Ring::Marks Ring::marks() const
{
    return {m_header->incarnation.load(), m_header->before.load()};
}

bool Ring::readBatch(std::uint64_t at, std::uint64_t end, Marks marks, Batch& batch, Bytes& buffer,
                     std::uint64_t& next) const
{
    if (end - at < batchHeaderBytes) {
        return false;
    }
    std::array<std::uint8_t, batchHeaderBytes> head{};
    copyOut(at, head);
    ByteReader reader(head);
    const auto length = reader.le<std::uint32_t>();
    const auto crc = reader.le<std::uint32_t>();
    batch.seq = reader.le<std::uint64_t>();
    next = at + batchHeaderBytes + padded(length);
    if (next > end) {
        return false;
    }
    const std::size_t offset = (at + batchHeaderBytes) % m_capacity;
    if (offset + length <= m_capacity) {
        batch.payload = {m_data + offset, length};
    } else {
        buffer.resize(length);
        copyOut(at + batchHeaderBytes, buffer);
        batch.payload = buffer;
    }
    const std::uint32_t mark = crc ^ crc32c(batch.payload) ^ static_cast<std::uint32_t>(batch.seq);
    return mark == marks.now || mark == marks.before;
}

void Ring::beginIncarnation()
{
    const Marks old = marks();
    Marks fresh{old.now, old.before};
    // Marking that was cut short is taken up again: that process has pushed nothing.
    while (fresh.now == fresh.before) {
        if (::getrandom(&fresh.now, sizeof fresh.now, 0) != sizeof fresh.now) {
            ++fresh.now;
        }
    }
    m_header->incarnation.store(fresh.now, std::memory_order_release);
    const std::uint64_t tail = m_header->tail.load();
    std::uint64_t next = 0;
    Bytes buffer;
    for (std::uint64_t at = m_header->head.load(); at < tail; at = next) {
        Batch batch;
        if (!readBatch(at, tail, fresh, batch, buffer, next)) {
            break; // recovery has cut it off
        }
        const std::uint32_t sum
            = crc32c(batch.payload) ^ static_cast<std::uint32_t>(batch.seq) ^ fresh.now;
        std::array<std::uint8_t, sizeof sum> bytes{};
        std::memcpy(bytes.data(), &sum, sizeof sum);
        copyIn(at + checkOffset, bytes);
    }
    m_header->before.store(fresh.now, std::memory_order_release);
}

void Ring::recover(std::uint64_t nextSeq,
                   const std::function<std::uint64_t(ByteView payload)>& countFrames,
                   const std::function<void(const Batch&)>& apply)
{
    const std::uint64_t head = m_header->head.load();
    const std::uint64_t tail = m_header->tail.load();
    Bytes buffer;
    m_nextSeq = nextSeq;
    const std::uint64_t good
        = walk(head, tail, m_nextSeq, countFrames, apply,
               [&](std::uint64_t at, std::uint64_t end, Batch& batch, std::uint64_t& next) {
                   return readBatch(at, end, marks(), batch, buffer, next);
               });
    if (good != tail) {
        log(LogLevel::warning, "tsdb",
            "the hand-off file has {} bytes that do not follow what is stored; they are left out",
            tail - good);
        m_header->tail.store(good);
    }
    beginIncarnation();
}

void Ring::peek(const std::filesystem::path& directory, const StoreId& id, std::uint64_t nextSeq,
                const std::function<std::uint64_t(ByteView payload)>& countFrames,
                const std::function<void(const Batch&)>& apply)
{
    const std::filesystem::path path = directory / "handoff";
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT) {
            log(LogLevel::warning, "tsdb",
                "cannot read {}: {}; what no commit has written yet is "
                "not seen",
                path.string(), std::generic_category().message(errno));
        }
        return;
    }
    Bytes file;
    struct ::stat status{};
    if (::fstat(fd, &status) == 0 && status.st_size > static_cast<off_t>(headerBytes)) {
        file.resize(static_cast<std::size_t>(status.st_size));
        std::size_t got = 0;
        while (got < file.size()) {
            const ssize_t more
                = ::pread(fd, file.data() + got, file.size() - got, static_cast<off_t>(got));
            if (more <= 0) {
                break;
            }
            got += static_cast<std::size_t>(more);
        }
        file.resize(got);
    }
    ::close(fd);
    if (file.size() <= headerBytes) {
        return;
    }
    // The copy was made while the engine went on: batches at its front may be overwritten, which
    // their CRC tells; those are in LMDB by then.
    const auto* const header = reinterpret_cast<const Header*>(file.data());
    Ring ring;
    ring.m_capacity = file.size() - headerBytes;
    ring.m_data = file.data() + headerBytes;
    const std::uint64_t head = header->head.load();
    const std::uint64_t tail = header->tail.load();
    if (header->magic != magic || header->id != id || header->capacity != ring.m_capacity
        || tail - head > ring.m_capacity) {
        return;
    }
    Bytes buffer;
    const Marks marks{header->incarnation.load(), header->before.load()};
    walk(head, tail, nextSeq, countFrames, apply,
         [&](std::uint64_t at, std::uint64_t end, Batch& batch, std::uint64_t& next) {
             return ring.readBatch(at, end, marks, batch, buffer, next);
         });
}

std::uint64_t Ring::push(ByteView payload, std::uint64_t frames)
{
    const std::uint32_t crc = crc32c(payload); // outside of the lock
    const std::uint64_t length = batchHeaderBytes + padded(payload.size());
    const std::lock_guard lock(m_mutex);
    const std::uint64_t seq = m_nextSeq;
    m_nextSeq += frames;
    const std::uint64_t tail = m_header->tail.load(std::memory_order_relaxed);
    const std::uint64_t head = m_header->head.load(std::memory_order_acquire);
    if (!m_spilled.empty() || tail + length - head > m_capacity) {
        m_spilled.push_back({seq, Bytes(payload.begin(), payload.end())});
        m_hasSpilled = true;
        return seq;
    }
    std::array<std::uint8_t, batchHeaderBytes> start{};
    const auto size = static_cast<std::uint32_t>(payload.size());
    const std::uint32_t sum = crc ^ static_cast<std::uint32_t>(seq)
        ^ m_header->incarnation.load(std::memory_order_relaxed);
    std::memcpy(start.data(), &size, 4);
    std::memcpy(start.data() + checkOffset, &sum, 4);
    std::memcpy(start.data() + 8, &seq, 8);
    copyIn(tail, start);
    copyIn(tail + batchHeaderBytes, payload);
    m_header->tail.store(tail + length, std::memory_order_release);
    return seq;
}

Ring::Mark Ring::mark() const
{
    const std::lock_guard lock(m_mutex);
    return {m_header->tail.load(std::memory_order_relaxed), m_spilled.size(), m_nextSeq};
}

void Ring::visit(const Mark& end, const std::function<void(const Batch&)>& visitor)
{
    Bytes buffer;
    std::uint64_t at = m_header->head.load(std::memory_order_relaxed);
    while (at < end.tail) {
        Batch batch;
        std::uint64_t next = at;
        if (!readBatch(at, end.tail, marks(), batch, buffer, next)) {
            break;
        }
        visitor(batch);
        at = next;
    }
    for (std::size_t i = 0; i < end.spilled; ++i) {
        const Spilled* spilled = nullptr;
        {
            const std::lock_guard lock(m_mutex);
            spilled = &m_spilled[i]; // a deque's elements stay where they are
        }
        visitor({spilled->seq, spilled->payload});
    }
}

void Ring::release(const Mark& end)
{
    const std::lock_guard lock(m_mutex);
    m_header->head.store(end.tail, std::memory_order_release);
    for (std::size_t i = 0; i < end.spilled; ++i) {
        m_spilled.pop_front();
    }
    m_hasSpilled = !m_spilled.empty();
    if (isDurable()) {
        // What went through is the page cache's; this process need not count it as its own.
        ::madvise(m_header, headerBytes + m_capacity, MADV_DONTNEED);
    }
}

bool Ring::isHalfFull() const
{
    return usedBytes() > m_capacity / 2;
}

std::uint64_t Ring::usedBytes() const
{
    return m_header->tail.load(std::memory_order_relaxed)
        - m_header->head.load(std::memory_order_relaxed);
}

} // namespace watchfire::tsdb
