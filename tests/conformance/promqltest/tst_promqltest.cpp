// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/promql_script.h"
#include "test_places.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

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
    void initTestCase()
    {
        std::error_code error;
        if (!std::filesystem::is_directory(scripts(), error)) {
            QSKIP("SKIPPED-LOUDLY: no PromQL scripts; set WATCHFIRE_CONFORMANCE");
        }
        const auto isScript = [](const auto& entry) { return entry.path().extension() == ".test"; };
        QVERIFY2(std::ranges::any_of(std::filesystem::directory_iterator(scripts()), isScript),
                 "the folder holds no scripts");
    }

    void script_data()
    {
        QTest::addColumn<QString>("path");
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

    void namesDroppedAtOnce_data() { script_data(); }

    /// Without delayed name removal, only the evals recorded to need it may fail.
    void namesDroppedAtOnce()
    {
        QFETCH(QString, path);
        QSet<QString> known;
        // What came after 3.5 was recorded with delayed removal only.
        for (const char* const name : {"needs-delayed-name-removal.json", "not-in-3.5.json"}) {
            QFile list(QString::fromStdString((scripts() / name).string()));
            QVERIFY(list.open(QIODevice::ReadOnly));
            const QJsonObject root = QJsonDocument::fromJson(list.readAll()).object();
            for (const QJsonValue& eval : root["evals"_L1].toArray()) {
                known.insert(
                    u"%1:%2:"_s.arg(eval["file"_L1].toString()).arg(eval["line"_L1].toInt()));
            }
        }
        const ctl::ScriptOutcome outcome = ctl::runPromqlScript(
            std::filesystem::path(path.toStdString()), {.delayedNameRemoval = false});
        std::string text;
        for (const std::string& failure : outcome.failures) {
            const QString line = QString::fromStdString(failure).section(u':', 0, 1) + u':';
            if (!known.contains(line)) {
                text += "\n  " + failure;
            }
        }
        QVERIFY2(text.empty(), text.c_str());
        QVERIFY(outcome.passed > 0);
    }
};

QTEST_GUILESS_MAIN(TestPromqltest)
#include "tst_promqltest.moc"
