// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/notification_log.h"

#include "core/alerting/receivers/group_hash.h"
#include "core/base/bytes.h"

#include <algorithm>
#include <format>
#include <utility>
#include <vector>

namespace watchfire::alerting {

namespace {

constexpr std::string_view domain = "notification-log";
constexpr std::uint8_t recordVersion = 1; // on disk: do not renumber

void writeSet(ByteWriter& out, const std::set<std::uint64_t>& hashes)
{
    out.varint(hashes.size());
    for (const std::uint64_t hash : hashes) {
        out.le(hash);
    }
}

std::set<std::uint64_t> readSet(ByteReader& in)
{
    std::set<std::uint64_t> hashes;
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        hashes.insert(in.le<std::uint64_t>());
    }
    return hashes;
}

Bytes encoded(const NotificationEntry& entry)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.le(recordVersion);
    out.le(static_cast<std::uint64_t>(unixMs(entry.at)));
    writeSet(out, entry.firing);
    writeSet(out, entry.resolved);
    return bytes;
}

/// The store bounds the length of keys, labels do not.
std::string keptUnder(const std::string& key)
{
    constexpr std::size_t longest = 256;
    return key.size() <= longest ? key : groupHash(key);
}

} // namespace

Result<void> NotificationLog::load()
{
    if (m_store == nullptr) {
        return {};
    }
    auto records = m_store->list(domain);
    if (!records) {
        return std::unexpected(std::move(records.error()));
    }
    Result<void> outcome;
    for (const auto& [key, bytes] : *records) {
        ByteReader in(bytes);
        const auto version = in.le<std::uint8_t>();
        NotificationEntry entry;
        entry.at = fromUnixMs(static_cast<std::int64_t>(in.le<std::uint64_t>()));
        entry.firing = readSet(in);
        entry.resolved = readSet(in);
        if (version == recordVersion && in.ok() && in.atEnd()) {
            m_entries.insert_or_assign(key, std::move(entry));
        } else {
            outcome = fail(ErrorKind::corrupt,
                           std::format("the notification record of {} is broken", key));
        }
    }
    return outcome;
}

std::optional<NotificationEntry> NotificationLog::find(const std::string& key) const
{
    const auto found = m_entries.find(keptUnder(key));
    return found == m_entries.end() ? std::nullopt : std::optional(found->second);
}

void NotificationLog::record(const std::string& key, NotificationEntry entry)
{
    std::string name = keptUnder(key);
    if (m_store != nullptr) {
        m_unsavedSince = m_unsavedSince ? std::min(*m_unsavedSince, entry.at) : entry.at;
        m_unsaved.insert(name);
    }
    m_entries.insert_or_assign(std::move(name), std::move(entry));
}

Result<void> NotificationLog::save()
{
    std::vector<std::pair<std::string, Bytes>> values;
    values.reserve(m_unsaved.size());
    for (const std::string& name : m_unsaved) {
        if (const auto entry = m_entries.find(name); entry != m_entries.end()) {
            values.emplace_back(name, encoded(entry->second));
        }
    }
    m_unsaved.clear();
    m_unsavedSince.reset();
    return values.empty() ? Result<void>() : m_store->putAll(domain, values);
}

void NotificationLog::collect(Timestamp now, std::chrono::milliseconds age)
{
    std::erase_if(m_entries, [&](const auto& entry) {
        return entry.second.at + age < now
            && (m_store == nullptr || m_store->remove(domain, entry.first).has_value());
    });
}

std::string_view reasonToTell(const std::optional<NotificationEntry>& entry,
                              const std::set<std::uint64_t>& firing,
                              const std::set<std::uint64_t>& resolved, bool sendResolved,
                              std::chrono::milliseconds repeat, Timestamp now)
{
    if (!entry) {
        return firing.empty() ? "" : "first notification";
    }
    if (!std::ranges::includes(entry->firing, firing)) {
        return entry->firing.empty() ? "first notification" : "new alerts added";
    }
    if (firing.empty()) {
        // What fired and resolved since the last time is none of the receiver's business.
        return entry->firing.empty() ? "" : "all alerts resolved";
    }
    if (sendResolved && !std::ranges::includes(entry->resolved, resolved)) {
        return "some alerts resolved";
    }
    return entry->at < now - repeat ? "repeat interval elapsed" : "";
}

} // namespace watchfire::alerting
