// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/literals.h"
#include "core/promql/syntax/parse_state.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::promql {

namespace {

using Kind = TokenKind;

std::optional<MatchType> matchTypeOf(const Token& token)
{
    switch (token.kind) {
    case Kind::assign:
        return MatchType::equal;
    case Kind::matchRegex:
        return MatchType::regex;
    case Kind::matchNotRegex:
        return MatchType::notRegex;
    case Kind::binaryOperator:
        return token.binary == BinaryOp::notEqual ? std::optional(MatchType::notEqual)
                                                  : std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace

/// `name` is the word already read, or null when the braces stand alone.
Node* Parser::selector(const Token* name)
{
    VectorSelector out;
    Span span = m_stream.token().span;
    if (name != nullptr) {
        span = name->span;
        out.name = std::string(name->text);
    }
    if (m_stream.is(Kind::leftBrace)) {
        span.end = matchersInBraces(out.matchers);
    }
    if (name != nullptr) {
        out.matchers.push_back(Matcher::equal(std::string(metricNameLabel), out.name));
    }
    Node* node = make(span, ValueType::vector, 1, std::move(out));
    checkSelector(std::get<VectorSelector>(node->kind), *node);
    return node;
}

/// {a="b", "metric", …}; gives where it ends.
std::uint32_t Parser::matchersInBraces(Matchers& out)
{
    const TokenStream::Within within(m_stream, {"label matching", "identifier or \"}\""});
    m_stream.advance();
    while (!m_stream.is(Kind::rightBrace) && !m_stream.atEnd()) {
        matcher(out);
        if (m_stream.is(Kind::comma)) {
            m_stream.advance();
        } else if (!m_stream.is(Kind::rightBrace)) {
            m_stream.unexpected({"label matching", "\",\" or \"}\""});
            m_stream.skipTo({Kind::comma});
            if (m_stream.is(Kind::comma)) {
                m_stream.advance();
            }
        }
    }
    if (m_stream.is(Kind::rightBrace)) {
        m_stream.advance();
    }
    return m_stream.lastEnd();
}

void Parser::matcher(Matchers& out)
{
    const bool quoted = m_stream.is(Kind::string);
    if (!quoted && !m_stream.is(Kind::identifier)) {
        m_stream.unexpected();
        return;
    }
    const Token name = m_stream.advance();
    std::string label = quoted ? unquote(name.text) : std::string(name.text);
    const auto type = matchTypeOf(m_stream.token());
    if (!type) {
        if (quoted) {
            out.push_back(Matcher::equal(std::string(metricNameLabel), std::move(label)));
        } else {
            m_stream.unexpected({"label matching", "label matching operator"});
        }
        return;
    }
    m_stream.advance();
    if (!m_stream.is(Kind::string)) {
        m_stream.unexpected({"label matching", "string"});
        return;
    }
    const Token value = m_stream.advance();
    auto made = Matcher::make(*type, std::move(label), unquote(value.text));
    if (made) {
        out.push_back(std::move(*made));
    } else {
        m_stream.addFault({name.span.begin, value.span.end}, std::move(made.error().message));
    }
}

/// (a, "b.c", …)
std::vector<std::string> Parser::groupingLabels()
{
    std::vector<std::string> out;
    const TokenStream::Within within(m_stream, {"grouping opts", "label"});
    if (!m_stream.is(Kind::leftParen)) {
        m_stream.unexpected({"grouping opts", "\"(\""});
        return out;
    }
    m_stream.advance();
    while (!m_stream.is(Kind::rightParen) && !m_stream.atEnd()) {
        if (auto label = groupingLabel()) {
            out.push_back(*std::move(label));
        }
        if (m_stream.is(Kind::comma)) {
            m_stream.advance();
        } else if (!m_stream.is(Kind::rightParen)) {
            m_stream.unexpected({"grouping opts", "\",\" or \")\""});
            m_stream.skipTo({Kind::comma});
            if (!m_stream.is(Kind::comma)) {
                break;
            }
            m_stream.advance();
        }
    }
    if (m_stream.is(Kind::rightParen)) {
        m_stream.advance();
    }
    return out;
}

std::optional<std::string> Parser::groupingLabel()
{
    const Token& token = m_stream.token();
    if (token.kind == Kind::string) {
        const Token quoted = m_stream.advance();
        std::string label = unquote(quoted.text);
        if (!isValidName(label)) {
            m_stream.addFault(
                quoted.span,
                std::format("invalid label name for grouping: {}", text::quote(label)));
        }
        return label;
    }
    if (canBeLabelName(token)) {
        return std::string(m_stream.advance().text);
    }
    m_stream.unexpected();
    return std::nullopt;
}

void Parser::selectorOnly(Matchers& out)
{
    Node* node = nullptr;
    if (m_stream.is(Kind::leftBrace)) {
        node = selector(nullptr);
    } else if (canBeMetricName(m_stream.token())) {
        const Token name = m_stream.advance();
        node = selector(&name);
    }
    if (node == nullptr || !m_stream.atEnd()) {
        m_stream.unexpected();
        return;
    }
    out = std::move(std::get<VectorSelector>(node->kind).matchers);
}

void Parser::metricOnly(std::vector<std::pair<std::string, std::string>>& out)
{
    std::optional<std::string> name;
    if (canBeMetricName(m_stream.token())) {
        name = std::string(m_stream.advance().text);
    } else if (!m_stream.is(Kind::leftBrace)) {
        m_stream.unexpected();
        return;
    }
    if (m_stream.is(Kind::leftBrace)) {
        labelsInBraces(out);
    }
    if (name) {
        out.emplace_back(std::string(metricNameLabel), *std::move(name));
    }
    if (!m_stream.atEnd()) {
        m_stream.unexpected();
    }
}

/// {a="b", "metric", …} with values, not conditions.
void Parser::labelsInBraces(std::vector<std::pair<std::string, std::string>>& out)
{
    const TokenStream::Within within(m_stream, {"label set", "identifier or \"}\""});
    m_stream.advance();
    while (!m_stream.is(Kind::rightBrace) && !m_stream.atEnd()) {
        const bool quoted = m_stream.is(Kind::string);
        if (!quoted && !m_stream.is(Kind::identifier)) {
            m_stream.unexpected();
            return;
        }
        const Token name = m_stream.advance();
        std::string label = quoted ? unquote(name.text) : std::string(name.text);
        if (m_stream.is(Kind::assign)) {
            m_stream.advance();
            if (!m_stream.is(Kind::string)) {
                m_stream.unexpected({"label set", "string"});
                return;
            }
            out.emplace_back(std::move(label), unquote(m_stream.advance().text));
        } else if (quoted) {
            out.emplace_back(std::string(metricNameLabel), std::move(label));
        } else {
            m_stream.unexpected({"label set", "\"=\""});
            return;
        }
        if (m_stream.is(Kind::comma)) {
            m_stream.advance();
        } else if (!m_stream.is(Kind::rightBrace)) {
            m_stream.unexpected({"label set", "\",\" or \"}\""});
            return;
        }
    }
    if (m_stream.is(Kind::rightBrace)) {
        m_stream.advance();
    }
}

} // namespace watchfire::promql
