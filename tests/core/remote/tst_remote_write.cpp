// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/remote/write.h"

#include <cmath>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::remote;
using namespace Qt::StringLiterals;

namespace {

/// Protobuf by hand: what a sender of another make would put on the wire.
class Message {
public:
    Message& number(unsigned field, std::uint64_t value)
    {
        m_writer.varint(field << 3);
        m_writer.varint(value);
        return *this;
    }
    Message& real(unsigned field, double value)
    {
        m_writer.varint(field << 3 | 1);
        m_writer.f64(value);
        return *this;
    }
    Message& text(unsigned field, std::string_view value)
    {
        m_writer.varint(field << 3 | 2);
        m_writer.text(value);
        return *this;
    }
    Message& message(unsigned field, const Message& value) { return text(field, value.str()); }
    std::string_view str() const { return asText(m_bytes); }

private:
    Bytes m_bytes;
    ByteWriter m_writer{m_bytes};
};

Message label(const char* name, const char* value)
{
    Message made;
    made.text(1, name).text(2, value);
    return made;
}

Message span(std::int32_t offset, std::uint32_t length)
{
    Message made;
    made.number(1, zigzag(offset)).number(2, length);
    return made;
}

} // namespace

class TestRemoteWrite : public QObject {
    Q_OBJECT
private slots:
    void roundTrip()
    {
        WriteSeries series;
        series.labels = Labels{{"__name__", "a"}, {"ü", "ß"}};
        series.samples = {{1, 0.5}, {2, staleMarker()}, {-3, 1e300}};
        Histogram histogram;
        histogram.schema = 3;
        histogram.count = 3.5;
        histogram.sum = -1;
        histogram.zeroThreshold = 0.001;
        histogram.zeroCount = 0.5;
        histogram.positiveSpans = {{-2, 1}, {3, 1}};
        histogram.positiveBuckets = {1, 2};
        histogram.resetHint = CounterReset::gauge;
        series.histograms = {{7, histogram}};
        series.exemplars = {{Labels{{"trace_id", "t"}}, 2, fromUnixMs(9)}};
        const WriteRequest sent{{series}, {{"a", {MetricType::counter, "Help.", "s"}}}};
        const auto decoded = decodeWrite(encodeWrite(sent), WriteVersion::v1);
        QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
        QCOMPARE(decoded->samples, 3U);
        QCOMPARE(decoded->histograms, 1U);
        QCOMPARE(decoded->exemplars, 1U);
        const WriteSeries& got = decoded->request.series.at(0);
        QVERIFY(got.labels == series.labels);
        QVERIFY(isStaleMarker(got.samples[1].value));
        QVERIFY(got.histograms == series.histograms);
        QVERIFY(got.exemplars == series.exemplars);
        QVERIFY(decoded->request.metadata == sent.metadata);
    }

    void wholeHistogramsGoAsIntegers_data()
    {
        QTest::addColumn<double>("bucket");
        QTest::addColumn<double>("count");
        QTest::addColumn<bool>("whole");
        QTest::newRow("whole counts that add up") << 5.0 << 9.0 << true;
        QTest::newRow("half a count") << 4.5 << 8.5 << false;
        QTest::newRow("do not add up") << 5.0 << 10.0 << false;
        QTest::newRow("beyond exact doubles") << 1e17 << 1e17 << false;
        QTest::newRow("no number") << std::nan("") << 4.0 << false;
    }
    void wholeHistogramsGoAsIntegers()
    {
        QFETCH(double, bucket);
        QFETCH(double, count);
        QFETCH(bool, whole);
        WriteSeries series;
        series.labels = Labels{{"__name__", "a"}};
        Histogram histogram;
        histogram.count = count;
        histogram.zeroCount = 1;
        histogram.sum = 4;
        histogram.positiveSpans = {{0, 2}};
        histogram.positiveBuckets = {3, bucket};
        series.histograms = {{7, histogram}};
        const std::string body = encodeWrite({{series}, {}, false});
        // positive_deltas are packed in field 12, positive_counts in field 13.
        QCOMPARE(body.contains("\x62\x02\x06\x04"), whole);
        const auto decoded = decodeWrite(body, WriteVersion::v1);
        QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
        const Histogram& got = decoded->request.series.at(0).histograms.at(0).second;
        QVERIFY(std::isnan(bucket) || got == histogram);
    }

    void labels_data()
    {
        QTest::addColumn<QByteArray>("names"); // comma-separated, each with value v
        QTest::addColumn<bool>("kept");
        QTest::newRow("in order") << "__name__,a,b"_ba << true;
        QTest::newRow("out of order is put in order") << "b,__name__,a"_ba << true;
        QTest::newRow("no name") << "a,b"_ba << false;
        QTest::newRow("name twice") << "__name__,a,a"_ba << false;
        QTest::newRow("empty label name") << "__name__,"_ba << false;
        QTest::newRow("nothing at all") << "-"_ba << false;
    }

    void labels()
    {
        QFETCH(QByteArray, names);
        QFETCH(bool, kept);
        Message series;
        if (names != "-") {
            for (const QByteArray& name : names.split(',')) {
                series.message(1, label(name.constData(), "v"));
            }
        }
        Message sample;
        sample.real(1, 1).number(2, 5);
        series.message(2, sample);
        Message request;
        request.message(1, series);
        const auto decoded = decodeWrite(request.str(), WriteVersion::v1);
        QVERIFY(decoded.has_value());
        QCOMPARE(decoded->request.series.size(), size_t(kept));
        QCOMPARE(decoded->droppedSeries, size_t(!kept));
        QCOMPARE(decoded->samples, size_t(kept));
        QCOMPARE(decoded->dropReason.empty(), kept);
    }

    void emptyLabelValuesDoNotExist()
    {
        Message series;
        series.message(1, label("__name__", "a")).message(1, label("b", ""));
        Message request;
        request.message(1, series);
        const auto decoded = decodeWrite(request.str(), WriteVersion::v1);
        QCOMPARE(decoded->request.series.at(0).labels.toString(), "a");
    }

    void integerHistograms()
    {
        // Buckets are sent as differences: 1, 1+2, 3−1.
        Message histogram;
        histogram.number(1, 7).real(3, 4.5).number(4, zigzag(0)).real(5, 0.01).number(6, 1);
        histogram.message(11, span(0, 3));
        Bytes deltas;
        ByteWriter writer(deltas);
        for (const std::int64_t delta : {1, 2, -1}) {
            writer.varint(zigzag(delta));
        }
        histogram.text(12, asText(deltas)).number(15, 99);
        Message series;
        series.message(1, label("__name__", "h")).message(4, histogram);
        Message request;
        request.message(1, series);
        const auto decoded = decodeWrite(request.str(), WriteVersion::v1);
        QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
        const auto& [atMs, got] = decoded->request.series.at(0).histograms.at(0);
        QCOMPARE(atMs, 99);
        QVERIFY(got.positiveBuckets == (std::vector<double>{1, 3, 2}));
        QCOMPARE(got.count, 7.0);
        QCOMPARE(got.zeroCount, 1.0);
    }

    void badHistograms_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("more spans than buckets") << 0;
        QTest::newRow("unknown schema") << 1;
        QTest::newRow("negative bucket") << 2;
        QTest::newRow("count is not the sum of the buckets") << 3;
        QTest::newRow("spans of billions") << 4;
        QTest::newRow("custom bounds out of order") << 5;
    }

    void badHistograms()
    {
        QFETCH(int, which);
        Message histogram;
        const auto packed = [](std::initializer_list<double> values) {
            Bytes bytes;
            ByteWriter writer(bytes);
            for (const double value : values) {
                writer.f64(value);
            }
            return std::string(asText(bytes));
        };
        switch (which) {
        case 0:
            histogram.real(2, 1).message(11, span(0, 2)).text(13, packed({1}));
            break;
        case 1:
            histogram.real(2, 1).number(4, zigzag(9));
            break;
        case 2:
            histogram.real(2, 1).message(11, span(0, 1)).text(13, packed({-1}));
            break;
        case 3:
            histogram.number(1, 5).message(11, span(0, 1)).text(12, "\x02");
            break;
        case 4:
            histogram.real(2, 1).message(11, span(0, 0xFFFFFFFF)).text(13, packed({1}));
            break;
        default:
            histogram.real(2, 1).number(4, zigzag(-53)).text(16, packed({2, 1}));
            histogram.message(11, span(0, 1)).text(13, packed({1}));
            break;
        }
        Message series;
        series.message(1, label("__name__", "h")).message(4, histogram);
        Message request;
        request.message(1, series);
        const auto decoded = decodeWrite(request.str(), WriteVersion::v1);
        QVERIFY(!decoded.has_value());
        QCOMPARE(decoded.error().kind, ErrorKind::invalid);
    }

    void versionTwo()
    {
        Message sample;
        sample.real(1, 42).number(2, 5);
        Message about;
        about.number(1, 1).number(3, 5);
        Message series;
        series.text(1, std::string_view("\1\2\3\4", 4)).message(2, sample).message(5, about);
        Message request;
        for (const char* const symbol : {"", "__name__", "m", "job", "x", "Help."}) {
            request.text(4, symbol);
        }
        request.message(5, series);
        const auto decoded = decodeWrite(request.str(), WriteVersion::v2);
        QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
        QCOMPARE(decoded->request.series.at(0).labels.toString(), "m{job=\"x\"}");
        QCOMPARE(decoded->request.series[0].samples.at(0).value, 42.0);
        QCOMPARE(decoded->request.metadata.at(0).metadata.help, "Help.");
        QVERIFY(decoded->request.metadata[0].metadata.type == MetricType::counter);
    }

    void startTimes_data()
    {
        QTest::addColumn<qint64>("ofSeries"); // 0: not told
        QTest::addColumn<QList<qint64>>("told"); // by the samples at 100, 200 and 300 ms
        QTest::addColumn<QList<qint64>>("kept"); // empty: of none is one known
        using Starts = QList<qint64>;
        QTest::newRow("none") << qint64(0) << Starts{0, 0, 0} << Starts{};
        QTest::newRow("of one counter, which starts anew")
            << qint64(0) << Starts{10, 10, 250} << Starts{10, 10, 250};
        QTest::newRow("of some samples") << qint64(0) << Starts{0, 20, 0} << Starts{0, 20, 0};
        QTest::newRow("of the series, as drafts of 2.0 had it")
            << qint64(30) << Starts{0, 0, 0} << Starts{30, 30, 30};
        QTest::newRow("the sample knows better than the series")
            << qint64(30) << Starts{0, 40, 0} << Starts{30, 40, 30};
        QTest::newRow("not older than the sample")
            << qint64(0) << Starts{100, 201, 299} << Starts{0, 0, 299};
        QTest::newRow("before 1970") << qint64(0) << Starts{-5, 0, 0} << Starts{-5, 0, 0};
    }

    void startTimes()
    {
        QFETCH(qint64, ofSeries);
        QFETCH(QList<qint64>, told);
        QFETCH(QList<qint64>, kept);
        const auto request = [&](bool histograms) {
            Message series;
            series.text(1, std::string_view("\1\2", 2));
            for (qsizetype i = 0; i < told.size(); ++i) {
                const auto atMs = static_cast<std::uint64_t>(100 * (i + 1));
                const auto start = static_cast<std::uint64_t>(told[i]);
                Message sample;
                if (histograms) {
                    sample.number(1, 0).number(15, atMs).number(17, start);
                } else {
                    sample.real(1, 1).number(2, atMs).number(3, start);
                }
                series.message(histograms ? 3 : 2, sample);
            }
            series.number(6, static_cast<std::uint64_t>(ofSeries));
            Message made;
            made.text(4, "").text(4, "__name__").text(4, "m").message(5, series);
            return decodeWrite(made.str(), WriteVersion::v2);
        };
        const std::vector<std::int64_t> wanted(kept.begin(), kept.end());
        const auto numbers = request(false);
        QVERIFY2(numbers.has_value(), numbers ? "" : numbers.error().message.c_str());
        QCOMPARE(numbers->samples, 3U);
        QVERIFY(numbers->request.series.at(0).sampleStartsMs == wanted);
        QVERIFY(numbers->request.series[0].histogramStartsMs.empty());
        const auto histograms = request(true);
        QVERIFY2(histograms.has_value(), histograms ? "" : histograms.error().message.c_str());
        QCOMPARE(histograms->histograms, 3U);
        QVERIFY(histograms->request.series.at(0).histogramStartsMs == wanted);
        QVERIFY(histograms->request.series[0].sampleStartsMs.empty());
    }

    void versionTwoChecksReferences_data()
    {
        QTest::addColumn<QByteArray>("refs");
        QTest::newRow("odd number") << QByteArray("\1", 1);
        QTest::newRow("outside the table") << QByteArray("\1\x09", 2);
    }

    void versionTwoChecksReferences()
    {
        QFETCH(QByteArray, refs);
        Message series;
        series.text(1, {refs.constData(), size_t(refs.size())});
        Message request;
        request.text(4, "").text(4, "__name__").message(5, series);
        QVERIFY(!decodeWrite(request.str(), WriteVersion::v2).has_value());
    }

    void noise()
    {
        std::mt19937 random(7);
        WriteRequest sent;
        sent.series.push_back({Labels{{"__name__", "a"}}, {{1, 2}}, {}, {}});
        const std::string good = encodeWrite(sent);
        for (int i = 0; i < 20'000; ++i) {
            std::string body = good;
            for (std::uint32_t n = random() % 4; n-- > 0;) {
                body[random() % body.size()] = static_cast<char>(random());
            }
            body.resize(random() % (body.size() + 1));
            // Either answer is fine; reading must stay within the body.
            (void)decodeWrite(body, i % 2 == 0 ? WriteVersion::v1 : WriteVersion::v2);
        }
    }
};

QTEST_GUILESS_MAIN(TestRemoteWrite)
#include "tst_remote_write.moc"
