// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_places.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

/// Every source says whose it is and under which licence.
class TestLicences : public QObject {
    Q_OBJECT
private slots:
    void everySourceNamesItsLicence()
    {
        const QString source = QStringLiteral(WATCHFIRE_SOURCE_DIR);
        const QStringList names{u"*.h"_s,     u"*.cpp"_s,   u"*.sh"_s,
                                u"*.cmake"_s, u"*.proto"_s, u"CMakeLists.txt"_s};
        QStringList faults;
        int seen = 0;
        for (const QString& top : {u"core"_s, u"ui"_s, u"app"_s, u"tests"_s, u"resources"_s,
                                   u"packaging"_s, u"translations"_s}) {
            QDirIterator files(source + u'/' + top, names, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                const QString path = files.next().mid(source.size() + 1);
                QFile file(source + u'/' + path);
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QByteArray head = file.read(1'000);
                const QByteArray expected = path.startsWith(u"core/client/"_s)
                    ? "SPDX-License-Identifier: Apache-2.0"_ba
                    : "SPDX-License-Identifier: GPL-3.0-or-later"_ba;
                if (!head.contains(expected) || !head.contains("SPDX-FileCopyrightText: ")) {
                    faults << path;
                }
                ++seen;
            }
        }
        QVERIFY(seen > 100);
        QVERIFY2(faults.isEmpty(), qPrintable(u"without "_s + faults.join(u", "_s)));
    }
};

QTEST_GUILESS_MAIN(TestLicences)
#include "tst_licences.moc"
