// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <unistd.h>

namespace watchfire {

namespace {

std::unexpected<Error> failed(const std::filesystem::path& path, int number)
{
    return fail(number == ENOENT ? ErrorKind::notFound : ErrorKind::io,
                std::format("cannot read {}: {}", path.string(), std::strerror(number)));
}

} // namespace

Result<std::string> readFile(const std::filesystem::path& path)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return failed(path, errno);
    }
    std::string text;
    std::array<char, 16 << 10> buffer{};
    for (;;) {
        const ssize_t count = read(file, buffer.data(), buffer.size());
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count == 0) {
            close(file);
            return text;
        } else if (errno != EINTR) {
            const int number = errno;
            close(file);
            return failed(path, number);
        }
    }
}

} // namespace watchfire
