// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/series_notation.h"

#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/buckets.h"
#include "core/text/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace watchfire::promql {

namespace {

constexpr std::size_t longestSequence = 10'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}
bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == ':';
}

/// Walks over a text and knows where it is.
class Cursor {
public:
    explicit Cursor(std::string_view text)
        : m_text(text)
    {
    }

    bool atEnd() const { return m_at == m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    std::size_t place() const { return m_at; }
    std::string_view rest() const { return m_text.substr(m_at); }
    void skip(std::size_t count = 1) { m_at = std::min(m_at + count, m_text.size()); }
    void skipSpace()
    {
        while (!atEnd() && isSpace(peek())) {
            skip();
        }
    }
    bool take(std::string_view expected)
    {
        if (!rest().starts_with(expected)) {
            return false;
        }
        skip(expected.size());
        return true;
    }
    bool takeWord(std::string_view lower)
    {
        const std::string_view left = rest();
        if (left.size() < lower.size()) {
            return false;
        }
        for (std::size_t i = 0; i < lower.size(); ++i) {
            if ((left[i] | 0x20) != lower[i]) {
                return false;
            }
        }
        skip(lower.size());
        return true;
    }
    void takeDigits()
    {
        while (isDigit(peek())) {
            skip();
        }
    }
    std::unexpected<Error> wrong(std::string message) const
    {
        const auto at = static_cast<std::uint32_t>(m_at);
        return fail(ErrorKind::invalid, std::move(message), Span{at, at + 1});
    }
    std::string_view since(std::size_t place) const { return m_text.substr(place, m_at - place); }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

/// A decimal number, Inf or NaN, with an optional sign.
Result<double> takeNumber(Cursor& cursor)
{
    const bool negative = cursor.peek() == '-';
    if (negative || cursor.peek() == '+') {
        cursor.skip();
    }
    const double sign = negative ? -1 : 1;
    if (cursor.takeWord("inf")) {
        return sign * std::numeric_limits<double>::infinity();
    }
    if (cursor.takeWord("nan")) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::size_t start = cursor.place();
    cursor.takeDigits();
    if (cursor.peek() == '.') {
        cursor.skip();
        cursor.takeDigits();
    }
    if (cursor.place() > start && (cursor.peek() | 0x20) == 'e') {
        cursor.skip();
        if (cursor.peek() == '-' || cursor.peek() == '+') {
            cursor.skip();
        }
        cursor.takeDigits();
    }
    const auto number = text::parseFloat(cursor.since(start));
    if (!number) {
        return cursor.wrong("a number is expected");
    }
    return sign * *number;
}

/// N of "xN", when there is one.
Result<std::optional<std::size_t>> takeTimes(Cursor& cursor)
{
    if (cursor.peek() != 'x') {
        return std::nullopt;
    }
    cursor.skip();
    const std::size_t start = cursor.place();
    cursor.takeDigits();
    const std::string_view digits = cursor.since(start);
    std::size_t times = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), times);
    if (error != std::errc() || digits.empty() || times > longestSequence) {
        return cursor.wrong("a number of repetitions is expected after x");
    }
    return times;
}

SequenceValue numberAt(double value)
{
    SequenceValue out;
    out.kind = SequenceValue::Kind::number;
    out.number = value;
    return out;
}

SequenceValue histogramAt(Histogram histogram, bool hintWritten)
{
    SequenceValue out;
    out.kind = SequenceValue::Kind::histogram;
    out.histogram = std::make_shared<const Histogram>(std::move(histogram));
    out.hintWritten = hintWritten;
    return out;
}

Result<void> takeGap(Cursor& cursor, std::vector<SequenceValue>& out)
{
    cursor.skip();
    const auto times = takeTimes(cursor);
    if (!times) {
        return std::unexpected(times.error());
    }
    out.resize(out.size() + times->value_or(1));
    return {};
}

Result<void> takeNumbers(Cursor& cursor, std::vector<SequenceValue>& out)
{
    const auto first = takeNumber(cursor);
    if (!first) {
        return std::unexpected(first.error());
    }
    double step = 0;
    bool needsTimes = false;
    if (cursor.peek() == '+' || cursor.peek() == '-') {
        const auto by = takeNumber(cursor);
        if (!by) {
            return std::unexpected(by.error());
        }
        step = *by;
        needsTimes = true;
    }
    const auto times = takeTimes(cursor);
    if (!times) {
        return std::unexpected(times.error());
    }
    if (needsTimes && !*times) {
        return cursor.wrong("x and a number of repetitions are expected");
    }
    double value = *first;
    out.push_back(numberAt(value));
    for (std::size_t i = 0; i < times->value_or(0); ++i) {
        value += step;
        out.push_back(numberAt(value));
    }
    return {};
}

/// What stands between the double braces.
Result<std::string_view> takeBraces(Cursor& cursor)
{
    cursor.skip(2);
    const std::size_t start = cursor.place();
    const std::size_t length = cursor.rest().find("}}");
    if (length == std::string_view::npos) {
        return cursor.wrong("a histogram without its closing }}");
    }
    cursor.skip(length);
    const std::string_view inside = cursor.since(start);
    cursor.skip(2);
    return inside;
}

struct WrittenHistogram {
    Histogram histogram;
    bool hintWritten = false;
};

Result<WrittenHistogram> takeHistogram(Cursor& cursor)
{
    const auto inside = takeBraces(cursor);
    if (!inside) {
        return std::unexpected(inside.error());
    }
    auto histogram = parseHistogram(*inside);
    if (!histogram) {
        return std::unexpected(histogram.error());
    }
    return WrittenHistogram{std::move(*histogram), inside->contains("counter_reset_hint")};
}

Result<void> takeHistograms(Cursor& cursor, std::vector<SequenceValue>& out)
{
    auto first = takeHistogram(cursor);
    if (!first) {
        return std::unexpected(first.error());
    }
    std::optional<WrittenHistogram> step;
    const bool subtracts = cursor.peek() == '-';
    if (cursor.peek() == '+' || subtracts) {
        cursor.skip();
        if (!cursor.rest().starts_with("{{")) {
            return cursor.wrong("a histogram is expected");
        }
        auto by = takeHistogram(cursor);
        if (!by) {
            return std::unexpected(by.error());
        }
        step = std::move(*by);
    }
    const auto times = takeTimes(cursor);
    if (!times) {
        return std::unexpected(times.error());
    }
    if (!step) {
        out.insert(out.end(), times->value_or(0) + 1,
                   histogramAt(first->histogram, first->hintWritten));
        return {};
    }
    if (step->histogram.schema < first->histogram.schema) {
        return cursor.wrong("the second histogram's resolution is below the first's");
    }
    const CounterReset hint = step->histogram.resetHint;
    Histogram value = first->histogram;
    value.resetHint = hint;
    out.push_back(histogramAt(value, step->hintWritten));
    for (std::size_t i = 0; i < times->value_or(0); ++i) {
        const HistogramOutcome outcome
            = subtracts ? subtractFrom(value, step->histogram) : addTo(value, step->histogram);
        if (!outcome.compatible) {
            return cursor.wrong("the histograms cannot be combined");
        }
        value.resetHint = hint;
        out.push_back(histogramAt(value, step->hintWritten));
    }
    return {};
}

Result<CounterReset> takeHint(Cursor& cursor)
{
    if (cursor.take("unknown")) {
        return CounterReset::unknown;
    }
    if (cursor.take("not_reset")) {
        return CounterReset::notReset;
    }
    if (cursor.take("reset")) {
        return CounterReset::reset;
    }
    if (cursor.take("gauge")) {
        return CounterReset::gauge;
    }
    return cursor.wrong("unknown, reset, not_reset or gauge is expected");
}

Result<std::vector<double>> takeList(Cursor& cursor)
{
    std::vector<double> list;
    if (!cursor.take("[")) {
        return cursor.wrong("a list in brackets is expected");
    }
    for (cursor.skipSpace(); !cursor.take("]"); cursor.skipSpace()) {
        const auto number = takeNumber(cursor);
        if (!number) {
            return std::unexpected(number.error());
        }
        list.push_back(*number);
    }
    return list;
}

/// The fields of a histogram, as they are read.
struct Fields {
    Histogram histogram;
    double offset = 0;
    double negativeOffset = 0;

    double* number(std::string_view key)
    {
        return key == "sum"       ? &histogram.sum
            : key == "count"      ? &histogram.count
            : key == "z_bucket"   ? &histogram.zeroCount
            : key == "z_bucket_w" ? &histogram.zeroThreshold
            : key == "offset"     ? &offset
            : key == "n_offset"   ? &negativeOffset
                                  : nullptr;
    }
    std::vector<double>* list(std::string_view key)
    {
        return key == "buckets"      ? &histogram.positiveBuckets
            : key == "n_buckets"     ? &histogram.negativeBuckets
            : key == "custom_values" ? &histogram.customValues
                                     : nullptr;
    }
};

Result<void> takeField(Cursor& cursor, Fields& fields)
{
    const std::size_t start = cursor.place();
    while (isNameCharacter(cursor.peek()) && cursor.peek() != ':') {
        cursor.skip();
    }
    const std::string_view key = cursor.since(start);
    if (!cursor.take(":")) {
        return cursor.wrong("a field of a histogram is expected");
    }
    if (key == "counter_reset_hint") {
        const auto hint = takeHint(cursor);
        if (!hint) {
            return std::unexpected(hint.error());
        }
        fields.histogram.resetHint = *hint;
        return {};
    }
    if (std::vector<double>* const list = fields.list(key)) {
        auto values = takeList(cursor);
        if (!values) {
            return std::unexpected(values.error());
        }
        *list = std::move(*values);
        return {};
    }
    const auto number = takeNumber(cursor);
    if (!number) {
        return std::unexpected(number.error());
    }
    if (key == "schema") {
        fields.histogram.schema = static_cast<std::int32_t>(*number);
    } else if (double* const field = fields.number(key)) {
        *field = *number;
    } else {
        return cursor.wrong("a histogram has no field " + std::string(key));
    }
    return {};
}

} // namespace

Result<Histogram> parseHistogram(std::string_view text)
{
    Fields fields;
    Cursor cursor(text);
    for (cursor.skipSpace(); !cursor.atEnd(); cursor.skipSpace()) {
        if (auto taken = takeField(cursor, fields); !taken) {
            return std::unexpected(taken.error());
        }
    }
    Histogram& histogram = fields.histogram;
    const auto spans = [](double offset, const std::vector<double>& counts) {
        std::vector<BucketSpan> out;
        if (!counts.empty()) {
            out.push_back(
                {static_cast<std::int32_t>(offset), static_cast<std::uint32_t>(counts.size())});
        }
        return out;
    };
    histogram.positiveSpans = spans(fields.offset, histogram.positiveBuckets);
    histogram.negativeSpans = spans(fields.negativeOffset, histogram.negativeBuckets);
    return std::move(histogram);
}

Result<std::vector<SequenceValue>> parseSequence(std::string_view text)
{
    std::vector<SequenceValue> out;
    Cursor cursor(text);
    for (cursor.skipSpace(); !cursor.atEnd(); cursor.skipSpace()) {
        Result<void> taken;
        if (cursor.peek() == '_') {
            taken = takeGap(cursor, out);
        } else if (cursor.take("stale")) {
            SequenceValue stale;
            stale.kind = SequenceValue::Kind::stale;
            out.push_back(stale);
        } else if (cursor.rest().starts_with("{{")) {
            taken = takeHistograms(cursor, out);
        } else {
            taken = takeNumbers(cursor, out);
        }
        if (!taken) {
            return std::unexpected(taken.error());
        }
        if (!cursor.atEnd() && !isSpace(cursor.peek())) {
            return cursor.wrong("a space is expected after a value");
        }
    }
    return out;
}

std::pair<std::string_view, std::string_view> splitMetric(std::string_view line)
{
    Cursor cursor(line);
    cursor.skipSpace();
    while (isNameCharacter(cursor.peek())) {
        cursor.skip();
    }
    const std::size_t afterName = cursor.place();
    cursor.skipSpace();
    // Two braces open a histogram, not labels.
    if (cursor.peek() != '{' || cursor.rest().starts_with("{{")) {
        return {line.substr(0, afterName), line.substr(afterName)};
    }
    char quote = '\0';
    for (; !cursor.atEnd(); cursor.skip()) {
        const char c = cursor.peek();
        if (quote != '\0') {
            if (c == '\\' && quote != '`') {
                cursor.skip();
            } else if (c == quote) {
                quote = '\0';
            }
        } else if (c == '"' || c == '\'' || c == '`') {
            quote = c;
        } else if (c == '}') {
            cursor.skip();
            break;
        }
    }
    return {line.substr(0, cursor.place()), cursor.rest()};
}

namespace {

void addField(std::string& out, std::string_view name, const std::string& value)
{
    out += out.empty() ? "" : " ";
    out.append(name).append(":").append(value);
}

std::string listOf(std::span<const double> values)
{
    std::string out;
    for (const double value : values) {
        out += (out.empty() ? "" : " ") + text::formatG(value);
    }
    return "[" + out + "]";
}

void addBuckets(std::string& out, std::string_view prefix, IndexedBuckets buckets)
{
    std::erase_if(buckets, [](const IndexedBucket& bucket) { return bucket.count == 0; });
    if (buckets.empty()) {
        return;
    }
    const std::int32_t first = buckets.front().index;
    std::vector<double> counts(static_cast<std::size_t>(buckets.back().index - first) + 1);
    for (const IndexedBucket& bucket : buckets) {
        counts[static_cast<std::size_t>(bucket.index - first)] = bucket.count;
    }
    if (first != 0) {
        addField(out, std::string(prefix) + "offset", std::to_string(first));
    }
    addField(out, std::string(prefix) + "buckets", listOf(counts));
}

std::string_view hintWord(CounterReset hint)
{
    switch (hint) {
    case CounterReset::unknown:
        return {};
    case CounterReset::reset:
        return "reset";
    case CounterReset::notReset:
        return "not_reset";
    case CounterReset::gauge:
        return "gauge";
    }
    return {};
}

} // namespace

std::string histogramNotation(const Histogram& histogram)
{
    std::string out;
    if (histogram.schema != 0) {
        addField(out, "schema", std::to_string(histogram.schema));
    }
    for (const auto& [name, value] :
         {std::pair{"count", histogram.count}, std::pair{"sum", histogram.sum},
          std::pair{"z_bucket", histogram.zeroCount},
          std::pair{"z_bucket_w", histogram.zeroThreshold}}) {
        if (value != 0) {
            addField(out, name, text::formatG(value));
        }
    }
    if (histogram.usesCustomBuckets()) {
        addField(out, "custom_values", listOf(histogram.customValues));
    }
    if (const auto hint = hintWord(histogram.resetHint); !hint.empty()) {
        addField(out, "counter_reset_hint", std::string(hint));
    }
    addBuckets(out, "", unpack(histogram.positiveSpans, histogram.positiveBuckets));
    addBuckets(out, "n_", unpack(histogram.negativeSpans, histogram.negativeBuckets));
    return "{{" + out + "}}";
}

} // namespace watchfire::promql
