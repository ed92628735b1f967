// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/series_notation.h"
#include "core/text/number.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

/// The places of a sequence as a text: "_" for a gap, "stale", numbers, "h" and the count.
QByteArray written(const std::vector<SequenceValue>& values)
{
    QByteArray out;
    for (const SequenceValue& value : values) {
        if (!out.isEmpty()) {
            out += ' ';
        }
        switch (value.kind) {
        case SequenceValue::Kind::gap:
            out += '_';
            break;
        case SequenceValue::Kind::stale:
            out += "stale";
            break;
        case SequenceValue::Kind::number:
            out += text::formatG(value.number);
            break;
        case SequenceValue::Kind::histogram:
            out += 'h' + text::formatG(value.histogram->count);
            break;
        }
    }
    return out;
}

} // namespace

class TestSeriesNotation : public QObject {
    Q_OBJECT
private slots:
    void sequences_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("values"); // "!": must be refused
        QTest::newRow("values") << "1 -2 .5 1e3"_ba << "1 -2 0.5 1000"_ba;
        QTest::newRow("special values in any case") << "Inf -inf NaN"_ba << "+Inf -Inf NaN"_ba;
        QTest::newRow("gaps") << "_ _x2 3"_ba << "_ _ _ 3"_ba;
        QTest::newRow("x is one more than its number") << "4x2"_ba << "4 4 4"_ba;
        QTest::newRow("growing") << "1+2x3"_ba << "1 3 5 7"_ba;
        QTest::newRow("falling below zero") << "1-2x2"_ba << "1 -1 -3"_ba;
        QTest::newRow("added, not multiplied")
            << "0+0.1x3"_ba << "0 0.1 0.2 0.30000000000000004"_ba;
        QTest::newRow("no repetition") << "5+1x0"_ba << "5"_ba;
        QTest::newRow("hexadecimal is x") << "0x10"_ba << "0 0 0 0 0 0 0 0 0 0 0"_ba;
        QTest::newRow("a marker") << "1 stale 2"_ba << "1 stale 2"_ba;
        QTest::newRow("nothing") << ""_ba << ""_ba;
        QTest::newRow("histograms") << "{{count:1}} {{count:2}}x1"_ba << "h1 h2 h2"_ba;
        QTest::newRow("histograms added") << "{{count:1}}+{{count:2}}x2"_ba << "h1 h3 h5"_ba;
        QTest::newRow("histograms taken away") << "{{count:5}}-{{count:2}}x2"_ba << "h5 h3 h1"_ba;
        QTest::newRow("a step needs its number") << "1+2"_ba << "!"_ba;
        QTest::newRow("no word") << "one"_ba << "!"_ba;
        QTest::newRow("items need space") << "1;2"_ba << "!"_ba;
        QTest::newRow("an open histogram") << "{{count:1"_ba << "!"_ba;
        QTest::newRow("an unknown field") << "{{weight:1}}"_ba << "!"_ba;
        QTest::newRow("coarser second histogram") << "{{schema:1}}+{{schema:0}}x1"_ba << "!"_ba;
    }

    void sequences()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, values);
        const auto parsed = parseSequence({text.constData(), std::size_t(text.size())});
        QCOMPARE(parsed ? written(*parsed) : "!"_ba, values);
    }

    void histogramFields()
    {
        const auto histogram = *parseHistogram("schema:1 sum:-0.3 count:3.1 z_bucket:7.1 "
                                               "z_bucket_w:0.05 buckets:[5.1 10 7] offset:-3 "
                                               "n_buckets:[4.1 5] n_offset:-5 "
                                               "counter_reset_hint:gauge");
        QCOMPARE(histogram.schema, 1);
        QCOMPARE(histogram.sum, -0.3);
        QCOMPARE(histogram.count, 3.1);
        QCOMPARE(histogram.zeroCount, 7.1);
        QCOMPARE(histogram.zeroThreshold, 0.05);
        QCOMPARE(histogram.positiveBuckets, (std::vector<double>{5.1, 10, 7}));
        QCOMPARE(histogram.positiveSpans, (std::vector<BucketSpan>{{-3, 3}}));
        QCOMPARE(histogram.negativeBuckets, (std::vector<double>{4.1, 5}));
        QCOMPARE(histogram.negativeSpans, (std::vector<BucketSpan>{{-5, 2}}));
        QCOMPARE(histogram.resetHint, CounterReset::gauge);
    }

    void metricsAreDividedFromValues_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("metric");
        QTest::newRow("a name") << "up 1 2"_ba << "up"_ba;
        QTest::newRow("labels") << "{a=\"b\"} 1"_ba << "{a=\"b\"}"_ba;
        QTest::newRow("both") << "up{a=\"b\"} 1"_ba << "up{a=\"b\"}"_ba;
        QTest::newRow("space between") << "up {a=\"b\"} 1"_ba << "up {a=\"b\"}"_ba;
        QTest::newRow("a brace in a value") << "up{a=\"}\"} 1"_ba << "up{a=\"}\"}"_ba;
        QTest::newRow("an escaped quote") << "up{a=\"\\\"}\"} 1"_ba << "up{a=\"\\\"}\"}"_ba;
        QTest::newRow("a histogram is no label set") << "up {{count:1}}"_ba << "up"_ba;
        QTest::newRow("labels, then a histogram") << "{} {{count:1}}"_ba << "{}"_ba;
    }

    void metricsAreDividedFromValues()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, metric);
        const auto [found, rest] = splitMetric({line.constData(), std::size_t(line.size())});
        QCOMPARE(QByteArray(found.data(), qsizetype(found.size())), metric);
    }
};

QTEST_GUILESS_MAIN(TestSeriesNotation)
#include "tst_series_notation.moc"
