// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_authority.h"

#include "core/base/check.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace watchfire::tests {

namespace {

std::string textOf(BIO* memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return out;
}

std::string pemOf(X509* certificate)
{
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate);
    return textOf(memory);
}

std::string pemOf(EVP_PKEY* key)
{
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(memory);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    WF_CHECK(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// A certificate with everything but its extensions and signature.
X509* draft(EVP_PKEY* key, const std::string& name)
{
    static long serial = 0;
    X509* const certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

} // namespace

TestAuthority::TestAuthority(const std::string& name)
    : m_key(EVP_EC_gen("P-256"))
    , m_certificate(draft(m_key, name))
{
    X509_set_issuer_name(m_certificate, X509_get_subject_name(m_certificate));
    extend(m_certificate, m_certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(m_certificate, m_certificate, NID_subject_key_identifier, "hash");
    WF_CHECK(X509_sign(m_certificate, m_key, EVP_sha256()) != 0);
    m_pem = pemOf(m_certificate);
}

TestAuthority::~TestAuthority()
{
    X509_free(m_certificate);
    EVP_PKEY_free(m_key);
}

TestCertificate TestAuthority::issue(const std::string& name, const std::string& alternatives) const
{
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = draft(key, name);
    X509_set_issuer_name(certificate, X509_get_subject_name(m_certificate));
    if (!alternatives.empty()) {
        extend(certificate, m_certificate, NID_subject_alt_name, alternatives);
    }
    WF_CHECK(X509_sign(certificate, m_key, EVP_sha256()) != 0);
    TestCertificate out{pemOf(certificate), pemOf(key)};
    X509_free(certificate);
    EVP_PKEY_free(key);
    return out;
}

} // namespace watchfire::tests
