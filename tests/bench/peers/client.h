// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchfire::bench {

/// That text as a part of an address.
std::string percentEncoded(std::string_view text);

/// Asks a program on loopback over one connection, and waits.
class Client {
public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The body of a successful answer.
    std::optional<std::string> get(const std::string& path);
    /// The same without a copy: valid until the next request; null: no successful answer.
    const std::string* look(const std::string& path);
    bool post(const std::string& path);
    /// A remote write request of version 1, the message not compressed yet.
    bool write(const std::string& path, const std::string& message);

private:
    /// The status; 0: no answer.
    long perform(const std::string& path);

    void* m_curl;
    std::string m_address;
    std::string m_body;
};

} // namespace watchfire::bench
