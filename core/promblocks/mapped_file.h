// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <filesystem>

namespace watchfire::promblocks {

/// A file's bytes, mapped for reading. Whoever shortens the file meanwhile ends the process:
/// blocks are never changed once written.
class MappedFile {
public:
    /// Fails with ErrorKind::notFound or io, naming the path and the reason.
    static Result<MappedFile> open(const std::filesystem::path& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    const std::filesystem::path& path() const { return m_path; }
    ByteView bytes() const { return m_bytes; }

private:
    MappedFile() = default;
    void close();

    std::filesystem::path m_path;
    ByteView m_bytes;
};

} // namespace watchfire::promblocks
