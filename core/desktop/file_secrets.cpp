// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/file_secrets.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/encoding/json.h"
#include "core/text/utf8.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <map>
#include <stop_token>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace watchfire::desktop {

namespace {

using Entries = std::map<std::string, std::string>;

std::unexpected<Error> failed(const std::filesystem::path& file, const char* what)
{
    return fail(ErrorKind::io,
                std::format("cannot {} {}: {}", what, file.string(),
                            std::strerror(errno))); // NOLINT(concurrency-mt-unsafe): glibc's is
}

/// Takes from others what they could read.
void closeToOthers(const std::filesystem::path& file)
{
    struct stat what{};
    constexpr mode_t others = S_IRWXG | S_IRWXO;
    if (stat(file.c_str(), &what) == 0 && (what.st_mode & others) != 0) {
        chmod(file.c_str(), S_IRUSR | S_IWUSR);
        log(LogLevel::warning, "secrets", "{} could be read by others until now", file.string());
    }
}

/// No file is no entry.
Result<Entries> load(const std::filesystem::path& file)
{
    closeToOthers(file);
    const auto text = readFile(file);
    if (!text) {
        return text.error().kind == ErrorKind::notFound ? Result<Entries>(Entries())
                                                        : std::unexpected(text.error());
    }
    const auto foreign = [&file] {
        return fail(ErrorKind::corrupt,
                    std::format("{} is not a file of secrets of this program", file.string()));
    };
    const auto json = encoding::parseJson(*text);
    if (!json || (*json)["version"].asInteger() != 1 || !(*json)["secrets"].isObject()) {
        return foreign();
    }
    Entries out;
    for (const auto& [key, value] : (*json)["secrets"].members()) {
        if (!value.isString()) {
            return foreign();
        }
        out.insert_or_assign(key, std::string(value.asString()));
    }
    return out;
}

std::string asJson(const Entries& entries)
{
    std::string out;
    encoding::JsonWriter writer(out);
    writer.beginObject().key("version").integer(1).key("secrets").beginObject();
    for (const auto& [key, text] : entries) {
        writer.field(key, text);
    }
    writer.endObject().endObject();
    return out + "\n";
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return fsync(descriptor) == 0;
}

/// A new file beside it, synced, then in its place; then the folder synced.
Result<void> store(const std::filesystem::path& file, const Entries& entries)
{
    std::filesystem::path fresh = file;
    fresh += ".new";
    unlink(fresh.c_str()); // of an attempt that was cut off
    const int descriptor = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        return failed(fresh, "make");
    }
    const bool written = writeAll(descriptor, asJson(entries));
    auto fault = written ? Result<void>() : failed(fresh, "write");
    close(descriptor);
    if (written && rename(fresh.c_str(), file.c_str()) != 0) {
        fault = failed(file, "replace");
    }
    if (!fault) {
        unlink(fresh.c_str());
        return fault;
    }
    const int folder = open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
    return {};
}

Result<Secret> readHere(const std::filesystem::path& file, const std::string& key)
{
    auto entries = load(file);
    if (!entries) {
        return std::unexpected(std::move(entries.error()));
    }
    const auto found = entries->find(key);
    if (found == entries->end()) {
        return fail(ErrorKind::notFound, std::format("no secret is kept for {}", key));
    }
    return Secret(std::move(found->second));
}

Result<void> writeHere(const std::filesystem::path& file, const std::string& key,
                       const Secret& secret)
{
    if (!text::isUtf8(secret.reveal()) || !text::isUtf8(key)) {
        return fail(ErrorKind::invalid, "a secret that is not text cannot be kept in a file");
    }
    auto entries = load(file);
    if (!entries) {
        return std::unexpected(std::move(entries.error()));
    }
    if (secret.empty()) {
        if (entries->erase(key) == 0) {
            return {};
        }
    } else {
        entries->insert_or_assign(key, secret.reveal());
    }
    return store(file, *entries);
}

} // namespace

FileSecrets::FileSecrets(std::filesystem::path file)
    : m_file(std::move(file))
    , m_thread(1, "secrets")
{
}

Ticket FileSecrets::read(std::string key, Reply<Secret> reply)
{
    std::stop_source source;
    m_thread.run([this, token = source.get_token(), key = std::move(key),
                  reply = std::move(reply)]() mutable {
        if (!token.stop_requested()) {
            reply(readHere(m_file, key));
        }
    });
    return Ticket(std::move(source));
}

Ticket FileSecrets::write(std::string key, Secret secret, Reply<void> reply)
{
    std::stop_source source;
    m_thread.run([this, token = source.get_token(), key = std::move(key),
                  secret = std::move(secret), reply = std::move(reply)]() mutable {
        if (!token.stop_requested()) {
            reply(writeHere(m_file, key, secret));
        }
    });
    return Ticket(std::move(source));
}

std::string FileSecrets::place() const
{
    return std::format("the file {}, which is not encrypted: who can read your files can read them",
                       m_file.string());
}

} // namespace watchfire::desktop
