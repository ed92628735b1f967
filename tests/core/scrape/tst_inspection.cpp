// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/scrape/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Rig = test::ScraperRig;

namespace {

constexpr const char* url = "http://h:1/metrics";

Result<scrape::TargetDetail> inspect(Rig& rig, std::uint64_t id)
{
    Result<scrape::TargetDetail> out = fail(ErrorKind::internal, "no reply");
    rig.scraper
        .inspect(id, [&out](Result<scrape::TargetDetail> detail) { out = std::move(detail); })
        .detach();
    return out;
}

std::shared_ptr<const scrape::KeptAnswer> answerOf(std::size_t bytes)
{
    scrape::KeptAnswer answer;
    answer.body = std::string(bytes, 'x');
    return std::make_shared<const scrape::KeptAnswer>(std::move(answer));
}

RelabelRule dropRule(const std::string& name)
{
    RelabelRule rule;
    rule.action = RelabelAction::drop;
    rule.sourceLabels = {"__name__"};
    rule.regexText = name;
    return rule;
}

} // namespace

class TestInspection : public QObject {
    Q_OBJECT
private slots:
    void anAnswerIsKeptOnceItIsLookedFor()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\nb{x=\"y\"} 2\n");
        auto job = test::jobOf("j", {"h:1"});
        job.metricRelabel = {dropRule("a")};
        rig.scraper.apply({job});
        const std::uint64_t id = rig.status().id;
        rig.scrapeAt(10s);
        auto detail = inspect(rig, id);
        QVERIFY(detail);
        QCOMPARE(detail->answeredAt, Timestamp{});
        QCOMPARE(*detail->relabelling.url, std::string(url));
        QCOMPARE(detail->relabelling.labels.get("instance"), std::string_view("h:1"));
        QCOMPARE(detail->log.size(), 1U);
        rig.scrapeAt(20s);
        detail = inspect(rig, id);
        QVERIFY(detail);
        QCOMPARE(detail->answeredAt, rig.start + 20s);
        QCOMPARE(detail->status, 200);
        QCOMPARE(detail->contentType, std::string("text/plain; version=0.0.4"));
        QCOMPARE(detail->body, std::string("a 1\nb{x=\"y\"} 2\n"));
        QVERIFY(!detail->isCut);
        QVERIFY(detail->error.empty());
        QCOMPARE(detail->metricRelabelling.size(), 2U);
        const scrape::RelabelOutcome& dropped = detail->metricRelabelling[0];
        QVERIFY(!dropped.url);
        QCOMPARE(dropped.steps.size(), 1U);
        QVERIFY(!dropped.steps[0].kept);
        QCOMPARE(QByteArray::fromStdString(dropped.discovered.toString()),
                 "a{instance=\"h:1\", job=\"j\"}"_ba);
        const scrape::RelabelOutcome& kept = detail->metricRelabelling[1];
        QVERIFY(kept.url);
        QCOMPARE(QByteArray::fromStdString(kept.labels.toString()),
                 "b{instance=\"h:1\", job=\"j\", x=\"y\"}"_ba);
        QCOMPARE(detail->log.size(), 2U);
        QCOMPARE(detail->log[0].at, rig.start + 20s);
        QCOMPARE(detail->log[0].samples, 2U);
    }

    void failuresAreKeptUntilTheyAreOver()
    {
        Rig rig;
        rig.fetcher.answer(url, "a 1\nb {{\n");
        rig.scraper.apply({test::jobOf("j", {"h:1", "i:1"})});
        const std::uint64_t id = rig.status().id;
        rig.scrapeAt(10s);
        auto detail = inspect(rig, id);
        QVERIFY(detail);
        QCOMPARE(detail->answeredAt, rig.start + 10s);
        QCOMPARE(detail->errorLine, 2U);
        QVERIFY(detail->error.starts_with("line 2"));
        QCOMPARE(detail->metricRelabelling.size(), 1U);
        rig.fetcher.answers.clear();
        rig.scrapeAt(20s);
        detail = inspect(rig, id);
        QCOMPARE(detail->status, 0);
        QCOMPARE(detail->error, std::string("connection refused"));
        QCOMPARE(detail->log.size(), 2U);
        QCOMPARE(detail->log[0].error, std::string("connection refused"));
        // One that nobody looks at does not show its old fault when it is well again.
        const std::uint64_t other = rig.status(1).id;
        rig.scraper.scrapeNow(other);
        rig.fetcher.answer("http://i:1/metrics", "a 1\n");
        rig.clock.at += 1s;
        rig.scraper.scrapeNow(other);
        detail = inspect(rig, other);
        QCOMPARE(detail->answeredAt, Timestamp{});
    }

    void longAnswersAreCut()
    {
        Rig rig;
        std::string body;
        while (body.size() <= scrape::KeptAnswer::mostBody) {
            body += "some_metric_of_a_long_answer_" + std::to_string(body.size()) + " 1\n";
        }
        rig.fetcher.answer(url, body);
        rig.scraper.apply({test::jobOf("j", {"h:1"})});
        const std::uint64_t id = rig.status().id;
        inspect(rig, id);
        rig.scrapeAt(10s);
        const auto detail = inspect(rig, id);
        QVERIFY(detail);
        QCOMPARE(detail->body.size(), scrape::KeptAnswer::mostBody);
        QVERIFY(detail->isCut);
        QCOMPARE(detail->metricRelabelling.size(), 1'000U);
    }

    void aTargetThatIsGoneCannotBeInspected()
    {
        Rig rig;
        const auto detail = inspect(rig, 7);
        QVERIFY(!detail);
        QCOMPARE(detail.error().kind, ErrorKind::notFound);
    }

    void theLogIsBounded()
    {
        scrape::ScrapeLog log;
        const Timestamp start = fromUnixMs(1'000);
        QVERIFY(log.newestFirst().empty());
        for (int i = 0; i < 120; ++i) {
            log.note({start + i * 1s, 5us, std::uint64_t(i), i % 2 == 0 ? "" : "bad"});
        }
        const auto events = log.newestFirst();
        QCOMPARE(events.size(), scrape::ScrapeLog::length);
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto number = std::int64_t(119 - i);
            QCOMPARE(events[i].at, start + number * 1s);
            QCOMPARE(events[i].samples, std::uint64_t(number));
            QCOMPARE(events[i].error, std::string(number % 2 == 0 ? "" : "bad"));
        }
    }

    void theShelfIsBounded()
    {
        scrape::AnswerShelf shelf;
        constexpr std::size_t mib = std::size_t{1} << 20;
        for (std::uint64_t i = 0; i < 20; ++i) {
            shelf.put(i, answerOf(mib));
        }
        QCOMPARE(shelf.bytes(), scrape::AnswerShelf::mostBytes);
        QVERIFY(shelf.find(3) == nullptr);
        QVERIFY(shelf.find(4) != nullptr);
        shelf.put(4, answerOf(0)); // replaced, and now the newest
        shelf.put(20, answerOf(mib));
        QVERIFY(shelf.find(4) != nullptr);
        QVERIFY(shelf.find(5) != nullptr);
        shelf.put(21, answerOf(mib));
        QVERIFY(shelf.find(5) == nullptr);
        for (std::uint64_t i = 100; i < 100 + scrape::AnswerShelf::mostTargets; ++i) {
            shelf.put(i, answerOf(0));
        }
        QVERIFY(shelf.find(21) == nullptr);
        shelf.remove(100);
        QVERIFY(shelf.find(100) == nullptr);
    }

    void fewTargetsAreLookedAt()
    {
        scrape::AnswerShelf shelf;
        for (std::uint64_t i = 0; i <= scrape::AnswerShelf::mostInspected; ++i) {
            shelf.inspect(i);
        }
        QVERIFY(!shelf.wants(0));
        QVERIFY(shelf.wants(1));
        shelf.inspect(1);
        shelf.inspect(100);
        QVERIFY(shelf.wants(1));
        QVERIFY(!shelf.wants(2));
    }
};

QTEST_GUILESS_MAIN(TestInspection)
#include "tst_inspection.moc"
