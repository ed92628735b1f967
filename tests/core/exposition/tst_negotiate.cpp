// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/negotiate.h"
#include "core/exposition/offer.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using Scheme = exposition::EscapingScheme;

class TestNegotiate : public QObject {
    Q_OBJECT
private slots:
    void asksForWhatItCanRead()
    {
        const QByteArray accept = QByteArray::fromStdString(
            exposition::acceptHeader(exposition::defaultProtocols(false), Scheme::allowUtf8));
        QVERIFY(accept.startsWith("application/openmetrics-text;version=1.0.0;"
                                  "escaping=allow-utf-8;q=0.6,"));
        QVERIFY(accept.endsWith(",*/*;q=0.2"));
        QVERIFY2(!accept.contains("protobuf"), "the texts say all but native histograms");
    }

    void nativeHistogramsAskForProtobufFirst()
    {
        const auto accept
            = exposition::acceptHeader(exposition::defaultProtocols(true), Scheme::underscores);
        QVERIFY(accept.starts_with("application/vnd.google.protobuf;"
                                   "proto=io.prometheus.client.MetricFamily;encoding=delimited;"
                                   "q=0.6,application/openmetrics-text;version=1.0.0;"
                                   "escaping=underscores;q=0.5,"));
    }

    void escapes_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("scheme");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing to do") << "a:b_1"_ba << "values"_ba << "a:b_1"_ba;
        QTest::newRow("as it is") << "a.b"_ba << "allow-utf-8"_ba << "a.b"_ba;
        QTest::newRow("underscores") << "1a.b_\u00e4"_ba << "underscores"_ba << "_a_b__"_ba;
        QTest::newRow("dots write an underscore twice") << "a.b_c"_ba << "dots"_ba
                                                        << "a_dot_b__c"_ba;
        QTest::newRow("dots and other characters") << "1a\u00e4"_ba << "dots"_ba << "__a__"_ba;
        QTest::newRow("values") << "a.b_c\u00e4"_ba << "values"_ba << "U__a_2e_b__c_e4_"_ba;
        QTest::newRow("values of a leading digit") << "1a"_ba << "values"_ba << "U___31_a"_ba;
        QTest::newRow("not UTF-8") << "a\xff"_ba << "values"_ba << "U__a_fffd_"_ba;
        QTest::newRow("empty") << ""_ba << "values"_ba << ""_ba;
    }

    void escapes()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, scheme);
        QFETCH(QByteArray, expected);
        const auto known = exposition::escapingSchemeFrom(scheme.toStdString());
        QVERIFY(known.has_value());
        QCOMPARE(QByteArray::fromStdString(exposition::escapeName(name.toStdString(), *known)),
                 expected);
        QVERIFY(!exposition::escapingSchemeFrom("none").has_value());
    }

    void offers_data()
    {
        QTest::addColumn<QByteArray>("accept");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray text = "text/plain; version=0.0.4; charset=utf-8; escaping=";
        const QByteArray openMetrics
            = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=";
        const auto asked = [](bool native) {
            return QByteArray::fromStdString(
                exposition::acceptHeader(exposition::defaultProtocols(native), Scheme::values));
        };
        QTest::newRow("a Prometheus") << asked(true) << openMetrics + "values";
        QTest::newRow("text only")
            << "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"_ba << text + "underscores";
        QTest::newRow("a version that is not offered tells of names")
            << "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.9,text/plain;q=0.5"_ba
            << text + "allow-utf-8";
        QTest::newRow("the best clause counts, not the first")
            << "text/plain;q=0.2, application/openmetrics-text; version=1.0.0 ;q=0.3"_ba
            << openMetrics + "underscores";
        QTest::newRow("weight 0 is a refusal")
            << "application/openmetrics-text;version=1.0.0;q=0,text/plain;q=0.1"_ba
            << text + "underscores";
        QTest::newRow("anything") << "*/*"_ba << openMetrics + "underscores";
        QTest::newRow("any text") << "text/*"_ba << text + "underscores";
        QTest::newRow("nothing") << ""_ba << text + "underscores";
        QTest::newRow("unknown scheme") << "text/plain;escaping=rot13"_ba << text + "underscores";
        QTest::newRow("odd") << ";;=,q;q=x"_ba << text + "underscores";
    }

    void offers()
    {
        QFETCH(QByteArray, accept);
        QFETCH(QByteArray, expected);
        const std::vector offered{exposition::Format::openMetrics, exposition::Format::text};
        const auto offer = exposition::offerFor(accept.toStdString(), offered);
        QCOMPARE(QByteArray::fromStdString(offer.contentType()), expected);
    }

    void weightsFall()
    {
        const std::vector<std::string_view> text{"PrometheusText0.0.4"};
        QCOMPARE(exposition::acceptHeader(text, Scheme::dots),
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
        QTest::newRow("protobuf, whatever its parameters")
            << "application/vnd.google.protobuf"_ba << ""_ba << "protobuf"_ba;
        QTest::newRow("protobuf as a fallback") << ""_ba << "PrometheusProto"_ba << "protobuf"_ba;
        QTest::newRow("quoted parameter") << "text/plain; a=\"b;\\\"c\" ;version=1.0.0;"_ba << ""_ba
                                          << "text"_ba;
        QTest::newRow("parameter without a value") << "text/plain; charset"_ba << ""_ba
                                                   << "cannot read"_ba;
        QTest::newRow("parameter said twice") << "text/plain; a=1; a=1"_ba << ""_ba << "text"_ba;
        QTest::newRow("parameter said in two ways") << "text/plain; a=1; A=2"_ba << ""_ba
                                                    << "cannot read"_ba;
        QTest::newRow("text behind the type") << "text/plain version=1"_ba << ""_ba
                                              << "cannot read"_ba;
        QTest::newRow("malformed, with a fallback") << "text/plain; =1"_ba
                                                    << "PrometheusText0.0.4"_ba << "text"_ba;
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
