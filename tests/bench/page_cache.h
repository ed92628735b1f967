// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace watchfire::bench {

/// Takes the file's pages out of this process's mappings of it, which are never written through:
/// mapped ones the kernel does not forget (proc(5), /proc/pid/maps).
inline void unmapPages(const std::filesystem::path& path)
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        // "7f0000000000-7f4000000000 r--s 00000000 fe:01 1234   /tmp/store/store.mdb"
        if (line.ends_with(path.string())) {
            char* after = nullptr;
            const std::uintptr_t begin = std::strtoull(line.c_str(), &after, 16);
            const std::uintptr_t end = std::strtoull(after + 1, nullptr, 16);
            ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
        }
    }
}

/// Has the kernel forget the file's pages, as any user may ask of it: clean ones that no other
/// process has mapped.
inline void dropFromPageCache(const std::filesystem::path& path)
{
    unmapPages(path);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        static_cast<void>(::fdatasync(fd));
        static_cast<void>(::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
        ::close(fd);
    }
}

/// The share of the file's pages that are in memory; 1 where that is not told.
inline double cachedShare(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct ::stat status{};
    if (fd < 0 || ::fstat(fd, &status) != 0 || status.st_size == 0) {
        return 1;
    }
    const auto bytes = static_cast<std::size_t>(status.st_size);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* const map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    if (map == MAP_FAILED) {
        return 1;
    }
    std::vector<unsigned char> isThere((bytes + page - 1) / page);
    const bool isTold = ::mincore(map, bytes, isThere.data()) == 0;
    ::munmap(map, bytes);
    const auto there
        = std::ranges::count_if(isThere, [](unsigned char one) { return (one & 1) != 0; });
    return isTold ? static_cast<double>(there) / static_cast<double>(isThere.size()) : 1;
}

} // namespace watchfire::bench
