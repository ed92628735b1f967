// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/pages/import_dialog.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QDir>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::ScrapeConfig job(const std::string& name, const std::string& target)
{
    config::ScrapeConfig made;
    made.jobName = name;
    made.scrapeInterval = 15s;
    made.staticConfigs = {{{target}, {}, "0"}};
    return made;
}

engine::ConfigSnapshot ours()
{
    engine::ConfigSnapshot snapshot;
    snapshot.config.scrapeConfigs = {job("node", "a:1")};
    return snapshot;
}

engine::ImportPreview theirs()
{
    engine::ImportPreview preview;
    preview.config.global.evaluationInterval = 30s;
    preview.config.retention.time = 360h;
    preview.config.scrapeConfigs = {job("node", "b:1"), job("db", "c:1"), job("edge", "d:1")};
    preview.config.scrapeConfigs[1].discoveries = {config::DnsDiscovery{}};
    config::RuleGroupConfig group;
    group.name = "disk";
    group.file = "/etc/prometheus/rules/disk.yml";
    group.rules.resize(3);
    preview.config.ruleGroups = {group};
    preview.config.alertmanager.receivers.assign(1, {});
    preview.config.alertmanager.receivers[0].name = "ops";
    preview.config.alertmanager.receivers[0].webhooks.emplace_back().url.text
        = watchfire::Secret("https://hook");
    preview.config.alertmanager.route.receiver = "ops";
    preview.losses = {
        {"/etc/prometheus/prometheus.yml", 12, 1,
         "remote_write is not done yet: samples are kept in this store only"},
        {"/etc/prometheus/prometheus.yml", 31, 3,
         "Watchfire does not discover targets by EC2: run a bridge of that mechanism that serves "
         "them as JSON and name its address in http_sd_configs"},
        {"/etc/prometheus/alertmanager.yml", 4, 5, "cluster is about Alertmanager's own work"},
    };
    return preview;
}

} // namespace

/// Drives the dialog as a person would. With WATCHFIRE_SHOTS=DIR it is saved there as PNG.
class TestImportDialog : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init()
    {
        m_world = std::make_unique<DialogWorld>(ours());
        m_world->engine.onInspectImport
            = [](const std::string&) { return Result<engine::ImportPreview>(theirs()); };
        QTRY_VERIFY(m_world->bridge->hasConfig());
        m_dialog = new ImportDialog(*m_world->context, nullptr);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    void cleanup()
    {
        delete m_dialog;
        m_world.reset();
    }

    void everyLossIsToldBeforeAnythingChanges()
    {
        QVERIFY(!m_dialog->isModal());
        QVERIFY(!importButton()->isEnabled());
        read();
        auto* const losses = find<QTreeWidget>(m_dialog, "import.dialog.losses");
        QTRY_COMPARE(losses->topLevelItemCount(), 3);
        const auto expected = theirs().losses;
        for (int i = 0; i < 3; ++i) {
            const auto& loss = expected[std::size_t(i)];
            const QTreeWidgetItem* const row = losses->topLevelItem(i);
            QVERIFY(QString::fromStdString(loss.message).startsWith(row->text(0)));
            QVERIFY(row->text(1).contains(u":%1:%2"_s.arg(loss.line).arg(loss.column)));
            QVERIFY(!row->text(2).isEmpty());
            QVERIFY(!row->icon(0).isNull());
        }
        click(m_dialog, "import.dialog.cancel");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(m_world->engine.configs.empty());
        QCOMPARE(m_world->engine.config().config, ours().config);
    }

    void whatIsCheckedIsImportedAndUndoneAsOne()
    {
        read();
        QTRY_VERIFY(importButton()->isEnabled());
        row(u"edge"_s)->setCheckState(0, Qt::Unchecked);
        QVERIFY2(row(u"node"_s)->checkState(0) == Qt::Unchecked, "its name is taken");
        click(m_dialog, "import.dialog.import");
        QTRY_VERIFY(m_dialog == nullptr);
        const auto& now = m_world->engine.config().config;
        QCOMPARE(now.scrapeConfigs.size(), std::size_t(2));
        QCOMPARE(now.scrapeConfigs[0], ours().config.scrapeConfigs[0]);
        QCOMPARE(now.scrapeConfigs[1].jobName, std::string("db"));
        QCOMPARE(now.ruleGroups.size(), std::size_t(1));
        QCOMPARE(m_world->edits->stack().count(), 1);
        m_world->edits->stack().undo();
        QTRY_COMPARE(m_world->engine.config().config, ours().config);
    }

    void aTakenNameIsRenamedOrReplaced()
    {
        read();
        QTRY_VERIFY(importButton()->isEnabled());
        QTreeWidgetItem* const node = row(u"node"_s);
        auto* const choice = qobject_cast<QComboBox*>(tree()->itemWidget(node, 2));
        auto* const name = tree()->itemWidget(node, 3)->findChild<QLineEdit*>();
        QCOMPARE(choice->currentText(), u"Skip"_s);
        QVERIFY(!name->isVisible());
        node->setCheckState(0, Qt::Checked);
        QCOMPARE(choice->currentText(), u"Rename"_s);
        QVERIFY(name->isVisible());
        QCOMPARE(name->text(), u"node-2"_s);
        name->selectAll();
        QTest::keyClicks(name, u"db"_s);
        QVERIFY2(!importButton()->isEnabled(), "that name is imported already");
        QVERIFY(find<QWidget>(m_dialog, "import.dialog.note")->isVisible());
        choice->setCurrentIndex(2);
        QVERIFY(importButton()->isEnabled());
        click(m_dialog, "import.dialog.import");
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(m_world->engine.config().config.scrapeConfigs[0].staticConfigs[0].targets[0],
                 std::string("b:1"));
    }

    void aSectionIsCheckedAsAWhole()
    {
        read();
        QTRY_VERIFY(importButton()->isEnabled());
        QTreeWidgetItem* const jobs = row(u"edge"_s)->parent();
        jobs->setCheckState(0, Qt::Unchecked);
        QCOMPARE(row(u"db"_s)->checkState(0), Qt::Unchecked);
        row(u"disk"_s)->setCheckState(0, Qt::Unchecked);
        row(u"Routes"_s)->setCheckState(0, Qt::Unchecked);
        row(u"ops"_s)->setCheckState(0, Qt::Unchecked);
        QVERIFY2(!importButton()->isEnabled(), "nothing is left");
        jobs->setCheckState(0, Qt::Checked);
        QCOMPARE(importButton()->text(), u"Import 3 things"_s);
    }

    void faultsOfTheFileStopIt()
    {
        m_world->engine.onInspectImport = [](const std::string&) {
            engine::ImportPreview preview;
            preview.faults = {{"/p.yml", 3, 1, "unknown key scrape_confs"}};
            return Result<engine::ImportPreview>(preview);
        };
        read();
        auto* const losses = find<QTreeWidget>(m_dialog, "import.dialog.losses");
        QTRY_COMPARE(losses->topLevelItemCount(), 1);
        QCOMPARE(losses->topLevelItem(0)->text(1), u"/p.yml:3:1"_s);
        QVERIFY(!importButton()->isEnabled());
        QCOMPARE(tree()->topLevelItemCount(), 0);
    }

    void aFileThatCannotBeReadIsSaidSo()
    {
        m_world->engine.onInspectImport = [](const std::string&) {
            return Result<engine::ImportPreview>(
                fail(ErrorKind::notFound, "/nowhere.yml does not exist"));
        };
        type(m_dialog, "import.dialog.file", u"nowhere.yml"_s);
        click(m_dialog, "import.dialog.read");
        auto* const note = find<QWidget>(m_dialog, "import.dialog.file.note");
        QVERIFY2(note->isVisible() && m_world->engine.inspectedImports.empty(), "half a path");
        read();
        QTRY_COMPARE(note->accessibleName(), u"/nowhere.yml does not exist"_s);
    }

    void everyControlHasNames()
    {
        read();
        QTRY_VERIFY(importButton()->isEnabled());
        row(u"node"_s)->setCheckState(0, Qt::Checked);
        const QStringList unnamed = unnamedControls(m_dialog);
        QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the dialog as PNG");
        }
        QDir().mkpath(into);
        read();
        QTRY_VERIFY(importButton()->isEnabled());
        row(u"node"_s)->setCheckState(0, Qt::Checked);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            for (const QSize size : {QSize(900, 640), QSize(800, 560)}) {
                m_dialog->resize(size);
                QTest::qWait(120);
                QVERIFY(m_dialog->grab().save(u"%1/import-%2-%3.png"_s.arg(
                    into, QString::number(m_dialog->width()),
                    mode == theme::Mode::dark ? u"dark"_s : u"light"_s)));
            }
        }
    }

private:
    void read() const
    {
        type(m_dialog, "import.dialog.file", u"/etc/prometheus/prometheus.yml"_s);
        click(m_dialog, "import.dialog.read");
    }
    QTreeWidget* tree() const { return find<QTreeWidget>(m_dialog, "import.dialog.tree"); }
    QPushButton* importButton() const
    {
        return find<QPushButton>(m_dialog, "import.dialog.import");
    }
    QTreeWidgetItem* row(const QString& name) const
    {
        const auto found = tree()->findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
        if (found.isEmpty()) {
            qFatal("no such row");
        }
        return found.front();
    }

    std::unique_ptr<DialogWorld> m_world;
    QPointer<ImportDialog> m_dialog;
};

QTEST_MAIN(TestImportDialog)
#include "tst_import_dialog.moc"
