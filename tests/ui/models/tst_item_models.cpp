// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alert_history_model.h"
#include "ui/models/alerts_model.h"
#include "ui/models/rules_model.h"
#include "ui/models/silences_model.h"
#include "ui/models/targets_model.h"

#include <memory>
#include <random>

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr Timestamp now = fromUnixMs(1'700'000'000'000);

engine::TargetStatus target(std::uint64_t id, const std::string& job, const std::string& instance,
                            engine::Health health = engine::Health::up)
{
    engine::TargetStatus status;
    status.id = id;
    status.job = job;
    status.instance = instance;
    status.url = "http://" + instance + "/metrics";
    status.labels = Labels{{"job", job}, {"instance", instance}, {"env", "prod"}};
    status.health = health;
    status.lastError = health == engine::Health::down ? "connection refused" : "";
    status.lastScrape = now - 4s;
    status.lastDuration = 8ms;
    status.samples = id * 100;
    return status;
}

std::shared_ptr<engine::TargetsSnapshot> targets(std::vector<engine::TargetStatus> all)
{
    auto snapshot = std::make_shared<engine::TargetsSnapshot>();
    snapshot->targets = std::move(all);
    return snapshot;
}

/// "job (n): instance instance; …" as the model has it.
QStringList shape(const QAbstractItemModel& model, int column)
{
    QStringList lines;
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex parent = model.index(group, 0);
        QStringList rows;
        for (int row = 0; row < model.rowCount(parent); ++row) {
            rows << model.index(row, column, parent).data().toString();
        }
        lines << parent.data().toString() + u": "_s + rows.join(u' ');
    }
    return lines;
}

using Tester = QAbstractItemModelTester;
constexpr auto strict = Tester::FailureReportingMode::QtTest;

} // namespace

class TestItemModels : public QObject {
    Q_OBJECT

private slots:
    void targetsByJob()
    {
        TargetsModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(targets({target(1, "db", "db1:9100"), target(2, "db", "db2:9100"),
                                   target(3, "web", "web1:9100", engine::Health::down)}),
                          now);
        QCOMPARE(shape(model, TargetsModel::endpoint),
                 (QStringList{u"db (2): db1:9100 db2:9100"_s, u"web (1): web1:9100"_s}));
        const QModelIndex web = model.index(1, 0);
        QCOMPARE(web.data(summaryRole).toString(), u"1 down"_s);
        const QModelIndex row = model.index(0, 0, web);
        QCOMPARE(row.data().toString(), u"Down"_s);
        QCOMPARE(row.data(stateRole).toInt(), int(ItemState::critical));
        QCOMPARE(row.siblingAtColumn(TargetsModel::error).data().toString(),
                 u"connection refused"_s);
    }

    void selectionSurvivesSnapshots()
    {
        TargetsModel model;
        const Tester tester(&model, strict);
        QItemSelectionModel selection(&model);
        model.setSnapshot(
            targets({target(1, "b", "b1:1"), target(2, "b", "b2:1"), target(3, "c", "c1:1")}), now);
        selection.setCurrentIndex(model.indexOf(2),
                                  QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        // A job comes in front, a neighbour goes, one joins behind.
        model.setSnapshot(targets({target(9, "a", "a1:1"), target(2, "b", "b2:1"),
                                   target(4, "b", "b3:1"), target(3, "c", "c1:1")}),
                          now);
        QVERIFY(selection.currentIndex().isValid());
        QCOMPARE(selection.currentIndex().data(idRole).toULongLong(), 2ULL);
        QCOMPARE(selection.selectedRows().size(), 1);
        model.setSnapshot(targets({target(3, "c", "c1:1"), target(2, "b", "b2:1")}), now);
        QCOMPARE(selection.currentIndex().data(idRole).toULongLong(), 2ULL);
    }

    void unchangedSnapshotMovesNothing()
    {
        TargetsModel model;
        const auto make = [] { return targets({target(1, "b", "b1:1"), target(2, "b", "b2:1")}); };
        model.setSnapshot(make(), now);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy layout(&model, &QAbstractItemModel::layoutChanged);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setSnapshot(make(), now + 1s);
        QCOMPARE(inserted.size() + removed.size() + reset.size() + layout.size(), 0);
        QVERIFY(changed.size() > 0);
    }

    void filters_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QStringList>("shown");
        QTest::newRow("none") << QString()
                              << QStringList{u"db (2): db1:9100 db2:9100"_s,
                                             u"web (1): web1:9100"_s};
        QTest::newRow("state chip; the count stays that of the job")
            << u"state:down"_s << QStringList{u"db (2): db2:9100"_s};
        QTest::newRow("label chip")
            << u"env:prod job:web"_s << QStringList{u"web (1): web1:9100"_s};
        QTest::newRow("word in the address")
            << u"WEB1:9100"_s << QStringList{u"web (1): web1:9100"_s};
        QTest::newRow("word in the error") << u"refused"_s << QStringList{u"db (2): db2:9100"_s};
        QTest::newRow("nothing fits") << u"state:down job:web"_s << QStringList();
    }
    void filters()
    {
        QFETCH(QString, filter);
        QFETCH(QStringList, shown);
        TargetsModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(
            targets({target(1, "db", "db1:9100"), target(2, "db", "db2:9100", engine::Health::down),
                     target(3, "web", "web1:9100")}),
            now);
        model.setFilter(filter);
        QCOMPARE(shape(model, TargetsModel::endpoint), shown);
        QCOMPARE(model.totalCount(), 3);
        model.setFilter({});
        QCOMPARE(model.shownCount(), 3);
    }

    void sortsWithinGroups()
    {
        TargetsModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(targets({target(1, "db", "a:1"), target(5, "db", "b:1"),
                                   target(3, "db", "c:1"), target(4, "web", "d:1")}),
                          now);
        model.sort(TargetsModel::samples, Qt::DescendingOrder);
        QCOMPARE(shape(model, TargetsModel::endpoint),
                 (QStringList{u"db (3): b:1 c:1 a:1"_s, u"web (1): d:1"_s}));
        model.sort(-1);
        QCOMPARE(shape(model, TargetsModel::endpoint).front(), u"db (3): a:1 b:1 c:1"_s);
    }

    void randomSnapshotsKeepTheModelSound()
    {
        TargetsModel model;
        const Tester tester(&model, strict);
        QItemSelectionModel selection(&model);
        std::mt19937 random(11);
        const std::array<std::string, 4> jobs{"a", "b", "c", "d"};
        for (int round = 0; round < 200; ++round) {
            std::vector<engine::TargetStatus> all;
            for (std::uint64_t id = 1; id <= 40; ++id) {
                if (random() % 3 != 0) {
                    all.push_back(target(id, jobs[id % jobs.size()], std::to_string(id) + ":1"));
                }
            }
            std::ranges::shuffle(all, random);
            model.setSnapshot(targets(all), now);
            QCOMPARE(model.shownCount(), int(all.size()));
            if (round % 5 == 0) {
                model.sort(int(random() % TargetsModel::columnsEnd),
                           random() % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
            }
            if (round % 7 == 0) {
                model.setFilter(round % 14 == 0 ? u"1"_s : QString());
                model.setFilter({});
            }
            if (!selection.currentIndex().isValid() && !all.empty()) {
                selection.setCurrentIndex(model.indexOf(all.front().id),
                                          QItemSelectionModel::ClearAndSelect);
            }
        }
    }

    void manyScatteredChangesAreOneReplacement()
    {
        TargetsModel model;
        const Tester tester(&model, strict);
        std::vector<engine::TargetStatus> all;
        for (std::uint64_t id = 1; id <= 1000; ++id) {
            all.push_back(target(id, "db", std::to_string(id) + ":1",
                                 id % 2 == 0 ? engine::Health::down : engine::Health::up));
        }
        model.setSnapshot(targets(all), now);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setFilter(u"state:down"_s);
        QCOMPARE(model.shownCount(), 500);
        QVERIFY2(removed.size() <= 1, "five hundred removals would each redo the view's layout");
    }

    void rulesByGroup()
    {
        auto snapshot = std::make_shared<engine::RulesSnapshot>();
        engine::RuleGroupStatus group;
        group.name = "disk";
        group.file = "rules/disk.yml";
        group.interval = 15s;
        engine::RuleStatus alerting;
        alerting.rule.alert = "DiskFull";
        alerting.rule.expr = "disk_used_ratio\n  > 0.95";
        alerting.rule.labels = {{"severity", "critical"}};
        alerting.health = engine::Health::up;
        alerting.state = AlertState::firing;
        alerting.firing = 2;
        engine::RuleStatus recording;
        recording.rule.record = "job:up:sum";
        recording.rule.expr = "sum by (job) (up)";
        recording.health = engine::Health::down;
        recording.lastError = "many-to-many matching not allowed";
        group.rules = {alerting, recording, alerting};
        auto twin = group;
        twin.file = "rules/other.yml";
        snapshot->groups = {group, twin};

        RulesModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(snapshot, now);
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex first = model.index(0, 0);
        QCOMPARE(first.data().toString(), u"disk (3)"_s);
        QVERIFY(first.data(summaryRole).toString().contains(u"4 firing"_s));
        const QModelIndex rule = model.index(0, 0, first);
        QCOMPARE(rule.siblingAtColumn(RulesModel::expression).data().toString(),
                 u"disk_used_ratio > 0.95"_s);
        QCOMPARE(rule.siblingAtColumn(RulesModel::state).data().toString(), u"Firing"_s);
        const QModelIndex broken = model.index(1, 0, first);
        QCOMPARE(broken.siblingAtColumn(RulesModel::state).data().toString(), u"Error"_s);
        QVERIFY(rule.data(idRole) != model.index(2, 0, first).data(idRole));
        model.setFilter(u"state:error file:other"_s);
        QCOMPARE(model.shownCount(), 1);
    }

    void alertsByName()
    {
        auto snapshot = std::make_shared<engine::AlertsSnapshot>();
        const auto alert = [&](std::uint64_t id, const std::string& rule, AlertState state,
                               const std::string& severity, bool silenced) {
            engine::AlertStatus status;
            status.id = id;
            status.rule = rule;
            status.labels = Labels{
                {"alertname", rule}, {"severity", severity}, {"host", "db" + std::to_string(id)}};
            status.annotations = Labels{{"summary", "it is full"}};
            status.state = state;
            status.silenced = silenced;
            status.activeAt = now - 14min;
            status.value = 97.25;
            snapshot->alerts.push_back(status);
        };
        alert(1, "Slow", AlertState::pending, "warning", false);
        alert(2, "DiskFull", AlertState::firing, "critical", true);
        alert(3, "DiskFull", AlertState::firing, "critical", false);
        AlertsModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(snapshot, now);
        // What needs somebody comes first; muted alerts come last in their group.
        QCOMPARE(shape(model, AlertsModel::labels),
                 (QStringList{u"DiskFull (2): host=\"db3\" host=\"db2\""_s,
                              u"Slow (1): host=\"db1\""_s}));
        QCOMPARE(model.index(0, 0).data(summaryRole).toString(), u"1 firing, 1 silenced"_s);
        model.setFilter(u"state:silenced"_s);
        QCOMPARE(model.shownCount(), 1);
        model.setFilter(u"severity:warning"_s);
        QCOMPARE(shape(model, AlertsModel::state), QStringList{u"Slow (1): Pending"_s});
    }

    void silencesByPhase()
    {
        auto snapshot = std::make_shared<engine::AlertsSnapshot>();
        const auto silence = [&](const std::string& id, Timestamp from, Timestamp to) {
            engine::SilenceStatus status;
            status.id = id;
            status.matchers = {Matcher::equal("job", id)};
            status.startsAt = from;
            status.endsAt = to;
            status.matched = 4;
            snapshot->silences.push_back(status);
        };
        silence("over", now - 2h, now - 1h);
        silence("soon", now + 1h, now + 2h);
        silence("now", now - 1h, now + 5min);
        SilencesModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(snapshot, now);
        QCOMPARE(shape(model, SilencesModel::matchers),
                 (QStringList{u"Active (1): job=\"now\""_s, u"Waiting (1): job=\"soon\""_s,
                              u"Expired (1): job=\"over\""_s}));
        const QModelIndex active
            = model.indexOf(SilencesModel::idOf("now")).siblingAtColumn(SilencesModel::ends);
        QVERIFY2(active.data(stateRole).toInt() == int(ItemState::warning),
                 "the last ten minutes are marked");
        model.setSnapshot(snapshot, now + 10min);
        QCOMPARE(model.rowCount(), 2);
    }

    void historyByDay()
    {
        auto snapshot = std::make_shared<engine::AlertsSnapshot>();
        for (int i = 0; i < 3; ++i) {
            engine::AlertEvent event;
            event.at = now - i * 24h;
            event.labels = Labels{{"alertname", "Slow"}, {"host", "a"}};
            event.what = "firing";
            snapshot->history.push_back(event);
            snapshot->history.push_back(event); // twins keep ids of their own
        }
        AlertHistoryModel model;
        const Tester tester(&model, strict);
        model.setSnapshot(snapshot);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.rowCount(model.index(0, 0)), 2);
        model.setSnapshot(snapshot);
        QCOMPARE(model.shownCount(), 6);
    }
};

QTEST_MAIN(TestItemModels)
#include "tst_item_models.moc"
