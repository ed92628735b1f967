// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sample.h"
#include "core/scrape/body_reader.h"
#include "core/text/number.h"

#include <algorithm>
#include <format>
#include <map>
#include <random>
#include <unordered_map>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

const Timestamp now = fromUnixMs(1'700'000'000'000);

/// Positions by labels; `renumber` gives every series another one.
class Positions final : public storage::GroupWriter {
public:
    std::vector<Labels> layout;
    std::unordered_map<Labels, storage::Position> known;
    std::size_t asked = 0;

    Result<storage::Position> position(const Labels& labels) override
    {
        ++asked;
        const auto [found, isNew]
            = known.try_emplace(labels, static_cast<storage::Position>(layout.size()));
        if (isNew) {
            layout.push_back(labels);
        }
        return found->second;
    }
    std::size_t positions() const override { return layout.size(); }
    std::uint64_t layoutVersion() const override { return 1; }
    Result<storage::CommitReport> commit(const storage::Row&) override
    {
        return storage::CommitReport();
    }
    void renumber()
    {
        std::ranges::reverse(layout);
        known.clear();
        for (const Labels& labels : layout) {
            known.emplace(labels, static_cast<storage::Position>(known.size()));
        }
    }
};

std::shared_ptr<scrape::IntakeRules> rulesOf(config::ScrapeConfig job = {})
{
    auto rules = std::make_shared<scrape::IntakeRules>();
    if (!scrape::prepareRules(job)) {
        return nullptr;
    }
    rules->job = std::make_shared<const config::ScrapeConfig>(std::move(job));
    rules->target.labels = Labels({{"instance", "i"}, {"job", "j"}});
    return rules;
}

/// A reader with what it writes to.
struct Reading {
    scrape::BodyReader reader;
    Positions writer;
    scrape::RowDraft draft;
    scrape::Harvest harvest;

    /// Everything an answer comes to, in an order that does not depend on positions.
    std::string read(const scrape::IntakeRules& rules, std::string_view body,
                     exposition::Format format = exposition::Format::text)
    {
        draft.start(writer.positions());
        harvest = {};
        const auto outcome = reader.read({now, body, format, {}}, rules, writer, draft, harvest);
        if (!outcome) {
            return "! " + outcome.error().message;
        }
        std::map<std::string, std::string> samples;
        for (std::size_t i = 0; i < draft.values.size(); ++i) {
            if (!isAbsent(draft.values[i])) {
                samples[writer.layout[i].toString()] = text::formatValue(draft.values[i]);
            }
        }
        for (const storage::PositionedSample& sample : draft.timed) {
            samples[writer.layout[sample.position].toString()]
                += std::format(" {}@{}", text::formatValue(sample.value), unixMs(sample.at));
        }
        for (const storage::PositionedExemplar& one : draft.exemplars) {
            samples[writer.layout[one.position].toString()]
                += " # " + one.exemplar.labels.toString();
        }
        std::string out;
        for (const auto& [labels, sample] : samples) {
            out += labels + " " + sample + "\n";
        }
        return out
            + std::format("scraped {} kept {} duplicates {} tooNew {}\n", harvest.scraped,
                          harvest.kept, harvest.duplicates, harvest.tooNew);
    }
};

/// The same without any memory.
std::string readAfresh(const scrape::IntakeRules& rules, std::string_view body,
                       exposition::Format format = exposition::Format::text)
{
    Reading reading;
    return reading.read(rules, body, format);
}

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
        QTest::addColumn<int>("format");
        QTest::newRow("text") << int(exposition::Format::text);
        QTest::newRow("OpenMetrics") << int(exposition::Format::openMetrics);
    }

    void memoryChangesNothing()
    {
        QFETCH(int, format);
        const auto as = static_cast<exposition::Format>(format);
        config::ScrapeConfig job;
        RelabelRule rule;
        rule.action = RelabelAction::drop;
        rule.sourceLabels = {"a"};
        rule.regexText = "3";
        job.metricRelabel = {rule};
        const auto rules = rulesOf(job);
        Bodies bodies(3);
        Reading reading;
        for (int i = 0; i < 400; ++i) {
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

    void ceilingsHoldWhereTheJobSaysNothing()
    {
        auto rules = rulesOf();
        rules->ceilings.samples = 1;
        Reading reading;
        QVERIFY(reading.read(*rules, "a 1\nb 1\n").starts_with("! sample limit"));
        config::ScrapeConfig job;
        job.sampleLimit = 10;
        auto lifted = rulesOf(job);
        lifted->ceilings.samples = 1;
        QVERIFY(!reading.read(*lifted, "a 1\nb 1\n").starts_with("!"));
    }
};

QTEST_GUILESS_MAIN(TestBodyReader)
#include "tst_body_reader.moc"
