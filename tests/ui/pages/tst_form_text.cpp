// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/form_text.h"

#include <QTest>

using namespace watchfire::ui;
using namespace Qt::StringLiterals;

class TestFormText : public QObject {
    Q_OBJECT

private slots:
    void counts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("count"); // -1: must be refused
        QTest::newRow("digits") << u"50000"_s << qint64(50'000);
        QTest::newRow("grouped by commas") << u"50,000"_s << qint64(50'000);
        QTest::newRow("grouped by spaces") << u" 50 000 "_s << qint64(50'000);
        QTest::newRow("zero") << u"0"_s << qint64(0);
        QTest::newRow("negative") << u"-1"_s << qint64(-1);
        QTest::newRow("a fraction") << u"1.5"_s << qint64(-1);
        QTest::newRow("words") << u"many"_s << qint64(-1);
        QTest::newRow("beyond 64 bits") << u"99999999999999999999"_s << qint64(-1);
    }
    void counts()
    {
        QFETCH(QString, text);
        QFETCH(qint64, count);
        const auto read = readCount(text);
        QCOMPARE(read ? qint64(*read) : -1, count);
        QCOMPARE(countFault(text).isEmpty(), count >= 0);
    }

    void wordsStandOnceInTheirOrder()
    {
        QCOMPARE(readWords(u" a:1, b:2;c:3\n d:4  a:1 "_s),
                 (std::vector<std::string>{"a:1", "b:2", "c:3", "d:4"}));
        QVERIFY(readWords(u" , "_s).empty());
    }

    void queriesReadBack()
    {
        const std::vector<std::pair<std::string, std::vector<std::string>>> parameters{
            {"match[]", {"{job=\"x\"}", "{a=~\"b&c%\"}"}}, {"ü b", {"1+1 = 2", ""}}};
        const QString text = queryText(parameters);
        QVERIFY2(text.startsWith(u"match[]={job=\"x\"}&match[]="_s), qPrintable(text));
        QCOMPARE(readQuery(text), parameters);
        QVERIFY(queryFault(text).isEmpty());
        QVERIFY(!queryFault(u"module"_s).isEmpty());
        QVERIFY(!queryFault(u"a=1&=2"_s).isEmpty());
    }

    void pairsReadBack()
    {
        const TextPairs pairs{{"label", "prometheus"}, {"label", "a=b"}, {"status", ""}};
        QCOMPARE(readPairs(pairsText(pairs)), pairs);
        QVERIFY(pairsFault(pairsText(pairs)).isEmpty());
        QVERIFY(pairsFault(u"a=1, nothing"_s).contains(u"nothing"_s));
    }

    void urls_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("https") << u"https://example.org/a?b=c"_s << true;
        QTest::newRow("IPv6") << u"http://[::1]:8080/"_s << true;
        QTest::newRow("no scheme") << u"example.org"_s << false;
        QTest::newRow("no host") << u"http:///targets"_s << false;
        QTest::newRow("another scheme") << u"ftp://example.org"_s << false;
        QTest::newRow("empty") << QString() << false;
    }
    void urls()
    {
        QFETCH(QString, text);
        QFETCH(bool, good);
        QCOMPARE(urlFault(text).isEmpty(), good);
    }

    void bytes_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("number");
        QTest::addColumn<QString>("unit");
        QTest::newRow("bytes that no unit divides") << quint64(1025) << u"1025"_s << u"B"_s;
        QTest::newRow("kilobytes") << quint64(10) * 1024 << u"10"_s << u"KB"_s;
        QTest::newRow("64 MiB") << (quint64(64) << 20) << u"64"_s << u"MB"_s;
        QTest::newRow("the largest unit") << (quint64(2048) << 40) << u"2048"_s << u"TB"_s;
    }
    void bytes()
    {
        QFETCH(quint64, bytes);
        QFETCH(QString, number);
        QFETCH(QString, unit);
        const ByteText text = byteText(bytes);
        QCOMPARE(text.number, number);
        QCOMPARE(text.unit, unit);
        QCOMPARE(readBytes(number, unit), std::optional<std::uint64_t>(bytes));
    }

    void tooManyBytesAreRefused()
    {
        QVERIFY(!readBytes(u"99999999999"_s, u"TB"_s));
        QVERIFY(!readBytes(u"1"_s, u"parsec"_s));
    }
};

QTEST_GUILESS_MAIN(TestFormText)
#include "tst_form_text.moc"
