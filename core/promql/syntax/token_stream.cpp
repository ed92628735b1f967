// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parse_state.h"
#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <iterator>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;

/// The token as Prometheus' messages name it: <by>, <op:+>, identifier "x", "}".
std::string describe(const Token& token)
{
    switch (token.kind) {
    case Kind::endOfInput:
        return "end of input";
    case Kind::identifier:
        return "identifier " + text::quote(token.text);
    case Kind::metricIdentifier:
        return "metric identifier " + text::quote(token.text);
    case Kind::string:
    case Kind::number:
    case Kind::duration: {
        const std::string_view what = token.kind == Kind::string ? "string"
            : token.kind == Kind::number                         ? "number"
                                                                 : "duration";
        constexpr std::size_t shown = 10;
        if (token.text.size() <= shown) {
            return std::format("{} {}", what, text::quote(token.text));
        }
        std::size_t end = 0; // ten characters, not bytes
        for (std::size_t i = 0; i < shown && end < token.text.size(); ++i) {
            end += text::decodeUtf8(token.text.substr(end)).bytes;
        }
        return std::format("{} {}...", what, text::quote(token.text.substr(0, end)));
    }
    case Kind::at:
    case Kind::matchRegex:
    case Kind::matchNotRegex:
    case Kind::binaryOperator:
        return std::format("<op:{}>", token.text);
    case Kind::aggregation:
        return std::format("<aggr:{}>", token.text);
    default:
        return token.kind >= Kind::boolWord && token.kind <= Kind::smoothedWord
            ? std::format("<{}>", token.text)
            : text::quote(token.text);
    }
}

} // namespace

void Faults::addSyntax(Span where, std::string message)
{
    m_syntax.push_back({ErrorKind::invalid, std::move(message), where});
}

void Faults::addType(Span where, std::string message)
{
    m_type.push_back({ErrorKind::invalid, std::move(message), where});
}

const Error* Faults::first() const
{
    return !m_syntax.empty() ? &m_syntax.front() : !m_type.empty() ? &m_type.front() : nullptr;
}

std::vector<Error> Faults::takeAll() &&
{
    std::vector<Error> all = std::move(m_syntax);
    std::ranges::move(m_type, std::back_inserter(all));
    std::ranges::stable_sort(all, {}, [](const Error& e) { return e.where->begin; });
    return all;
}

TokenStream::TokenStream(std::string_view text, Reading reading)
    : m_lexer(text)
    , m_reading(reading)
    , m_textEnd(static_cast<std::uint32_t>(text.size()))
{
    advance();
    m_taken = 0;
    m_lastEnd = 0;
}

void TokenStream::stop()
{
    m_stopped = true;
    m_token = {};
    m_token.span = {m_textEnd, m_textEnd};
}

Token TokenStream::advance()
{
    const Token taken = m_token;
    m_lastEnd = taken.span.end;
    ++m_taken;
    while (!m_stopped) {
        m_token = m_lexer.next();
        if (m_token.kind == Kind::error) {
            // A run of characters that are no tokens is one fault.
            if (m_token.span.begin != m_errorEnd || m_token.span.begin == 0) {
                addFault(m_token.span, m_lexer.message());
            }
            m_errorEnd = m_token.span.end;
        } else if (m_token.kind != Kind::comment) {
            break;
        }
    }
    return taken;
}

void TokenStream::addFault(Span where, std::string message)
{
    m_takenAtFault = m_taken;
    m_faults.addSyntax(where, std::move(message));
    if (m_reading == Reading::firstFault || m_faults.areTooMany()) {
        stop();
    }
}

void TokenStream::unexpected()
{
    unexpected(m_context);
}

void TokenStream::unexpected(Context context)
{
    // Right behind a fault the rest of the construct rarely makes sense: three tokens have to
    // fit before another is believed, as yacc does it.
    constexpr std::size_t believable = 3;
    if (m_stopped || (m_faults.hasSyntax() && m_taken < m_takenAtFault + believable)) {
        return;
    }
    std::string message = "unexpected " + describe(m_token);
    if (!context.construct.empty()) {
        message += std::format(" in {}", context.construct);
    }
    if (!context.expected.empty()) {
        message += std::format(", expected {}", context.expected);
    }
    addFault(m_token.span, std::move(message));
}

void TokenStream::skipTo(std::initializer_list<TokenKind> kinds)
{
    int open = 0;
    while (!atEnd()) {
        if (open == 0 && std::ranges::contains(kinds, kind())) {
            return;
        }
        if (is(Kind::leftParen) || is(Kind::leftBrace) || is(Kind::leftBracket)) {
            ++open;
        } else if (is(Kind::rightParen) || is(Kind::rightBrace) || is(Kind::rightBracket)) {
            if (open == 0) {
                return;
            }
            --open;
        }
        advance();
    }
}

} // namespace watchfire::promql
