// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"
#include "tests/support/qt_test.h"
#include "ui/pages/edits.h"
#include "ui/pages/job_edits.h"
#include "ui/pages/rule_edits.h"

#include <memory>

#include <QSignalSpy>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::ScrapeConfig job(const std::string& name)
{
    config::ScrapeConfig made;
    made.jobName = name;
    made.staticConfigs = {{{name + ":1"}, {}, {}}};
    return made;
}

QStringList names(const config::Config& config)
{
    QStringList all;
    for (const auto& each : config.scrapeConfigs) {
        all << QString::fromStdString(each.jobName);
    }
    return all;
}

} // namespace

class TestEdits : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_engine = std::make_unique<tests::FakeEngine>();
        engine::ConfigSnapshot snapshot;
        snapshot.config.scrapeConfigs = {job("a"), job("b"), job("c")};
        m_engine->publish(snapshot);
        m_bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
        m_edits = std::make_unique<Edits>(*m_bridge);
        QTRY_VERIFY(m_bridge->hasConfig());
    }
    void cleanup()
    {
        m_edits.reset();
        m_bridge.reset();
        m_engine.reset();
    }

    void undoPutsTheJobBackWhereItStood()
    {
        removeJob(*m_edits, m_bridge->config()->config, "b", this, {});
        QTRY_COMPARE(names(now()), (QStringList{u"a"_s, u"c"_s}));
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_edits->stack().undo();
        QTRY_COMPARE(names(now()), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        m_edits->stack().redo();
        QTRY_COMPARE(names(now()), (QStringList{u"a"_s, u"c"_s}));
    }

    void editsInARowBuildOnEachOther()
    {
        m_engine->hold = true;
        addJob(*m_edits, job("d"), this, {});
        addJob(*m_edits, job("e"), this, {});
        QCOMPARE(m_engine->configs.size(), std::size_t(1));
        QTRY_VERIFY(m_engine->release() == 0 && !m_edits->isBusy());
        QCOMPARE(names(now()), (QStringList{u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s}));
    }

    void fourEditsUndoneLeaveNoTrace()
    {
        const config::Config before = now();
        config::ScrapeConfig changed = job("a");
        changed.metricsPath = "/other";
        changeJob(*m_edits, job("a"), changed, this, {});
        removeJob(*m_edits, before, "c", this, {});
        addRule(*m_edits, {"g", "rules/x.yml"}, rule("Down"), this, {});
        pauseJob(*m_edits, "b", true, this, {});
        QTRY_COMPARE(m_edits->stack().count(), 4);
        QVERIFY(now() != before);
        for (int i = 0; i < 4; ++i) {
            m_edits->stack().undo();
        }
        QTRY_VERIFY(!m_edits->isBusy());
        QVERIFY(now() == before);
    }

    void whatIsDeletedTwiceComesBackOnce()
    {
        addRule(*m_edits, {"g", "rules/x.yml"}, rule("Down"), this, {});
        QTRY_COMPARE(m_edits->stack().count(), 1);
        const config::Config before = now();
        const PlacedRule placed{{"g", "rules/x.yml"}, rule("Down"), 0};
        int done = 0;
        for (int i = 0; i < 2; ++i) {
            removeRule(*m_edits, placed, this,
                       [&done](const Result<void>& result) { done += result ? 1 : 0; });
        }
        QTRY_COMPARE(done, 2);
        QCOMPARE(m_edits->stack().count(), 2);
        m_edits->stack().undo();
        QTRY_VERIFY(!m_edits->isBusy());
        QVERIFY(now() == before);
    }

    /// Interval, labels and place are the group's, and go with its last rule.
    void aGroupThatWentWithItsLastRuleComesBackAsItWas()
    {
        engine::ConfigSnapshot snapshot = m_engine->config();
        for (const char* const name : {"first", "g", "last"}) {
            config::RuleGroupConfig group;
            group.name = name;
            group.file = "/etc/rules/x.yml";
            group.interval = 15s;
            group.queryOffset = 5s;
            group.labels = {{"site", "here"}};
            group.rules = {rule("Down")};
            snapshot.config.ruleGroups.push_back(group);
        }
        m_engine->publish(snapshot);
        QTRY_COMPARE(m_bridge->config()->config.ruleGroups.size(), std::size_t(3));
        const config::Config before = now();
        removeRule(*m_edits, {{"g", "/etc/rules/x.yml"}, rule("Down"), 0}, this, {});
        QTRY_COMPARE(now().ruleGroups.size(), std::size_t(2));
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_edits->stack().undo();
        QTRY_VERIFY(now() == before);
        changeRule(*m_edits, {{"g", "/etc/rules/x.yml"}, rule("Down"), 0},
                   {"last", "/etc/rules/x.yml"}, rule("Gone"), this, {});
        QTRY_COMPARE(now().ruleGroups.size(), std::size_t(2));
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_edits->stack().undo();
        QTRY_VERIFY(now() == before);
        removeGroup(*m_edits, before.ruleGroups[0], this, {});
        QTRY_COMPARE(now().ruleGroups.size(), std::size_t(2));
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_edits->stack().undo();
        QTRY_VERIFY(now() == before);
    }

    void aGroupIsRenamedAndBack()
    {
        addRule(*m_edits, {"g", "rules/x.yml"}, rule("Down"), this, {});
        QTRY_COMPARE(m_edits->stack().count(), 1);
        const config::Config before = now();
        GroupSettings to = GroupSettings::of(before.ruleGroups[0]);
        to.name = "hosts";
        to.interval = 30s;
        to.limit = 7;
        changeGroup(*m_edits, {"g", "rules/x.yml"}, GroupSettings::of(before.ruleGroups[0]), to,
                    this, {});
        QTRY_COMPARE(now().ruleGroups[0].name, std::string("hosts"));
        QCOMPARE(now().ruleGroups[0].limit, std::uint64_t(7));
        QTRY_COMPARE(m_edits->stack().count(), 2);
        m_edits->stack().undo();
        QTRY_VERIFY(now() == before);
    }

    void aDraftStandsWhereTheRuleWill()
    {
        config::Config config;
        config::RuleGroupConfig group;
        group.name = "g";
        group.file = "/etc/rules/x.yml";
        group.interval = 15s;
        group.rules = {rule("A"), rule("B")};
        config.ruleGroups = {group};
        const RuleGroupKey key{"g", "/etc/rules/x.yml"};
        const RuleDraft changed = draftOf(config, PlacedRule{key, rule("A"), 0}, key, rule("C"));
        QCOMPARE(changed.written().alert, std::string("C"));
        QCOMPARE(changed.rule, std::size_t(0));
        QCOMPARE(changed.ownGroup().rules.size(), std::size_t(2));
        QCOMPARE(changed.ownGroup().interval, config::Duration(15s));
        const RuleDraft added = draftOf(config, std::nullopt, {"new", "n.yml"}, rule("D"));
        QCOMPARE(added.groups.size(), std::size_t(2));
        QCOMPARE(added.written().alert, std::string("D"));
        config.ruleGroups[0].rules = {rule("A")};
        const RuleDraft alone = draftOf(config, PlacedRule{key, rule("A"), 0}, key, rule("C"));
        QCOMPARE(alone.ownGroup().interval, config::Duration(15s));
        QCOMPARE(alone.ownGroup().rules.size(), std::size_t(1));
    }

    void aSilenceIsChangedAndBack()
    {
        engine::AlertsSnapshot alerts;
        engine::SilenceStatus silence;
        silence.id = "one";
        silence.matchers = {Matcher::equal("job", "node")};
        silence.startsAt = m_clock.now();
        silence.endsAt = m_clock.now() + 1h;
        silence.comment = "planned";
        alerts.silences = {silence};
        m_engine->publish(alerts);
        QTRY_COMPARE(m_bridge->alerts()->silences.size(), std::size_t(1));
        engine::SilenceChange to;
        to.matchers = silence.matchers;
        to.startsAt = silence.startsAt;
        to.endsAt = silence.endsAt + 1h;
        to.comment = "took longer";
        m_edits->changeSilence(u"Silence changed"_s, silence, to, this, {});
        QTRY_COMPARE(m_edits->stack().count(), 1);
        const auto& now = m_engine->alerts().silences;
        QCOMPARE(now.size(), std::size_t(1));
        QCOMPARE(now[0].id, std::string("one"));
        QCOMPARE(now[0].comment, std::string("took longer"));
        QVERIFY(now[0].endsAt == silence.endsAt + 1h);
        m_edits->stack().undo();
        QTRY_VERIFY(!m_edits->isBusy());
        QCOMPARE(m_engine->alerts().silences[0].comment, std::string("planned"));
        QVERIFY(m_engine->alerts().silences[0].endsAt == silence.endsAt);
    }

    void refusedEditLeavesNothingToUndo()
    {
        m_engine->onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::invalid, "job \"d\" is not allowed");
        };
        QString told;
        addJob(*m_edits, job("d"), this, [&](const Result<void>& result) {
            told = QString::fromStdString(result.error().message);
        });
        QTRY_COMPARE(told, u"job \"d\" is not allowed"_s);
        QVERIFY(!m_edits->stack().canUndo());
        QCOMPARE(names(now()).size(), 3);
    }

    void ruleMovesBetweenGroupsAndBack()
    {
        addRule(*m_edits, {"one", "r.yml"}, rule("Down"), this, {});
        addRule(*m_edits, {"two", "r.yml"}, rule("Slow"), this, {});
        QTRY_COMPARE(m_edits->stack().count(), 2);
        changeRule(*m_edits, {{"one", "r.yml"}, rule("Down"), 0}, {"two", "r.yml"}, rule("Down"),
                   this, {});
        QTRY_COMPARE(m_edits->stack().count(), 3);
        QCOMPARE(now().ruleGroups.size(), std::size_t(1));
        QCOMPARE(now().ruleGroups.front().rules.size(), std::size_t(2));
        m_edits->stack().undo();
        QTRY_COMPARE(now().ruleGroups.size(), std::size_t(2));
    }

    void newGroupIsFoundUnderItsWholePath()
    {
        // What the engine makes of a file named from the configuration's folder.
        m_engine->onApplyConfig = [this](config::Config config) -> Result<engine::ConfigReport> {
            for (auto& group : config.ruleGroups) {
                if (!group.file.starts_with('/')) {
                    group.file = "/home/kim/config/" + group.file;
                }
            }
            engine::ConfigSnapshot snapshot;
            snapshot.config = std::move(config);
            m_engine->publish(std::move(snapshot));
            return engine::ConfigReport{};
        };
        addRule(*m_edits, {"one", "rules/x.yml"}, rule("Down"), this, {});
        QTRY_VERIFY(m_edits->stack().canUndo());
        QTRY_COMPARE(m_bridge->config()->config.ruleGroups.front().file,
                     std::string("/home/kim/config/rules/x.yml"));
        m_edits->stack().undo();
        QTRY_VERIFY(now().ruleGroups.empty());
    }

    void silenceIsExpiredByUndoAndMadeAgainByRedo()
    {
        engine::SilenceChange silence;
        silence.matchers = {Matcher::equal("job", "a")};
        silence.endsAt = m_clock.now() + 1h;
        m_edits->createSilence(u"Silenced"_s, silence, this, {});
        QTRY_COMPARE(m_engine->alerts().silences.size(), std::size_t(1));
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_edits->stack().undo();
        QTRY_VERIFY(m_engine->alerts().silences.front().expired);
        m_edits->stack().redo();
        QTRY_COMPARE(m_engine->alerts().silences.size(), std::size_t(2));
        QTRY_VERIFY(!m_edits->isBusy());
        m_edits->stack().undo(); // the new one, not the old one again
        QTRY_VERIFY(m_engine->alerts().silences.back().expired);
    }

    void refusedUndoIsTold()
    {
        addJob(*m_edits, job("d"), this, {});
        QTRY_VERIFY(m_edits->stack().canUndo());
        m_engine->onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "disk full");
        };
        QSignalSpy refused(m_edits.get(), &Edits::refused);
        m_edits->stack().undo();
        QTRY_COMPARE(refused.size(), 1);
        QCOMPARE(refused.front().at(1).toString(), u"disk full"_s);
    }

private:
    const config::Config& now() const { return m_engine->config().config; }
    static config::RuleConfig rule(const std::string& name)
    {
        config::RuleConfig made;
        made.alert = name;
        made.expr = "up == 0";
        return made;
    }

    SystemClock m_clock;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<Edits> m_edits;
};

QTEST_GUILESS_MAIN(TestEdits)
#include "tst_edits.moc"
