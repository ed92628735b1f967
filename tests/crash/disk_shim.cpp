// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Preloaded into a writer: stands between the store and its files. Records what is done to them
// (disk_log.h has the form), or makes some of it fail, or both.
//
//   WF_DISK_LOG=FILE                      records there
//   WF_DISK_FAULTS=KIND,SEED,ONE_IN,MOST  KIND: enospc, eio, sync, short; MOST: so many at most
//
// Files are known by their names; what goes through the mapping of the hand-off file is recorded
// page by page whenever something is synced.

#include "tests/crash/disk_log.h"

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <vector>

using namespace watchfire::crash;

namespace {

template <class Function> Function* next(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

enum class Fault { none, enospc, eio, sync, cutShort };

struct File {
    bool isKnown = false;
    bool isSynced = false; ///< each write is
    bool isRing = false;
    std::uint64_t id = 0;
};

constexpr int mostFiles = 4'096;
constexpr std::size_t pageBytes = 4'096;
constexpr std::int64_t headBytes = 2 * pageBytes; ///< of LMDB, which are never allocated anew

struct Shim {
    Shim()
    {
        // From here on calls of our own go to the real functions.
        if (const char* const path = std::getenv("WF_DISK_LOG"); path != nullptr) {
            log = next<int(const char*, int, ...)>("open")(
                path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        }
        if (const char* const text = std::getenv("WF_DISK_FAULTS"); text != nullptr) {
            const std::string words = text;
            const auto word = [&](int number) {
                std::size_t at = 0;
                for (; number > 0; --number) {
                    at = words.find(',', at) + 1;
                }
                return words.substr(at, words.find(',', at) - at);
            };
            fault = word(0) == "enospc" ? Fault::enospc
                : word(0) == "eio"      ? Fault::eio
                : word(0) == "sync"     ? Fault::sync
                                        : Fault::cutShort;
            random.seed(std::stoull(word(1)));
            oneIn = std::stoull(word(2));
            most = std::stoull(word(3));
        }
    }

    void record(DiskEvent event, const void* bytes)
    {
        if (log < 0) {
            return;
        }
        ::timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        event.microseconds
            = std::uint64_t(time.tv_sec) * 1'000'000 + std::uint64_t(time.tv_nsec) / 1'000;
        static const auto write = next<ssize_t(int, const void*, std::size_t)>("write");
        buffer.assign(reinterpret_cast<const char*>(&event), sizeof event);
        buffer.append(static_cast<const char*>(bytes), event.length);
        if (write(log, buffer.data(), buffer.size()) != ssize_t(buffer.size())) {
            std::abort();
        }
    }
    void recordRing()
    {
        if (log < 0 || ring == nullptr) {
            return;
        }
        ringSeen.resize(ringBytes);
        for (std::size_t at = 0; at < ringBytes; at += pageBytes) {
            if (std::memcmp(ringSeen.data() + at, ring + at, pageBytes) != 0) {
                std::memcpy(ringSeen.data() + at, ring + at, pageBytes);
                record({DiskEvent::Kind::ring, 0, 0, at, pageBytes, 0}, ringSeen.data() + at);
            }
        }
    }
    /// The next call is to fail.
    bool isDue(const File& file, Fault kind, std::int64_t offset)
    {
        if (fault != kind || file.isRing || most == 0
            || (kind == Fault::enospc && offset < headBytes) || random() % oneIn != 0) {
            return false;
        }
        --most;
        return true;
    }

    std::recursive_mutex mutex;
    int log = -1;
    std::string buffer;
    std::array<File, mostFiles> files{};
    const unsigned char* ring = nullptr;
    std::size_t ringBytes = 0;
    std::vector<unsigned char> ringSeen;
    Fault fault = Fault::none;
    std::mt19937_64 random;
    std::uint64_t oneIn = 0;
    std::uint64_t most = 0;
};

Shim& shim()
{
    static Shim* const made = new Shim; // outlives everything
    return *made;
}

const File* fileOf(int fd)
{
    return fd >= 0 && fd < mostFiles && shim().files[std::size_t(fd)].isKnown
        ? &shim().files[std::size_t(fd)]
        : nullptr;
}

void opened(int fd, const char* path, int flags)
{
    const std::string_view whole(path);
    const std::string_view name = whole.substr(whole.rfind('/') + 1);
    const bool isRing = name == "handoff";
    if (fd < 0 || fd >= mostFiles || (!isRing && name != "store.mdb" && name != "store.compact")) {
        return;
    }
    const std::lock_guard lock(shim().mutex);
    struct ::stat status{};
    ::fstat(fd, &status);
    shim().files[std::size_t(fd)]
        = {true, (flags & (O_DSYNC | O_SYNC)) != 0, isRing, status.st_ino};
    if (!isRing) {
        shim().record({DiskEvent::Kind::open, 0, status.st_ino, 0, name.size(), 0}, name.data());
    }
}

/// Does the write, or not; records what was done.
template <class Real>
ssize_t written(int fd, const File& file, std::int64_t offset, std::string_view bytes, Real real)
{
    Shim& s = shim();
    const std::lock_guard lock(s.mutex);
    if (s.isDue(file, Fault::enospc, offset)) {
        errno = ENOSPC;
        return -1;
    }
    if (s.isDue(file, Fault::eio, offset)) {
        errno = EIO;
        return -1;
    }
    ssize_t done = 0;
    if (bytes.size() > 1 && s.isDue(file, Fault::cutShort, offset)) {
        static const auto pwrite = next<ssize_t(int, const void*, std::size_t, off_t)>("pwrite");
        done = pwrite(fd, bytes.data(), s.random() % bytes.size(), offset);
    } else {
        done = real();
    }
    if (done > 0) {
        s.record({DiskEvent::Kind::write, file.isSynced ? 1U : 0U, file.id, std::uint64_t(offset),
                  std::uint64_t(done), 0},
                 bytes.data());
    }
    return done;
}

std::string joined(const ::iovec* parts, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i) {
        all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    }
    return all;
}

template <class Real> int synced(int fd, Real real)
{
    Shim& s = shim();
    const File* const file = fileOf(fd);
    if (file == nullptr) {
        struct ::stat status{};
        if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
            const int done = real();
            const std::lock_guard lock(s.mutex);
            s.record({DiskEvent::Kind::folderSync, 0, 0, 0, 0, 0}, nullptr);
            return done;
        }
        return real();
    }
    {
        const std::lock_guard lock(s.mutex);
        if (s.isDue(*file, Fault::sync, headBytes)) {
            errno = EIO;
            return -1;
        }
        s.recordRing();
        s.record({DiskEvent::Kind::syncBegin, 0, file->id, 0, 0, 0}, nullptr);
    }
    const int done = real();
    const std::lock_guard lock(s.mutex);
    if (done == 0) {
        s.record({DiskEvent::Kind::syncEnd, 0, file->id, 0, 0, 0}, nullptr);
    }
    s.recordRing();
    return done;
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...)
{
    static const auto real = next<int(const char*, int, ...)>("open");
    std::va_list rest;
    va_start(rest, flags);
    const int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, int) : 0;
    va_end(rest);
    const int fd = real(path, flags, mode);
    opened(fd, path, flags);
    return fd;
}

int open64(const char* path, int flags, ...)
{
    static const auto real = next<int(const char*, int, ...)>("open64");
    std::va_list rest;
    va_start(rest, flags);
    const int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, int) : 0;
    va_end(rest);
    const int fd = real(path, flags, mode);
    opened(fd, path, flags);
    return fd;
}

int close(int fd)
{
    static const auto real = next<int(int)>("close");
    if (fd >= 0 && fd < mostFiles) {
        const std::lock_guard lock(shim().mutex);
        shim().files[std::size_t(fd)] = {};
    }
    return real(fd);
}

ssize_t write(int fd, const void* bytes, std::size_t length)
{
    static const auto real = next<ssize_t(int, const void*, std::size_t)>("write");
    const File* const file = fileOf(fd);
    if (file != nullptr) {
        return written(fd, *file, ::lseek(fd, 0, SEEK_CUR),
                       {static_cast<const char*>(bytes), length},
                       [&] { return real(fd, bytes, length); });
    }
    if (shim().log < 0 || length != reportBytes) {
        return real(fd, bytes, length);
    }
    const std::lock_guard lock(shim().mutex);
    shim().record({DiskEvent::Kind::report, 0, 0, 0, length, 0}, bytes);
    return real(fd, bytes, length);
}

ssize_t writev(int fd, const ::iovec* parts, int count)
{
    static const auto real = next<ssize_t(int, const ::iovec*, int)>("writev");
    const File* const file = fileOf(fd);
    if (file == nullptr) {
        return real(fd, parts, count);
    }
    return written(fd, *file, ::lseek(fd, 0, SEEK_CUR), joined(parts, count),
                   [&] { return real(fd, parts, count); });
}

ssize_t pwrite(int fd, const void* bytes, std::size_t length, off_t offset)
{
    static const auto real = next<ssize_t(int, const void*, std::size_t, off_t)>("pwrite");
    const File* const file = fileOf(fd);
    if (file == nullptr) {
        return real(fd, bytes, length, offset);
    }
    return written(fd, *file, offset, {static_cast<const char*>(bytes), length},
                   [&] { return real(fd, bytes, length, offset); });
}
ssize_t pwrite64(int fd, const void* bytes, std::size_t length, off64_t offset)
{
    return pwrite(fd, bytes, length, offset);
}

ssize_t pwritev(int fd, const ::iovec* parts, int count, off_t offset)
{
    static const auto real = next<ssize_t(int, const ::iovec*, int, off_t)>("pwritev");
    const File* const file = fileOf(fd);
    if (file == nullptr) {
        return real(fd, parts, count, offset);
    }
    return written(fd, *file, offset, joined(parts, count),
                   [&] { return real(fd, parts, count, offset); });
}
ssize_t pwritev64(int fd, const ::iovec* parts, int count, off64_t offset)
{
    return pwritev(fd, parts, count, offset);
}

int fdatasync(int fd)
{
    static const auto real = next<int(int)>("fdatasync");
    return synced(fd, [&] { return real(fd); });
}
int fsync(int fd)
{
    static const auto real = next<int(int)>("fsync");
    return synced(fd, [&] { return real(fd); });
}

int ftruncate(int fd, off_t length) noexcept
{
    static const auto real = next<int(int, off_t)>("ftruncate");
    const int done = real(fd, length);
    if (const File* const file = fileOf(fd); file != nullptr && !file->isRing && done == 0) {
        const std::lock_guard lock(shim().mutex);
        shim().record({DiskEvent::Kind::truncate, 0, file->id, std::uint64_t(length), 0, 0},
                      nullptr);
    }
    return done;
}
int ftruncate64(int fd, off64_t length) noexcept
{
    return ftruncate(fd, length);
}

int rename(const char* from, const char* to) noexcept
{
    static const auto real = next<int(const char*, const char*)>("rename");
    const std::lock_guard lock(shim().mutex);
    struct ::stat status{};
    const bool isOurs = std::string_view(to).ends_with("/store.mdb") && ::stat(from, &status) == 0;
    const int done = real(from, to);
    if (isOurs && done == 0) {
        shim().record({DiskEvent::Kind::rename, 0, status.st_ino, 0, 0, 0}, nullptr);
    }
    return done;
}

void* mmap(void* at, std::size_t length, int protection, int flags, int fd, off_t offset) noexcept
{
    static const auto real = next<void*(void*, std::size_t, int, int, int, off_t)>("mmap");
    void* const map = real(at, length, protection, flags, fd, offset);
    if (const File* const file = fileOf(fd); file != nullptr && file->isRing && map != MAP_FAILED) {
        const std::lock_guard lock(shim().mutex);
        shim().ring = static_cast<const unsigned char*>(map);
        shim().ringBytes = length;
        shim().record({DiskEvent::Kind::ringSize, 0, 0, length, 0, 0}, nullptr);
    }
    return map;
}
void* mmap64(void* at, std::size_t length, int protection, int flags, int fd,
             off64_t offset) noexcept
{
    return mmap(at, length, protection, flags, fd, offset);
}

int munmap(void* at, std::size_t length) noexcept
{
    static const auto real = next<int(void*, std::size_t)>("munmap");
    {
        const std::lock_guard lock(shim().mutex);
        if (at == shim().ring && at != nullptr) {
            shim().recordRing();
            shim().ring = nullptr;
        }
    }
    return real(at, length);
}
}
