// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/writer.h"
#include "tests/core/exposition/entries.h"

#include <limits>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestExpositionWriter : public QObject {
    Q_OBJECT
private slots:
    void writes()
    {
        std::string out;
        exposition::TextWriter writer(out);
        writer.family("a_total", MetricType::counter, "one\ntwo \\ \"three\"");
        writer.sample("a_total", Labels({{"__name__", "a_total"}, {"x", "\"\n\\"}}), 1e6, 5);
        writer.family("b", MetricType::unknown, "");
        writer.sample("b", {}, -std::numeric_limits<double>::infinity());
        writer.sample("c.d", Labels({{"e.f", "1"}}), 0.5);
        QCOMPARE(QByteArray::fromStdString(out),
                 "# HELP a_total one\\ntwo \\\\ \"three\"\n"
                 "# TYPE a_total counter\n"
                 "a_total{x=\"\\\"\\n\\\\\"} 1e+06 5\n"
                 "# TYPE b untyped\n"
                 "b -Inf\n"
                 "{\"c.d\",\"e.f\"=\"1\"} 0.5\n"_ba);
    }

    void escapesForReadersThatAskForIt()
    {
        std::string out;
        exposition::TextWriter writer(out, exposition::EscapingScheme::dots);
        writer.family("c.d", MetricType::gauge, "");
        writer.sample("c.d", Labels({{"e.f", "1"}, {"g_h", "2"}}), 0.5);
        writer.sample("a_b", {}, 1);
        QCOMPARE(QByteArray::fromStdString(out),
                 "# TYPE c_dot_d gauge\nc_dot_d{e_dot_f=\"1\",g_h=\"2\"} 0.5\na_b 1\n"_ba);
    }

    void isReadBack()
    {
        std::string out;
        exposition::TextWriter writer(out);
        writer.family("h", MetricType::histogram, "help");
        writer.sample("h_bucket", Labels({{"le", "+Inf"}, {"p", "C:\\n"}}), 3);
        writer.sample("o.k", Labels({{"p", "ä"}}), 0.1, 17);
        QCOMPARE(QByteArray::fromStdString(test::describe(exposition::Format::text, out)),
                 "HELP h [help]\nTYPE h histogram\n"
                 "__name__=h_bucket le=+Inf p=C:\\n 3\n"
                 "__name__=o.k p=ä 0.1 @17\n"_ba);
    }
};

QTEST_GUILESS_MAIN(TestExpositionWriter)
#include "tst_exposition_writer.moc"
