// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/yaml.h"

#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <libfyaml.h>
#include <unordered_map>
#include <unordered_set>

namespace watchfire::encoding {

namespace {

constexpr std::uint64_t maxExpandedNodes = 4'000'000;
constexpr std::size_t maxDepth = 200;

template <std::size_t N>
bool isOneOf(std::string_view text, const std::array<std::string_view, N>& words)
{
    return std::ranges::find(words, text) != words.end();
}

std::string withoutUnderscores(std::string_view text)
{
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != '_'; });
    return out;
}

struct ParserCloser {
    void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
};
struct DiagCloser {
    void operator()(fy_diag* diag) const { fy_diag_destroy(diag); }
};

/// One event, given back to its parser.
class Event {
public:
    explicit Event(fy_parser* parser)
        : m_parser(parser)
        , m_event(fy_parser_parse(parser))
    {
    }
    ~Event()
    {
        if (m_event != nullptr) {
            fy_parser_event_free(m_parser, m_event);
        }
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    fy_event* get() const { return m_event; }
    explicit operator bool() const { return m_event != nullptr; }

private:
    fy_parser* m_parser;
    fy_event* m_event;
};

YamlMark toMark(const fy_mark* mark)
{
    if (mark == nullptr) {
        return {};
    }
    return {static_cast<std::uint32_t>(mark->input_pos), static_cast<std::uint32_t>(mark->line + 1),
            static_cast<std::uint32_t>(mark->column + 1)};
}

std::string textOf(fy_token* token)
{
    std::size_t size = 0;
    const char* const text = token == nullptr ? nullptr : fy_token_get_text(token, &size);
    return text == nullptr ? std::string() : std::string(text, size);
}

YamlStyle scalarStyle(fy_token* token)
{
    switch (token == nullptr ? FYSS_PLAIN : fy_token_scalar_style(token)) {
    case FYSS_SINGLE_QUOTED:
        return YamlStyle::singleQuoted;
    case FYSS_DOUBLE_QUOTED:
        return YamlStyle::doubleQuoted;
    case FYSS_LITERAL:
        return YamlStyle::literal;
    case FYSS_FOLDED:
        return YamlStyle::folded;
    case FYSS_ANY:
    case FYSS_PLAIN:
    case FYSS_MAX:
        break;
    }
    return YamlStyle::plain;
}

/// What stands between single quotes: a quote is written twice; lines fold into one, and n empty
/// lines between them into n newlines (YAML 1.1, sections 9.1.2 and 4.2.2).
std::string unquoteSingle(std::string_view inner)
{
    std::string out;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const char c = inner[i];
        if (c == '\'') {
            ++i; // the second of the pair
        }
        if (c != '\n') {
            out += c;
            continue;
        }
        while (out.ends_with(' ') || out.ends_with('\t') || out.ends_with('\r')) {
            out.pop_back();
        }
        std::size_t newlines = 1;
        while (i + 1 < inner.size() && std::string_view(" \t\r\n").contains(inner[i + 1])) {
            newlines += inner[++i] == '\n' ? 1 : 0;
        }
        out += newlines == 1 ? std::string(" ") : std::string(newlines - 1, '\n');
    }
    return out;
}

/// A plain scalar that is not said to be a text.
bool mayBeTyped(const YamlNode& node)
{
    return node.isScalar() && node.style == YamlStyle::plain && node.tag != "!!str"
        && !node.tag.ends_with(":str");
}

std::string at(const YamlMark& mark, std::string_view message)
{
    return std::format("{}:{}: {}", mark.line, mark.column, message);
}

} // namespace

/// Turns the parser's events into a tree.
class YamlReader {
public:
    explicit YamlReader(YamlDocument& document)
        : m_document(document)
        , m_text(document.text())
    {
        // libfyaml would complain on stderr; the errors are collected and told to the caller.
        fy_diag_cfg diagnostics{};
        fy_diag_cfg_default(&diagnostics);
        diagnostics.fp = nullptr;
        diagnostics.output_fn = [](fy_diag*, void*, const char*, std::size_t) { };
        m_diag.reset(fy_diag_create(&diagnostics));
        fy_diag_set_collect_errors(m_diag.get(), true);
        fy_parse_cfg settings{};
        settings.flags = static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_COLLECT_DIAG
                                                         | FYPCF_ALLOW_DUPLICATE_KEYS
                                                         | FYPCF_DEFAULT_VERSION_1_1);
        settings.diag = m_diag.get();
        m_parser.reset(fy_parser_create(&settings));
    }

    Result<void> read()
    {
        // libfyaml 0.8 makes up a byte where a block scalar ends with the text.
        std::string_view input = m_text;
        if (!input.ends_with('\n')) {
            m_ended = std::string(input) + '\n';
            input = m_ended;
        }
        if (!m_parser || fy_parser_set_string(m_parser.get(), input.data(), input.size()) != 0) {
            return fail(ErrorKind::internal, "cannot start the YAML parser");
        }
        while (const Event event{m_parser.get()}) {
            const fy_event_type type = event.get()->type;
            if (type == FYET_DOCUMENT_END) {
                return {}; // only the first document counts
            }
            if (type == FYET_STREAM_END) {
                return {};
            }
            if (auto done = take(event.get()); !done) {
                return done;
            }
        }
        return parserError();
    }

private:
    struct Open {
        YamlNode* node;
        const YamlNode* key = nullptr; ///< waits for its value
        std::uint64_t weight = 1;
        std::unordered_set<std::string> keys;
    };

    Result<void> take(fy_event* event)
    {
        switch (event->type) {
        case FYET_SCALAR:
            return scalar(event);
        case FYET_ALIAS:
            return alias(event);
        case FYET_SEQUENCE_START:
        case FYET_MAPPING_START:
            return open(event);
        case FYET_SEQUENCE_END:
        case FYET_MAPPING_END:
            return close(event);
        case FYET_NONE:
        case FYET_STREAM_START:
        case FYET_STREAM_END:
        case FYET_DOCUMENT_START:
        case FYET_DOCUMENT_END:
            break;
        }
        return {};
    }

    YamlNode& makeNode(fy_event* event)
    {
        YamlNode& node = m_document.m_nodes.emplace_back();
        node.begin = toMark(fy_event_start_mark(event));
        node.anchor = textOf(fy_event_get_anchor_token(event));
        node.tag = textOf(fy_event_get_tag_token(event));
        return node;
    }

    /// Within the text: the parser saw a newline more.
    std::uint32_t endOf(fy_event* event) const
    {
        return std::min(toMark(fy_event_end_mark(event)).offset,
                        static_cast<std::uint32_t>(m_text.size()));
    }

    Result<void> scalar(fy_event* event)
    {
        fy_token* const token = fy_event_get_token(event);
        YamlNode& node = makeNode(event);
        node.text = textOf(token);
        node.style = scalarStyle(token);
        node.end = endOf(event);
        adjustScalar(node);
        if (node.style == YamlStyle::singleQuoted) {
            // libfyaml 0.8 loses a quote where four stand side by side.
            const std::string_view whole
                = m_text.substr(node.begin.offset, node.end - node.begin.offset);
            if (whole.size() >= 2 && whole.contains("''''")) {
                node.text = unquoteSingle(whole.substr(1, whole.size() - 2));
            }
        }
        // libfyaml 0.8 reads beyond a scalar of several lines that U+2028 breaks.
        if (!text::isUtf8(node.text)
            || (node.style != YamlStyle::doubleQuoted && node.text.contains('\0'))) {
            return fail(ErrorKind::invalid,
                        at(node.begin, "line breaks of this kind are not known"),
                        Span{node.begin.offset, node.end});
        }
        remember(node, 1);
        return place({&node, node.begin, node.end, false}, 1);
    }

    /// The marks of the library leave out quotes and the header of a block scalar.
    void adjustScalar(YamlNode& node) const
    {
        if (node.style == YamlStyle::singleQuoted || node.style == YamlStyle::doubleQuoted) {
            if (node.begin.offset > 0) {
                --node.begin.offset;
                --node.begin.column;
            }
            node.end = std::min(node.end + 1, static_cast<std::uint32_t>(m_text.size()));
        } else if (node.style == YamlStyle::literal || node.style == YamlStyle::folded) {
            const char mark = node.style == YamlStyle::literal ? '|' : '>';
            const std::size_t header = m_text.rfind(mark, node.begin.offset);
            if (header != std::string_view::npos) {
                node.begin = markAt(m_text, static_cast<std::uint32_t>(header));
            }
            while (node.end > node.begin.offset + 1
                   && (m_text[node.end - 1] == '\n' || m_text[node.end - 1] == '\r')) {
                --node.end;
            }
        }
    }

    Result<void> alias(fy_event* event)
    {
        const std::string name = textOf(fy_event_get_token(event));
        YamlMark begin = toMark(fy_event_start_mark(event));
        const std::uint32_t end = endOf(event);
        if (begin.offset > 0) { // the mark leaves out the asterisk
            --begin.offset;
            --begin.column;
        }
        const auto known = m_anchors.find(name);
        if (known == m_anchors.end()) {
            return fail(ErrorKind::invalid, at(begin, "unknown anchor '" + name + "' referenced"),
                        Span{begin.offset, end});
        }
        const auto [node, weight] = known->second;
        if (weight == 0) {
            return fail(ErrorKind::invalid,
                        at(begin, "anchor '" + name + "' value contains itself"),
                        Span{begin.offset, end});
        }
        return place({node, begin, end, true}, weight);
    }

    Result<void> open(fy_event* event)
    {
        if (m_open.size() >= maxDepth) {
            const YamlMark mark = toMark(fy_event_start_mark(event));
            return fail(ErrorKind::invalid, at(mark, "nested too deeply"),
                        Span{mark.offset, mark.offset});
        }
        YamlNode& node = makeNode(event);
        node.kind = event->type == FYET_MAPPING_START ? YamlKind::mapping : YamlKind::sequence;
        node.style
            = fy_event_get_node_style(event) == FYNS_FLOW ? YamlStyle::flow : YamlStyle::block;
        remember(node, 0); // not to be referred to before it is complete
        m_open.push_back({&node, nullptr, 1, {}});
        return {};
    }

    Result<void> close(fy_event* event)
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        YamlNode& node = *done.node;
        node.end = node.begin.offset;
        if (node.style == YamlStyle::flow) {
            node.end = endOf(event);
        } else if (!node.items.empty()) {
            node.end = std::max(node.end, node.items.back().end);
        } else if (!node.entries.empty()) {
            const YamlEntry& last = node.entries.back();
            node.end = std::max({node.end, last.key->end, last.value.end});
        }
        remember(node, done.weight);
        return place({&node, node.begin, node.end, false}, done.weight);
    }

    void remember(const YamlNode& node, std::uint64_t weight)
    {
        if (!node.anchor.empty()) {
            m_anchors[node.anchor] = {&node, weight};
        }
    }

    Result<void> place(YamlPlace value, std::uint64_t weight)
    {
        if (m_open.empty()) {
            m_document.m_root = value.node;
            return {};
        }
        Open& parent = m_open.back();
        parent.weight += weight;
        if (parent.weight > maxExpandedNodes) {
            return fail(ErrorKind::invalid, at(value.begin, "excessive aliasing"),
                        Span{value.begin.offset, value.end});
        }
        if (parent.node->isSequence()) {
            parent.node->items.push_back(value);
        } else if (parent.key == nullptr) {
            parent.key = value.node;
            if (value.node->isScalar() && !parent.keys.insert(value.node->text).second) {
                m_document.m_duplicates.push_back(value.node);
            }
        } else {
            parent.node->entries.push_back({std::exchange(parent.key, nullptr), value});
        }
        return {};
    }

    Result<void> parserError()
    {
        void* iterator = nullptr;
        if (const fy_diag_error* const error = fy_diag_errors_iterate(m_diag.get(), &iterator)) {
            const auto line = static_cast<std::uint32_t>(std::max(error->line, 1));
            const auto column = static_cast<std::uint32_t>(std::max(error->column, 1));
            std::size_t offset = 0;
            for (std::uint32_t i = 1; i < line && offset != std::string_view::npos; ++i) {
                offset = m_text.find('\n', offset);
                offset = offset == std::string_view::npos ? offset : offset + 1;
            }
            const auto where = static_cast<std::uint32_t>(
                std::min(offset == std::string_view::npos ? m_text.size() : offset + column - 1,
                         m_text.size()));
            return fail(ErrorKind::invalid,
                        std::format("{}:{}: {}", line, column,
                                    error->msg == nullptr ? "not valid YAML" : error->msg),
                        Span{where, where});
        }
        return fail(ErrorKind::invalid, "1:1: not valid YAML", Span{0, 0});
    }

    YamlDocument& m_document;
    std::string_view m_text;
    std::string m_ended; ///< the text with a newline, where it lacks one
    std::unique_ptr<fy_diag, DiagCloser> m_diag;
    std::unique_ptr<fy_parser, ParserCloser> m_parser;
    std::vector<Open> m_open;
    std::unordered_map<std::string, std::pair<const YamlNode*, std::uint64_t>> m_anchors;
};

Result<YamlDocument> YamlDocument::parse(std::string text)
{
    YamlDocument document;
    document.m_text = std::make_unique<const std::string>(std::move(text));
    if (!text::isUtf8(*document.m_text)) {
        return fail(ErrorKind::invalid, "1:1: the text is not UTF-8", Span{0, 0});
    }
    if (document.m_text->find('\0') != std::string::npos) {
        return fail(ErrorKind::invalid, "1:1: control characters are not allowed", Span{0, 0});
    }
    if (auto read = YamlReader(document).read(); !read) {
        return std::unexpected(read.error());
    }
    return document;
}

YamlMark markAt(std::string_view text, std::uint32_t offset)
{
    YamlMark mark{offset, 1, 1};
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') {
            ++mark.line;
            mark.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++mark.column;
        }
    }
    return mark;
}

bool YamlNode::isNull() const
{
    static constexpr std::array<std::string_view, 5> words{"", "~", "null", "Null", "NULL"};
    return mayBeTyped(*this) && isOneOf(text, words);
}

std::optional<bool> YamlNode::asBool() const
{
    static constexpr std::array<std::string_view, 11> yes{
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"};
    static constexpr std::array<std::string_view, 11> no{
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"};
    if (!mayBeTyped(*this)) {
        return std::nullopt;
    }
    if (isOneOf(text, yes)) {
        return true;
    }
    if (isOneOf(text, no)) {
        return false;
    }
    return std::nullopt;
}

std::optional<std::int64_t> YamlNode::asInteger() const
{
    if (!mayBeTyped(*this) || text.empty()) {
        return std::nullopt;
    }
    const std::string digits = withoutUnderscores(text);
    std::string_view rest = digits;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    int base = 10;
    if (rest.starts_with("0x") || rest.starts_with("0X")) {
        base = 16;
    } else if (rest.starts_with("0b") || rest.starts_with("0B")) {
        base = 2;
    } else if (rest.starts_with("0o") || rest.starts_with("0O")) {
        base = 8;
    }
    if (base != 10) {
        rest.remove_prefix(2);
    } else if (rest.size() > 1 && rest.front() == '0') {
        base = 8;
    }
    std::uint64_t magnitude = 0;
    const auto [last, error]
        = std::from_chars(rest.data(), rest.data() + rest.size(), magnitude, base);
    if (error != std::errc() || last != rest.data() + rest.size() || rest.empty()
        || magnitude > (std::uint64_t{1} << 63) - (negative ? 0 : 1)) {
        return std::nullopt;
    }
    return negative ? static_cast<std::int64_t>(~magnitude + 1)
                    : static_cast<std::int64_t>(magnitude);
}

std::optional<double> YamlNode::asNumber() const
{
    if (const auto integer = asInteger()) {
        return static_cast<double>(*integer);
    }
    if (!mayBeTyped(*this) || text.empty()) {
        return std::nullopt;
    }
    static constexpr std::array<std::string_view, 6> infinities{".inf",  ".Inf",  ".INF",
                                                                "+.inf", "+.Inf", "+.INF"};
    static constexpr std::array<std::string_view, 3> minusInfinities{"-.inf", "-.Inf", "-.INF"};
    static constexpr std::array<std::string_view, 3> nans{".nan", ".NaN", ".NAN"};
    if (isOneOf(text, infinities)) {
        return std::numeric_limits<double>::infinity();
    }
    if (isOneOf(text, minusInfinities)) {
        return -std::numeric_limits<double>::infinity();
    }
    if (isOneOf(text, nans)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::string digits = withoutUnderscores(text);
    std::string_view rest = digits;
    if (rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    if (rest.empty() || rest.find_first_not_of("0123456789.eE+-") != std::string_view::npos) {
        return std::nullopt;
    }
    double value = 0;
    const auto [last, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc() || last != rest.data() + rest.size()) {
        return std::nullopt;
    }
    return value;
}

const YamlEntry* YamlNode::findEntry(std::string_view key) const
{
    for (const YamlEntry& entry : entries) {
        if (entry.key->isScalar() && entry.key->text == key) {
            return &entry;
        }
    }
    return nullptr;
}

const YamlNode* YamlNode::find(std::string_view key) const
{
    const YamlEntry* const entry = findEntry(key);
    return entry == nullptr ? nullptr : entry->value.node;
}

} // namespace watchfire::encoding
