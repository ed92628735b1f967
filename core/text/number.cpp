// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fast_float/fast_float.h>
#include <format>
#include <limits>

namespace watchfire::text {

namespace {

/// The fewest digits of a finite number: 0.d1d2d3… × 10^point.
struct Decimal {
    bool negative = false;
    std::array<char, 24> digits{};
    int count = 0;
    int point = 0;
};

Decimal decompose(double value)
{
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    Decimal out;
    const char* at = buffer.data();
    if (*at == '-') {
        out.negative = true;
        ++at;
    }
    for (; at != end && *at != 'e'; ++at) {
        if (*at != '.') {
            out.digits[static_cast<std::size_t>(out.count++)] = *at;
        }
    }
    int exponent = 0;
    if (at != end) {
        ++at;
        std::from_chars(*at == '+' ? at + 1 : at, end, exponent);
    }
    while (out.count > 1 && out.digits[static_cast<std::size_t>(out.count - 1)] == '0') {
        --out.count;
    }
    out.point = exponent + 1;
    if (value == 0) {
        out.point = 1;
    }
    return out;
}

bool appendSpecial(std::string& out, double value)
{
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else {
        return false;
    }
    return true;
}

void appendPlain(std::string& out, const Decimal& number)
{
    const auto count = static_cast<std::size_t>(number.count);
    if (number.negative) {
        out += '-';
    }
    if (number.point <= 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-number.point), '0');
        out.append(number.digits.data(), count);
        return;
    }
    const auto point = static_cast<std::size_t>(number.point);
    if (point >= count) {
        out.append(number.digits.data(), count);
        out.append(point - count, '0');
        return;
    }
    out.append(number.digits.data(), point);
    out += '.';
    out.append(number.digits.data() + point, count - point);
}

void appendExponent(std::string& out, const Decimal& number)
{
    if (number.negative) {
        out += '-';
    }
    out += number.digits[0];
    if (number.count > 1) {
        out += '.';
        out.append(number.digits.data() + 1, static_cast<std::size_t>(number.count - 1));
    }
    const int exponent = number.point - 1;
    out += exponent < 0 ? "e-" : "e+";
    std::format_to(std::back_inserter(out), "{:02}", std::abs(exponent));
}

/// Exponent form outside [10^least, 10^most).
std::string formatBetween(double value, int least, int most)
{
    std::string out;
    if (appendSpecial(out, value)) {
        return out;
    }
    const Decimal number = decompose(value);
    const int exponent = number.point - 1;
    if (value != 0 && (exponent < least || exponent >= most)) {
        appendExponent(out, number);
    } else {
        appendPlain(out, number);
    }
    return out;
}

bool equalIgnoringCase(std::string_view text, std::string_view lower)
{
    return std::ranges::equal(
        text, lower, [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

} // namespace

char* writeValue(char* out, double value)
{
    const double size = std::abs(value);
    // Small whole numbers are most of what is ever printed.
    if (size < 1e15 && value == std::trunc(value) && (value != 0 || !std::signbit(value))) {
        return std::to_chars(out, out + mostValueBytes, static_cast<long long>(value)).ptr;
    }
    // With a fraction: the digits that are printed are all its own.
    if (size >= 1e-6 && size < 1e15) {
        return std::to_chars(out, out + mostValueBytes, value, std::chars_format::fixed).ptr;
    }
    std::string text;
    if (!appendSpecial(text, value)) {
        if (size != 0 && (size < 1e-6 || size >= 1e21)) {
            appendExponent(text, decompose(value));
        } else {
            appendPlain(text, decompose(value));
        }
    }
    return std::ranges::copy(text, out).out;
}

void appendValue(std::string& out, double value)
{
    std::array<char, mostValueBytes> buffer;
    out.append(buffer.data(), writeValue(buffer.data(), value));
}

std::string formatValue(double value)
{
    std::string out;
    appendValue(out, value);
    return out;
}

std::string formatG(double value)
{
    return formatBetween(value, -4, 6);
}

std::string formatFixed(double value)
{
    return formatBetween(value, std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
}

std::optional<double> parseFloat(std::string_view text)
{
    std::string_view magnitude = text;
    bool negative = false;
    if (!magnitude.empty() && (magnitude.front() == '+' || magnitude.front() == '-')) {
        negative = magnitude.front() == '-';
        magnitude.remove_prefix(1);
    }
    if (magnitude.empty()) {
        return std::nullopt;
    }
    const char first = magnitude.front();
    if (first != '.' && (first < '0' || first > '9')) {
        if (equalIgnoringCase(magnitude, "inf") || equalIgnoringCase(magnitude, "infinity")) {
            const double infinity = std::numeric_limits<double>::infinity();
            return negative ? -infinity : infinity;
        }
        if (magnitude.size() == text.size() && equalIgnoringCase(magnitude, "nan")) {
            return std::bit_cast<double>(std::uint64_t{0x7FF8'0000'0000'0001});
        }
        return std::nullopt;
    }
    double value = 0;
    const auto [end, error]
        = fast_float::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value);
    if (end != magnitude.data() + magnitude.size()
        || (error != std::errc() && !(error == std::errc::result_out_of_range && value == 0))) {
        return std::nullopt;
    }
    if (std::isinf(value)) {
        return std::nullopt;
    }
    return negative ? -value : value;
}

Result<double> parseSampleValue(std::string_view text)
{
    if (const auto value = parseFloat(text)) {
        return *value;
    }
    return fail(ErrorKind::invalid, std::format("\"{}\" is not a number", text));
}

} // namespace watchfire::text
