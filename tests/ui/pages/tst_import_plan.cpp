// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/import_plan.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Kind = ImportItem::Kind;
using Conflict = ImportItem::Conflict;

config::ScrapeConfig job(const std::string& name, const std::string& target)
{
    config::ScrapeConfig made;
    made.jobName = name;
    made.scrapeInterval = 15s;
    made.staticConfigs = {{{target}, {}, "0"}};
    return made;
}

config::RuleGroupConfig group(const std::string& name, const std::string& expr)
{
    config::RuleGroupConfig made;
    made.name = name;
    made.file = "/etc/prometheus/rules.yml";
    config::RuleConfig rule;
    rule.record = "r";
    rule.expr = expr;
    made.rules = {rule};
    return made;
}

config::Config ours()
{
    config::Config config;
    config.scrapeConfigs = {job("node", "a:1"), job("same", "s:1")};
    config.ruleGroups = {group("g", "up")};
    return config;
}

config::Config theirs()
{
    config::Config config;
    config.global.evaluationInterval = 30s;
    config.retention.time = 240h;
    config.ruleFiles = {"rules.yml"};
    config.scrapeConfigs = {job("node", "b:1"), job("same", "s:1"), job("db", "c:1")};
    config.scrapeConfigs[1].file = "/etc/prometheus/more.yml";
    config.scrapeConfigs[2].file = "/etc/prometheus/more.yml";
    config.ruleGroups = {group("g", "down"), group("h", "up")};
    config.alertmanager.receivers.assign(1, {});
    config.alertmanager.receivers[0].name = "ops";
    config.alertmanager.receivers[0].webhooks.emplace_back().url.text
        = watchfire::Secret("https://hook");
    config.alertmanager.route = {};
    config.alertmanager.route.receiver = "ops";
    config.alertmanager.inhibitRules = {{{}, {}, {"job"}}};
    return config;
}

ImportItem& item(std::vector<ImportItem>& items, Kind kind, const QString& name = {})
{
    for (ImportItem& each : items) {
        if (each.kind == kind && (name.isEmpty() || each.name == name)) {
            return each;
        }
    }
    qFatal("no such item");
}

config::Config applied(const std::vector<ImportItem>& items)
{
    config::Config config = ours();
    importEdit(items, theirs()).apply(config);
    return config;
}

QStringList jobNames(const config::Config& config)
{
    QStringList names;
    for (const auto& each : config.scrapeConfigs) {
        names << QString::fromStdString(each.jobName);
    }
    return names;
}

} // namespace

class TestImportPlan : public QObject {
    Q_OBJECT

private slots:
    void nothingInForceIsChangedUnasked()
    {
        auto items = importItems(theirs(), ours());
        QVERIFY(item(items, Kind::job, u"node"_s).isTaken);
        QCOMPARE(item(items, Kind::job, u"node"_s).conflict, Conflict::skip);
        QVERIFY2(item(items, Kind::job, u"same"_s).isThere, "where it stands does not matter");
        QVERIFY(!item(items, Kind::global).isTakenOver);
        QVERIFY(!item(items, Kind::storage).isTakenOver);
        QVERIFY(item(items, Kind::job, u"db"_s).counts());
        const config::Config got = applied(items);
        QCOMPARE(jobNames(got), (QStringList{u"node"_s, u"same"_s, u"db"_s}));
        QCOMPARE(got.scrapeConfigs[0], ours().scrapeConfigs[0]);
        QVERIFY2(got.scrapeConfigs[2].file.empty(), "it is in our file now");
        QCOMPARE(got.global, ours().global);
        QCOMPARE(got.ruleGroups.front(), ours().ruleGroups.front());
    }

    void anEmptyProfileTakesTheirSettings()
    {
        auto items = importItems(theirs(), config::Config());
        QVERIFY(item(items, Kind::global).counts());
        QVERIFY(item(items, Kind::route).counts());
    }

    void renameAndReplace()
    {
        auto items = importItems(theirs(), ours());
        ImportItem& node = item(items, Kind::job, u"node"_s);
        node.isTakenOver = true;
        node.conflict = Conflict::rename;
        QCOMPARE(node.newName, u"node-2"_s);
        QCOMPARE(jobNames(applied(items)),
                 (QStringList{u"node"_s, u"same"_s, u"node-2"_s, u"db"_s}));
        node.conflict = Conflict::replace;
        const config::Config got = applied(items);
        QCOMPARE(jobNames(got), (QStringList{u"node"_s, u"same"_s, u"db"_s}));
        QCOMPARE(got.scrapeConfigs[0].staticConfigs.front().targets.front(), std::string("b:1"));
    }

    void rulesKeepTheirPaceWithoutTheGlobalSettings()
    {
        auto items = importItems(theirs(), ours());
        const auto alone = applied(items).ruleGroups.back();
        QCOMPARE(alone.name, std::string("h"));
        QVERIFY2(alone.file.empty(), "it gets a file of ours");
        QCOMPARE(alone.interval, config::Duration(30s));
        item(items, Kind::global).isTakenOver = true;
        QCOMPARE(applied(items).ruleGroups.back().interval, config::Duration(0));
        QCOMPARE(applied(items).global.evaluationInterval, config::Duration(30s));
    }

    void theWayBackLeavesNothingBehind()
    {
        auto items = importItems(theirs(), ours());
        for (ImportItem& each : items) {
            each.isTakenOver = !each.isThere;
            each.conflict = each.isTaken ? Conflict::replace : Conflict::none;
        }
        config::Config config = ours();
        const ImportEdit edit = importEdit(items, theirs());
        edit.apply(config);
        QVERIFY(config != ours());
        QCOMPARE(config.alertmanager.route.receiver, std::string("ops"));
        QCOMPARE(config.retention, theirs().retention);
        // Something else happened meanwhile; it stays.
        config.scrapeConfigs.push_back(job("mine", "m:1"));
        edit.revert(config);
        config::Config wanted = ours();
        wanted.scrapeConfigs.push_back(job("mine", "m:1"));
        QCOMPARE(config, wanted);
        config = ours();
        edit.apply(config);
        edit.revert(config);
        QCOMPARE(config, ours());
    }

    void routesBringTheTimeIntervalsTheyName()
    {
        config::Config from = theirs();
        from.alertmanager.timeIntervals = {{"night", {{}}}, {"lunch", {{}}}};
        config::RouteConfig quiet;
        quiet.matchers = {Matcher::equal("team", "db")};
        quiet.muteTimeIntervals = {"night"};
        from.alertmanager.route.routes = {quiet};
        config::Config into = ours();
        into.alertmanager.timeIntervals = {{"mine", {}}, {"night", {}}};
        auto items = importItems(from, into);
        for (ImportItem& each : items) {
            each.isTakenOver = each.kind == Kind::route || each.kind == Kind::receiver;
        }
        const config::Config before = into;
        const ImportEdit edit = importEdit(items, from);
        edit.apply(into);
        QCOMPARE(into.alertmanager.timeIntervals.size(), std::size_t(3));
        QCOMPARE(into.alertmanager.timeIntervals[0].name, std::string("mine"));
        QVERIFY2(into.alertmanager.timeIntervals[1] == from.alertmanager.timeIntervals[0],
                 "theirs is what their routes mean");
        edit.revert(into);
        QVERIFY(into == before);
    }

    void jobsFollowGlobalSettingsAndBack()
    {
        config::Config mine = ours();
        mine.scrapeConfigs[0].scrapeInterval = mine.global.scrapeInterval; // had from there
        mine.scrapeConfigs[0].scrapeTimeout = mine.global.scrapeTimeout;
        config::Config brought = theirs();
        brought.global.scrapeInterval = 20s;
        auto items = importItems(brought, mine);
        item(items, Kind::global).isTakenOver = true;
        const ImportEdit edit = importEdit(items, brought);
        config::Config config = mine;
        edit.apply(config);
        QCOMPARE(config.scrapeConfigs[0].scrapeInterval, config::Duration(20s));
        QCOMPARE(config.scrapeConfigs[1].scrapeInterval, config::Duration(15s));
        edit.revert(config);
        QCOMPARE(config, mine);
    }

    void aRuleFileByItselfSaysNothingOfGlobalSettings()
    {
        config::Config rules;
        rules.ruleGroups = {group("h", "up")};
        config::Config config = ours();
        config.global.evaluationInterval = 5s;
        const auto items = importItems(rules, config);
        QCOMPARE(items.size(), std::size_t(1));
        importEdit(items, rules).apply(config);
        QCOMPARE(config.ruleGroups.back().interval, config::Duration(0));
    }

    void faults()
    {
        auto items = importItems(theirs(), ours());
        QVERIFY(checkImport(items, theirs(), ours()).empty());
        ImportItem& node = item(items, Kind::job, u"node"_s);
        node.isTakenOver = true;
        node.conflict = Conflict::rename;
        node.newName = u"same"_s;
        QCOMPARE(checkImport(items, theirs(), ours()).size(), std::size_t(1));
        node.newName = u" "_s;
        QCOMPARE(checkImport(items, theirs(), ours()).size(), std::size_t(1));
        node.newName = u"db"_s; // which is imported, too
        QCOMPARE(checkImport(items, theirs(), ours()).size(), std::size_t(1));
        node.conflict = Conflict::replace;
        QVERIFY(checkImport(items, theirs(), ours()).empty());
        item(items, Kind::route).isTakenOver = true;
        QVERIFY(checkImport(items, theirs(), ours()).empty());
        item(items, Kind::receiver).isTakenOver = false;
        const auto got = checkImport(items, theirs(), ours());
        QCOMPARE(got.size(), std::size_t(1));
        QVERIFY(got.front().text.contains(u"ops"_s));
    }

    void everyLossHasARemedy()
    {
        const LossText known
            = lossText("remote_write is not done yet: samples are kept in this store only");
        QVERIFY(known.what.contains(u"this store only"_s) && known.remedy.contains(u"sends"_s));
        const LossText told = lossText("password_ref is not followed: there is no secret manager; "
                                       "name a file instead");
        QCOMPARE(told.what, u"password_ref is not followed"_s);
        QCOMPARE(told.remedy, u"There is no secret manager; name a file instead"_s);
        const LossText ignored = lossText("Watchfire makes no traces of itself");
        QVERIFY(ignored.remedy.contains(u"Nothing needs to be done"_s));
        QVERIFY(!lossText("odd: ").remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestImportPlan)
#include "tst_import_plan.moc"
