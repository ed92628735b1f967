// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/json_places.h"

#include "core/text/quote.h"

#include <algorithm>
#include <format>
#include <string>
#include <utility>

namespace watchfire::discovery {

namespace {

constexpr int maxDepth = 1024;

/// Goes over a text and stops at the first thing that should not be there.
class Scan {
public:
    explicit Scan(std::string_view text)
        : m_text(text)
    {
    }

    JsonPlaces run()
    {
        constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
        m_at = m_text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
        value(0);
        space();
        if (!failed() && m_at < m_text.size()) {
            fault("nothing may follow the value");
        }
        return std::move(m_places);
    }

private:
    bool failed() const { return m_places.fault.has_value(); }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    void fault(std::string_view message)
    {
        if (!failed()) {
            m_places.fault
                = JsonPlaces::Fault{static_cast<std::uint32_t>(m_at), std::string(message)};
        }
    }
    void unexpected(std::string_view wanted)
    {
        if (m_at >= m_text.size()) {
            fault(std::format("{} expected, not the end of the text", wanted));
            return;
        }
        const auto character = text::decodeUtf8(m_text.substr(m_at)).character;
        fault(std::format("{} expected, not {}", wanted, text::quoteCharacter(character)));
    }

    void space() { m_at = std::min(m_text.find_first_not_of(" \t\r\n", m_at), m_text.size()); }

    bool take(char wanted)
    {
        space();
        if (peek() != wanted || m_at >= m_text.size()) {
            return false;
        }
        ++m_at;
        return true;
    }

    void value(int depth)
    {
        space();
        if (depth > maxDepth) {
            fault("nested too deeply");
            return;
        }
        switch (peek()) {
        case '{':
            object(depth);
            return;
        case '[':
            array(depth);
            return;
        case '"':
            string();
            return;
        case 't':
            word("true");
            return;
        case 'f':
            word("false");
            return;
        case 'n':
            word("null");
            return;
        default:
            number();
        }
    }

    void object(int depth)
    {
        ++m_at;
        if (take('}')) {
            return;
        }
        do {
            space();
            if (peek() != '"') {
                unexpected("a name in double quotes");
                return;
            }
            string();
            if (!failed() && !take(':')) {
                unexpected("':'");
            }
            if (!failed()) {
                value(depth + 1);
            }
        } while (!failed() && take(','));
        if (!failed() && !take('}')) {
            unexpected("',' or '}'");
        }
    }

    void array(int depth)
    {
        ++m_at;
        if (take(']')) {
            return;
        }
        do {
            space();
            if (depth == 0) {
                m_places.elements.push_back(static_cast<std::uint32_t>(m_at));
            }
            value(depth + 1);
        } while (!failed() && take(','));
        if (!failed() && !take(']')) {
            unexpected("',' or ']'");
        }
    }

    void string()
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != '"') {
            if (static_cast<unsigned char>(m_text[m_at]) < 0x20) {
                fault("a text may not hold a line break or control character");
                return;
            }
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        }
        if (m_at >= m_text.size()) {
            m_at = begin;
            fault("the text has no closing quote");
            return;
        }
        ++m_at;
    }

    void word(std::string_view wanted)
    {
        if (m_text.substr(m_at, wanted.size()) != wanted) {
            unexpected("a value");
            return;
        }
        m_at += wanted.size();
    }

    void number()
    {
        const std::size_t end
            = std::min(m_text.find_first_not_of("+-.0123456789eE", m_at), m_text.size());
        const char first = peek();
        if (end == m_at || first == '+' || first == '.' || first == 'e' || first == 'E') {
            unexpected("a value");
            return;
        }
        m_at = end;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    JsonPlaces m_places;
};

} // namespace

JsonPlaces placesOf(std::string_view text)
{
    return Scan(text).run();
}

} // namespace watchfire::discovery
