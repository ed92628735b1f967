// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/program.h"

#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

} // namespace

/// A session bus without a notification service: what a popup would say, the window says.
class TestNoPopups : public QObject {
    Q_OBJECT
private slots:
    void theWindowTellsOfAlerts()
    {
        const QTemporaryDir profile;
        Program program(profile.path());
        QVERIFY(program.writeConfig(u"prometheus.yml"_s,
                                    "global: {evaluation_interval: 1s}\n"
                                    "rule_files: [rules/*.yml]\n"));
        QVERIFY(program.writeConfig(u"rules/a.yml"_s,
                                    "groups:\n"
                                    "  - name: a\n"
                                    "    rules:\n"
                                    "      - {alert: Always, expr: vector(1)}\n"));
        QVERIFY(program.writeConfig(u"alertmanager.yml"_s,
                                    "route: {receiver: desktop, group_wait: 0s}\n"
                                    "receivers: [{name: desktop}]\n"));
        QCOMPARE(program.start(), QString());
        const auto* const text = program.find<QLabel>("toast.text");
        QVERIFY(text != nullptr);
        QTRY_VERIFY2_WITH_TIMEOUT(text->isVisible() && text->text().contains(u"Always"_s),
                                  qPrintable(text->text()), patienceMs);
        QCOMPARE(program.find<QPushButton>("toast.action")->text(), u"Show"_s);
        QVERIFY(program.click("toast.action"));
        QTRY_COMPARE(program.window().currentPage(), u"alerts"_s);
    }
};

QTEST_MAIN(TestNoPopups)
#include "tst_no_popups.moc"
