// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

using EVP_PKEY = struct evp_pkey_st;
using X509 = struct x509_st;

namespace watchfire::tests {

/// A certificate with its key, both PEM.
struct TestCertificate {
    std::string certificate;
    std::string key;
};

/// A certificate authority that lives as long as a test.
class TestAuthority {
public:
    explicit TestAuthority(const std::string& name = "Test Authority");
    ~TestAuthority();
    TestAuthority(const TestAuthority&) = delete;
    TestAuthority& operator=(const TestAuthority&) = delete;

    const std::string& pem() const { return m_pem; }
    /// For a server of those names, "DNS:db.internal,IP:127.0.0.1", or a client of that name.
    TestCertificate issue(const std::string& name, const std::string& alternatives = {}) const;

private:
    EVP_PKEY* m_key;
    X509* m_certificate;
    std::string m_pem;
};

} // namespace watchfire::tests
