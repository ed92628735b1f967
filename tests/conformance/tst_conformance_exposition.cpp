// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/exposition.h"
#include "tests/conformance/conformance.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestConformanceExposition : public QObject {
    Q_OBJECT
private slots:
    void recordedCases()
    {
        WF_CONFORMANCE_FOLDER(folder, "exposition");
        test::verifyOutcome(ctl::runExposition(*folder));
    }

    void strictChecker()
    {
        WF_CONFORMANCE_FOLDER(folder, "exposition");
        test::verifyOutcome(ctl::runCheckMetrics(*folder));
    }
};

QTEST_GUILESS_MAIN(TestConformanceExposition)
#include "tst_conformance_exposition.moc"
