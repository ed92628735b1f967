// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/eval_command.h"

#include "core/promql/syntax/literals.h"
#include "core/promql/syntax/parser.h"
#include "core/text/number.h"
#include "core/text/regex.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace watchfire::ctl::script {

namespace {

using Kind = Expectation::Kind;

struct NamedKind {
    std::string_view name;
    Kind kind;
};
constexpr std::array kinds{NamedKind{"fail", Kind::fail},      NamedKind{"warn", Kind::warn},
                           NamedKind{"info", Kind::info},      NamedKind{"no_warn", Kind::noWarn},
                           NamedKind{"no_info", Kind::noInfo}, NamedKind{"ordered", Kind::ordered}};

std::string lowered(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c | 0x20);
        }
    }
    return out;
}

std::unexpected<Error> wrong(std::string message)
{
    return fail(ErrorKind::invalid, std::move(message));
}

Result<Timestamp> takeTime(std::string_view& text)
{
    const auto ms = parseDurationMs(takeWord(text));
    if (!ms) {
        return std::unexpected(ms.error());
    }
    return fromUnixMs(*ms);
}

/// from A to B step S
Result<promql::QueryTimes> takeRange(std::string_view& text)
{
    promql::QueryTimes times;
    for (const std::string_view word : {"from", "to", "step"}) {
        if (takeWord(text) != word) {
            return wrong(std::string(word) + " is expected");
        }
        const auto at = takeTime(text);
        if (!at) {
            return std::unexpected(at.error());
        }
        if (word == "from") {
            times.start = *at;
        } else if (word == "to") {
            times.end = *at;
        } else {
            times.step = at->time_since_epoch();
        }
    }
    return times;
}

/// A number alone on a line; here hexadecimal ones are, too.
std::optional<double> numberAlone(std::string_view text)
{
    if (text.starts_with("0x") || text.starts_with("0X")) {
        std::int64_t number = 0;
        const auto [end, error]
            = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
        if (error == std::errc() && end == text.data() + text.size()) {
            return static_cast<double>(number);
        }
        return std::nullopt;
    }
    return text::parseFloat(text);
}

Result<std::optional<Expectation>> readExpectation(std::string_view rest)
{
    const std::size_t end = rest.find_first_of(" \t");
    const std::string_view name = rest.substr(0, end);
    const auto found = std::ranges::find(kinds, name, &NamedKind::name);
    if (found == kinds.end()) {
        return std::nullopt;
    }
    Expectation expectation{found->kind, Expectation::Form::any, {}};
    rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
    if (rest.empty()) {
        return expectation;
    }
    if (rest.starts_with("msg:")) {
        expectation.form = Expectation::Form::text;
        rest.remove_prefix(4);
    } else if (rest.starts_with("regex:")) {
        expectation.form = Expectation::Form::regex;
        rest.remove_prefix(6);
    } else {
        return wrong("msg: or regex: is expected");
    }
    expectation.text = trimmed(rest);
    return expectation;
}

/// Reads the block of an eval line by line.
class BlockReader {
public:
    explicit BlockReader(EvalCommand& out, bool mayFail)
        : m_out(out)
        , m_mayFail(mayFail)
    {
    }

    /// False: the block ends here.
    Result<bool> read(std::string_view line)
    {
        if (m_mayFail
            && (takeOld(line, "expected_fail_message", Expectation::Form::text)
                || takeOld(line, "expected_fail_regexp", Expectation::Form::regex))) {
            return false;
        }
        if (line.starts_with("expect ") || line.starts_with("expect\t")) {
            return readExpect(trimmed(line.substr(6)));
        }
        if (const auto number = numberAlone(line)) {
            m_out.scalar = number;
            return false;
        }
        const auto [metric, rest] = promql::splitMetric(line);
        const auto labels = promql::parseMetric(metric);
        if (!labels) {
            return std::unexpected(labels.error());
        }
        auto values = promql::parseSequence(rest);
        if (!values) {
            return std::unexpected(values.error());
        }
        m_out.rows.push_back({*labels, std::move(*values)});
        return true;
    }

private:
    bool takeOld(std::string_view line, std::string_view word, Expectation::Form form)
    {
        if (!line.starts_with(word)) {
            return false;
        }
        m_out.expectations.push_back(
            {Kind::fail, form, std::string(trimmed(line.substr(word.size())))});
        return true;
    }

    Result<bool> readExpect(std::string_view rest)
    {
        if (rest.starts_with("range vector ")) {
            rest.remove_prefix(std::string_view("range vector ").size());
            const auto times = takeRange(rest);
            if (!times) {
                return std::unexpected(times.error());
            }
            m_out.rangeVector = *times;
            return true;
        }
        if (rest.starts_with("string")) {
            m_out.string = promql::unquote(trimmed(rest.substr(6)));
            return true;
        }
        auto expectation = readExpectation(rest);
        if (!expectation) {
            return std::unexpected(expectation.error());
        }
        if (!*expectation) {
            return wrong("expect what?");
        }
        m_out.expectations.push_back(std::move(**expectation));
        return true;
    }

    EvalCommand& m_out;
    bool m_mayFail;
};

} // namespace

bool Expectation::accepts(std::string_view message) const
{
    switch (form) {
    case Form::any:
        return true;
    case Form::text:
        return message == text;
    case Form::regex:
        break;
    }
    return text::contains(message, text).value_or(false);
}

bool EvalCommand::expects(Expectation::Kind kind) const
{
    return std::ranges::contains(expectations, kind, &Expectation::kind);
}

Result<EvalCommand> EvalCommand::read(const Command& command)
{
    EvalCommand out;
    std::string_view rest = command.head.text;
    const std::string word = lowered(takeWord(rest));
    if (word != "eval") {
        const std::string_view suffix = std::string_view(word).substr(word.find('_') + 1);
        const auto found = std::ranges::find(kinds, suffix, &NamedKind::name);
        if (word.find('_') == std::string::npos || found == kinds.end()) {
            return wrong("no command " + word);
        }
        out.expectations.push_back({found->kind, Expectation::Form::any, {}});
    }
    const std::string kind = lowered(takeWord(rest));
    if (kind == "instant") {
        if (takeWord(rest) != "at") {
            return wrong("at is expected");
        }
        const auto at = takeTime(rest);
        if (!at) {
            return std::unexpected(at.error());
        }
        out.times = promql::QueryTimes::instant(*at);
    } else if (kind == "range") {
        const auto times = takeRange(rest);
        if (!times) {
            return std::unexpected(times.error());
        }
        out.isRange = true;
        out.times = *times;
    } else {
        return wrong("instant or range is expected");
    }
    out.query = rest;
    BlockReader reader(out, word == "eval_fail");
    for (const Line& line : command.body) {
        const auto more = reader.read(line.text);
        if (!more) {
            return std::unexpected(more.error().within("line " + std::to_string(line.number)));
        }
        if (!*more) {
            break;
        }
    }
    return out;
}

} // namespace watchfire::ctl::script
