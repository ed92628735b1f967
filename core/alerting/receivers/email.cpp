// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/email.h"

#include "core/alerting/receivers/group_hash.h"
#include "core/alerting/template_time.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <utility>
#include <vector>

namespace watchfire::alerting {

namespace {

using config::NamedTexts;

constexpr std::size_t longestLine = 76; // RFC 2045, 6.7

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t from = text.find_first_not_of(blanks);
    return from == std::string_view::npos
        ? std::string_view()
        : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::vector<std::string_view> byCommas(std::string_view text)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        // A comma within quotes belongs to the name.
        bool quoted = false;
        std::size_t end = 0;
        while (end < text.size() && (quoted || text[end] != ',')) {
            quoted = quoted != (text[end] == '"');
            ++end;
        }
        if (const auto part = trimmed(text.substr(0, end)); !part.empty()) {
            out.push_back(part);
        }
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return out;
}

/// Header lines end at line breaks, so a text from a label must hold none.
std::string onOneLine(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return text;
}

void setHeader(NamedTexts& headers, std::string_view name, std::string value)
{
    const auto sameName = [name](const auto& header) {
        return std::ranges::equal(header.first, name, [](char a, char b) {
            const auto lower = [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            };
            return lower(a) == lower(b);
        });
    };
    if (const auto found = std::ranges::find_if(headers, sameName); found != headers.end()) {
        found->second = std::move(value);
    } else {
        headers.emplace_back(name, std::move(value));
    }
}

std::string part(std::string_view type, std::string_view boundary, std::string_view body)
{
    return std::format("--{}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                       "Content-Type: {}; charset=UTF-8\r\n\r\n{}\r\n",
                       boundary, type, quotedPrintable(body));
}

Result<std::vector<std::string>> addressesOf(std::string_view text, std::string_view what)
{
    std::vector<std::string> out;
    for (const std::string_view one : byCommas(text)) {
        auto address = bareAddress(one);
        if (!address) {
            return fail(ErrorKind::invalid, std::format("{} is no address: {}", what, one));
        }
        out.push_back(*std::move(address));
    }
    if (out.empty()) {
        return fail(ErrorKind::invalid, std::format("{} names nobody", what));
    }
    return out;
}

NamedTexts headersOf(const EmailSettings& settings, Texts& texts, const Notification& notification,
                     Timestamp now, std::string_view idSeed, std::string_view host)
{
    NamedTexts headers{{"Subject", texts(R"({{ template "email.default.subject" . }})")},
                       {"To", texts(settings.to)},
                       {"From", texts(settings.from)},
                       {"Message-Id", std::format("<{}.{}@{}>", unixMs(now), idSeed, host)}};
    for (const auto& [name, text] : settings.headers) {
        setHeader(headers, name, texts(text));
    }
    if (settings.threading) {
        // A root that no mail has: programs gather its answers all the same.
        const std::string day = settings.threadByDay
            ? std::format("{:%F}", std::chrono::floor<std::chrono::days>(now))
            : std::string();
        const std::string root = std::format("<alert-{}-{}@alertmanager>",
                                             groupHash(notification.groupKey).substr(0, 16), day);
        headers.emplace_back("References", root);
        headers.emplace_back("In-Reply-To", root);
    }
    return headers;
}

} // namespace

std::optional<std::string> bareAddress(std::string_view text)
{
    text = trimmed(text);
    if (const std::size_t open = text.rfind('<'); open != std::string_view::npos) {
        if (!text.ends_with('>')) {
            return std::nullopt;
        }
        text = text.substr(open + 1, text.size() - open - 2);
    }
    const std::size_t at = text.rfind('@');
    const bool whole = at != std::string_view::npos && at > 0 && at + 1 < text.size()
        && text.find_first_of(" \t\r\n<>,") == std::string_view::npos;
    return whole ? std::optional(std::string(text)) : std::nullopt;
}

std::string encodedWords(std::string_view text)
{
    if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; })) {
        return std::string(text);
    }
    // An encoded word has at most 75 characters and holds whole characters only.
    constexpr std::size_t room = 75 - std::string_view("=?utf-8?q?").size() - 2;
    std::string out;
    std::string word;
    const auto close = [&] {
        out += (out.empty() ? "" : " ") + std::format("=?utf-8?q?{}?=", word);
        word.clear();
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        while (i + length < text.size()
               && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U) {
            ++length;
        }
        std::string character;
        for (const char c : text.substr(i, length)) {
            if (c == ' ') {
                character += '_';
            } else if (c > ' ' && c <= '~' && c != '=' && c != '?' && c != '_') {
                character += c;
            } else {
                character += std::format("={:02X}", static_cast<unsigned char>(c));
            }
        }
        if (word.size() + character.size() > room) {
            close();
        }
        word += character;
        i += length;
    }
    close();
    return out;
}

std::string quotedPrintable(std::string_view text)
{
    std::string out;
    std::size_t column = 0;
    const auto put = [&](std::string_view piece) {
        if (column + piece.size() > longestLine - 1) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            continue;
        }
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        // A blank at the end of a line would be lost on the way.
        const bool lineEnds = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
        const bool blank = c == ' ' || c == '\t';
        if ((c > ' ' && c <= '~' && c != '=') || (blank && !lineEnds)) {
            put(std::string_view(&c, 1));
        } else {
            put(std::format("={:02X}", static_cast<unsigned char>(c)));
        }
    }
    return out;
}

Result<MailMessage> emailMessage(const EmailSettings& settings, Texts& texts,
                                 const Notification& notification, Timestamp now,
                                 std::string_view idSeed, std::string_view host)
{
    MailMessage mail;
    mail.server = settings.server;
    auto from = addressesOf(texts(settings.from), "from");
    auto to = addressesOf(texts(settings.to), "to");
    const NamedTexts headers = headersOf(settings, texts, notification, now, idSeed, host);
    const std::string text = texts(settings.text);
    const std::string html = texts.html(settings.html);
    if (texts.fault()) {
        return std::unexpected(*texts.fault());
    }
    if (!from || !to) {
        return std::unexpected(std::move(from ? to.error() : from.error()));
    }
    if (from->size() != 1) {
        return fail(ErrorKind::invalid, "from must be one address");
    }
    mail.from = from->front();
    mail.to = std::move(*to);
    for (const auto& [name, value] : headers) {
        mail.text += std::format("{}: {}\r\n", name, encodedWords(onOneLine(value)));
    }
    const std::string boundary = std::format(
        "=_{}", groupHash(std::format("{} {}", idSeed, host)).substr(0, 32)); // in no body: "=_"
    mail.text += std::format("Date: {}\r\n"
                             "Content-Type: multipart/alternative; boundary=\"{}\"\r\n"
                             "MIME-Version: 1.0\r\n\r\n",
                             *formatTime({now, {}}, "Mon, 02 Jan 2006 15:04:05 -0700"), boundary);
    if (!text.empty()) {
        mail.text += part("text/plain", boundary, text);
    }
    if (!html.empty()) {
        mail.text += part("text/html", boundary, html); // the better one last: RFC 2046, 5.1.4
    }
    mail.text += std::format("--{}--\r\n", boundary);
    return mail;
}

} // namespace watchfire::alerting
