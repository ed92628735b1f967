// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/config.h"
#include "tests/conformance/conformance.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestConformanceConfig : public QObject {
    Q_OBJECT
private slots:
    void recordedCases()
    {
        WF_CONFORMANCE_FOLDER(folder, "config");
        test::verifyOutcome(ctl::runConfig(*folder));
    }
};

QTEST_GUILESS_MAIN(TestConformanceConfig)
#include "tst_conformance_config.moc"
