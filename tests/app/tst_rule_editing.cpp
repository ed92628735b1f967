// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <memory>

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTreeView>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int patienceMs = 20'000;

} // namespace

/// Rules written, tried out, tested and imported in the window of the whole program.
class TestRuleEditing : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<Program> m_program;

    template <class W> W* find(const char* name) { return m_program->find<W>(name); }
    const config::Config& config() { return m_program->bridge().config()->config; }
    QString text(const char* name)
    {
        auto* const label = find<QLabel>(name);
        return label != nullptr ? label->text() : QString();
    }

    void start(const QByteArray& config)
    {
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s, config));
        QCOMPARE(m_program->start(), QString());
        QVERIFY(m_program->window().openPage(u"rules"_s));
        QTRY_VERIFY_WITH_TIMEOUT(m_program->bridge().hasConfig(), patienceMs);
    }
    void undo()
    {
        auto* const action = m_program->window().findChild<QAction*>(u"menu.undo"_s);
        QTRY_VERIFY(action->isEnabled());
        action->trigger();
    }
    void setText(const char* name, const QString& text)
    {
        auto* const edit = find<QPlainTextEdit>(name);
        QVERIFY2(edit != nullptr, name);
        edit->setFocus();
        edit->selectAll();
        edit->insertPlainText(text);
    }

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_profile->path());
    }
    void cleanup()
    {
        m_program.reset();
        m_profile.reset();
    }

    /// Banner, file, what is in force, and back.
    void starterRulesAreAddedAndUndone()
    {
        start("global: {scrape_interval: 1s}\n");
        const config::Config before = config();
        QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("rules.starter")->isVisible(), patienceMs);
        QVERIFY(m_program->click("rules.starter.addAll"));
        QTRY_COMPARE_WITH_TIMEOUT(config().ruleGroups.size(), std::size_t(1), patienceMs);
        QVERIFY2(m_program->readConfig(u"rules/watchfire.yml"_s).contains("alert: DiskFillingUp"),
                 "they stand in a file as any rule");
        auto* const tree = find<QTreeView>("rules.tree");
        QTRY_COMPARE_WITH_TIMEOUT(tree->model()->rowCount(), 1, patienceMs);
        QCOMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 6);
        QVERIFY(!find<QWidget>("rules.starter")->isVisible());
        undo();
        QTRY_VERIFY_WITH_TIMEOUT(config().ruleGroups.empty(), patienceMs);
        QVERIFY2(config() == before, "the pattern that found the new file is gone, too");
    }

    /// The engine's own answer: state machine, templates and findings over what is collected.
    void whatANewRuleWouldHaveDoneIsShown()
    {
        ServedMetrics target("load 7\n");
        start("global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
              "scrape_configs:\n- job_name: shop\n  static_configs: [{targets: ['"
              + target.address().toUtf8() + "']}]\n");
        // Some turns of rules lie behind it: a backtest looks at the past.
        QTRY_VERIFY_WITH_TIMEOUT(m_program->valueOf("count_over_time(load[1m])").value_or(0) >= 4,
                                 patienceMs);
        QVERIFY(m_program->click("rules.add"));
        QTRY_VERIFY(find<QWidget>("rule.dialog") != nullptr);
        QVERIFY(m_program->type("rule.dialog.name", u"Loaded"_s));
        QVERIFY(m_program->type("rule.dialog.for", u"0s"_s));
        QVERIFY(
            m_program->type("rule.dialog.summary", u"{{ $labels.job }} has load {{ $value }}"_s));
        setText("rule.dialog.expr", u"load > 5"_s);
        QTRY_VERIFY2_WITH_TIMEOUT(text("rule.dialog.verdict").startsWith(u"Would have fired 1×"_s),
                                  qPrintable(text("rule.dialog.verdict")), patienceMs);
        auto* const examples = find<QTreeWidget>("rule.dialog.examples");
        QTRY_VERIFY_WITH_TIMEOUT(examples->topLevelItemCount() == 1
                                     && examples->topLevelItem(0)->childCount() == 1,
                                 patienceMs);
        QCOMPARE(examples->topLevelItem(0)->child(0)->text(1), u"shop has load 7"_s);
        QVERIFY(m_program->type("rule.dialog.threshold", u"50"_s));
        QTRY_COMPARE_WITH_TIMEOUT(text("rule.dialog.verdict"), u"Would not have fired"_s,
                                  patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(text("rule.dialog.preview").startsWith(u"Holds for nothing now"_s),
                                 patienceMs);
        QCOMPARE(examples->topLevelItem(0)->child(0)->text(1), u"shop has load 7"_s);
        setText("rule.dialog.expr", u"lode > 5"_s);
        QTRY_VERIFY_WITH_TIMEOUT(text("rule.dialog.finding.0").contains(u"lode"_s), patienceMs);
    }

    void unitTestsOfARuleRunInPlace()
    {
        start("global: {scrape_interval: 1s}\n");
        QVERIFY(m_program->click("rules.add"));
        QTRY_VERIFY(find<QWidget>("rule.dialog") != nullptr);
        QVERIFY(m_program->type("rule.dialog.name", u"Down"_s));
        setText("rule.dialog.expr", u"up == 0"_s);
        QTRY_VERIFY(
            find<QPlainTextEdit>("rule.dialog.tests")->toPlainText().contains(u"series: 'up'"_s));
        auto* const tabs = find<QTabWidget>("rule.dialog.tabs");
        tabs->setCurrentIndex(2);
        QVERIFY(m_program->click("rule.dialog.tests.run"));
        QTRY_COMPARE_WITH_TIMEOUT(text("rule.dialog.tests.outcome"), u"0 of 1 passed"_s,
                                  patienceMs);
        setText("rule.dialog.tests",
                find<QPlainTextEdit>("rule.dialog.tests")
                    ->toPlainText()
                    .replace(u"exp_labels: {}"_s, u"exp_labels: {severity: warning}"_s));
        QVERIFY(m_program->click("rule.dialog.tests.run"));
        QTRY_COMPARE_WITH_TIMEOUT(text("rule.dialog.tests.outcome"), u"1 of 1 passed"_s,
                                  patienceMs);
    }

    void aRuleFileIsImportedWithWhatItLoses()
    {
        start("global: {scrape_interval: 1s}\n");
        const config::Config before = config();
        QFile file(m_profile->filePath(u"theirs.yml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("groups:\n- name: theirs\n  interval: 30s\n  rules:\n"
                   "  - {alert: TheirsDown, expr: 'up == 0', for: 5m}\n");
        file.close();
        QAction* const import = m_program->window().findChild<QAction*>(u"rules.more.import"_s);
        QVERIFY(import != nullptr);
        import->trigger();
        QTRY_VERIFY(find<QWidget>("import.dialog") != nullptr);
        QVERIFY(m_program->type("import.dialog.file", file.fileName()));
        QVERIFY(m_program->click("import.dialog.read"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("import.dialog.import")->isEnabled(),
                                 patienceMs);
        QVERIFY(m_program->click("import.dialog.import"));
        QTRY_COMPARE_WITH_TIMEOUT(config().ruleGroups.size(), std::size_t(1), patienceMs);
        QCOMPARE(config().ruleGroups[0].rules[0].alert, std::string("TheirsDown"));
        QTRY_VERIFY(find<QWidget>("import.dialog") == nullptr);
        undo();
        QTRY_VERIFY_WITH_TIMEOUT(config().ruleGroups.empty(), patienceMs);
        // The pattern that finds the file of new groups was added, and may stay.
        config::Config now = config();
        now.ruleFiles = before.ruleFiles;
        QVERIFY(now == before);
    }
};

QTEST_MAIN(TestRuleEditing)
#include "tst_rule_editing.moc"
