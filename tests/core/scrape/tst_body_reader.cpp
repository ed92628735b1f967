// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/body_reader.h"
#include "tests/core/scrape/reading.h"

#include <format>
#include <random>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using test::now;
using test::readAfresh;
using test::Reading;
using test::rulesOf;

namespace {

class Bodies {
public:
    explicit Bodies(unsigned seed)
        : m_random(seed)
    {
    }

    /// Families in order, most of them there most of the time; values new each time.
    std::string next(bool openMetrics)
    {
        std::string out;
        for (int family = 0; family < 12; ++family) {
            if (chance(20)) {
                continue;
            }
            const bool histogram = family % 4 == 1;
            if (!chance(15)) {
                out += std::format("# HELP f{} {}\n", family, chance(10) ? "other" : "text");
            }
            if (!chance(10)) {
                out += std::format("# TYPE f{} {}\n", family,
                                   histogram != chance(20) ? "histogram" : "gauge");
            }
            for (int i = 0; i < 6; ++i) {
                if (chance(10)) {
                    continue;
                }
                out += histogram ? std::format("f{}_bucket{{le=\"{}\"}}", family, i)
                                 : std::format("f{}{{a=\"{}\"}}", family, i);
                out += " " + value();
                if (chance(5)) {
                    out += openMetrics ? " 1600000000.5" : " 1600000000500";
                }
                if (openMetrics && chance(10)) {
                    out += " # {t=\"x\"} 1";
                }
                out += "\n";
                if (chance(3)) {
                    out += std::format("f{}{{a=\"{}\"}} 9\n", family, i);
                }
            }
        }
        return out + (openMetrics ? "# EOF\n" : chance(50) ? "# the end\n" : "");
    }

private:
    bool chance(unsigned percent) { return m_random() % 100 < percent; }
    std::string value()
    {
        switch (m_random() % 5) {
        case 0:
            return std::to_string(m_random());
        case 1:
            return "NaN";
        case 2:
            return "+Inf";
        case 3:
            return std::format("{}", double(m_random()) / 7);
        default:
            return std::to_string(m_random() % 10);
        }
    }

    std::mt19937 m_random;
};

} // namespace

class TestBodyReader : public QObject {
    Q_OBJECT
private slots:
    void memoryChangesNothing_data()
    {
        QTest::addColumn<std::vector<exposition::Format>>("formats");
        using exposition::Format;
        QTest::newRow("text") << std::vector{Format::text};
        QTest::newRow("OpenMetrics") << std::vector{Format::openMetrics};
        QTest::newRow("in turns") << std::vector{Format::text, Format::openMetrics,
                                                 Format::openMetrics, Format::text};
    }

    void memoryChangesNothing()
    {
        QFETCH(std::vector<exposition::Format>, formats);
        config::ScrapeConfig job;
        RelabelRule rule;
        rule.action = RelabelAction::drop;
        rule.sourceLabels = {"a"};
        rule.regexText = "3";
        job.metricRelabel = {rule};
        const auto rules = rulesOf(job);
        Bodies bodies(3);
        Reading reading;
        for (std::size_t i = 0; i < 400; ++i) {
            const exposition::Format as = formats[i % formats.size()];
            const std::string body = bodies.next(as == exposition::Format::openMetrics);
            const std::string expected = readAfresh(*rules, body, as);
            const std::string actual = reading.read(*rules, body, as);
            QVERIFY2(actual == expected,
                     ("round " + std::to_string(i) + "\n" + body + "\nexpected\n" + expected
                      + "\ngot\n" + actual)
                         .c_str());
            if (i % 50 == 49) {
                reading.writer.renumber();
                reading.reader.forgetPositions();
            }
        }
    }

    /// One damaged answer between good ones neither crashes nor leaves a trace.
    void damageLeavesNoTrace()
    {
        const auto rules = rulesOf();
        std::mt19937 random(5);
        Bodies bodies(8);
        Reading reading;
        for (int i = 0; i < 400; ++i) {
            std::string body = bodies.next(false);
            if (i % 2 == 1 && !body.empty()) {
                const std::string_view alphabet = "\n\"\\{}=, #\t01.eN\xff";
                for (int k = 0; k < 3; ++k) {
                    body[random() % body.size()] = alphabet[random() % alphabet.size()];
                }
            }
            QCOMPARE(reading.read(*rules, body), readAfresh(*rules, body));
        }
    }

    void theSameLinesAskForNoLabels()
    {
        const auto rules = rulesOf();
        Reading reading;
        const std::string head = "# HELP a x\n# TYPE a gauge\na{x=\"1\"} ";
        reading.read(*rules, head + "1\nb 2\nb{y=\"z\"} 3 1600000000000\nc NaN\n");
        QCOMPARE(reading.harvest.added, 4U);
        const std::size_t asked = reading.writer.asked;
        reading.read(*rules, head + "5.25\nb -2e3\nb{y=\"z\"} 4 1600000001000\nc +Inf\n");
        QCOMPARE(reading.writer.asked, asked);
        QCOMPARE(reading.harvest.added, 0U);
        QCOMPARE(reading.harvest.scraped, 4U);
    }

    // The text of a line is not all that it means.
    void anEarlierTypeLineCounts()
    {
        const auto rules = rulesOf();
        Reading reading;
        const std::string tail = "x 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 1\n";
        const std::string histogram = "# TYPE h histogram\n" + tail;
        const std::string gauge = "# TYPE h gauge\n" + tail;
        for (const std::string& body : {histogram, gauge, histogram, histogram, gauge}) {
            QCOMPARE(reading.read(*rules, body), readAfresh(*rules, body));
        }
    }

    // Nor does a line that one format allows have to be one of the other.
    void theSameLinesInAnotherFormat()
    {
        const auto rules = rulesOf();
        Reading reading;
        const std::string body = "a{x=\"1\"y=\"2\"} 1\nb 1 1600000000\n# EOF\n";
        for (const auto format : {exposition::Format::text, exposition::Format::openMetrics,
                                  exposition::Format::text, exposition::Format::text}) {
            QCOMPARE(reading.read(*rules, body, format), readAfresh(*rules, body, format));
        }
        QCOMPARE(reading.harvest.added, 0U);
        QVERIFY(readAfresh(*rules, body, exposition::Format::openMetrics).starts_with("!"));
    }

    // What an answer over the limit is told to have does not depend on what is known of it.
    void theSameNumberOverTheLimit()
    {
        config::ScrapeConfig job;
        job.sampleLimit = 3;
        const auto rules = rulesOf(job);
        const std::string body = "a 1\na 2\nb 1\nc 1\nd 1\nd 2\nb 2\n";
        const std::string expected = readAfresh(*rules, body);
        QVERIFY2(expected.contains("exceeded: 7 samples"), expected.c_str());
        Reading reading;
        for (const std::string& answer :
             {body, std::string("a 1\nb 1\n"), body, body, std::string("d 1\nb 1\n"), body}) {
            QCOMPARE(reading.read(*rules, answer), readAfresh(*rules, answer));
        }
    }

    void duplicates()
    {
        const auto rules = rulesOf();
        Reading reading;
        for (int i = 0; i < 3; ++i) {
            const std::string text = reading.read(*rules, "a 1\na 2\nb 3\n");
            QVERIFY2(text.contains("a{instance=\"i\", job=\"j\"} 1\n"), text.c_str());
            QVERIFY2(text.contains("scraped 3 kept 3 duplicates 1"), text.c_str());
        }
    }

    void tooNewIsDropped()
    {
        const auto rules = rulesOf();
        Reading reading;
        const std::string body
            = std::format("a 1 {}\nb 1 {}\n", unixMs(now) + 600'000, unixMs(now) + 600'001);
        for (int i = 0; i < 2; ++i) {
            const std::string text = reading.read(*rules, body);
            QVERIFY2(text.contains("tooNew 1"), text.c_str());
            QVERIFY2(!text.contains("b{"), text.c_str());
        }
    }

    void newSeriesAreCountedOnce()
    {
        const auto rules = rulesOf();
        Reading reading;
        const auto added = [&](std::string_view body) {
            reading.read(*rules, body);
            return reading.harvest.added;
        };
        QCOMPARE(added("a 1\nb 1\n"), 2U);
        QCOMPARE(added("a 1\nb 1\nc 1\n"), 1U);
        QCOMPARE(added("a 1\n"), 0U);
        QCOMPARE(added("a 1\nb 1\n"), 1U); // b was gone
        QCOMPARE(added("b 1\na 1\n"), 0U); // another order
        QCOMPARE(added("# HELP b new\nb 1\na 1\n"), 0U); // another comment
        QCOMPARE(added("b 1\na {\n"), 0U); // a bad answer
        QCOMPARE(added("b 1\na 1\n"), 0U); // takes nothing away
    }

    void labels_data()
    {
        QTest::addColumn<bool>("honor");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("clashes move away")
            << false << R"(a{job="x",exported_job="y"} 1)"_ba
            << R"(a{exported_exported_job="x", exported_job="y", instance="i", job="j"})"_ba;
        QTest::newRow("honoured") << true << R"(a{job="x"} 1)"_ba
                                  << R"(a{instance="i", job="x"})"_ba;
        QTest::newRow("honoured though empty") << true << R"(a{instance=""} 1)"_ba
                                               << R"(a{job="j"})"_ba;
        QTest::newRow("empty without honour") << false << R"(a{instance=""} 1)"_ba
                                              << R"(a{instance="i", job="j"})"_ba;
    }

    void labels()
    {
        QFETCH(bool, honor);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, expected);
        config::ScrapeConfig job;
        job.honorLabels = honor;
        const auto rules = rulesOf(job);
        Reading reading;
        reading.read(*rules, line.toStdString());
        QCOMPARE(reading.writer.layout.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(reading.writer.layout.front().toString()), expected);
    }

    void limits_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("samples") << "a 1\nb 2\nc 3\n"_ba << "sample limit exceeded: 3"_ba;
        QTest::newRow("labels") << "a{x=\"1\",y=\"2\"} 1\n"_ba << "label_limit exceeded: 5"_ba;
        QTest::newRow("length of a name") << "a{abcdefghijk=\"1\"} 1\n"_ba
                                          << "line 1: label_name_length_limit"_ba;
        QTest::newRow("length of a value") << "a{x=\"abcdefghijk\"} 1\n"_ba
                                           << "label_value_length_limit"_ba;
        QTest::newRow("repeated label") << "a 1\nb{x=\"1\",x=\"1\"} 1\n"_ba
                                        << "line 2: label name \"x\" is not unique"_ba;
    }

    void limits()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, names);
        config::ScrapeConfig job;
        job.sampleLimit = 2;
        job.labelLimit = 4;
        job.labelNameLengthLimit = 10;
        job.labelValueLengthLimit = 10;
        const auto rules = rulesOf(job);
        Reading reading;
        const std::string text = reading.read(*rules, body.toStdString());
        QVERIFY2(text.starts_with("!") && text.contains(names.toStdString()), text.c_str());
    }

    /// One line of very many labels costs no more than their bytes.
    void manyLabels_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("repeated");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("many") << 1900 << false << ""_ba;
        QTest::newRow("many, one twice") << 1900 << true << "label name \"l7\" is not unique"_ba;
        QTest::newRow("a body full") << 200'000 << false << "has 200000 labels"_ba;
    }

    void manyLabels()
    {
        QFETCH(int, count);
        QFETCH(bool, repeated);
        QFETCH(QByteArray, message);
        std::string body = "a{";
        for (int i = 0; i < count; ++i) {
            body += std::format("l{}=\"{}\",", repeated && i == count - 1 ? 7 : i, i);
        }
        const auto rules = rulesOf();
        rules->ceilings = scrape::Ceilings::none();
        Reading reading;
        const std::string text = reading.read(*rules, body + "} 1\n");
        QCOMPARE(text.starts_with("! line 1: "), !message.isEmpty());
        QVERIFY2(text.contains(message.toStdString()), text.substr(0, 200).c_str());
    }

    void aFloodIsRefusedBeforeItsSeriesAreMade()
    {
        std::string body = "# TYPE flood counter\n";
        while (body.size() < (std::size_t{2} << 20)) {
            body += std::format("flood{{n=\"{}\"}} 1\n\n", body.size());
        }
        config::ScrapeConfig job;
        job.sampleLimit = 1000;
        Reading reading;
        const std::string text = reading.read(*rulesOf(job), body);
        QVERIFY2(text.starts_with("! sample limit exceeded"), text.substr(0, 200).c_str());
        QCOMPARE(reading.writer.asked, 0U);
        // What relabelling would leave of it is not known before.
        RelabelRule drop;
        drop.action = RelabelAction::drop;
        drop.sourceLabels = {"n"};
        job.metricRelabel = {drop};
        QVERIFY(!reading.read(*rulesOf(job), body).starts_with("!"));
    }

    void ceilingsHoldWhereTheJobSaysNothing()
    {
        auto rules = rulesOf();
        rules->ceilings.samples = 1;
        Reading reading;
        QVERIFY(reading.read(*rules, "a 1\nb 1\n").starts_with("! sample limit"));
        config::ScrapeConfig job;
        job.sampleCeiling = 10;
        auto raised = rulesOf(job);
        raised->ceilings.samples = 1;
        QVERIFY(!reading.read(*raised, "a 1\nb 1\n").starts_with("!"));
        job = {};
        job.sampleLimit = 10;
        auto lifted = rulesOf(job);
        lifted->ceilings.samples = 1;
        QVERIFY(!reading.read(*lifted, "a 1\nb 1\n").starts_with("!"));
    }

    void metadataIsToldWhenItChanges()
    {
        Reading reading;
        const auto rules = rulesOf();
        const auto told = [&](std::string_view body) {
            const std::string text = reading.read(*rules, body, exposition::Format::openMetrics);
            std::string out = text.starts_with('!') ? text : "";
            for (const auto& [family, about] : reading.draft.metadata) {
                out += std::format("{}: {}|{}|{}; ", family, watchfire::toText(about.type),
                                   about.help, about.unit);
            }
            return out;
        };
        const std::string long40(40, 'x'); // longer than what fits into a string itself
        QCOMPARE(told("# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds A.\n"
                      "a_seconds_total 1\n# TYPE b gauge\nb 2\n# EOF\n"),
                 std::string("a_seconds: counter|A.|seconds; b: gauge||; "));
        QCOMPARE(told("# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds A.\n"
                      "a_seconds_total 2\n# TYPE b gauge\nb 3\n# EOF\n"),
                 std::string());
        // What is said of one thing leaves the others as they were.
        QCOMPARE(told("# HELP a_seconds " + long40 + "\na_seconds_total 2\n# EOF\n"),
                 "a_seconds: counter|" + long40 + "|seconds; ");
        QCOMPARE(told("# TYPE a_seconds gauge\na_seconds 2\n# HELP b B\nb 1\n# EOF\n"),
                 "a_seconds: gauge|" + long40 + "|seconds; b: gauge|B|; ");
        QCOMPARE(told("# HELP a_seconds \na_seconds 2\n# HELP b B\nb 1\n# EOF\n"),
                 std::string("a_seconds: gauge||seconds; "));
        // A family is told of though all that is said of it is nothing.
        QCOMPARE(told("# TYPE c unknown\nc 1\n# EOF\n"), std::string("c: unknown||; "));
        QCOMPARE(told("# TYPE c unknown\n# UNIT c \nc 1\n# EOF\n"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestBodyReader)
#include "tst_body_reader.moc"
