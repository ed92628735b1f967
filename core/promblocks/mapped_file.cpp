// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promblocks/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace watchfire::promblocks {

Result<MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    const auto failed = [&path] {
        const int reason = errno;
        return fail(reason == ENOENT ? ErrorKind::notFound : ErrorKind::io,
                    std::format("{}: {}", path.string(), std::strerror(reason)));
    };
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return failed();
    }
    MappedFile made;
    made.m_path = path;
    struct stat about{};
    void* mapped = nullptr;
    bool isMapped = ::fstat(file, &about) == 0;
    if (isMapped && !S_ISREG(about.st_mode)) {
        ::close(file);
        return fail(ErrorKind::io, std::format("{}: not a regular file", path.string()));
    }
    if (isMapped && about.st_size > 0) {
        mapped = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE,
                        file, 0);
        isMapped = mapped != MAP_FAILED;
        if (isMapped) {
            made.m_bytes = {static_cast<const std::uint8_t*>(mapped),
                            static_cast<std::size_t>(about.st_size)};
        }
    }
    auto outcome = isMapped ? Result<MappedFile>(std::move(made)) : Result<MappedFile>(failed());
    ::close(file);
    return outcome;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_bytes(std::exchange(other.m_bytes, {}))
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    if (this != &other) {
        close();
        m_path = std::move(other.m_path);
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

MappedFile::~MappedFile()
{
    close();
}

void MappedFile::close()
{
    if (m_bytes.data() != nullptr) {
        // Mapped by us as writable by nobody; munmap takes a plain pointer all the same.
        ::munmap(const_cast<std::uint8_t*>(m_bytes.data()), m_bytes.size());
    }
    m_bytes = {};
}

} // namespace watchfire::promblocks
