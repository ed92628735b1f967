// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/protobuf_parser.h"
#include "tests/core/exposition/entries.h"
#include "tests/core/exposition/protobuf_body.h"

#include <map>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using test::family;

namespace {

constexpr int counter = 0;
constexpr int gauge = 1;
constexpr int summary = 2;
constexpr int untyped = 3;
constexpr int histogram = 4;
constexpr int gaugeHistogram = 5;

const std::string native = R"(histogram { sample_count: 3 sample_sum: 5 zero_threshold: 0.001
    positive_span { offset: 0 length: 2 } positive_delta: 1 positive_delta: 1 })";
const std::string classic = R"(histogram { sample_count: 3 sample_sum: 5
    bucket { cumulative_count: 1 upper_bound: 1 } bucket { cumulative_count: 3 upper_bound: 2 } })";

} // namespace

class TestProtobufParser : public QObject {
    Q_OBJECT

    static QByteArray bytes(const std::string& text) { return QByteArray::fromStdString(text); }

    static void addRow(const char* name, const std::string& body, const char* expected,
                       exposition::ReadOptions options = {.nativeHistograms = true})
    {
        QTest::newRow(name) << bytes(body) << QByteArray(expected) << options.nativeHistograms
                            << options.classicToo << options.convertClassic;
    }

    static void addPlainRows()
    {
        addRow("nothing", "", "");
        addRow("plain types",
               family("c", counter,
                      {R"(label { name: "a" value: "x" } counter { value: 2 })",
                       R"(counter { value: 3 } timestamp_ms: 17)"},
                      "How often")
                   + family("g", gauge, {"gauge { value: nan }"}, "", "s")
                   + family("u", untyped, {"untyped { value: -inf }"}),
               "HELP c [How often]\nTYPE c counter\n__name__=c a=x 2\n__name__=c 3 @17\n"
               "HELP g []\nUNIT g [s]\nTYPE g gauge\n__name__=g NaN\n"
               "HELP u []\nTYPE u unknown\n__name__=u -Inf\n");
        addRow("a time of 0 is none", family("g", gauge, {"gauge { value: 1 } timestamp_ms: 0"}),
               "HELP g []\nTYPE g gauge\n__name__=g 1\n");
        addRow("a value that is not set is 0",
               family("g", gauge, {"label { name: 'a' value: '' }"}),
               "HELP g []\nTYPE g gauge\n__name__=g a= 0\n");
        addRow("a family without metrics is passed over",
               family("a b", gauge, {}) + family("g", gauge, {"gauge { value: 1 }"}),
               "HELP g []\nTYPE g gauge\n__name__=g 1\n");
        addRow("counter with exemplar and start", family("c", counter, {R"(counter { value: 2
                   exemplar { label { name: "trace" value: "t" } value: 0.5
                              timestamp { seconds: 3 nanos: 7900000 } }
                   start_timestamp { seconds: 12 nanos: 345000000 } })"}),
               "HELP c []\nTYPE c counter\n"
               "__name__=c 2 since 12345 # {trace=\"t\"} 0.5 @3007\n");
        addRow("summary",
               family("s", summary,
                      {R"(summary { sample_count: 4 sample_sum: 2.5
                   quantile { quantile: 0.5 value: 1 } quantile { quantile: 1 value: 2 }
                   start_timestamp { seconds: 1 } })",
                       "summary { sample_count: 1 sample_sum: 1 }"}),
               "HELP s []\nTYPE s summary\n"
               "__name__=s_count 4 since 1000\n__name__=s_sum 2.5 since 1000\n"
               "__name__=s quantile=0.5 1 since 1000\n__name__=s quantile=1.0 2 since 1000\n"
               "__name__=s_count 1\n__name__=s_sum 1\n");
        addRow("classic histogram, +Inf bucket missing",
               family("h", histogram, {R"(label { name: "a" value: "x" } histogram {
                   sample_count: 9 sample_sum: 1.5
                   bucket { cumulative_count: 1 upper_bound: 1000000 exemplar { value: 3 } }
                   bucket { cumulative_count_float: 2.5 upper_bound: 2000000 } })"}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h_count a=x 9\n__name__=h_sum a=x 1.5\n"
               "__name__=h_bucket a=x le=1e+06 1 # {} 3\n"
               "__name__=h_bucket a=x le=2e+06 2.5\n__name__=h_bucket a=x le=+Inf 9\n");
        addRow("+Inf ends the buckets",
               family("h", gaugeHistogram, {R"(histogram { sample_count_float: 0.5
                   bucket { cumulative_count: 7 upper_bound: inf }
                   bucket { cumulative_count: 8 upper_bound: 1 } })"}),
               "HELP h []\nTYPE h gaugehistogram\n"
               "__name__=h_count 0.5\n__name__=h_sum 0\n__name__=h_bucket le=+Inf 7\n");
    }

private slots:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<bool>("native");
        QTest::addColumn<bool>("classicToo");
        QTest::addColumn<bool>("convert");

        addPlainRows();
        addRow("native", family("h", histogram, {native}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema 0, count 3, sum 5, zero 0 within 0.001, +[0: 1 2]}\n");
        addRow("native, not wanted", family("h", histogram, {native}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h_count 3\n__name__=h_sum 5\n__name__=h_bucket le=+Inf 3\n",
               {});
        addRow("each metric by itself", family("h", histogram, {native, classic, native}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema 0, count 3, sum 5, zero 0 within 0.001, +[0: 1 2]}\n"
               "__name__=h_count 3\n__name__=h_sum 5\n__name__=h_bucket le=1.0 1\n"
               "__name__=h_bucket le=2.0 3\n__name__=h_bucket le=+Inf 3\n"
               "__name__=h {schema 0, count 3, sum 5, zero 0 within 0.001, +[0: 1 2]}\n");
        addRow("gauge, floats, negative buckets, spans joined and empty buckets gone",
               family("h", gaugeHistogram, {R"(histogram { schema: 3 sample_count_float: 7.5
                   sample_sum: nan zero_count_float: 1.5 zero_threshold: 0.5
                   positive_span { offset: -2 length: 2 } positive_span { offset: 0 length: 1 }
                   positive_span { offset: 3 length: 1 }
                   positive_count: 0 positive_count: 1 positive_count: 2 positive_count: 1
                   negative_span { offset: 4 length: 1 } negative_count: 2 })"}),
               "HELP h []\nTYPE h gaugehistogram\n"
               "__name__=h {schema 3, count 7.5, sum NaN, gauge, zero 1.5 within 0.5, "
               "+[-1: 1 2], +[3: 1], -[4: 2]}\n");
        addRow("an empty one is marked by a span without length",
               family("h", histogram, {"histogram { positive_span { offset: 0 length: 0 } }"}),
               "HELP h []\nTYPE h histogram\n__name__=h {schema 0, count 0, sum 0}\n");
        addRow("native and classic",
               family("h", histogram, {R"(histogram { sample_count: 1 zero_count: 1
                   bucket { cumulative_count: 1 upper_bound: 1 exemplar { value: 3 } }
                   exemplars { value: 1 timestamp { seconds: 5 } } exemplars { value: 2 }
                   start_timestamp { seconds: 2 } })"}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema 0, count 1, sum 0, zero 1 within 0} since 2000 # {} 1 @5000\n"
               "__name__=h_count 1 since 2000\n__name__=h_sum 0 since 2000\n"
               "__name__=h_bucket le=1.0 1 since 2000 # {} 3\n"
               "__name__=h_bucket le=+Inf 1 since 2000\n",
               {.nativeHistograms = true, .classicToo = true});
        addRow("without exemplars of its own it has those of the buckets that have a time",
               family("h", histogram, {R"(histogram { sample_count: 1 zero_count: 1
                   bucket { upper_bound: 1 exemplar { value: 3 } }
                   bucket { upper_bound: 2 exemplar { value: 4 timestamp { } } } })"}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema 0, count 1, sum 0, zero 1 within 0} # {} 4 @0\n");
        addRow("converted", family("h", histogram, {classic}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema -53, count 3, sum 5, +[0: 1 2], le 1 2}\n",
               {.nativeHistograms = true, .convertClassic = true});
        addRow("converted and kept", family("h", gaugeHistogram, {classic}),
               "HELP h []\nTYPE h gaugehistogram\n"
               "__name__=h_count 3\n__name__=h_sum 5\n__name__=h_bucket le=1.0 1\n"
               "__name__=h_bucket le=2.0 3\n__name__=h_bucket le=+Inf 3\n"
               "__name__=h {schema -53, count 3, sum 5, gauge, +[0: 1 2], le 1 2}\n",
               {.nativeHistograms = true, .classicToo = true, .convertClassic = true});
        addRow("a native one is not converted", family("h", histogram, {native}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema 0, count 3, sum 5, zero 0 within 0.001, +[0: 1 2]}\n",
               {.nativeHistograms = true, .convertClassic = true});
        addRow("converted, since native ones are not wanted", family("h", histogram, {native}),
               "HELP h []\nTYPE h histogram\n"
               "__name__=h {schema -53, count 3, sum 5, +[0: 3]}\n",
               {.convertClassic = true});
        addRow("counts that do not add up are told",
               family("h", histogram, {R"(histogram { sample_count: 99
                   positive_span { offset: 0 length: 1 } positive_delta: 3 })"}),
               "HELP h []\nTYPE h histogram\n__name__=h {schema 0, count 99, sum 0, +[0: 3]} "
               "!3 observations are in its buckets, and its count is 99\n");
        addRow("NaN observations are in no bucket",
               family("h", histogram, {R"(histogram { sample_count: 99 sample_sum: nan
                   positive_span { offset: 0 length: 1 } positive_delta: 3 })"}),
               "HELP h []\nTYPE h histogram\n__name__=h {schema 0, count 99, sum NaN, +[0: 3]}\n");
        addRow("negative counts are told", family("h", histogram, {R"(histogram { sample_count: 1
                   negative_span { offset: 0 length: 2 } negative_delta: 3 negative_delta: -5 })"}),
               "HELP h []\nTYPE h histogram\n__name__=h {schema 0, count 1, sum 0, -[0: 3 -2]} "
               "!negative bucket 2 has a negative count\n");
        addRow("spans that go back are told", family("h", histogram, {R"(histogram { sample_count: 2
                   positive_span { offset: 5 length: 1 } positive_span { offset: -3 length: 1 }
                   positive_delta: 1 positive_delta: 0 })"}),
               "HELP h []\nTYPE h histogram\n__name__=h {schema 0, count 2, sum 0, +[5: 1], "
               "+[-3: 1]} !its spans go back or beyond every bucket\n");
    }

    void reads()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        QFETCH(bool, native);
        QFETCH(bool, classicToo);
        QFETCH(bool, convert);
        const exposition::ReadOptions options{
            .nativeHistograms = native, .classicToo = classicToo, .convertClassic = convert};
        QCOMPARE(bytes(test::describe(exposition::Format::protobuf, body.toStdString(), options)),
                 expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const std::string& body, const char* message) {
            QTest::newRow(name) << bytes(body) << QByteArray(message);
        };
        const std::string good = family("g", gauge, {"gauge { value: 1 }"});
        row("half a message", good.substr(0, good.size() - 3),
            "byte 0: the message has 18 bytes, and 15 are left");
        row("half a length", good + "\x80", "byte 19: the length of a message");
        row("endless length", good + std::string(12, '\xff'), "byte 19: the length of a message");
        row("more than is there",
            good
                + "\xff\xff\xff\xff\x7f"
                  "a",
            "and 1 are left");
        row("no message", "\x02\x07\x07", "is cut short or no MetricFamily");
        row("group that does not end", test::delimited("\x1b" + test::bytesField(4, "")),
            "is cut short or no MetricFamily");
        row("no name", family("", gauge, {""}), "byte 1: \"\" is not a metric name");
        row("name not UTF-8", family("\xff", gauge, {""}), R"("\xff" is not a metric name)");
        row("help not UTF-8", family("g", gauge, {""}, "\xff"),
            "family \"g\": its help or unit is not valid UTF-8");
        row("type of the future", family("g", 6, {""}), "family \"g\": 6 is not a metric type");
        row("label without a name", family("g", gauge, {"", R"(label { value: "x" })"}),
            "family \"g\": metric 2 {}: \"\" is not a label name");
        row("label value not UTF-8",
            family("g", gauge,
                   {R"(label { name: "b" value: "y" } label { name: "a" value: "\377" })"}),
            "family \"g\": metric 1 {b=\"y\"}: the value of label \"a\" is not valid UTF-8");
        row("spans that name other buckets",
            family("h", histogram, {R"(label { name: "a" value: "x" } histogram { sample_count: 2
                positive_span { offset: 0 length: 3 } positive_delta: 1 positive_delta: 0 })"}),
            "family \"h\": metric 1 {a=\"x\"}: its positive spans name 3 buckets, and 2 are there");
        row("float spans count floats", family("h", histogram, {R"(histogram { sample_count_float: 2
                negative_span { offset: 0 length: 1 } negative_delta: 2 })"}),
            "its negative spans name 1 buckets, and 0 are there");
        row("spans beyond all memory", family("h", histogram, {R"(histogram { sample_count: 2
                positive_span { offset: 0 length: 4294967295 } positive_delta: 2 })"}),
            "its positive spans name 4294967295 buckets");
        const std::string cut = "\x0a\x05"
                                "a";
        row("half a metric", test::delimited(test::bytesField(1, "g") + test::bytesField(4, cut)),
            "family \"g\": metric 1 {}: the message is cut short or no Metric");
        row("falling counts cannot be converted",
            family("h", histogram, {R"(histogram { sample_count: 1
                bucket { cumulative_count: 2 upper_bound: 1 }
                bucket { cumulative_count: 1 upper_bound: 2 } })"}),
            "family \"h\": metric 1 {}: the counts fall at the bucket up to 2");
    }

    void refuses()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, message);
        const std::string told = test::describe(exposition::Format::protobuf, body.toStdString(),
                                                {.nativeHistograms = true, .convertClassic = true});
        QVERIFY2(told.contains("! byte ") && told.contains(message.toStdString()), told.c_str());
    }

    /// A cache of positions goes by these bytes.
    void keysTellSeriesApart()
    {
        const std::string body
            = family("a", histogram, {classic, R"(label { name: "b" value: "" } )" + native})
            + family("a", summary,
                     {"summary { quantile { quantile: 1 } quantile { quantile: 2 } }"})
            + family("a_b", gauge, {R"(label { name: "c" value: "d" })"})
            + family("a", gauge,
                     {R"(label { name: "b" value: "c" } label { name: "c" value: "d" })",
                      R"(label { name: "b" value: "" })", ""});
        std::map<std::string, std::string> textOf;
        for (int round = 0; round < 2; ++round) {
            exposition::ProtobufParser parser(body, {.nativeHistograms = true});
            exposition::Entry entry;
            for (;;) {
                const auto kind = parser.next(entry);
                QVERIFY(kind.has_value());
                if (*kind == exposition::EntryKind::end) {
                    break;
                }
                if (*kind == exposition::EntryKind::series
                    || *kind == exposition::EntryKind::histogram) {
                    QCOMPARE(entry.series.front(), '\xff');
                    exposition::LabelPairs labels;
                    labelsOf(entry, labels);
                    std::string text;
                    for (const auto& [name, value] : labels) {
                        text += name + "=" + value + ";";
                    }
                    const auto known = textOf.try_emplace(std::string(entry.series), text).first;
                    QCOMPARE(bytes(known->second), bytes(text));
                }
            }
        }
        QCOMPARE(textOf.size(), std::size_t(12));
    }
};

QTEST_GUILESS_MAIN(TestProtobufParser)
#include "tst_protobuf_parser.moc"
