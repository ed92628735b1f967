// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/text/number.h"

#include <cmath>
#include <limits>

#include <QTest>

using namespace watchfire;
using namespace watchfire::api;
using namespace Qt::StringLiterals;

namespace {

HistogramPtr share(Histogram histogram)
{
    return std::make_shared<const Histogram>(std::move(histogram));
}

Histogram exponential()
{
    Histogram histogram;
    histogram.count = 124;
    histogram.sum = 46.5;
    histogram.positiveSpans = {{0, 3}};
    histogram.positiveBuckets = {31, 62, 31};
    return histogram;
}

} // namespace

class TestApiResult : public QObject {
    Q_OBJECT
private slots:
    void seconds_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("whole") << qint64(1'700'001'800'000) << "1700001800"_ba;
        QTest::newRow("three decimals, no fewer")
            << qint64(1'700'001'800'500) << "1700001800.500"_ba;
        QTest::newRow("leading zeros") << qint64(1'005) << "1.005"_ba;
        QTest::newRow("negative") << qint64(-5'500) << "-5.500"_ba;
        QTest::newRow("between minus one and zero") << qint64(-5) << "-0.005"_ba;
        QTest::newRow("the least")
            << std::numeric_limits<qint64>::min() << "-9223372036854775.808"_ba;
    }

    void seconds()
    {
        QFETCH(qint64, ms);
        QFETCH(QByteArray, text);
        std::string out;
        appendSeconds(out, ms);
        QCOMPARE(QByteArray::fromStdString(out), text);
    }

    void results_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty vector") << 0 << "\"resultType\":\"vector\",\"result\":[]"_ba;
        QTest::newRow("vector with every odd value")
            << 1
            << "\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"a\",\"x\":\"<1&2>\"},\"value\":[1,\"+Inf\"]},{\"metric\":{},\"value\":[1,\"NaN\"]},{\"metric\":{},\"value\":[1,\"-0\"]},{\"metric\":{},\"value\":[1,\"1e+21\"]}]"_ba;
        QTest::newRow("matrix")
            << 2
            << "\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"a\":\"b\"},\"values\":[[1,\"1\"],[61,\"2.5\"]]}]"_ba;
        QTest::newRow("matrix of histograms and floats")
            << 3
            << "\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,\"1\"]],\"histograms\":[[2,{\"count\":\"124\",\"sum\":\"46.5\",\"buckets\":[[0,\"0.5\",\"1\",\"31\"],[0,\"1\",\"2\",\"62\"],[0,\"2\",\"4\",\"31\"]]}]]}]"_ba;
        QTest::newRow("scalar") << 4 << "\"resultType\":\"scalar\",\"result\":[1.500,\"3\"]"_ba;
        QTest::newRow("string") << 5 << "\"resultType\":\"string\",\"result\":[1,\"x\"]"_ba;
    }

    void results()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, json);
        const double infinity = std::numeric_limits<double>::infinity();
        const std::vector<QueryValue> values{
            Vector{},
            Vector{{Labels{{"__name__", "a"}, {"x", "<1&2>"}}, 1000, infinity, nullptr},
                   {Labels{}, 1000, std::nan(""), nullptr},
                   {Labels{}, 1000, -0.0, nullptr},
                   {Labels{}, 1000, 1e21, nullptr}},
            Matrix{{Labels{{"a", "b"}}, {1000, 61'000}, {1, 2.5}, {}, {}}},
            Matrix{{Labels{}, {1000}, {1}, {2000}, {share(exponential())}}},
            Scalar{1500, 3},
            StringValue{1000, "x"},
        };
        std::string out;
        appendResult(out, values[size_t(which)]);
        QCOMPARE(QByteArray::fromStdString(out), json);
    }

    void histograms_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << 0 << "{\"count\":\"0\",\"sum\":\"0\"}"_ba;
        QTest::newRow("both signs and a zero bucket")
            << 1
            << "{\"count\":\"10\",\"sum\":\"1\",\"buckets\":[[1,\"-4\",\"-2\",\"1\"],[1,\"-1\",\"-0.5\",\"2\"],[3,\"-0.001\",\"0.001\",\"3\"],[0,\"0.5\",\"1\",\"4\"]]}"_ba;
        QTest::newRow("custom bounds")
            << 2
            << "{\"count\":\"93\",\"sum\":\"62\",\"buckets\":[[3,\"-Inf\",\"0.5\",\"31\"],[0,\"1\",\"+Inf\",\"62\"]]}"_ba;
        QTest::newRow("finer than powers of two")
            << 3
            << "{\"count\":\"3\",\"sum\":\"1\",\"buckets\":[[0,\"1\",\"1.189207115002721\",\"1\"],[0,\"1.189207115002721\",\"1.414213562373095\",\"2\"]]}"_ba;
        QTest::newRow("coarser than powers of two")
            << 4 << "{\"count\":\"1\",\"sum\":\"1\",\"buckets\":[[0,\"16\",\"256\",\"1\"]]}"_ba;
        QTest::newRow("the last bucket ends at the largest number")
            << 5
            << "{\"count\":\"1\",\"sum\":\"1\",\"buckets\":[[0,\"8.98846567431158e+307\",\"1.7976931348623157e+308\",\"1\"]]}"_ba;
    }

    void histograms()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, json);
        Histogram histogram;
        switch (which) {
        case 1:
            histogram.count = 10;
            histogram.sum = 1;
            histogram.zeroThreshold = 0.001;
            histogram.zeroCount = 3;
            histogram.negativeSpans = {{0, 1}, {1, 1}};
            histogram.negativeBuckets = {2, 1};
            histogram.positiveSpans = {{0, 2}};
            histogram.positiveBuckets = {4, 0};
            break;
        case 2:
            histogram.schema = Histogram::customSchema;
            histogram.count = 93;
            histogram.sum = 62;
            histogram.customValues = {0.5, 1};
            histogram.positiveSpans = {{0, 3}};
            histogram.positiveBuckets = {31, 0, 62};
            break;
        case 3:
            histogram.schema = 2;
            histogram.count = 3;
            histogram.sum = 1;
            histogram.positiveSpans = {{1, 2}};
            histogram.positiveBuckets = {1, 2};
            break;
        case 4:
            histogram.schema = -2;
            histogram.count = 1;
            histogram.sum = 1;
            histogram.positiveSpans = {{2, 1}};
            histogram.positiveBuckets = {1};
            break;
        case 5:
            histogram.count = 1;
            histogram.sum = 1;
            histogram.positiveSpans = {{1024, 1}};
            histogram.positiveBuckets = {1};
            break;
        default:
            break;
        }
        std::string out;
        appendHistogram(out, histogram);
        QCOMPARE(QByteArray::fromStdString(out), json);
    }

    /// Whose answer is reserved as a whole; moments that not every series has, and some of which
    /// no other does.
    void encodesLargeMatrices()
    {
        Matrix matrix;
        std::string expected = R"("resultType":"matrix","result":[)";
        for (int row = 0; row < 300; ++row) {
            MatrixSeries& series = matrix.emplace_back();
            series.labels = Labels{{"row", std::to_string(row)}};
            expected += row == 0 ? R"({"metric":)" : R"(,{"metric":)";
            appendLabels(expected, series.labels);
            expected += R"(,"values":[)";
            for (std::int64_t step = row % 3; step < 1000; step += 1 + row % 2) {
                const std::int64_t atMs = (step - 500) * 250 - (row == 7 ? 1 : 0);
                const double value = -double(step) / 7 * std::pow(10, row % 40 - 20);
                series.atMs.push_back(atMs);
                series.values.push_back(value);
                appendSeconds(expected += step == row % 3 ? "[" : ",[", atMs);
                expected += ",\"" + text::formatValue(value) + "\"]";
            }
            expected += "]}";
        }
        std::string out;
        appendResult(out, matrix);
        QVERIFY(out == expected + "]");
    }

    void truncates()
    {
        QueryValue value = Vector(3);
        QVERIFY(!truncate(value, 0));
        QVERIFY(!truncate(value, 3));
        QVERIFY(truncate(value, 2));
        QCOMPARE(std::get<Vector>(value).size(), 2U);
        QueryValue scalar = Scalar{};
        QVERIFY(!truncate(scalar, 1));
    }
};

QTEST_GUILESS_MAIN(TestApiResult)
#include "tst_api_result.moc"
