// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/negotiate.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestNegotiate : public QObject {
    Q_OBJECT
private slots:
    void asksForWhatItCanRead()
    {
        const QByteArray accept = QByteArray::fromStdString(exposition::acceptHeader({}, ""));
        QVERIFY(accept.startsWith("application/openmetrics-text;version=1.0.0;"
                                  "escaping=allow-utf-8;q=0.6,"));
        QVERIFY(accept.endsWith(",*/*;q=0.2"));
        QVERIFY2(!accept.contains("protobuf"), "there is no parser for it yet");
    }

    void weightsFall()
    {
        const std::vector<std::string> text{"PrometheusText0.0.4"};
        QCOMPARE(exposition::acceptHeader(text, "dots"),
                 std::string("text/plain;version=0.0.4;q=0.6,*/*;q=0.5"));
    }

    void contentTypes_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("fallback");
        QTest::addColumn<QByteArray>("expected"); // name of the format, or part of the message
        QTest::newRow("text") << "text/plain; version=0.0.4; charset=utf-8"_ba << ""_ba
                              << "text"_ba;
        QTest::newRow("any version") << "text/plain"_ba << ""_ba << "text"_ba;
        QTest::newRow("case does not count") << "Application/OpenMetrics-Text"_ba << ""_ba
                                             << "OpenMetrics"_ba;
        QTest::newRow("blank") << ""_ba << ""_ba << "no Content-Type"_ba;
        QTest::newRow("blank with a fallback") << ""_ba << "OpenMetricsText1.0.0"_ba
                                               << "OpenMetrics"_ba;
        QTest::newRow("web page") << "text/html; charset=utf-8"_ba << ""_ba
                                  << "is the path right?"_ba;
        QTest::newRow("web page with a fallback") << "text/html"_ba << "PrometheusText0.0.4"_ba
                                                  << "text"_ba;
        QTest::newRow("no media type") << "text plain"_ba << ""_ba << "cannot read"_ba;
        QTest::newRow("the fallback does not override what is known")
            << "text/plain"_ba << "OpenMetricsText1.0.0"_ba << "text"_ba;
        QTest::newRow("protobuf is known and not readable")
            << "application/vnd.google.protobuf"_ba << ""_ba << "cannot be read yet"_ba;
    }

    void contentTypes()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, fallback);
        QFETCH(QByteArray, expected);
        const auto format = exposition::formatOf(type.toStdString(), fallback.toStdString());
        const auto actual = QByteArray::fromStdString(format ? std::string(toText(*format))
                                                             : format.error().message);
        QVERIFY2(actual.contains(expected), actual.constData());
    }
};

QTEST_GUILESS_MAIN(TestNegotiate)
#include "tst_negotiate.moc"
