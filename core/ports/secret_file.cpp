// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/secret_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <sys/stat.h>
#include <unistd.h>

namespace watchfire {

namespace {

constexpr std::size_t largest = std::size_t{1} << 20;

struct Descriptor {
    int number = -1;
    explicit Descriptor(int opened)
        : number(opened)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (number >= 0) {
            close(number);
        }
    }
};

std::unexpected<Error> failed(const std::string& path, int number)
{
    return fail(number == ENOENT ? ErrorKind::notFound : ErrorKind::io,
                std::format("cannot read {}: {}", path,
                            std::strerror(number))); // NOLINT(concurrency-mt-unsafe): glibc's is
}

std::string trimmed(const std::string& text)
{
    constexpr auto space = " \t\n\v\f\r";
    const std::size_t first = text.find_first_not_of(space);
    return first == std::string::npos
        ? std::string()
        : text.substr(first, text.find_last_not_of(space) - first + 1);
}

} // namespace

Result<std::string> readSecretFile(const std::string& path)
{
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat what{};
    if (file.number < 0 || fstat(file.number, &what) != 0) {
        return failed(path, errno);
    }
    if (!S_ISREG(what.st_mode)) {
        return fail(ErrorKind::invalid, std::format("{} is no ordinary file", path));
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t count = read(file.number, buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR) {
            return failed(path, errno);
        }
        if (count == 0) {
            return trimmed(text);
        }
        text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        if (text.size() > largest) {
            return fail(ErrorKind::invalid, std::format("{} is larger than 1 MiB", path));
        }
    }
}

} // namespace watchfire
