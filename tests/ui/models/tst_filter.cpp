// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/filter.h"

#include <QTest>

using namespace watchfire::ui;
using namespace Qt::StringLiterals;

class TestFilter : public QObject {
    Q_OBJECT

private slots:
    void parses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QStringList>("chips"); // key=value
        QTest::newRow("nothing") << QString() << QStringList() << QStringList();
        QTest::newRow("spaces only") << u"   "_s << QStringList() << QStringList();
        QTest::newRow("two words")
            << u"node  Web"_s << QStringList{u"node"_s, u"web"_s} << QStringList();
        QTest::newRow("a chip") << u"state:Down"_s << QStringList() << QStringList{u"state=down"_s};
        QTest::newRow("both") << u"db state:up"_s << QStringList{u"db"_s}
                              << QStringList{u"state=up"_s};
        QTest::newRow("an address is a word, not a chip")
            << u"db1:9100"_s << QStringList{u"db1:9100"_s} << QStringList();
        QTest::newRow("a half typed chip filters by what is there")
            << u"state:"_s << QStringList{u"state"_s} << QStringList();
        QTest::newRow("quotes keep spaces and colons")
            << u"\"connection refused\" \"a:b\""_s << QStringList{u"connection refused"_s, u"a:b"_s}
            << QStringList();
        QTest::newRow("open quote") << u"\"half"_s << QStringList{u"half"_s} << QStringList();
    }

    void parses()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, words);
        QFETCH(QStringList, chips);
        const Filter filter = parseFilter(text);
        QStringList gotWords;
        for (const auto& word : filter.words) {
            gotWords << QString::fromStdString(word);
        }
        QStringList gotChips;
        for (const auto& chip : filter.chips) {
            gotChips << QString::fromStdString(chip.key + '=' + chip.value);
        }
        QCOMPARE(gotWords, words);
        QCOMPARE(gotChips, chips);
    }

    void foldedSearch()
    {
        QVERIFY(containsFolded("Connection Refused", "refused"));
        QVERIFY(containsFolded("abc", ""));
        QVERIFY(!containsFolded("abc", "abcd"));
        QVERIFY(equalsFolded("DOWN", "down"));
        QVERIFY(!equalsFolded("downs", "down"));
    }
};

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
