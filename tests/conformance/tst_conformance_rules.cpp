// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/rules.h"
#include "tests/conformance/conformance.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestConformanceRules : public QObject {
    Q_OBJECT
private slots:
    void recordedCases()
    {
        WF_CONFORMANCE_FOLDER(folder, "rules");
        test::verifyOutcome(ctl::runRules(*folder));
    }
};

QTEST_GUILESS_MAIN(TestConformanceRules)
#include "tst_conformance_rules.moc"
