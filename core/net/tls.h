// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/curl_types.h"
#include "core/ports/http.h"

#include <cstdint>
#include <string>
#include <sys/stat.h>
#include <unordered_map>

namespace watchfire::net {

/// Names for files of which libcurl remembers what it read.
///
/// libcurl keeps connections, sessions and the store of authorities by the name of the file they
/// came of. So a file that changed gets another name: the same path with one more "/." in it.
/// Then nothing that was made of the old content is used again.
class FileNames {
public:
    /// The name of what is at that path now. Fails, naming it, when it cannot be read.
    Result<std::string> current(const std::string& path);

private:
    struct Known {
        struct stat what{};
        unsigned changes = 0;
    };
    std::unordered_map<std::string, Known> m_known;
};

/// Whom a handle believes and who it says it is, towards the server and towards a proxy that
/// speaks TLS. Without `isTrusted`, after a redirect elsewhere, our certificate is kept back. The
/// options must outlive the handle's transfer. The server's name is set with the address.
///
/// Where an authority is configured, those of the system are not believed.
/// Errors: invalid (a version's name), and what reading a file says.
Result<void> setTls(CURL* handle, const TlsOptions& tls, bool isTrusted, FileNames& files);

} // namespace watchfire::net
