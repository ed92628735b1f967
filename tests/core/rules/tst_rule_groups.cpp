// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mailbox.h"
#include "core/model/sample.h"
#include "core/rules/manager.h"
#include "core/storage/memory_store.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include <QStringList>
#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::RuleGroupConfig group(std::string name, std::vector<config::RuleConfig> rules)
{
    config::RuleGroupConfig out;
    out.name = std::move(name);
    out.file = "test.yml";
    out.interval = 10s;
    out.rules = std::move(rules);
    return out;
}

config::RuleConfig recording(std::string record, std::string expr)
{
    config::RuleConfig rule;
    rule.record = std::move(record);
    rule.expr = std::move(expr);
    return rule;
}

} // namespace

class TestRuleGroups : public QObject {
    Q_OBJECT

    std::shared_ptr<storage::MemoryStore> m_store;
    std::map<std::string, Result<Vector>> m_answers;
    std::vector<Alert> m_sent;

    rules::Surroundings surroundings()
    {
        rules::Surroundings out;
        out.query = [this](const std::string& expr, Timestamp) { return m_answers.at(expr); };
        out.expand = [](std::string_view text, std::string_view, const VectorSample&, Timestamp) {
            return std::string(text);
        };
        out.send = [this](std::vector<Alert> alerts) { m_sent = std::move(alerts); };
        out.store = m_store;
        return out;
    }

    /// The samples of one series, staleness markers as NaN.
    std::vector<std::pair<std::int64_t, double>> stored(const Labels& labels)
    {
        std::vector<Matcher> matchers;
        for (const Label& label : labels) {
            matchers.push_back(Matcher::equal(std::string(label.name), std::string(label.value)));
        }
        auto querier = m_store->querier();
        auto groups = (*querier)->select(matchers, {fromUnixMs(0), fromUnixMs(10'000'000'000)});
        std::vector<std::pair<std::int64_t, double>> out;
        for (auto& reader : *groups) {
            const auto timeline = *reader->timeline();
            for (std::size_t i = 0; i < reader->size(); ++i) {
                storage::Column column;
                if (reader->labels(i) == labels && reader->read(i, column)) {
                    for (std::size_t k = 0; k < timeline.size(); ++k) {
                        if (column.isPresent(k)) {
                            out.emplace_back(timeline[k], column.values[k]);
                        }
                    }
                }
            }
        }
        return out;
    }

private slots:
    void init()
    {
        m_store = std::make_shared<storage::MemoryStore>();
        m_answers.clear();
        m_sent.clear();
    }

    void recordsWithItsNameAndLabels()
    {
        m_answers["x"] = Vector{{Labels{{"__name__", "a"}, {"i", "1"}}, 0, 5, nullptr}};
        config::RuleConfig rule = recording("job:x", "x");
        rule.labels = {{"team", "core"}};
        config::RuleGroupConfig config = group("g", {rule});
        config.labels = {{"team", "loses"}, {"site", "here"}};
        rules::Group tested(config, {10s}, surroundings());
        tested.evaluate(fromUnixMs(10'000));
        const auto samples
            = stored(Labels{{"__name__", "job:x"}, {"i", "1"}, {"site", "here"}, {"team", "core"}});
        QCOMPARE(samples.size(), size_t(1));
        QCOMPARE(samples[0].second, 5.0);
        QVERIFY(tested.report()->rules[0].health == rules::RuleHealth::good);
    }

    void marksVanishedOutputsStale()
    {
        rules::Group tested(group("g", {recording("r", "x")}), {10s}, surroundings());
        m_answers["x"]
            = Vector{{Labels{{"i", "1"}}, 0, 1, nullptr}, {Labels{{"i", "2"}}, 0, 2, nullptr}};
        tested.evaluate(fromUnixMs(10'000));
        m_answers["x"] = Vector{{Labels{{"i", "2"}}, 0, 3, nullptr}};
        tested.evaluate(fromUnixMs(20'000));
        tested.evaluate(fromUnixMs(30'000));
        const auto gone = stored(Labels{{"__name__", "r"}, {"i", "1"}});
        QCOMPARE(gone.size(), size_t(2));
        QVERIFY(isStaleMarker(gone[1].second));
        QCOMPARE(stored(Labels{{"__name__", "r"}, {"i", "2"}}).size(), size_t(3));
    }

    void aFailingRuleSaysWhyAndKeepsTheOthers()
    {
        m_answers["bad"] = fail(ErrorKind::timeout, "too slow");
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        rules::Group tested(group("g", {recording("b", "bad"), recording("r", "x")}), {10s},
                            surroundings());
        tested.evaluate(fromUnixMs(10'000));
        const auto report = tested.report();
        QVERIFY(report->rules[0].health == rules::RuleHealth::bad);
        QCOMPARE(report->rules[0].lastError, std::string("too slow"));
        QVERIFY(report->rules[1].health == rules::RuleHealth::good);
        QCOMPARE(stored(Labels{{"__name__", "r"}}).size(), size_t(1));
    }

    void sendsFiringAlerts()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        m_answers["x"] = Vector{{Labels{{"i", "1"}}, 0, 1, nullptr}};
        rules::Group tested(group("g", {rule}), {10s}, surroundings());
        tested.evaluate(fromUnixMs(10'000));
        QCOMPARE(m_sent.size(), size_t(1));
        QCOMPARE(m_sent[0].labels, (Labels{{"alertname", "Down"}, {"i", "1"}}));
        QCOMPARE(stored(Labels{{"__name__", "ALERTS"},
                               {"alertname", "Down"},
                               {"alertstate", "firing"},
                               {"i", "1"}})
                     .size(),
                 size_t(1));
    }

    void evaluatesOnItsGrid()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        const Timestamp start = fromUnixMs(1'000'000);
        manager.apply({group("g", {recording("r", "x")})}, {60s}, start);
        QVERIFY(manager.nextDue() > start);
        for (int i = 0; i < 5; ++i) {
            manager.advance(*manager.nextDue());
        }
        const auto samples = stored(Labels{{"__name__", "r"}});
        QCOMPARE(samples.size(), size_t(5));
        for (std::size_t i = 1; i < samples.size(); ++i) {
            QCOMPARE(samples[i].first - samples[i - 1].first, 10'000);
        }
    }

    void doesNotCatchUpAfterASleep()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({group("g", {recording("r", "x")})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue() + 1h);
        QCOMPARE(manager.evaluations(), 1U);
        QCOMPARE(manager.pictures()[0].missed, 360U);
    }

    void aTurnDuringAnEvaluationIsMissed()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        Mailbox workers; // holds the evaluation back until it is drained
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({group("g", {recording("r", "x")})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        manager.advance(*manager.nextDue());
        QCOMPARE(workers.drain(), size_t(1));
        QCOMPARE(manager.pictures()[0].missed, 1U);
    }

    void anEditKeepsTheAlertsOfUnchangedRules()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        rule.forDuration = 15s;
        m_answers["x"] = Vector{{Labels{{"i", "1"}}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({group("g", {rule})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        manager.advance(*manager.nextDue());
        manager.apply({group("g", {recording("r", "x"), rule})}, {60s}, fromUnixMs(25'000));
        manager.advance(*manager.nextDue());
        const auto alerts = manager.pictures()[0].report->rules[1].alerts;
        QCOMPARE(alerts.size(), size_t(1));
        QVERIFY(alerts[0].state == AlertState::firing);
    }

    void aRemovedGroupGoesStale()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({group("g", {recording("r", "x")})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        const Timestamp removedAt = *manager.nextDue();
        manager.apply({}, {60s}, removedAt);
        QCOMPARE(stored(Labels{{"__name__", "r"}}).size(), size_t(1));
        QVERIFY(*manager.nextDue() == removedAt + 20s); // a renamed group may take over by then
        manager.advance(removedAt + 20s);
        const auto samples = stored(Labels{{"__name__", "r"}});
        QCOMPARE(samples.size(), size_t(2));
        QVERIFY(isStaleMarker(samples[1].second));
        QCOMPARE(samples[1].first, unixMs(removedAt));
        QVERIFY(!manager.nextDue());
    }

    void aRenamedGroupsSeriesGoOn()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({group("before", {recording("r", "x")})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        const Timestamp renamedAt = *manager.nextDue();
        manager.apply({group("after", {recording("r", "x")})}, {60s}, renamedAt);
        for (int i = 0; i < 4; ++i) {
            manager.advance(*manager.nextDue());
        }
        for (const auto& [at, value] : stored(Labels{{"__name__", "r"}})) {
            QCOMPARE(value, 1.0);
        }
    }

    void aGroupThatComesBackGoesOn()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        const auto config = group("g", {recording("r", "x")});
        manager.apply({config}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        const Timestamp at = *manager.nextDue();
        manager.apply({}, {60s}, at);
        manager.apply({config}, {60s}, at + 1s);
        for (int i = 0; i < 4; ++i) {
            manager.advance(*manager.nextDue());
        }
        QCOMPARE(manager.pictures()[0].report->counts.evaluations, 5U);
        for (const auto& [time, value] : stored(Labels{{"__name__", "r"}})) {
            QCOMPARE(value, 1.0);
        }
    }

    void aRemovedRuleGoesStaleAndAnEditedOneDoesNot()
    {
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        m_answers["y"] = Vector{{Labels{}, 0, 2, nullptr}};
        rules::Group before(group("g", {recording("a", "x"), recording("b", "x")}), {10s},
                            surroundings());
        before.evaluate(fromUnixMs(10'000));
        rules::Group after(group("g", {recording("b", "y")}), {10s}, surroundings());
        after.adopt(before);
        after.evaluate(fromUnixMs(20'000));
        const auto gone = stored(Labels{{"__name__", "a"}});
        QCOMPARE(gone.size(), size_t(2));
        QVERIFY(isStaleMarker(gone[1].second));
        const auto edited = stored(Labels{{"__name__", "b"}});
        QCOMPARE(edited.size(), size_t(2));
        QCOMPARE(edited[1].second, 2.0);
    }

    void asksAndStoresEarlierByItsOffset_data()
    {
        QTest::addColumn<int>("own"); // seconds; -1: none
        QTest::addColumn<int>("byDefault");
        QTest::addColumn<qint64>("at"); // of the sample, evaluated at 100 s
        QTest::newRow("none") << -1 << 0 << qint64(100'000);
        QTest::newRow("that of the configuration") << -1 << 30 << qint64(70'000);
        QTest::newRow("its own wins") << 10 << 30 << qint64(90'000);
        QTest::newRow("zero of its own wins") << 0 << 30 << qint64(100'000);
    }

    void asksAndStoresEarlierByItsOffset()
    {
        QFETCH(int, own);
        QFETCH(int, byDefault);
        QFETCH(qint64, at);
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        auto config = group("g", {recording("r", "x")});
        if (own >= 0) {
            config.queryOffset = std::chrono::seconds(own);
        }
        qint64 asked = 0;
        auto around = surroundings();
        around.query = [&](const std::string& expr, Timestamp when) {
            asked = unixMs(when);
            return m_answers.at(expr);
        };
        rules::Group tested(config, {10s, std::chrono::seconds(byDefault)}, around);
        tested.evaluate(fromUnixMs(100'000));
        QCOMPARE(asked, at);
        QCOMPARE(stored(Labels{{"__name__", "r"}}).front().first, at);
    }

    void countsWhatItDoes()
    {
        m_answers["bad"] = fail(ErrorKind::timeout, "too slow");
        m_answers["x"]
            = Vector{{Labels{{"i", "1"}}, 0, 1, nullptr}, {Labels{{"i", "2"}}, 0, 2, nullptr}};
        rules::Group tested(group("g", {recording("b", "bad"), recording("r", "x")}), {10s},
                            surroundings());
        tested.evaluate(fromUnixMs(10'000));
        tested.evaluate(fromUnixMs(20'000));
        const rules::GroupCounts counts = tested.report()->counts;
        QCOMPARE(counts.evaluations, 2U);
        QCOMPARE(counts.ruleEvaluations, 4U);
        QCOMPARE(counts.ruleFailures, 2U);
        QCOMPARE(counts.lastSamples, 2U);
        QVERIFY(!counts.restoreDuration);
    }

    void linksToTheExpression()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        auto around = surroundings();
        around.externalUrl = "http://w";
        rules::Group tested(group("g", {rule}), {10s}, around);
        tested.evaluate(fromUnixMs(10'000));
        QCOMPARE(m_sent.at(0).generatorUrl, std::string("http://w/graph?g0.expr=x&g0.tab=1"));
    }

    void forStatesAreRestored_data()
    {
        // A rule with `for: 20m` is evaluated every minute; then the program is away, and its
        // successor evaluates from minute `back` on. Restoring happens with the second evaluation.
        QTest::addColumn<int>("ran"); // evaluations before
        QTest::addColumn<int>("back"); // minute
        QTest::addColumn<int>("fires"); // minute of the first evaluation that fires
        QTest::newRow("the time away does not count") << 6 << 35 << 51; // 5 of 20 min are over
        QTest::newRow("near its end it waits for the grace period") << 16 << 30 << 41;
        QTest::newRow("one that fired fires again at once") << 26 << 40 << 42;
        QTest::newRow("away for too long") << 6 << 70 << 90;
    }

    void forStatesAreRestored()
    {
        QFETCH(int, ran);
        QFETCH(int, back);
        QFETCH(int, fires);
        const auto minute = [](int number) { return fromUnixMs(number * 60'000LL); };
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        rule.forDuration = 20min;
        rule.labels = {{"severity", "page"}};
        m_answers["x"] = Vector{{Labels{{"i", "1"}}, 0, 1, nullptr}};
        {
            rules::Group before(group("g", {rule}), {60s}, surroundings());
            for (int i = 0; i < ran; ++i) {
                before.evaluate(minute(i));
            }
        }
        rules::Group after(group("g", {rule}), {60s, 0s, true}, surroundings());
        int firstFiring = -1;
        for (int i = back; i < 120 && firstFiring < 0; ++i) {
            after.evaluate(minute(i));
            if (after.report()->rules[0].alerts.at(0).state == AlertState::firing) {
                firstFiring = i;
            }
        }
        QCOMPARE(firstFiring, fires);
        QVERIFY(after.report()->counts.restoreDuration);
    }

    void nothingOfAlertsIsWrittenBeforeTheyAreRestored()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        rules::Group tested(group("g", {rule}), {60s, 0s, true}, surroundings());
        const Labels series{{"__name__", "ALERTS_FOR_STATE"}, {"alertname", "Down"}};
        tested.evaluate(fromUnixMs(60'000));
        tested.evaluate(fromUnixMs(120'000));
        QCOMPARE(stored(series).size(), size_t(0));
        QCOMPARE(tested.report()->rules[0].alerts.size(), size_t(1));
        tested.evaluate(fromUnixMs(180'000));
        QCOMPARE(stored(series).size(), size_t(1));
    }

    void onlyGroupsOfTheStartRestore()
    {
        config::RuleConfig rule;
        rule.alert = "Down";
        rule.expr = "x";
        m_answers["x"] = Vector{{Labels{}, 0, 1, nullptr}};
        InlineExecutor workers;
        InlineExecutor owner;
        rules::Manager manager(surroundings(), workers, owner);
        manager.apply({}, {60s}, fromUnixMs(0));
        manager.apply({group("g", {rule})}, {60s}, fromUnixMs(0));
        manager.advance(*manager.nextDue());
        QCOMPARE(stored(Labels{{"__name__", "ALERTS_FOR_STATE"}, {"alertname", "Down"}}).size(),
                 size_t(1));
    }

    void asksWhetherAnAlertIsSeenWhenItsQueryLooks()
    {
        config::RuleConfig rule;
        rule.alert = "High";
        rule.expr = "x";
        m_answers["x"] = Vector{{Labels{{"instance", "a"}}, 0, 1, nullptr}};
        rules::Surroundings with = surroundings();
        std::vector<Timestamp> asked;
        with.isUnseen = [&asked](const Labels& labels, Timestamp at) {
            asked.push_back(at);
            return labels.get("instance") == "a";
        };
        rules::Group tested(group("g", {rule}), {10s, 3s}, with);
        tested.evaluate(fromUnixMs(10'000));
        m_answers["x"] = Vector{};
        tested.evaluate(fromUnixMs(20'000));
        QCOMPARE(asked, std::vector{fromUnixMs(17'000)});
        const auto report = tested.report();
        QCOMPARE(report->rules[0].alerts.size(), size_t(1));
        QVERIFY(report->rules[0].alerts[0].unknownSince == fromUnixMs(20'000));
        QCOMPARE(stored(Labels{{"__name__", "ALERTS"},
                               {"alertname", "High"},
                               {"alertstate", "unknown"},
                               {"instance", "a"}})
                     .size(),
                 size_t(1));
    }

    void cutsWhereARuleReadsAnother_data()
    {
        QTest::addColumn<QStringList>("rules"); // NAME = EXPR; an upper-case name is an alert's
        QTest::addColumn<QList<int>>("parts");
        QTest::newRow("none") << QStringList{} << QList<int>{};
        QTest::newRow("strangers")
            << QStringList{u"a = x"_s, u"b = y"_s, u"C = z > 1"_s} << QList<int>{3};
        QTest::newRow("a chain") << QStringList{u"a = x"_s, u"b = sum(rate(a[5m]))"_s, u"c = b"_s}
                                 << QList<int>{1, 1, 1};
        QTest::newRow("two read one")
            << QStringList{u"a = x"_s, u"b = a"_s, u"c = a + 1"_s} << QList<int>{1, 2};
        QTest::newRow("what comes later was made the round before")
            << QStringList{u"b = a"_s, u"a = x"_s} << QList<int>{2};
        QTest::newRow("itself") << QStringList{u"a = a + 1"_s, u"b = x"_s} << QList<int>{2};
        QTest::newRow("alerts of alerts")
            << QStringList{u"A = x"_s, u"b = y"_s, u"C = ALERTS{alertname=\"other\"}"_s}
            << QList<int>{2, 1};
        QTest::newRow("by a pattern")
            << QStringList{u"job_a = x"_s, u"b = {__name__=~\"job_.*\"}"_s} << QList<int>{1, 1};
        QTest::newRow("anything") << QStringList{u"a = x"_s, u"b = {job=\"j\"}"_s, u"c = y"_s}
                                  << QList<int>{1, 2};
        QTest::newRow("in a subquery")
            << QStringList{u"a = x"_s, u"b = max_over_time(a[5m:1m])"_s} << QList<int>{1, 1};
        QTest::newRow("not an expression")
            << QStringList{u"a = x"_s, u"b = ("_s} << QList<int>{1, 1};
    }

    void cutsWhereARuleReadsAnother()
    {
        QFETCH(QStringList, rules);
        QFETCH(QList<int>, parts);
        std::vector<config::RuleConfig> all;
        for (const QString& text : rules) {
            const std::string name = text.section(u" = "_s, 0, 0).toStdString();
            config::RuleConfig rule = recording(name, text.section(u" = "_s, 1).toStdString());
            if (text.at(0).isUpper()) {
                rule.alert = std::exchange(rule.record, {});
            }
            all.push_back(std::move(rule));
        }
        QList<int> cut;
        for (const std::size_t count : rules::independentParts(all)) {
            cut << int(count);
        }
        QCOMPARE(cut, parts);
    }

    /// Whoever is asked waits until as many ask at once as may; so it ends only if they do.
    void asksIndependentRulesAtOneTime()
    {
        constexpr int together = 3; // the group's own worker and two more
        std::mutex mutex;
        std::condition_variable changed;
        int asking = 0;
        int most = 0;
        rules::Surroundings with = surroundings();
        with.query = [&](const std::string& expr, Timestamp) -> Result<Vector> {
            std::unique_lock lock(mutex);
            most = std::max(most, ++asking);
            changed.notify_all();
            changed.wait_for(lock, 20s, [&] { return most >= together; });
            --asking;
            return Vector{{Labels{{"of", expr}}, 0, 1, nullptr}};
        };
        ThreadPool workers(8);
        with.concurrency = std::make_shared<rules::Concurrency>(workers, together - 1);
        std::vector<config::RuleConfig> rules;
        for (const char* const name : {"a", "b", "c", "d", "e", "f"}) {
            rules.push_back(recording(name, std::string("x_") + name));
        }
        rules::Group tested(group("g", rules), {10s}, with);
        tested.evaluate(fromUnixMs(10'000));
        QCOMPARE(most, together);
        for (const char* const name : {"a", "b", "c", "d", "e", "f"}) {
            QCOMPARE(stored(Labels{{"__name__", name}, {"of", std::string("x_") + name}}).size(),
                     size_t(1));
        }
    }

    void needsNoWorkerToBeFree()
    {
        // Workers that never begin: the group's own does all of it.
        struct Never final : Executor {
            std::vector<Task> tasks;
            void run(Task task) override { tasks.push_back(std::move(task)); }
        } never;
        rules::Concurrency concurrency(never, 4);
        std::vector<int> asked(5);
        concurrency.run(asked.size(), [&asked](std::size_t i) { ++asked[i]; });
        QCOMPARE(asked, std::vector<int>(5, 1));
        QCOMPARE(never.tasks.size(), size_t(4));
        for (Task& late : never.tasks) {
            late();
        }
        QCOMPARE(asked, std::vector<int>(5, 1));
    }
};

QTEST_GUILESS_MAIN(TestRuleGroups)
#include "tst_rule_groups.moc"
