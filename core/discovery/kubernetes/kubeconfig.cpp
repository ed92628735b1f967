// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/access.h"
#include "core/encoding/yaml.h"
#include "core/text/quote.h"

#include <filesystem>
#include <format>
#include <optional>
#include <utility>

namespace watchfire::discovery {

using encoding::YamlNode;

namespace {

std::unexpected<Error> refuse(std::string message)
{
    return fail(ErrorKind::invalid, std::move(message));
}

/// Of RFC 4648, section 4; white space is passed over. Nothing: it is none.
std::optional<std::string> decodeBase64(std::string_view text)
{
    constexpr std::string_view alphabet
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    std::size_t padding = 0;
    std::size_t characters = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
            continue;
        }
        ++characters;
        if (c == '=') {
            ++padding;
            continue;
        }
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos || padding != 0) {
            return std::nullopt;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>(bits >> held & 0xFF);
        }
    }
    return characters % 4 == 0 && padding <= 2 ? std::optional(std::move(out)) : std::nullopt;
}

std::string textAt(const YamlNode* node, std::string_view key)
{
    const YamlNode* const value = node == nullptr ? nullptr : node->find(key);
    return value == nullptr || !value->isScalar() || value->isNull() ? std::string() : value->text;
}

/// The entry of that name in one of the lists: [{name: …, KIND: {…}}, …].
Result<const YamlNode*> entryOf(const YamlNode& root, std::string_view list, std::string_view kind,
                                const std::string& name)
{
    if (const YamlNode* const all = root.find(list); all != nullptr) {
        for (const encoding::YamlPlace& item : all->items) {
            if (item.node->isMapping() && textAt(item.node, "name") == name) {
                const YamlNode* const entry = item.node->find(kind);
                if (entry == nullptr || !entry->isMapping()) {
                    break;
                }
                return entry;
            }
        }
    }
    return refuse(std::format("there is no {} {}", kind, text::quote(name)));
}

/// One cluster or user, whose texts may stand in the file or in files of their own.
struct Entry {
    const YamlNode& node;
    std::string what; ///< user "admin"
    const std::string& folder;

    std::string text(std::string_view key) const { return textAt(&node, key); }
    std::string file(std::string_view key) const
    {
        const std::string name = text(key);
        return name.empty() ? name : (std::filesystem::path(folder) / name).string();
    }
    /// KEY-data, decoded; empty: there is none.
    Result<std::string> data(const std::string& key) const
    {
        const std::string encoded = text(key + "-data");
        auto decoded = decodeBase64(encoded);
        if (!decoded) {
            return refuse(std::format("{}: {}-data is not base64", what, key));
        }
        return *std::move(decoded);
    }
    /// What is in the file goes before the name of another.
    Result<void> textOrFile(const std::string& key, std::string& text, std::string& file) const
    {
        auto decoded = data(key);
        if (!decoded) {
            return std::unexpected(std::move(decoded.error()));
        }
        text = *std::move(decoded);
        file = text.empty() ? this->file(key) : std::string();
        return {};
    }
};

Result<void> readCluster(const Entry& cluster, KubeAccess& access)
{
    access.server = cluster.text("server");
    while (access.server.ends_with('/')) {
        access.server.pop_back();
    }
    if (!access.server.starts_with("https://") && !access.server.starts_with("http://")) {
        return refuse(std::format("{}: server {} is not the URL of an API server", cluster.what,
                                  text::quote(access.server)));
    }
    TlsOptions& tls = access.client.tls;
    tls.serverName = cluster.text("tls-server-name");
    const YamlNode* const skip = cluster.node.find("insecure-skip-tls-verify");
    tls.skipVerify = skip != nullptr && skip->asBool().value_or(false);
    access.client.proxy.url = cluster.text("proxy-url");
    return cluster.textOrFile("certificate-authority", tls.ca, tls.caFile);
}

Result<void> readCertificate(const Entry& user, TlsOptions& tls)
{
    std::string key;
    if (auto read = user.textOrFile("client-certificate", tls.cert, tls.certFile); !read) {
        return read;
    }
    if (auto read = user.textOrFile("client-key", key, tls.keyFile); !read) {
        return read;
    }
    tls.key = Secret(std::move(key));
    const bool hasCertificate = !tls.cert.empty() || !tls.certFile.empty();
    const bool hasKey = !tls.key.empty() || !tls.keyFile.empty();
    if (hasCertificate != hasKey) {
        return refuse(std::format("{}: client-certificate and client-key go together", user.what));
    }
    return {};
}

void readImpersonation(const YamlNode& user, HttpHeaders& headers)
{
    const auto add = [&headers](std::string name, std::string value) {
        if (!value.empty()) {
            headers.emplace_back(std::move(name), std::move(value));
        }
    };
    add("Impersonate-User", textAt(&user, "as"));
    add("Impersonate-Uid", textAt(&user, "as-uid"));
    if (const YamlNode* const groups = user.find("as-groups")) {
        for (const encoding::YamlPlace& group : groups->items) {
            add("Impersonate-Group", group.node->text);
        }
    }
    if (const YamlNode* const extra = user.find("as-user-extra")) {
        for (const encoding::YamlEntry& entry : extra->entries) {
            for (const encoding::YamlPlace& value : entry.value.node->items) {
                add("Impersonate-Extra-" + percentEncode(entry.key->text), value.node->text);
            }
        }
    }
}

Result<void> readUser(const Entry& user, KubeAccess& access)
{
    for (const std::string_view key : {"exec", "auth-provider"}) {
        if (user.node.find(key) != nullptr) {
            return fail(ErrorKind::unsupported,
                        std::format("{} gets its credentials from a program ({}), which "
                                    "Watchfire does not run; give it a token, a tokenFile or a "
                                    "client certificate",
                                    user.what, key));
        }
    }
    BearerAuth bearer;
    bearer.tokenFile = user.file("tokenFile");
    if (bearer.tokenFile.empty()) {
        bearer.token = Secret(user.text("token"));
    }
    if (!bearer.tokenFile.empty() || !bearer.token.empty()) {
        access.client.auth = std::move(bearer);
    } else if (const std::string name = user.text("username"); !name.empty()) {
        BasicAuth basic;
        basic.user = name;
        basic.password = Secret(user.text("password"));
        access.client.auth = std::move(basic);
    }
    readImpersonation(user.node, access.headers);
    return readCertificate(user, access.client.tls);
}

} // namespace

Result<KubeAccess> accessOfKubeconfig(std::string text, const std::string& folder)
{
    const auto document = encoding::YamlDocument::parse(std::move(text));
    if (!document) {
        return std::unexpected(document.error());
    }
    const YamlNode* const root = document->root();
    if (root == nullptr || !root->isMapping()) {
        return refuse("this is not a kubeconfig");
    }
    const std::string current = textAt(root, "current-context");
    if (current.empty()) {
        return refuse("the kubeconfig has no current-context");
    }
    const auto context = entryOf(*root, "contexts", "context", current);
    if (!context) {
        return std::unexpected(context.error());
    }
    const std::string clusterName = textAt(*context, "cluster");
    const auto cluster = entryOf(*root, "clusters", "cluster", clusterName);
    if (!cluster) {
        return std::unexpected(
            cluster.error().within(std::format("context {}", text::quote(current))));
    }
    KubeAccess access;
    if (auto read = readCluster(
            {**cluster, std::format("cluster {}", text::quote(clusterName)), folder}, access);
        !read) {
        return std::unexpected(std::move(read.error()));
    }
    const std::string userName = textAt(*context, "user");
    if (userName.empty()) {
        return access; // nobody in particular
    }
    const auto user = entryOf(*root, "users", "user", userName);
    if (!user) {
        return std::unexpected(
            user.error().within(std::format("context {}", text::quote(current))));
    }
    if (auto read
        = readUser({**user, std::format("user {}", text::quote(userName)), folder}, access);
        !read) {
        return std::unexpected(std::move(read.error()));
    }
    return access;
}

} // namespace watchfire::discovery
