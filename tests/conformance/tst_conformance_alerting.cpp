// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting.h"
#include "core/base/log.h"
#include "tests/conformance/conformance.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestConformanceAlerting : public QObject {
    Q_OBJECT
private slots:
    void recordedCases()
    {
        WF_CONFORMANCE_FOLDER(folder, "alerting");
        setLogLevel(LogLevel::error); // receivers that fail are what some cases are about
        test::verifyOutcome(ctl::runAlerting(*folder));
    }
};

QTEST_GUILESS_MAIN(TestConformanceAlerting)
#include "tst_conformance_alerting.moc"
