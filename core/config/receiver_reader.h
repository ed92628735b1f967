// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/client.h"
#include "core/config/client_parts.h"
#include "core/config/reader.h"
#include "core/config/receiver_keys.h"
#include "core/encoding/json.h"

#include <format>
#include <string_view>

namespace watchfire::config {

/// A scalar as JSON: what is written plainly and reads as a number or the like is one.
void appendScalar(encoding::JsonWriter& json, const encoding::YamlNode& node);
/// A tree of YAML as JSON. Faults for keys that are no scalars.
std::string treeJson(Reading& reading, const encoding::YamlNode& node);

/// The visitor of `describe` that reads a section.
template <class Config> class KeyReader {
public:
    KeyReader(Fields& fields, Config& out)
        : m_fields(fields)
        , m_out(out)
    {
    }

    template <class C> void text(std::string_view key, std::string C::* member)
    {
        m_fields.text(key, m_out.*member);
    }
    template <class C> void flag(std::string_view key, bool C::* member)
    {
        m_fields.boolean(key, m_out.*member);
    }
    template <class C> void flag(std::string_view key, std::optional<bool> C::* member)
    {
        bool value = false;
        if (m_fields.boolean(key, value) != nullptr) {
            m_out.*member = value;
        }
    }
    template <class C> void count(std::string_view key, std::uint64_t C::* member)
    {
        m_fields.count(key, m_out.*member);
    }
    template <class C> void integer(std::string_view key, std::int64_t C::* member)
    {
        m_fields.integer(key, m_out.*member);
    }
    template <class C> void duration(std::string_view key, Duration C::* member)
    {
        m_fields.duration(key, m_out.*member);
    }
    template <class C> void path(std::string_view key, std::string C::* member)
    {
        const encoding::YamlNode* const node = m_fields.text(key, m_out.*member);
        m_out.*member = resolved(m_fields.reading(), node, std::move(m_out.*member));
    }
    template <class C> void url(std::string_view key, std::string C::* member)
    {
        if (const auto* const node = m_fields.text(key, m_out.*member)) {
            checkHttpUrl(*node, m_out.*member);
        }
    }
    template <class C>
    void secret(std::string_view key, std::string_view fileKey, SecretSource C::* member)
    {
        readSecret(key, fileKey, m_out.*member);
    }
    template <class C>
    void secretUrl(std::string_view key, std::string_view fileKey, SecretSource C::* member)
    {
        SecretSource& secret = m_out.*member;
        if (const auto* const node = readSecret(key, fileKey, secret);
            node && !secret.text.empty()) {
            checkHttpUrl(*node, secret.text.reveal());
        }
    }
    template <class C> void texts(std::string_view key, std::vector<std::string> C::* member)
    {
        m_fields.texts(key, m_out.*member);
    }
    template <class C> void pairs(std::string_view key, NamedTexts C::* member)
    {
        m_fields.pairs(key, m_out.*member);
    }
    template <class C>
    void client(std::string_view key, std::optional<HttpClientOptions> C::* member)
    {
        if (const auto* const node = m_fields.take(key)) {
            Fields own(m_fields.reading(), *node, "config.plain");
            m_out.*member = readClient(own);
            own.finish();
        }
    }
    template <class C> void tls(std::string_view key, std::optional<TlsOptions> C::* member)
    {
        if (const auto* const node = m_fields.take(key)) {
            m_out.*member = readTls(m_fields.reading(), *node);
        }
    }
    template <class C> void threading(std::string_view key, bool C::* on, bool C::* daily)
    {
        const auto* const node = m_fields.take(key);
        if (node == nullptr) {
            return;
        }
        Fields own(m_fields.reading(), *node, "config.ThreadingConfig");
        std::string by;
        own.boolean("enabled", m_out.*on);
        own.text("thread_by_date", by);
        own.finish();
        m_out.*daily = by != "none";
        if (m_out.*on && by != "none" && by != "daily") {
            m_fields.reading().fault(*node,
                                     "threading.thread_by_date must be either 'none' or 'daily'");
        }
    }
    template <class C> void tree(std::string_view key, Secret C::* member)
    {
        if (const auto* const node = m_fields.take(key)) {
            m_out.*member = Secret(treeJson(m_fields.reading(), *node));
        }
    }
    template <class C> void tree(std::string_view key, std::string C::* member)
    {
        const auto* const node = m_fields.take(key);
        if (node == nullptr) {
            return;
        }
        if (!node->isMapping()) {
            m_fields.reading().fault(*node, std::format("{} is no mapping", key));
        }
        m_out.*member = treeJson(m_fields.reading(), *node);
    }
    template <class C, class Item> void list(std::string_view key, std::vector<Item> C::* member)
    {
        m_fields.list(
            key, std::format("empty entry of {}", key),
            [&](const encoding::YamlNode& node) { read(node, (m_out.*member).emplace_back()); });
    }
    template <class C, class Item> void section(std::string_view key, Item C::* member)
    {
        if (const auto* const node = m_fields.take(key)) {
            read(*node, m_out.*member);
        }
    }

private:
    template <class Item> void read(const encoding::YamlNode& node, Item& item)
    {
        Fields own(m_fields.reading(), node, "config.plain");
        KeyReader<Item> reader(own, item);
        describe(reader, &item);
        own.finish();
    }

    const encoding::YamlNode* readSecret(std::string_view key, std::string_view fileKey,
                                         SecretSource& out)
    {
        const auto* const node = m_fields.secret(key, out.text);
        const auto* const file = m_fields.text(fileKey, out.file);
        out.file = resolved(m_fields.reading(), file, std::move(out.file));
        atMostOne(m_fields.reading(), m_fields.node(),
                  {{key, !out.text.empty()}, {fileKey, !out.file.empty()}});
        return node;
    }

    /// A template is looked at when it is used.
    void checkHttpUrl(const encoding::YamlNode& node, std::string_view url)
    {
        if (!url.contains("{{") && !isHttpUrl(url)) {
            m_fields.reading().fault(node, "invalid URL: unsupported scheme or missing host");
        }
    }

    Fields& m_fields;
    Config& m_out;
};

} // namespace watchfire::config
