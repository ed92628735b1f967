// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/number.h"
#include "core/text/quote.h"
#include "core/text/template_nodes.h"

#include <cctype>
#include <charconv>
#include <format>
#include <utility>

namespace watchfire::text {

namespace {

constexpr int deepest = 100;

struct Token {
    enum class Kind {
        end,
        identifier, ///< also keywords
        field, ///< .Name
        dot,
        variable, ///< $ or $name
        string,
        number,
        declare, ///< :=
        assign, ///< =
        comma,
        pipe,
        open,
        close
    };
    Kind kind = Kind::end;
    std::string text;
    TemplateValue value; ///< of a string or number
    Span span;
    bool spaceBefore = false;
};

bool isNameChar(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
        || (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// One piece of the source: text, or the inside of {{ }}.
struct Piece {
    bool isAction = false;
    std::string_view text;
    std::size_t begin = 0;
};

/// A Go string: "…" with escapes, `…` as it stands, or one character in single quotes, whose
/// value is its number.
std::optional<TemplateValue> unquote(std::string_view token)
{
    const char quote = token.front();
    std::string_view inside = token.substr(1, token.size() - 2);
    if (quote == '`') {
        return TemplateValue(std::string(inside));
    }
    std::string out;
    while (!inside.empty()) {
        if (inside.front() != '\\') {
            out += inside.front();
            inside.remove_prefix(1);
            continue;
        }
        if (inside.size() < 2) {
            return std::nullopt;
        }
        const char escape = inside[1];
        inside.remove_prefix(2);
        constexpr std::string_view letters = "abfnrtv\\\"'";
        constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"'";
        if (const std::size_t at = letters.find(escape); at != std::string_view::npos) {
            out += meanings[at];
            continue;
        }
        const std::size_t digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
        std::uint32_t number = 0;
        if (digits == 0 || inside.size() < digits
            || std::from_chars(inside.data(), inside.data() + digits, number, 16).ptr
                != inside.data() + digits) {
            return std::nullopt;
        }
        inside.remove_prefix(digits);
        if (escape == 'x') {
            out += static_cast<char>(number);
        } else {
            appendUtf8(out, number);
        }
    }
    if (quote == '\'') {
        return TemplateValue(static_cast<std::int64_t>(decodeUtf8(out).character));
    }
    return TemplateValue(std::move(out));
}

std::string_view trimEnd(std::string_view text)
{
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
        text.remove_suffix(1);
    }
    return text;
}

std::string_view trimBegin(std::string_view text)
{
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
        text.remove_prefix(1);
    }
    return text;
}

/// Where the action that begins at `at` ends: the place of its }}, past strings.
std::size_t endOfAction(std::string_view source, std::size_t at)
{
    char quote = 0;
    for (std::size_t i = at; i < source.size(); ++i) {
        const char c = source[i];
        if (quote != 0) {
            if (c == '\\' && quote != '`') {
                ++i;
            } else if (c == quote) {
                quote = 0;
            }
        } else if (c == '"' || c == '`' || c == '\'') {
            quote = c;
        } else if (source.substr(i).starts_with("}}")) {
            return i;
        }
    }
    return std::string_view::npos;
}

Result<std::vector<Piece>> split(std::string_view source)
{
    std::vector<Piece> pieces;
    bool trimNext = false;
    std::size_t at = 0;
    while (at <= source.size()) {
        const std::size_t open = std::min(source.find("{{", at), source.size());
        std::string_view text = source.substr(at, open - at);
        if (trimNext) {
            text = trimBegin(text);
        }
        if (open == source.size()) {
            pieces.push_back({false, text, at});
            return pieces;
        }
        std::size_t inside = open + 2;
        const bool trimsBefore = source.substr(inside).starts_with("- ")
            || source.substr(inside).starts_with("-\n") || source.substr(inside).starts_with("-\t");
        if (trimsBefore) {
            text = trimEnd(text);
            inside += 1;
        }
        pieces.push_back({false, text, at});
        std::size_t close = 0;
        const std::string_view afterSpace = trimBegin(source.substr(inside));
        const bool isComment = afterSpace.starts_with("/*");
        if (isComment) {
            const std::size_t end = source.find("*/", inside);
            close = end == std::string_view::npos ? end : source.find("}}", end);
        } else {
            close = endOfAction(source, inside);
        }
        if (close == std::string_view::npos) {
            return fail(
                ErrorKind::invalid, isComment ? "unclosed comment" : "unclosed action",
                Span{static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(source.size())});
        }
        std::string_view action = source.substr(inside, close - inside);
        trimNext = action.size() >= 2 && action.back() == '-'
            && std::isspace(static_cast<unsigned char>(action[action.size() - 2])) != 0;
        if (trimNext) {
            action.remove_suffix(1);
        }
        if (!isComment) {
            pieces.push_back({true, action, inside});
        }
        at = close + 2;
    }
    return pieces;
}

Result<std::vector<Token>> lex(const Piece& piece)
{
    std::vector<Token> tokens;
    const std::string_view text = piece.text;
    const auto spanOf = [&piece](std::size_t from, std::size_t to) {
        return Span{static_cast<std::uint32_t>(piece.begin + from),
                    static_cast<std::uint32_t>(piece.begin + to)};
    };
    std::size_t at = 0;
    bool space = false;
    while (at < text.size()) {
        const char c = text[at];
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            ++at;
            space = true;
            continue;
        }
        Token token;
        token.spaceBefore = std::exchange(space, false);
        const std::size_t begin = at;
        const auto takeName = [&] {
            while (at < text.size() && isNameChar(text[at])) {
                ++at;
            }
        };
        if (c == '"' || c == '`' || c == '\'') {
            ++at;
            while (at < text.size() && text[at] != c) {
                at += text[at] == '\\' && c != '`' ? 2 : 1;
            }
            if (at >= text.size()) {
                return fail(ErrorKind::invalid, "unterminated quoted string",
                            spanOf(begin, text.size()));
            }
            ++at;
            auto value = unquote(text.substr(begin, at - begin));
            if (!value) {
                return fail(ErrorKind::invalid, "invalid syntax in a string", spanOf(begin, at));
            }
            token.kind = Token::Kind::string;
            token.value = std::move(*value);
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0
                   || ((c == '-' || c == '+' || c == '.') && at + 1 < text.size()
                       && std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0)) {
            ++at;
            while (at < text.size()
                   && (isNameChar(text[at]) || text[at] == '.'
                       || ((text[at] == '-' || text[at] == '+')
                           && (text[at - 1] == 'e' || text[at - 1] == 'E')))) {
                ++at;
            }
            std::string_view digits = text.substr(begin, at - begin);
            if (digits.front() == '+') {
                digits.remove_prefix(1);
            }
            std::int64_t integer = 0;
            const auto [end, error]
                = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
            token.kind = Token::Kind::number;
            if (error == std::errc() && end == digits.data() + digits.size()) {
                token.value = integer;
            } else if (const auto number = parseFloat(digits)) {
                token.value = *number;
            } else {
                return fail(ErrorKind::invalid, std::format("bad number syntax: \"{}\"", digits),
                            spanOf(begin, at));
            }
        } else if (c == '.') {
            ++at;
            takeName();
            token.kind = at == begin + 1 ? Token::Kind::dot : Token::Kind::field;
            token.text = text.substr(begin + 1, at - begin - 1);
        } else if (c == '$') {
            ++at;
            takeName();
            token.kind = Token::Kind::variable;
            token.text = text.substr(begin, at - begin);
        } else if (isNameChar(c)) {
            takeName();
            token.kind = Token::Kind::identifier;
            token.text = text.substr(begin, at - begin);
        } else if (text.substr(at).starts_with(":=")) {
            at += 2;
            token.kind = Token::Kind::declare;
        } else {
            ++at;
            switch (c) {
            case '=':
                token.kind = Token::Kind::assign;
                break;
            case ',':
                token.kind = Token::Kind::comma;
                break;
            case '|':
                token.kind = Token::Kind::pipe;
                break;
            case '(':
                token.kind = Token::Kind::open;
                break;
            case ')':
                token.kind = Token::Kind::close;
                break;
            default:
                return fail(ErrorKind::invalid, std::format("unexpected \"{}\" in action", c),
                            spanOf(begin, at));
            }
        }
        token.span = spanOf(begin, at);
        tokens.push_back(std::move(token));
    }
    Token end;
    end.span = spanOf(text.size(), text.size());
    end.spaceBefore = true;
    tokens.push_back(std::move(end));
    return tokens;
}

/// Reads the tokens of one action.
class ActionParser {
public:
    explicit ActionParser(std::vector<Token> tokens)
        : m_tokens(std::move(tokens))
    {
    }

    const Token& peek(std::size_t ahead = 0) const
    {
        return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
    }
    const Token& take() { return m_tokens[m_at < m_tokens.size() - 1 ? m_at++ : m_at]; }
    bool atEnd() const { return peek().kind == Token::Kind::end; }
    bool takeWord(std::string_view word)
    {
        if (peek().kind == Token::Kind::identifier && peek().text == word) {
            take();
            return true;
        }
        return false;
    }

    std::unexpected<Error> unexpectedHere(std::string_view where) const
    {
        return fail(ErrorKind::invalid,
                    atEnd() ? std::format("unexpected end of {}", where)
                            : std::format("unexpected token in {}", where),
                    peek().span);
    }

    Result<TemplatePipeline> pipeline(int depth)
    {
        if (depth > deepest) {
            return fail(ErrorKind::limit, "parentheses are nested too deeply", peek().span);
        }
        TemplatePipeline out;
        out.span = peek().span;
        if (peek().kind == Token::Kind::variable) {
            std::size_t ahead = 1;
            while (peek(ahead).kind == Token::Kind::comma
                   && peek(ahead + 1).kind == Token::Kind::variable) {
                ahead += 2;
            }
            const auto after = peek(ahead).kind;
            if (after == Token::Kind::declare || after == Token::Kind::assign) {
                while (m_at < m_tokens.size() && peek().kind != after) {
                    if (peek().kind == Token::Kind::variable) {
                        out.variables.push_back(peek().text);
                    }
                    take();
                }
                take();
                out.declares = after == Token::Kind::declare;
            }
        }
        for (;;) {
            auto command = this->command(depth);
            if (!command) {
                return std::unexpected(std::move(command.error()));
            }
            out.commands.push_back(std::move(*command));
            if (peek().kind != Token::Kind::pipe) {
                break;
            }
            take();
        }
        return out;
    }

private:
    Result<TemplateCommand> command(int depth)
    {
        TemplateCommand out;
        for (;;) {
            const auto kind = peek().kind;
            if (kind == Token::Kind::end || kind == Token::Kind::pipe
                || kind == Token::Kind::close) {
                break;
            }
            auto operand = this->operand(depth);
            if (!operand) {
                return std::unexpected(std::move(operand.error()));
            }
            out.operands.push_back(std::move(*operand));
        }
        if (out.operands.empty()) {
            return fail(ErrorKind::invalid, "missing value for command", peek().span);
        }
        return out;
    }

    Result<TemplateOperand> operand(int depth)
    {
        TemplateOperand out;
        const Token token = take();
        switch (token.kind) {
        case Token::Kind::dot:
            break;
        case Token::Kind::field:
            out.fields.push_back(token.text);
            break;
        case Token::Kind::variable:
            out.kind = TemplateOperand::Kind::variable;
            out.name = token.text;
            break;
        case Token::Kind::string:
        case Token::Kind::number:
            out.kind = TemplateOperand::Kind::literal;
            out.literal = token.value;
            break;
        case Token::Kind::identifier:
            if (token.text == "true" || token.text == "false") {
                out.kind = TemplateOperand::Kind::literal;
                out.literal = token.text == "true";
            } else if (token.text == "nil") {
                out.kind = TemplateOperand::Kind::literal;
            } else {
                out.kind = TemplateOperand::Kind::function;
                out.name = token.text;
            }
            break;
        case Token::Kind::open: {
            auto inner = pipeline(depth + 1);
            if (!inner) {
                return std::unexpected(std::move(inner.error()));
            }
            if (peek().kind != Token::Kind::close) {
                return fail(ErrorKind::invalid, "unclosed left paren", peek().span);
            }
            take();
            out.kind = TemplateOperand::Kind::pipeline;
            out.pipeline = std::make_shared<TemplatePipeline>(std::move(*inner));
            break;
        }
        default:
            return fail(ErrorKind::invalid, "unexpected token in operand", token.span);
        }
        while (peek().kind == Token::Kind::field && !peek().spaceBefore) {
            out.fields.push_back(take().text);
        }
        return out;
    }

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
};

/// Builds the tree of nodes from the pieces.
class TreeParser {
public:
    explicit TreeParser(std::vector<Piece> pieces)
        : m_pieces(std::move(pieces))
    {
    }

    Result<ParsedTemplate> parse()
    {
        auto end = nodes(m_out.main, 0);
        if (!end) {
            return std::unexpected(std::move(end.error()));
        }
        if (!end->empty()) {
            return fail(ErrorKind::invalid, std::format("unexpected {{{{{}}}}}", *end), m_where);
        }
        return std::move(m_out);
    }

private:
    /// Reads nodes up to an end, else or the end of the text; the word that ended them. After
    /// "else" the rest of that action waits in m_else.
    Result<std::string> nodes(TemplateNodes& out, int depth)
    {
        if (depth > deepest) {
            return fail(ErrorKind::limit, "blocks are nested too deeply", m_where);
        }
        while (m_at < m_pieces.size()) {
            const Piece& piece = m_pieces[m_at++];
            if (!piece.isAction) {
                if (!piece.text.empty()) {
                    TemplateNode node;
                    node.text = piece.text;
                    out.push_back(std::move(node));
                }
                continue;
            }
            auto tokens = lex(piece);
            if (!tokens) {
                return std::unexpected(std::move(tokens.error()));
            }
            ActionParser action(std::move(*tokens));
            m_where = action.peek().span;
            if (action.takeWord("end")) {
                return "end";
            }
            if (action.takeWord("else")) {
                m_else.emplace(std::move(action));
                return "else";
            }
            if (auto done = actionNode(action, out, depth); !done) {
                return std::unexpected(std::move(done.error()));
            }
        }
        return "";
    }

    Result<void> actionNode(ActionParser& action, TemplateNodes& out, int depth)
    {
        using Kind = TemplateNode::Kind;
        if (action.takeWord("if")) {
            return block(Kind::branch, action, out, depth);
        }
        if (action.takeWord("range")) {
            return block(Kind::loop, action, out, depth);
        }
        if (action.takeWord("with")) {
            return block(Kind::with, action, out, depth);
        }
        if (action.takeWord("define")) {
            return define(action, depth, nullptr);
        }
        if (action.takeWord("block")) {
            return define(action, depth, &out);
        }
        TemplateNode node;
        if (action.takeWord("break") || action.peek().text == "continue") {
            node.kind = action.takeWord("continue") ? Kind::continues : Kind::breaks;
            out.push_back(std::move(node));
            return {};
        }
        if (action.takeWord("template")) {
            node.kind = Kind::call;
            return called(action, node).transform([&] { out.push_back(std::move(node)); });
        }
        node.kind = Kind::print;
        return pipelineOf(action, node, "action").transform([&] {
            out.push_back(std::move(node));
        });
    }

    static Result<void> pipelineOf(ActionParser& action, TemplateNode& node, std::string_view where)
    {
        auto pipeline = action.pipeline(0);
        if (!pipeline) {
            return std::unexpected(std::move(pipeline.error()));
        }
        if (!action.atEnd()) {
            return action.unexpectedHere(where);
        }
        node.pipeline = std::move(*pipeline);
        node.hasPipeline = true;
        return {};
    }

    static Result<void> called(ActionParser& action, TemplateNode& node)
    {
        if (action.peek().kind != Token::Kind::string) {
            return action.unexpectedHere("template clause");
        }
        node.text = *action.take().value.asText();
        return action.atEnd() ? Result<void>() : pipelineOf(action, node, "template clause");
    }

    Result<void> block(TemplateNode::Kind kind, ActionParser& action, TemplateNodes& out, int depth)
    {
        TemplateNode node;
        node.kind = kind;
        if (auto read = pipelineOf(action, node, "block"); !read) {
            return read;
        }
        auto end = nodes(node.body, depth + 1);
        if (end && *end == "else") {
            ActionParser rest = std::move(*m_else);
            m_else.reset();
            if (rest.atEnd()) {
                end = nodes(node.otherwise, depth + 1);
            } else if (rest.takeWord("if")) {
                if (auto chained
                    = block(TemplateNode::Kind::branch, rest, node.otherwise, depth + 1);
                    !chained) {
                    return chained;
                }
                end = "end"; // the chain shares its end
            } else if (rest.takeWord("with")) {
                if (auto chained = block(TemplateNode::Kind::with, rest, node.otherwise, depth + 1);
                    !chained) {
                    return chained;
                }
                end = "end";
            } else {
                return rest.unexpectedHere("else");
            }
        }
        if (!end) {
            return std::unexpected(std::move(end.error()));
        }
        if (*end != "end") {
            return fail(ErrorKind::invalid, "unexpected EOF: a block has no {{end}}", m_where);
        }
        out.push_back(std::move(node));
        return {};
    }

    /// A definition; with `out` also a call of it, as {{block}} means.
    Result<void> define(ActionParser& action, int depth, TemplateNodes* out)
    {
        TemplateNode node;
        node.kind = TemplateNode::Kind::call;
        if (auto read = called(action, node); !read) {
            return read;
        }
        TemplateNodes body;
        auto end = nodes(body, depth + 1);
        if (!end) {
            return std::unexpected(std::move(end.error()));
        }
        if (*end != "end") {
            return fail(ErrorKind::invalid, "unexpected EOF: a definition has no {{end}}", m_where);
        }
        m_out.definitions.insert_or_assign(node.text, std::move(body));
        if (out != nullptr) {
            out->push_back(std::move(node));
        }
        return {};
    }

    std::vector<Piece> m_pieces;
    std::size_t m_at = 0;
    Span m_where;
    std::optional<ActionParser> m_else;
    ParsedTemplate m_out;
};

} // namespace

Result<ParsedTemplate> parseTemplate(std::string_view text)
{
    auto pieces = split(text);
    if (!pieces) {
        return std::unexpected(std::move(pieces.error()));
    }
    return TreeParser(std::move(*pieces)).parse();
}

} // namespace watchfire::text
