// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/relabel.h"
#include "tests/conformance/conformance.h"

#include <QObject>
#include <QTest>

using namespace watchfire;

class TestConformanceRelabel : public QObject {
    Q_OBJECT
private slots:
    void recordedCases()
    {
        WF_CONFORMANCE_FOLDER(folder, "relabel");
        test::verifyOutcome(ctl::runRelabel(*folder));
    }
};

QTEST_GUILESS_MAIN(TestConformanceRelabel)
#include "tst_conformance_relabel.moc"
