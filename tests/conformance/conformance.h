// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"
#include "test_places.h"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <QTest>

namespace watchfire::test {

/// The folder of that name among the conformance data: in $WATCHFIRE_CONFORMANCE, else beside
/// the source tree. Nothing: it is not there, or `name` is not.
inline std::optional<std::filesystem::path> conformanceFolder(std::string_view name)
{
    const QByteArray given = qgetenv("WATCHFIRE_CONFORMANCE");
    const std::filesystem::path root = given.isEmpty()
        ? std::filesystem::path(WATCHFIRE_SOURCE_DIR) / "../shared/conformance"
        : std::filesystem::path(given.toStdString());
    std::error_code ignored;
    if (!std::filesystem::exists(root / name, ignored)) {
        return std::nullopt;
    }
    return root / name;
}

/// Fails the running test with every failed case, or where nothing passed, and prints the skipped
/// ones and the count.
inline void verifyOutcome(const ctl::ConformanceOutcome& outcome)
{
    std::string text;
    for (const std::string& failure : outcome.failures) {
        text += "\n  " + failure;
    }
    for (const std::string& skip : outcome.skips) {
        std::fprintf(stderr, "skipped: %s\n", skip.c_str());
    }
    std::fprintf(stderr, "conformance: %zu passed, %zu failed, %zu skipped\n", outcome.passed,
                 outcome.failed, outcome.skipped);
    QVERIFY2(outcome.failed == 0, text.c_str());
    QVERIFY2(outcome.passed > 0, "the folder holds no cases");
}

} // namespace watchfire::test

/// Leaves the test, loudly, where the data is not there.
#define WF_CONFORMANCE_FOLDER(variable, name)                                                      \
    const auto variable = ::watchfire::test::conformanceFolder(name);                              \
    if (!variable) {                                                                               \
        QSKIP("SKIPPED-LOUDLY: no conformance data for " name);                                    \
    }                                                                                              \
    static_assert(true)
