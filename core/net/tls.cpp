// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/tls.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <format>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace watchfire::net {

namespace {

struct Version {
    std::string_view name;
    long least;
    long most;
};
constexpr std::array<Version, 4> versions{{
    {"TLS10", CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_0},
    {"TLS11", CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_1},
    {"TLS12", CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_MAX_TLSv1_2},
    {"TLS13", CURL_SSLVERSION_TLSv1_3, CURL_SSLVERSION_MAX_TLSv1_3},
}};

const Version* versionNamed(std::string_view name)
{
    for (const Version& version : versions) {
        if (version.name == name) {
            return &version;
        }
    }
    return nullptr;
}

bool isSame(const struct stat& a, const struct stat& b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size
        && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
        && a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

curl_blob blobOf(const std::string& text)
{
    // libcurl does not write through it; what it keeps longer than the transfer it copies.
    return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
}

Result<void> setVersions(CURL* handle, const TlsOptions& tls)
{
    long least = CURL_SSLVERSION_DEFAULT;
    long most = CURL_SSLVERSION_MAX_DEFAULT;
    for (const std::string& name : {tls.minVersion, tls.maxVersion}) {
        if (!name.empty() && versionNamed(name) == nullptr) {
            return fail(
                ErrorKind::invalid,
                std::format("\"{}\" is no version of TLS: TLS10, TLS11, TLS12, TLS13", name));
        }
    }
    if (const Version* const version = versionNamed(tls.minVersion)) {
        least = version->least;
        if (version->least < CURL_SSLVERSION_TLSv1_2) {
            // Who asks for so old a version wants its ciphers and signatures, too.
            curl_easy_setopt(handle, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
        }
    }
    if (const Version* const version = versionNamed(tls.maxVersion)) {
        most = version->most;
    }
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, least | most);
    curl_easy_setopt(handle, CURLOPT_PROXY_SSLVERSION, least | most);
    return {};
}

Result<void> setAuthorities(CURL* handle, const TlsOptions& tls, FileNames& files)
{
    // The system's folder of authorities holds what its bundle holds; but with a folder the
    // bundle is read anew for every connection.
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(handle, CURLOPT_PROXY_CAPATH, nullptr);
    if (!tls.ca.empty()) {
        const curl_blob blob = blobOf(tls.ca);
        curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
        curl_easy_setopt(handle, CURLOPT_PROXY_CAINFO_BLOB, &blob);
    } else if (!tls.caFile.empty()) {
        const auto name = files.current(tls.caFile);
        if (!name) {
            return std::unexpected(name.error().within("the certificate authority"));
        }
        curl_easy_setopt(handle, CURLOPT_CAINFO, name->c_str());
        curl_easy_setopt(handle, CURLOPT_PROXY_CAINFO, name->c_str());
    }
    if (tls.skipVerify) {
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
        curl_easy_setopt(handle, CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle, CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
    }
    return {};
}

/// One of certificate and key: the text itself or a file.
Result<void> setOwn(CURL* handle, const std::string& text, CURLoption blobOption,
                    const std::string& file, CURLoption fileOption, FileNames& files)
{
    if (!text.empty()) {
        const curl_blob blob = blobOf(text);
        curl_easy_setopt(handle, blobOption, &blob);
    } else if (!file.empty()) {
        const auto name = files.current(file);
        if (!name) {
            return std::unexpected(name.error());
        }
        curl_easy_setopt(handle, fileOption, name->c_str());
    }
    return {};
}

} // namespace

Result<std::string> FileNames::current(const std::string& path)
{
    struct stat what{};
    if (stat(path.c_str(), &what) != 0 || access(path.c_str(), R_OK) != 0) {
        const int number = errno;
        return fail(
            number == ENOENT ? ErrorKind::notFound : ErrorKind::io,
            std::format("cannot read {}: {}", path,
                        std::strerror(number))); // NOLINT(concurrency-mt-unsafe): glibc's is
    }
    const auto [known, isNew] = m_known.try_emplace(path, Known{what, 0});
    if (!isNew && !isSame(known->second.what, what)) {
        known->second.what = what;
        ++known->second.changes;
    }
    // Names come again after so many changes, when what went by them is long closed.
    std::string name = path;
    for (unsigned i = 0; i < known->second.changes % 16; ++i) {
        name.insert(0, path.starts_with('/') ? "/." : "./");
    }
    return name;
}

Result<void> setTls(CURL* handle, const TlsOptions& tls, bool isTrusted, FileNames& files)
{
    if (auto set = setVersions(handle, tls); !set) {
        return set;
    }
    if (auto set = setAuthorities(handle, tls, files); !set) {
        return set;
    }
    if (!isTrusted) {
        return {};
    }
    // An encrypted key fails; without this OpenSSL would ask the terminal for the password.
    curl_easy_setopt(handle, CURLOPT_KEYPASSWD, "");
    if (auto set
        = setOwn(handle, tls.cert, CURLOPT_SSLCERT_BLOB, tls.certFile, CURLOPT_SSLCERT, files);
        !set) {
        return std::unexpected(set.error().within("the client's certificate"));
    }
    if (auto set
        = setOwn(handle, tls.key.reveal(), CURLOPT_SSLKEY_BLOB, tls.keyFile, CURLOPT_SSLKEY, files);
        !set) {
        return std::unexpected(set.error().within("the client's key"));
    }
    return {};
}

} // namespace watchfire::net
