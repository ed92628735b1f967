// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/parser.h"
#include "tests/core/exposition/entries.h"

#include <random>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestTextParser : public QObject {
    Q_OBJECT
private slots:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing") << "\n\n"_ba << ""_ba;
        QTest::newRow("last line without newline") << "up 1"_ba << "__name__=up 1\n"_ba;
        QTest::newRow("labels keep their order, the name comes first")
            << "a{z=\"1\",b=\"2\"} 3\n"_ba << "__name__=a z=1 b=2 3\n"_ba;
        QTest::newRow("time stamp in milliseconds")
            << "a 1 1700000000123\n"_ba << "__name__=a 1 @1700000000123\n"_ba;
        QTest::newRow("only three escapes; any other stays as it is")
            << "a{x=\"q\\\" b\\\\ n\\n t\\t\"} 1\n"_ba << "__name__=a x=q\" b\\ n\n t\\t 1\n"_ba;
        QTest::newRow("help knows no quote escape")
            << "# HELP a one\\ntwo \\\\ \\\"\n"_ba << "HELP a [one\ntwo \\ \\\"]\n"_ba;
        QTest::newRow("comments that say nothing")
            << "# hello\n#HELP a b\n#\n# HELP\n# OTHER x\n"_ba << ""_ba;
        QTest::newRow("quoted name")
            << "{\"my.metric\",x=\"1\"} 3\n"_ba << "__name__=my.metric x=1 3\n"_ba;
        QTest::newRow("quoted name need not be first")
            << "{x=\"1\",\"my.metric\"} 3\n"_ba << "__name__=my.metric x=1 3\n"_ba;
        QTest::newRow("le becomes a float in histograms")
            << "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1e6\"} 1\nh_bucket{le=\"+Inf\"} 1\n"_ba
            << "TYPE h histogram\n__name__=h_bucket le=1.0 1\n__name__=h_bucket le=1e+06 1\n__name__=h_bucket le=+Inf 1\n"_ba;
        QTest::newRow("le of a gauge stays")
            << "# TYPE h gauge\nh{le=\"1\"} 1\n"_ba << "TYPE h gauge\n__name__=h le=1 1\n"_ba;
        QTest::newRow("an empty label is reported: honor_labels needs it")
            << "a{x=\"\"} 1\n"_ba << "__name__=a x= 1\n"_ba;
        QTest::newRow("blanks nearly everywhere")
            << "  a\t{ x = \"1\" , } \t1\t\n"_ba << "__name__=a x=1 1\n"_ba;
        QTest::newRow("special values, in any case")
            << "a +Inf\na -inf\na NAN\na Infinity\n"_ba
            << "__name__=a +Inf\n__name__=a -Inf\n__name__=a NaN\n__name__=a +Inf\n"_ba;
        QTest::newRow("untyped is unknown") << "# TYPE a untyped\n"_ba << "TYPE a unknown\n"_ba;
    }

    void reads()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        QCOMPARE(
            QByteArray::fromStdString(test::describe(exposition::Format::text, body.toStdString())),
            expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected"); // message and the bytes at fault
        QTest::newRow("line and column")
            << "a 1\nb{x=\"1\"} one\n"_ba
            << "__name__=a 1\n! line 2, column 10: \"one\" is not a number <one>\n"_ba;
        QTest::newRow("carriage return is no white space")
            << "a 1\r\n"_ba << "! line 1, column 3: \"1\\r\" is not a number <1\r>\n"_ba;
        QTest::newRow("web page") << "<html>"_ba
                                  << "! line 1, column 1: metric name or comment expected, not "
                                     "\"<\" <<>\n"_ba;
        QTest::newRow("no value") << "a\n"_ba
                                  << "! line 1, column 2: value expected, but the line ends here "
                                     "<\n>\n"_ba;
        QTest::newRow("the text ends") << "a{x"_ba
                                       << "! line 1, column 4: = expected, but the text ends here "
                                          "<>\n"_ba;
        QTest::newRow("open quote") << "a{x=\"1} 1\nb 2\n"_ba
                                    << "! line 1, column 5: this label value has no closing "
                                       "quote <\"1} 1>\n"_ba;
        QTest::newRow("hexadecimal") << "a 0x10\n"_ba
                                     << "! line 1, column 3: \"0x10\" is not a number <0x10>\n"_ba;
        QTest::newRow("overflow") << "a 1e999\n"_ba
                                  << "! line 1, column 3: \"1e999\" is not a number <1e999>\n"_ba;
        QTest::newRow("negative time stamp")
            << "a 1 -5\n"_ba
            << "! line 1, column 5: time stamp or end of line expected, not \"-\" <->\n"_ba;
        QTest::newRow("time stamp beyond 64 bits")
            << "a 1 99999999999999999999\n"_ba
            << "! line 1, column 5: this time stamp is out of range <99999999999999999999>\n"_ba;
        QTest::newRow("two names") << "a{\"b\"} 1\n"_ba
                                   << "! line 1, column 3: the metric name is set already "
                                      "<\"b\">\n"_ba;
        QTest::newRow("unknown type")
            << "# TYPE a thing\n"_ba
            << "! line 1, column 10: \"thing\" is not a metric type <thing>\n"_ba;
        QTest::newRow("not UTF-8") << "a{x=\"\xff\"} 1\n"_ba
                                   << "! line 1, column 5: this label value is not valid UTF-8 "
                                      "<\"\xff\">\n"_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        QCOMPARE(
            QByteArray::fromStdString(test::describe(exposition::Format::text, body.toStdString())),
            expected);
    }

    /// Whatever the bytes, a parser ends, stays inside the body and points into it.
    void survivesDamage_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("text") << int(exposition::Format::text);
        QTest::newRow("OpenMetrics") << int(exposition::Format::openMetrics);
    }

    void survivesDamage()
    {
        QFETCH(int, format);
        const std::string good
            = "# HELP h Help \\n text\n# TYPE h histogram\nh_bucket{le=\"0.5\",a=\"b\\\"c\"} 1 "
              "# {t=\"x\"} 0.5 1.5\nh_sum 8.5 17000\n# UNIT u_s s\n{\"q.u\",l=\"v\"} NaN\n# EOF\n";
        std::mt19937 random(7);
        const std::string_view alphabet = "\n\"\\{}=, #\t01.eE+-_aN\xff\x00"
                                          "HT";
        for (int round = 0; round < 20'000; ++round) {
            std::string body = good;
            for (unsigned i = 0; i < 1 + random() % 4; ++i) {
                const std::size_t at = random() % body.size();
                switch (random() % 3) {
                case 0:
                    body[at] = alphabet[random() % alphabet.size()];
                    break;
                case 1:
                    body.erase(at, random() % 9);
                    break;
                default:
                    body.insert(at, 1, alphabet[random() % alphabet.size()]);
                    break;
                }
                if (body.empty()) {
                    body = "a";
                }
            }
            // A heap copy of exactly that size lets sanitizers see a read beyond it.
            const std::vector<char> exact(body.begin(), body.end());
            const std::string_view view(exact.data(), exact.size());
            const auto parser
                = exposition::makeParser(static_cast<exposition::Format>(format), view);
            exposition::Entry entry;
            for (std::size_t count = 0;; ++count) {
                QVERIFY(count <= body.size());
                const auto kind = parser->next(entry);
                if (!kind) {
                    QVERIFY(kind.error().where.has_value());
                    QVERIFY(kind.error().where->begin <= kind.error().where->end);
                    QVERIFY(kind.error().where->end <= body.size());
                    break;
                }
                if (*kind == exposition::EntryKind::end) {
                    break;
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTextParser)
#include "tst_text_parser.moc"
