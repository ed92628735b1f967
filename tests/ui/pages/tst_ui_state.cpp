// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_test.h"
#include "ui/pages/ui_state.h"

#include <QFile>
#include <QTemporaryDir>

using namespace watchfire::ui;
using namespace Qt::StringLiterals;

class TestUiState : public QObject {
    Q_OBJECT

private slots:
    void comesBack()
    {
        const QTemporaryDir directory;
        const QString file = directory.filePath(u"state/window.ini"_s);
        {
            UiState state(file);
            state.setValue(u"window/page"_s, u"alerts"_s);
            state.setValue(u"explore/history"_s, QStringList{u"up"_s, u"rate(x[5m])"_s});
            state.setValue(u"window/geometry"_s, QByteArray("\0\1\2", 3));
        }
        const UiState again(file);
        QCOMPARE(again.value(u"window/page"_s).toString(), u"alerts"_s);
        QCOMPARE(again.value(u"explore/history"_s).toStringList(),
                 (QStringList{u"up"_s, u"rate(x[5m])"_s}));
        QCOMPARE(again.value(u"window/geometry"_s).toByteArray(), QByteArray("\0\1\2", 3));
    }

    void writesSoonWithoutBeingTold()
    {
        // A kill must lose no more than the last two seconds.
        const QTemporaryDir directory;
        const QString file = directory.filePath(u"window.ini"_s);
        UiState state(file);
        state.setValue(u"a"_s, 1);
        QVERIFY(!QFile::exists(file));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), 6000);
    }

    void nothingToRememberIn()
    {
        UiState state{QString()};
        state.setValue(u"a"_s, 1);
        QCOMPARE(state.value(u"a"_s).toInt(), 1);
        state.save();
    }
};

QTEST_GUILESS_MAIN(TestUiState)
#include "tst_ui_state.moc"
