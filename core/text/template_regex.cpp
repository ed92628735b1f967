// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/template_regex.h"

#include "core/text/regex.h"

#include <utility>

namespace watchfire::text {

namespace {

using Arguments = std::span<const TemplateValue>;

const std::string* textAt(Arguments arguments, std::size_t i)
{
    return i < arguments.size() ? arguments[i].asText() : nullptr;
}

Result<TemplateValue> match(Arguments arguments)
{
    const std::string* const pattern = textAt(arguments, 0);
    const std::string* const subject = textAt(arguments, 1);
    if (pattern == nullptr || subject == nullptr) {
        return fail(ErrorKind::invalid, "match needs a pattern and a text");
    }
    return contains(*subject, *pattern).transform([](bool found) { return TemplateValue(found); });
}

Result<TemplateValue> replace(Arguments arguments)
{
    const std::string* const pattern = textAt(arguments, 0);
    const std::string* const replacement = textAt(arguments, 1);
    const std::string* const subject = textAt(arguments, 2);
    if (pattern == nullptr || replacement == nullptr || subject == nullptr) {
        return fail(ErrorKind::invalid, "reReplaceAll needs a pattern, a replacement and a text");
    }
    return replaceAll(*subject, *pattern, *replacement).transform([](std::string&& out) {
        return TemplateValue(std::move(out));
    });
}

} // namespace

void addRegexFunctions(TemplateFunctions& table)
{
    table["match"] = &match;
    table["reReplaceAll"] = &replace;
}

} // namespace watchfire::text
