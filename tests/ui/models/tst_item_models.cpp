// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alert_history_model.h"
#include "ui/models/alerts_model.h"
#include "ui/models/rules_model.h"
#include "ui/models/silences_model.h"

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

struct Thing {
    std::uint64_t id = 0;
    std::string group;
    std::string name;
    int size = 0;
};
using Things = std::vector<Thing>;

/// The least that a model over GroupedModel says.
class ThingsModel final : public GroupedModel<Thing> {
public:
    enum Column { name, size };

    void setThings(Things all)
    {
        auto things = std::make_shared<const Things>(std::move(all));
        std::vector<Entry> entries;
        for (const Thing& thing : *things) {
            entries.push_back({QString::fromStdString(thing.group), thing.id, &thing});
        }
        present(std::move(entries), things);
    }

    int columnCount(const QModelIndex& = {}) const override { return 2; }

protected:
    QVariant groupData(const Group& group, int column, int role) const override
    {
        return column == 0 && role == Qt::DisplayRole
            ? QVariant(u"%1 (%2)"_s.arg(group.name).arg(group.all.size()))
            : QVariant();
    }
    QVariant rowData(const Thing& thing, int column, int role) const override
    {
        if (role != Qt::DisplayRole) {
            return {};
        }
        return column == name ? QVariant(QString::fromStdString(thing.name)) : QVariant(thing.size);
    }
    void summarize(Group& group) const override { group.state = ItemState::none; }
    bool hasWord(const Thing& thing, const std::string& word) const override
    {
        return containsFolded(thing.name, word);
    }
    bool hasChip(const Thing& thing, const Filter::Chip& chip) const override
    {
        return chip.key == "group" && equalsFolded(thing.group, chip.value);
    }
    std::weak_ordering compare(const Thing& a, const Thing& b, int column) const override
    {
        return column == name ? std::weak_ordering(a.name <=> b.name) : a.size <=> b.size;
    }
};

/// "group (n): row row" as the model has it, a line for each group.
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
    void selectionSurvivesSnapshots()
    {
        ThingsModel model;
        const Tester tester(&model, strict);
        QItemSelectionModel selection(&model);
        model.setThings({{1, "b", "b1"}, {2, "b", "b2"}, {3, "c", "c1"}});
        selection.setCurrentIndex(model.indexOf(2),
                                  QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        // A group comes in front, a neighbour goes, one joins behind.
        model.setThings({{9, "a", "a1"}, {2, "b", "b2"}, {4, "b", "b3"}, {3, "c", "c1"}});
        QVERIFY(selection.currentIndex().isValid());
        QCOMPARE(selection.currentIndex().data(idRole).toULongLong(), 2ULL);
        QCOMPARE(selection.selectedRows().size(), 1);
        model.setThings({{3, "c", "c1"}, {2, "b", "b2"}});
        QCOMPARE(selection.currentIndex().data(idRole).toULongLong(), 2ULL);
    }

    void unchangedSnapshotMovesNothing()
    {
        ThingsModel model;
        const Things things{{1, "b", "b1"}, {2, "b", "b2"}};
        model.setThings(things);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy layout(&model, &QAbstractItemModel::layoutChanged);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setThings(things);
        QCOMPARE(inserted.size() + removed.size() + reset.size() + layout.size(), 0);
        QVERIFY(changed.size() > 0);
    }

    void filtersAndSortsWithinGroups()
    {
        ThingsModel model;
        const Tester tester(&model, strict);
        model.setThings(
            {{1, "db", "a", 1}, {5, "db", "b", 5}, {3, "db", "c", 3}, {4, "web", "d", 4}});
        model.sort(ThingsModel::size, Qt::DescendingOrder);
        QCOMPARE(shape(model, ThingsModel::name),
                 (QStringList{u"db (3): b c a"_s, u"web (1): d"_s}));
        model.sort(-1);
        QCOMPARE(shape(model, ThingsModel::name).front(), u"db (3): a b c"_s);
        model.setFilter(u"C group:db"_s);
        QCOMPARE(shape(model, ThingsModel::name), QStringList{u"db (3): c"_s});
        QCOMPARE(model.totalCount(), 4);
        model.setFilter({});
        QCOMPARE(model.shownCount(), 4);
    }

    void randomSnapshotsKeepTheModelSound()
    {
        ThingsModel model;
        const Tester tester(&model, strict);
        QItemSelectionModel selection(&model);
        std::mt19937 random(11);
        const std::array<std::string, 4> groups{"a", "b", "c", "d"};
        for (int round = 0; round < 200; ++round) {
            Things all;
            for (std::uint64_t id = 1; id <= 40; ++id) {
                if (random() % 3 != 0) {
                    all.push_back(
                        {id, groups[id % groups.size()], std::to_string(id), int(random() % 10)});
                }
            }
            std::ranges::shuffle(all, random);
            model.setThings(all);
            QCOMPARE(model.shownCount(), int(all.size()));
            if (round % 5 == 0) {
                model.sort(int(random() % 2),
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
        ThingsModel model;
        const Tester tester(&model, strict);
        Things all;
        for (std::uint64_t id = 1; id <= 1000; ++id) {
            all.push_back({id, "db", id % 2 == 0 ? "even" : "odd"});
        }
        model.setThings(all);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setFilter(u"even"_s);
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
        QCOMPARE(model.index(0, 0).data(summaryRole).toString(),
                 u"1 firing, 1 silenced · it is full"_s);
        // What all of a group have alike stands in its header only.
        for (engine::AlertStatus& each : snapshot->alerts) {
            each.labels = each.labels.with("job", "node");
        }
        model.setSnapshot(std::make_shared<engine::AlertsSnapshot>(*snapshot), now);
        QCOMPARE(model.index(0, 0).data(summaryRole).toString(),
                 u"1 firing, 1 silenced · job=\"node\" · it is full"_s);
        QCOMPARE(shape(model, AlertsModel::labels),
                 (QStringList{u"DiskFull (2): host=\"db3\" host=\"db2\""_s,
                              u"Slow (1): host=\"db1\", job=\"node\""_s}));
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
