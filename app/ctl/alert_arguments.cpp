// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alert_arguments.h"

#include "core/api/parameters.h"
#include "core/config/matcher_text.h"
#include "core/text/duration.h"

#include <algorithm>
#include <cstdio>
#include <format>

namespace watchfire::ctl {

Result<Matchers> matcherArguments(const std::vector<std::string>& arguments)
{
    Matchers out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (i == 0 && arguments[i].find('=') == std::string::npos
            && arguments[i].find("!~") == std::string::npos) {
            out.push_back(Matcher::equal("alertname", arguments[i]));
            continue;
        }
        auto matchers = config::parseMatchers(arguments[i]);
        if (!matchers) {
            return fail(ErrorKind::invalid, matchers.error().message);
        }
        out.insert(out.end(), matchers->begin(), matchers->end());
    }
    return out;
}

Result<encoding::JsonValue> pairArguments(const std::vector<std::string>& arguments, bool isNamed)
{
    encoding::JsonValue::Object out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::size_t sign = arguments[i].find('=');
        if (sign == std::string::npos && i == 0 && isNamed) {
            out.emplace_back("alertname", jsonText(arguments[i]));
            continue;
        }
        if (sign == std::string::npos || sign == 0) {
            return fail(ErrorKind::invalid,
                        std::format("\"{}\" is not of the form NAME=VALUE", arguments[i]));
        }
        std::string_view value = std::string_view(arguments[i]).substr(sign + 1);
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
            value = value.substr(1, value.size() - 2);
        }
        out.emplace_back(arguments[i].substr(0, sign), jsonText(value));
    }
    encoding::JsonValue object;
    object.data = std::move(out);
    return object;
}

Result<Timestamp> timeArgument(std::string_view option, const std::string& text,
                               Timestamp otherwise)
{
    if (text.empty()) {
        return otherwise;
    }
    auto at = api::parseDateTime(text);
    if (!at) {
        return fail(ErrorKind::invalid, std::format("{}: {}", option, at.error().message));
    }
    return at;
}

Result<std::chrono::milliseconds> durationArgument(std::string_view option, const std::string& text,
                                                   std::chrono::milliseconds otherwise)
{
    if (text.empty()) {
        return otherwise;
    }
    auto duration = text::parseDuration(text);
    if (!duration) {
        return fail(ErrorKind::invalid, std::format("{}: {}", option, duration.error().message));
    }
    return duration;
}

encoding::JsonValue jsonText(std::string_view text)
{
    encoding::JsonValue value;
    value.data = std::string(text);
    return value;
}

void printTable(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line.append(widths[i] - row[i].size() + 2, ' ');
            }
        }
        std::puts(line.c_str());
    }
}

void complain(Context& context, const Error& error)
{
    complain(context, error.kind == ErrorKind::unavailable ? Exit::unreachable : Exit::wrong,
             error.message);
}

} // namespace watchfire::ctl
