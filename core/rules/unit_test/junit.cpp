// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/junit.h"

#include <algorithm>
#include <format>

namespace watchfire::rules::unit_test {

namespace {

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&#34;";
            break;
        case '\n':
            out += "&#xA;";
            break;
        case '\t':
            out += "&#x9;";
            break;
        default: // what XML cannot hold
            if (static_cast<unsigned char>(c) < 0x20) {
                out += "\xEF\xBF\xBD";
            } else {
                out += c;
            }
        }
    }
    return out;
}

void addCase(std::string& out, const TestOutcome& test)
{
    out += std::format("<testcase name=\"{}\">", escaped(test.name));
    for (const std::string& failure : test.failures) {
        out += std::format("<failure>{}</failure>", escaped(failure));
    }
    out += "</testcase>";
}

void addSuite(std::string& out, const std::string& file, const FileOutcome& outcome)
{
    const auto failed = std::ranges::count_if(
        outcome.tests, [](const TestOutcome& test) { return !test.failures.empty(); });
    const bool unread = !outcome.faults.empty();
    out += std::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
                       "skipped=\"0\" timestamp=\"\">",
                       escaped(file), outcome.tests.size() + (unread ? 1 : 0), failed,
                       unread ? 1 : 0);
    for (const TestOutcome& test : outcome.tests) {
        addCase(out, test);
    }
    if (unread) {
        std::string all;
        for (const std::string& fault : outcome.faults) {
            all += (all.empty() ? "" : "\n") + fault;
        }
        out += std::format("<testcase name=\"unknown\"><error>{}</error></testcase>", escaped(all));
    }
    out += "</testsuite>";
}

} // namespace

std::string junitXml(std::span<const std::pair<std::string, FileOutcome>> outcomes)
{
    std::string out = "<testsuites>";
    for (const auto& [file, outcome] : outcomes) {
        addSuite(out, file, outcome);
    }
    return out + "</testsuites>";
}

} // namespace watchfire::rules::unit_test
