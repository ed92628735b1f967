// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/silences.h"

#include <algorithm>
#include <format>
#include <random>
#include <utility>

namespace watchfire::alerting {

namespace {

constexpr std::string_view domain = "silences";
constexpr std::uint8_t recordVersion = 2; // on disk: do not renumber
constexpr std::uint8_t withoutAnnotations = 1; // the version before
constexpr auto retention = std::chrono::hours(120);

void writeTime(ByteWriter& out, Timestamp at)
{
    out.le(static_cast<std::uint64_t>(unixMs(at)));
}

Timestamp readTime(ByteReader& in)
{
    return fromUnixMs(static_cast<std::int64_t>(in.le<std::uint64_t>()));
}

Bytes encode(const Silence& silence)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.le(recordVersion);
    writeTime(out, silence.startsAt);
    writeTime(out, silence.endsAt);
    writeTime(out, silence.updatedAt);
    out.text(silence.createdBy);
    out.text(silence.comment);
    out.varint(silence.matchers.size());
    for (const Matcher& matcher : silence.matchers) {
        out.le(static_cast<std::uint8_t>(matcher.type()));
        out.text(matcher.name());
        out.text(matcher.value());
    }
    out.varint(silence.annotations.size());
    for (const Label& annotation : silence.annotations) {
        out.text(annotation.name);
        out.text(annotation.value);
    }
    return bytes;
}

Labels readAnnotations(ByteReader& in)
{
    LabelsBuilder annotations;
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        const std::string name(in.text());
        annotations.set(name, in.text());
    }
    return annotations.build();
}

Result<Silence> decode(std::string id, ByteView bytes)
{
    ByteReader in(bytes);
    const auto broken = [&id] {
        return fail(ErrorKind::corrupt, std::format("the record of silence {} is broken", id));
    };
    const auto version = in.le<std::uint8_t>();
    if (version != recordVersion && version != withoutAnnotations) {
        return broken();
    }
    Silence silence;
    silence.id = id;
    silence.startsAt = readTime(in);
    silence.endsAt = readTime(in);
    silence.updatedAt = readTime(in);
    silence.createdBy = in.text();
    silence.comment = in.text();
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        const auto type = in.le<std::uint8_t>();
        std::string name(in.text());
        std::string value(in.text());
        if (type > static_cast<std::uint8_t>(MatchType::notRegex)) {
            return broken();
        }
        auto matcher
            = Matcher::make(static_cast<MatchType>(type), std::move(name), std::move(value));
        if (!matcher) {
            return broken();
        }
        silence.matchers.push_back(std::move(*matcher));
    }
    if (version != withoutAnnotations) {
        silence.annotations = readAnnotations(in);
    }
    if (!in.ok() || !in.atEnd()) {
        return broken();
    }
    return silence;
}

Result<void> check(const Silence& silence)
{
    if (silence.matchers.empty()) {
        return fail(ErrorKind::invalid, "at least one matcher required");
    }
    // A negative matcher counts as one that narrows, though it matches what lacks the label.
    const auto narrowsNothing = [](const Matcher& matcher) {
        const bool positive
            = matcher.type() == MatchType::equal || matcher.type() == MatchType::regex;
        return positive && matcher.matchesEmpty();
    };
    if (std::ranges::all_of(silence.matchers, narrowsNothing)) {
        return fail(ErrorKind::invalid, "at least one matcher must not match the empty string");
    }
    if (silence.endsAt <= silence.startsAt) {
        return fail(ErrorKind::invalid, "start time must be before end time");
    }
    return {};
}

/// Whether `next` may take the place of `before` under the same id.
bool mayReplace(const Silence& before, const Silence& next, Timestamp now)
{
    if (before.matchers != next.matchers || before.isExpiredAt(now)) {
        return false;
    }
    if (before.isActiveAt(now)) {
        // To the second: who read the old one from a text may have lost the rest.
        const auto second
            = [](Timestamp at) { return std::chrono::floor<std::chrono::seconds>(at); };
        return second(next.startsAt) == second(before.startsAt);
    }
    return next.startsAt >= now;
}

} // namespace

Silences::Silences(storage::StateStore* store, std::function<std::string()> makeId)
    : m_store(store)
    , m_makeId(std::move(makeId))
{
}

Result<void> Silences::load()
{
    if (m_store == nullptr) {
        return {};
    }
    auto records = m_store->list(domain);
    if (!records) {
        return std::unexpected(std::move(records.error()));
    }
    Result<void> outcome;
    for (const auto& [id, bytes] : *records) {
        auto silence = decode(id, bytes);
        if (silence) {
            m_silences.insert_or_assign(id, std::move(*silence));
        } else {
            outcome = std::unexpected(std::move(silence.error()));
        }
    }
    return outcome;
}

Result<std::string> Silences::set(Silence silence, Timestamp now)
{
    if (auto checked = check(silence); !checked) {
        return std::unexpected(std::move(checked.error()));
    }
    if (silence.endsAt < now) {
        return fail(ErrorKind::invalid, "end time can't be in the past");
    }
    if (!silence.id.empty()) {
        const auto before = m_silences.find(silence.id);
        if (before == m_silences.end()) {
            return fail(ErrorKind::notFound, std::format("there is no silence {}", silence.id));
        }
        if (mayReplace(before->second, silence, now)) {
            if (before->second.isActiveAt(now)) {
                silence.startsAt = before->second.startsAt;
            }
            silence.updatedAt = now;
            if (auto kept = keep(silence); !kept) {
                return std::unexpected(std::move(kept.error()));
            }
            return before->first;
        }
        if (!before->second.isExpiredAt(now)) {
            if (auto expired = expire(silence.id, now); !expired) {
                return std::unexpected(std::move(expired.error()));
            }
        }
    }
    silence.id = m_makeId();
    silence.startsAt = std::max(silence.startsAt, now);
    silence.updatedAt = now;
    if (auto kept = keep(silence); !kept) {
        return std::unexpected(std::move(kept.error()));
    }
    return silence.id;
}

Result<void> Silences::expire(const std::string& id, Timestamp now)
{
    const auto found = m_silences.find(id);
    if (found == m_silences.end()) {
        return fail(ErrorKind::notFound, std::format("there is no silence {}", id));
    }
    Silence silence = found->second;
    if (silence.isExpiredAt(now)) {
        return {};
    }
    silence.startsAt = std::min(silence.startsAt, now);
    silence.endsAt = now;
    silence.updatedAt = now;
    return keep(silence);
}

Result<void> Silences::keep(const Silence& silence)
{
    if (m_store != nullptr) {
        if (auto put = m_store->put(domain, silence.id, encode(silence)); !put) {
            return put;
        }
    }
    m_silences.insert_or_assign(silence.id, silence);
    return {};
}

std::vector<std::string> Silences::mutedBy(const Labels& labels, Timestamp now) const
{
    std::vector<std::string> ids;
    for (const auto& [id, silence] : m_silences) {
        if (silence.isActiveAt(now) && matchesAll(silence.matchers, labels)) {
            ids.push_back(id);
        }
    }
    return ids;
}

void Silences::collect(Timestamp now)
{
    std::erase_if(m_silences, [&](const auto& entry) {
        const bool old = entry.second.endsAt + retention < now;
        // A record that cannot be removed now is met again after the next start.
        return old && (m_store == nullptr || m_store->remove(domain, entry.first).has_value());
    });
}

std::string makeUuid()
{
    std::random_device source;
    const auto word = [&source] { return (static_cast<std::uint64_t>(source()) << 32) | source(); };
    const std::uint64_t high = (word() & ~0xF000ULL) | 0x4000ULL;
    const std::uint64_t low = (word() & ~(3ULL << 62)) | (2ULL << 62);
    return std::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF,
                       high & 0xFFFF, low >> 48, low & 0xFFFF'FFFF'FFFFULL);
}

} // namespace watchfire::alerting
