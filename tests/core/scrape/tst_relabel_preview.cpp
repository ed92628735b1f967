// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/relabel_preview.h"
#include "tests/core/scrape/reading.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using exposition::Format;

namespace {

RelabelRule rule(RelabelAction action, std::vector<std::string> sources, std::string regex,
                 std::string target = {})
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = std::move(regex);
    made.targetLabel = std::move(target);
    return made;
}

} // namespace

class TestRelabelPreview : public QObject {
    Q_OBJECT
private slots:
    void countsAndShows()
    {
        using enum RelabelAction;
        config::ScrapeConfig job;
        job.metricRelabel = {rule(replace, {"x"}, "(.+)", "y"), rule(drop, {"__name__"}, "b|c")};
        const auto rules = test::rulesOf(job);
        const std::string body = "a 1\na{x=\"1\"} 1\nb{x=\"2\"} 1\nc 1\n";
        const auto preview = scrape::previewRelabelling(Format::text, body, *rules, 2);
        QCOMPARE(preview.samples, 4U);
        QCOMPARE(preview.kept, 2U);
        const std::vector<scrape::RuleEffect> expected{{2, 2, 0}, {2, 0, 2}};
        QVERIFY(preview.rules == expected);
        QVERIFY(preview.fault.empty());
        QCOMPARE(preview.examples.size(), 2U);
        const scrape::RelabelledSample& first = preview.examples[0];
        QCOMPARE(first.before.toString(), std::string(R"(a{instance="i", job="j", x="1"})"));
        QCOMPARE(first.after.toString(), std::string(R"(a{instance="i", job="j", x="1", y="1"})"));
        QCOMPARE(first.steps.size(), 2U);
        QVERIFY(preview.examples[1].after.empty());
        QVERIFY(preview.examples[1].steps.back().dropped);
    }

    /// What is kept in the dry run is what a scrape keeps.
    void agreesWithTheScrape()
    {
        using enum RelabelAction;
        config::ScrapeConfig job;
        job.metricRelabel = {rule(labelDrop, {}, "x"), rule(keep, {"__name__"}, "a|h_.*")};
        const auto rules = test::rulesOf(job);
        const std::string body
            = "a{x=\"1\"} 1\nb 1\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\n";
        const auto preview = scrape::previewRelabelling(Format::text, body, *rules, 10);
        test::Reading reading;
        reading.read(*rules, body);
        QCOMPARE(preview.samples, reading.harvest.scraped);
        QCOMPARE(preview.kept, reading.harvest.kept);
    }

    void tellsWhatEndsTheBody()
    {
        const auto rules = test::rulesOf();
        const auto preview = scrape::previewRelabelling(
            Format::text, "a 1\nb{x=\"1\",x=\"2\"} 1\nc 1\n", *rules, 1);
        QCOMPARE(preview.samples, 1U);
        QCOMPARE(preview.fault, std::string("label name \"x\" is not unique"));
        QVERIFY(scrape::previewRelabelling(Format::text, "a 1\n}\n", *rules, 1)
                    .fault.starts_with("line 2"));
        QVERIFY(scrape::previewRelabelling(Format::openMetrics, "", *rules, 1).fault.empty());
    }
};

QTEST_GUILESS_MAIN(TestRelabelPreview)
#include "tst_relabel_preview.moc"
