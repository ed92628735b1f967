// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/job_dialog_fixture.h"

#include <memory>

#include <QMimeData>
#include <QTableView>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// The Relabel tab of the Job dialog: rules and what they do.
class TestJobRelabel : public QObject, private JobDialogFixture {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init() { start(); }
    void cleanup() { stop(); }

    void previewSaysWhatTheRulesDo()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        auto* const tree = find<QTreeView>(m_dialog, "job.dialog.preview");
        QTRY_COMPARE(tree->model()->rowCount(), 3);
        const QModelIndex db = tree->model()->index(0, 0);
        QCOMPARE(db.data().toString(), u"Changed"_s);
        QVERIFY2(!db.data(Qt::DecorationRole).isNull(), "a shape beside the word");
        QCOMPARE(tree->model()->rowCount(db), 1);
        QCOMPARE(tree->model()->index(0, 0, db).data().toString(), u"Added"_s);
        QCOMPARE(tree->model()->index(0, 1, db).data().toString(), u"host"_s);
        QCOMPARE(tree->model()->index(0, 3, db).data().toString(), u"db1"_s);
        QCOMPARE(tree->model()->index(2, 0).data().toString(), u"Dropped"_s);
        QCOMPARE(find<QLabel>(m_dialog, "job.dialog.preview.counts")->text(),
                 u"3 targets · 2 changed · 1 dropped"_s);
        // Step by step for the chosen one.
        auto* const steps = find<QTreeView>(m_dialog, "job.dialog.preview.steps");
        tree->setCurrentIndex(tree->model()->index(2, 0));
        QCOMPARE(steps->model()->rowCount(), 2);
        QCOMPARE(steps->model()->index(1, 0).data().toString(), u"Dropped"_s);
        QVERIFY(steps->model()->index(0, 1).data().toString().contains(u"replace"_s));
    }

    void previewFollowsTheRulesAndKeepsTheOldListMeanwhile()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        auto* const tree = find<QTreeView>(m_dialog, "job.dialog.preview");
        QTRY_COMPARE(tree->model()->rowCount(), 3);
        tree->setCurrentIndex(tree->model()->index(1, 0));
        auto& engine = m_world->engine;
        engine.hold = true;
        const auto before = engine.previewedJobs.size();
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.relabel");
        typeCell(rules, 1, 3, u"prod"_s);
        QTRY_COMPARE(engine.previewedJobs.size(), before + 1);
        QCOMPARE(engine.previewedJobs.back().relabel[1].regexText, std::string("prod"));
        QCOMPARE(tree->model()->rowCount(), 3);
        QCOMPARE(tree->model()->index(0, 0).data().toString(), u"Changed"_s);
        engine.release();
        QTRY_COMPARE(tree->model()->index(0, 0).data().toString(), u"Dropped"_s);
        QCOMPARE(tree->model()->index(2, 0).data().toString(), u"Changed"_s);
        QCOMPARE(tree->currentIndex().row(), 1);
        finishCell(rules);
    }

    void aBadRegexIsMarkedInItsCell()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        auto* const tree = find<QTreeView>(m_dialog, "job.dialog.preview");
        QTRY_COMPARE(tree->model()->rowCount(), 3);
        const auto asked = m_world->engine.previewedJobs.size();
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.relabel");
        typeCell(rules, 0, 3, u"(.+"_s);
        finishCell(rules);
        const QModelIndex cell = rules->model()->index(0, 3);
        const QString message = QString::fromStdString(text::Regex::compile("(.+").error().message);
        QCOMPARE(cell.data(Qt::AccessibleDescriptionRole).toString(), message);
        QVERIFY(!cell.data(Qt::DecorationRole).isNull());
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(message.toHtmlEscaped()));
        QVERIFY(shownText("job.dialog.relabel.note").contains(message));
        QTRY_VERIFY(!shownText("job.dialog.preview.note").isEmpty());
        QCOMPARE(m_world->engine.previewedJobs.size(), asked);
        QCOMPARE(tree->model()->rowCount(), 3);
        click(m_dialog, "job.dialog.save");
        QVERIFY(m_world->engine.configs.empty());
        typeCell(rules, 0, 3, u"(.+)"_s);
        finishCell(rules);
        QVERIFY(cell.data(Qt::DecorationRole).isNull());
        QTRY_COMPARE(m_world->engine.previewedJobs.size(), asked + 1);
        QTRY_VERIFY(shownText("job.dialog.preview.note").isEmpty());
    }

    void rulesAreAddedDuplicatedMovedAndRemoved()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.relabel");
        rules->setCurrentIndex(rules->model()->index(1, 0));
        QTest::keyClick(rules, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(cell(rules, 0, 0), u"drop"_s);
        QCOMPARE(rules->currentIndex().row(), 0);
        click(m_dialog, "job.dialog.relabel.duplicate");
        QCOMPARE(rules->model()->rowCount(), 3);
        click(m_dialog, "job.dialog.relabel.down");
        QCOMPARE(cell(rules, 2, 0), u"drop"_s);
        rules->setCurrentIndex(rules->model()->index(0, 0));
        click(m_dialog, "job.dialog.relabel.remove");
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.relabel.up")->isEnabled());
        click(m_dialog, "job.dialog.relabel.add");
        typeCell(rules, 1, 5, u"team"_s);
        finishCell(rules);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& saved = m_world->engine.configs.back().scrapeConfigs.front().relabel;
        QCOMPARE(saved.size(), std::size_t(3));
        QCOMPARE(saved[1].targetLabel, std::string("team"));
    }

    void aRuleIsDraggedToItsPlace()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.relabel");
        QTRY_VERIFY(rules->isVisible());
        const std::unique_ptr<QMimeData> data(
            rules->model()->mimeData({rules->model()->index(1, 0)}));
        // What the view asks of its model when something is let go above the first row.
        QVERIFY(!rules->model()->dropMimeData(data.get(), Qt::MoveAction, 0, 0, {}));
        QCOMPARE(rules->model()->rowCount(), 2);
        QCOMPARE(cell(rules, 0, 0), u"drop"_s);
        QVERIFY(!rules->model()->dropMimeData(
            std::unique_ptr<QMimeData>(rules->model()->mimeData({rules->model()->index(0, 0)}))
                .get(),
            Qt::MoveAction, 2, 0, {}));
        QCOMPARE(cell(rules, 1, 0), u"drop"_s);
    }

    void seriesRulesAreTriedOnWhatATargetAnswered()
    {
        engine::TargetsSnapshot targets;
        targets.targets.resize(2);
        targets.targets[0].id = 7;
        targets.targets[0].job = "node";
        targets.targets[0].health = engine::Health::down;
        targets.targets[1].id = 8;
        targets.targets[1].job = "node";
        targets.targets[1].health = engine::Health::up;
        m_world->engine.publish(targets);
        m_world->engine.onInspectTarget = [](std::uint64_t) {
            engine::TargetDetail detail;
            detail.metricRelabelling.resize(2);
            detail.metricRelabelling[0].discovered = Labels{{"__name__", "up"}};
            detail.metricRelabelling[1].discovered = Labels{{"__name__", "go_gc"}};
            return Result<engine::TargetDetail>(detail);
        };
        QTRY_VERIFY(m_world->bridge->targets()->targets.size() == 2);
        open(nodeJob());
        tabs()->setCurrentIndex(relabelling);
        click(m_dialog, "job.dialog.relabel.series");
        auto* const tree = find<QTreeView>(m_dialog, "job.dialog.preview");
        QTRY_COMPARE(tree->model()->rowCount(), 2);
        QCOMPARE(m_world->engine.inspectedTargets, std::vector<std::uint64_t>{8});
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.metricRelabel");
        QVERIFY(rules->isVisible());
        click(m_dialog, "job.dialog.metricRelabel.add");
        auto* const model = rules->model();
        QVERIFY(model->setData(model->index(0, 0), u"drop"_s));
        typeCell(rules, 0, 1, u"__name__"_s);
        typeCell(rules, 0, 3, u"go_.*"_s);
        finishCell(rules);
        QTRY_COMPARE(tree->model()->index(1, 0).data().toString(), u"Dropped"_s);
        QCOMPARE(tree->model()->index(0, 0).data().toString(), u"Unchanged"_s);
        QCOMPARE(m_world->engine.inspectedTargets.size(), std::size_t(1));
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& saved = m_world->engine.configs.back().scrapeConfigs.front();
        QCOMPARE(saved.metricRelabel.front().action, RelabelAction::drop);
        QCOMPARE(saved.relabel, nodeJob().relabel);
    }
};

QTEST_MAIN(TestJobRelabel)
#include "tst_job_relabel.moc"
