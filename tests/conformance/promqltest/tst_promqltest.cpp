// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/promql_script.h"

#include <cstdio>
#include <filesystem>

#include <QTest>

using namespace watchfire;

namespace {

std::filesystem::path scripts()
{
    const QByteArray given = qgetenv("WATCHFIRE_CONFORMANCE");
    const std::filesystem::path root = given.isEmpty()
        ? std::filesystem::path(WATCHFIRE_SOURCE_DIR) / "../shared/conformance"
        : std::filesystem::path(given.toStdString());
    return root / "promqltest";
}

} // namespace

/// Every script must pass whole.
class TestPromqltest : public QObject {
    Q_OBJECT
private slots:
    void script_data()
    {
        QTest::addColumn<QString>("path");
        std::error_code error;
        if (!std::filesystem::is_directory(scripts(), error)) {
            QSKIP("SKIPPED-LOUDLY: no PromQL scripts; set WATCHFIRE_CONFORMANCE");
        }
        for (const auto& entry : std::filesystem::directory_iterator(scripts())) {
            if (entry.path().extension() == ".test") {
                QTest::newRow(entry.path().filename().c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
    }

    void script()
    {
        QFETCH(QString, path);
        const ctl::ScriptOutcome outcome
            = ctl::runPromqlScript(std::filesystem::path(path.toStdString()));
        std::fprintf(stderr, "%s: %zu passed, %zu failed\n", qPrintable(path), outcome.passed,
                     outcome.failed);
        std::string text;
        for (const std::string& failure : outcome.failures) {
            text += "\n  " + failure;
        }
        QVERIFY2(outcome.failed == 0, text.c_str());
        QVERIFY(outcome.passed > 0);
    }
};

QTEST_GUILESS_MAIN(TestPromqltest)
#include "tst_promqltest.moc"
