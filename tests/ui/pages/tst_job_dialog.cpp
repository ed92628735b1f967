// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/job_dialog_fixture.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QMessageBox>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Drives the dialog as a person would. With WATCHFIRE_SHOTS=DIR every tab is saved there as PNG,
/// light and dark.
class TestJobDialog : public QObject, private JobDialogFixture {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init() { start(); }
    void cleanup() { stop(); }

    void faultsShowUnderTheirFieldsWhileTyping()
    {
        open(std::nullopt);
        QVERIFY(!m_dialog->isModal());
        auto* const note = find<QWidget>(m_dialog, "job.dialog.targets.note");
        QVERIFY2(!note->isVisible(), "nothing is wrong before something is typed");
        type(m_dialog, "job.dialog.targets", u"db2:9100/metrics"_s);
        QVERIFY(note->isVisible());
        type(m_dialog, "job.dialog.targets", u"db2:9100"_s);
        QVERIFY(!note->isVisible());
        type(m_dialog, "job.dialog.name", u"haproxy"_s);
        QVERIFY(find<QWidget>(m_dialog, "job.dialog.name.note")->isVisible());
        click(m_dialog, "job.dialog.save");
        QVERIFY(m_world->engine.configs.empty());
        QVERIFY(find<QLineEdit>(m_dialog, "job.dialog.name")->hasFocus());
    }

    void aFaultOnAnotherTabIsGoneTo()
    {
        open(std::nullopt);
        type(m_dialog, "job.dialog.name", u"db"_s);
        type(m_dialog, "job.dialog.targets", u"db2:9100"_s);
        tabs()->setCurrentIndex(limits);
        type(m_dialog, "job.dialog.sampleLimit", u"few"_s);
        tabs()->setCurrentIndex(basics);
        click(m_dialog, "job.dialog.save");
        QCOMPARE(tabs()->currentIndex(), int(limits));
        QVERIFY(find<QLineEdit>(m_dialog, "job.dialog.sampleLimit")->hasFocus());
    }

    void anUntouchedJobIsSavedAsItWas()
    {
        open(nodeJob());
        for (int i = 0; i < tabs()->count(); ++i) {
            tabs()->setCurrentIndex(i);
        }
        click(m_dialog, "job.dialog.save");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY2(m_world->engine.configs.empty(), "the forms give back what they were given");
    }

    void savingIsUndoneAsOneEdit()
    {
        open(std::nullopt);
        QSignalSpy saved(m_dialog, &JobDialog::saved);
        type(m_dialog, "job.dialog.name", u"db"_s);
        type(m_dialog, "job.dialog.targets", u"db2:9100, db3:9100"_s);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(saved.size(), 1);
        QTRY_VERIFY(m_dialog == nullptr);
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.back().jobName, std::string("db"));
        m_world->edits->stack().undo();
        QTRY_COMPARE(m_world->engine.config().config, world().config);
    }

    void secretsAreDotsAndStayUnlessTyped()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(security);
        auto* const password = find<QLineEdit>(m_dialog, "job.dialog.password");
        QVERIFY(password->isVisible());
        QCOMPARE(password->echoMode(), QLineEdit::Password);
        QVERIFY2(password->text().isEmpty(), "what is kept is not shown");
        auto* const place = find<QLabel>(m_dialog, "job.dialog.password.place");
        QCOMPARE(place->text(), u"Kept in: prometheus.yml"_s);
        type(m_dialog, "job.dialog.password", u"louder"_s);
        QVERIFY2(place->text().contains(u"secrets of this desktop"_s), qPrintable(place->text()));
        auto* const unsafe = find<QWidget>(m_dialog, "job.dialog.unsafe");
        QVERIFY(!unsafe->isVisible());
        click(m_dialog, "job.dialog.skipVerify");
        QVERIFY(unsafe->isVisible());
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& client = m_world->engine.configs.back().scrapeConfigs.front().client;
        QCOMPARE(std::get<BasicAuth>(client.auth).password.reveal(), std::string("louder"));
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.front().keptSecrets,
                 std::vector<std::string>{"basic_auth.password"});
        QVERIFY(client.tls.skipVerify);
    }

    void aSecretMayStandInAFile()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(security);
        find<QComboBox>(m_dialog, "job.dialog.auth")->setCurrentIndex(2);
        choose("job.dialog.token.from", 1);
        type(m_dialog, "job.dialog.token.file", u"run/token"_s);
        QVERIFY(find<QWidget>(m_dialog, "job.dialog.token.note")->isVisible());
        type(m_dialog, "job.dialog.token.file", u"/run/token"_s);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& client = m_world->engine.configs.back().scrapeConfigs.front().client;
        QCOMPARE(std::get<BearerAuth>(client.auth).tokenFile, std::string("/run/token"));
    }

    void aSourceHasSecurityOfItsOwn()
    {
        open(std::nullopt);
        type(m_dialog, "job.dialog.name", u"found"_s);
        click(m_dialog, "job.dialog.source.2");
        type(m_dialog, "job.dialog.http.url", u"https://inventory/"_s);
        click(m_dialog, "job.dialog.source.client");
        auto* const own = find<QWidget>(m_dialog, "source.client");
        QVERIFY(own != nullptr && own->isVisible());
        find<QComboBox>(own, "source.client.auth")->setCurrentIndex(2);
        QVERIFY2(find<QWidget>(m_dialog, "job.dialog.source.client.note")->isVisible(),
                 "the token is missing, and the button's note says so");
        type(own, "source.client.token", u"t"_s);
        const QString place = find<QLabel>(own, "source.client.token.place")->text();
        QVERIFY2(place.contains(u"secrets of this desktop"_s), qPrintable(place));
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.source.client.note")->isVisible());
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& job = m_world->engine.configs.back().scrapeConfigs.back();
        QVERIFY(std::holds_alternative<std::monostate>(job.client.auth));
        const auto& http = std::get<config::HttpDiscovery>(job.discoveries.front());
        QCOMPARE(std::get<BearerAuth>(http.client.auth).token.reveal(), std::string("t"));
        QCOMPARE(job.keptSecrets,
                 std::vector<std::string>{
                     "http_sd_configs[https://inventory/].authorization.credentials"});
    }

    void labelsBelongToTheirGroup()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(labels);
        choose("job.dialog.labelGroup", 1);
        auto* const table = find<QTableView>(m_dialog, "job.dialog.labels");
        QCOMPARE(cell(table, 0, 1), u"test"_s);
        click(m_dialog, "job.dialog.labels.add");
        typeCell(table, 1, 0, u"env"_s);
        QVERIFY2(find<QWidget>(m_dialog, "job.dialog.labels.note")->isVisible(), "it is there");
        typeCell(table, 1, 0, u"rack"_s);
        typeCell(table, 1, 1, u"b2"_s);
        finishCell(table);
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.labels.note")->isVisible());
        // A group more, and the labels stay with their group.
        click(m_dialog, "job.dialog.addGroup");
        QTRY_VERIFY(find<QLineEdit>(m_dialog, "job.dialog.targets.3") != nullptr);
        type(m_dialog, "job.dialog.targets.3", u"new:1"_s);
        click(m_dialog, "job.dialog.removeGroup.1");
        QTRY_VERIFY(find<QLineEdit>(m_dialog, "job.dialog.targets.3") == nullptr);
        click(m_dialog, "job.dialog.honorLabels");
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& job = m_world->engine.configs.back().scrapeConfigs.front();
        QCOMPARE(job.staticConfigs.size(), std::size_t(2));
        QCOMPARE(job.staticConfigs[0].labels, (Labels{{"env", "test"}, {"rack", "b2"}}));
        QCOMPARE(job.staticConfigs[1].targets, std::vector<std::string>{"new:1"});
        QVERIFY(job.honorLabels);
    }

    void sizesHaveUnits()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(limits);
        QCOMPARE(find<QLineEdit>(m_dialog, "job.dialog.seriesBudget")->text(), u"70000"_s);
        type(m_dialog, "job.dialog.bodySizeLimit", u"64"_s);
        find<QComboBox>(m_dialog, "job.dialog.bodySizeLimit.unit")->setCurrentIndex(1);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.front().bodySizeLimit,
                 std::uint64_t(64) * 1024);
    }

    void yamlAndFormsFollowEachOther()
    {
        config::ScrapeConfig job = nodeJob();
        open(job);
        auto* const text = find<QPlainTextEdit>(m_dialog, "job.dialog.yaml");
        tabs()->setCurrentIndex(yaml);
        QVERIFY(text->toPlainText().contains(u"job_name: node"_s));
        QVERIFY2(!text->toPlainText().contains(u"hush"_s), "secrets are hidden");
        replaceText(text, u"scheme: https"_s, u"scheme: http # for now"_s);
        QTRY_COMPARE(find<QComboBox>(m_dialog, "job.dialog.scheme")->currentText(), u"http"_s);
        // What the form changes comes into the text, and the comment stays.
        type(m_dialog, "job.dialog.name", u"nodes"_s);
        QVERIFY(text->toPlainText().contains(u"job_name: nodes"_s));
        QVERIFY2(text->toPlainText().contains(u"# for now"_s), qPrintable(text->toPlainText()));
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        job.jobName = "nodes";
        job.scheme = "http";
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.front(), job);
    }

    void aFaultInTheYamlMarksItsLine()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(yaml);
        auto* const text = find<QPlainTextEdit>(m_dialog, "job.dialog.yaml");
        const QString good = text->toPlainText();
        replaceText(text, u"scheme: https"_s, u"schema: https"_s);
        QTRY_VERIFY(shownText("job.dialog.yaml.note").contains(u"schema"_s));
        const int line = int(good.left(good.indexOf(u"scheme"_s)).count(u'\n')) + 1;
        QVERIFY2(shownText("job.dialog.yaml.note").startsWith(u"Line %1:"_s.arg(line)),
                 qPrintable(shownText("job.dialog.yaml.note")));
        QCOMPARE(text->extraSelections().size(), 1);
        QCOMPARE(text->extraSelections().front().cursor.blockNumber() + 1, line);
        QVERIFY2(!find<QWidget>(m_dialog, "job.dialog.name")->isEnabled(),
                 "two versions would be at odds");
        click(m_dialog, "job.dialog.save");
        QVERIFY(m_world->engine.configs.empty());
        click(m_dialog, "job.dialog.yaml.restore");
        QCOMPARE(text->toPlainText(), good);
        QVERIFY(text->extraSelections().isEmpty());
        QVERIFY(find<QWidget>(m_dialog, "job.dialog.name")->isEnabled());
    }

    void typedYamlIsReadBeforeSaving()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(yaml);
        replaceText(find<QPlainTextEdit>(m_dialog, "job.dialog.yaml"), u"scheme: https"_s,
                    u"scheme: http"_s);
        click(m_dialog, "job.dialog.save"); // before the pause in typing is over
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.front().scheme, std::string("http"));
    }

    void testScrapeTellsPhasesAndTheServersWords()
    {
        m_world->engine.onTestScrape = [](const config::ScrapeConfig&) {
            engine::ScrapeTest test;
            test.url = "https://db1:9100/metrics";
            test.status = 401;
            test.error = "401 Unauthorized: <b>token</b> expired";
            test.timings = {1ms, 2ms, 3ms, 4ms, 10ms};
            return Result<engine::ScrapeTest>(test);
        };
        open(nodeJob());
        click(m_dialog, "job.dialog.test");
        auto* const outcome = find<QLabel>(m_dialog, "job.dialog.outcome");
        QTRY_COMPARE(outcome->text(), u"401 Unauthorized: <b>token</b> expired"_s);
        QCOMPARE(outcome->textFormat(), Qt::PlainText);
        const QString phases = find<QWidget>(m_dialog, "job.dialog.phases")->accessibleName();
        QVERIFY2(phases.contains(u"TLS 3"_s), qPrintable(phases));
        QVERIFY(phases.contains(u"parse not reached"_s));
        QCOMPARE(m_world->engine.testedJobs.back(), nodeJob());
    }

    void testScrapeShowsTheOffendingLineInTheAnswer()
    {
        m_world->engine.onTestScrape = [](const config::ScrapeConfig&) {
            engine::ScrapeTest test;
            test.url = "http://db1:9100/metrics";
            test.status = 200;
            test.error = "line 2: duplicate node_foo{cpu=\"0\"}";
            test.errorLine = 2;
            test.badLine = "node_foo{cpu=\"0\"} 1";
            test.bodyStart = "node_foo{cpu=\"0\"} 0\nnode_foo{cpu=\"0\"} 1\n";
            return Result<engine::ScrapeTest>(test);
        };
        open(nodeJob());
        click(m_dialog, "job.dialog.test");
        QTRY_VERIFY(find<QLabel>(m_dialog, "job.dialog.detail")->text().contains(u"line 2"_s));
        click(m_dialog, "job.dialog.answer");
        auto* const text = find<QPlainTextEdit>(m_dialog, "job.answer.text");
        QCOMPARE(text->extraSelections().size(), 1);
        QCOMPARE(text->textCursor().blockNumber(), 1);
    }

    void aHangingTestIsCancelledAtOnce()
    {
        open(nodeJob());
        m_world->engine.hold = true;
        click(m_dialog, "job.dialog.test");
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.test")->isEnabled());
        auto* const phases = find<QWidget>(m_dialog, "job.dialog.phases");
        QVERIFY(phases->isVisible());
        QCOMPARE(phases->accessibleName(), u"resolve, connect, TLS, first byte, parse"_s);
        auto* const outcome = find<QLabel>(m_dialog, "job.dialog.outcome");
        static const QRegularExpression running(u"^Running, \\d+\\.\\d\u00a0s$"_s);
        const QString first = outcome->text();
        QVERIFY2(running.match(first).hasMatch(), qPrintable(first));
        QTRY_VERIFY2(outcome->text() != first, "it tells how long");
        QVERIFY2(running.match(outcome->text()).hasMatch(), qPrintable(outcome->text()));
        QElapsedTimer timer;
        timer.start();
        click(m_dialog, "job.dialog.cancelTest");
        QVERIFY2(find<QWidget>(m_dialog, "job.dialog.test")->isEnabled(), "without waiting");
        QVERIFY(timer.elapsed() <= 100);
        QVERIFY(!phases->isVisible());
        QCOMPARE(outcome->text(), u"The test was cancelled."_s);
        QCOMPARE(m_world->engine.cancelled(), std::size_t(1));
    }

    void aRunningTestTellsWhereItIs()
    {
        open(nodeJob());
        m_world->engine.hold = true;
        click(m_dialog, "job.dialog.test");
        engine::ScrapeTest soFar;
        soFar.url = "https://10.0.0.7:9100/metrics";
        soFar.timings = {.connect = 2ms, .tls = 3ms};
        soFar.phase = HttpPhase::firstByte;
        m_world->engine.testProgress(soFar);
        auto* const phases = find<QWidget>(m_dialog, "job.dialog.phases");
        QTRY_COMPARE(phases->accessibleName(),
                     u"resolve not needed, connect 2 ms, TLS 3 ms, first byte …, parse"_s.replace(
                         u" ms"_s, u"\u00a0ms"_s));
        QCOMPARE(find<QLabel>(m_dialog, "job.dialog.url")->text(),
                 u"https://10.0.0.7:9100/metrics"_s);
        click(m_dialog, "job.dialog.cancelTest");
        m_world->engine.testProgress(soFar);
        QCoreApplication::processEvents();
        QVERIFY2(!phases->isVisible(), "what is cancelled tells no more");
    }

    void cancelAsksOnceWhereSomethingWasChanged()
    {
        open(nodeJob());
        tabs()->setCurrentIndex(yaml);
        click(m_dialog, "job.dialog.cancel");
        QTRY_VERIFY2(m_dialog == nullptr, "nothing was changed: nothing is asked");
        open(nodeJob());
        type(m_dialog, "job.dialog.interval", u"30s"_s);
        QTest::keyClick(m_dialog, Qt::Key_Escape);
        QTRY_VERIFY(find<QMessageBox>(m_dialog, "job.dialog.question") != nullptr);
        QTest::keyClick(m_dialog, Qt::Key_Escape);
        QCOMPARE(m_dialog->findChildren<QMessageBox*>().size(), 1);
        click(m_dialog, "job.dialog.keepEditing");
        QTRY_VERIFY(find<QMessageBox>(m_dialog, "job.dialog.question") == nullptr);
        QVERIFY(m_dialog->isVisible());
        // As it was: there is nothing to lose again.
        type(m_dialog, "job.dialog.interval", u"15s"_s);
        type(m_dialog, "job.dialog.interval", u"45s"_s);
        m_dialog->close();
        QTRY_VERIFY(find<QMessageBox>(m_dialog, "job.dialog.question") != nullptr);
        click(m_dialog, "job.dialog.discard");
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(m_world->engine.configs.empty());
    }

    void changesAreShownBeforeTheyAreMade()
    {
        open(nodeJob());
        type(m_dialog, "job.dialog.interval", u"30s"_s);
        type(m_dialog, "job.dialog.timeout", u"20s"_s);
        click(m_dialog, "job.dialog.changes");
        auto* const text = find<QPlainTextEdit>(m_dialog, "job.changes.text");
        QVERIFY2(text->toPlainText().contains(u"+ scrape_interval: 30s"_s),
                 qPrintable(text->toPlainText()));
        QVERIFY(text->toPlainText().contains(u"+ scrape_timeout: 20s"_s));
        QVERIFY(!text->toPlainText().contains(u"hush"_s));
        QVERIFY(m_world->engine.configs.empty());
    }

    void aCopyIsAJobOfItsOwn()
    {
        m_dialog = JobDialog::copyOf(*m_world->context, nodeJob(), nullptr);
        m_dialog->show();
        QCOMPARE(find<QLineEdit>(m_dialog, "job.dialog.name")->text(), u"node-2"_s);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& jobs = m_world->engine.configs.back().scrapeConfigs;
        QCOMPARE(jobs.size(), std::size_t(3));
        QCOMPARE(jobs[0], nodeJob());
        QCOMPARE(jobs[2].jobName, std::string("node-2"));
        QCOMPARE(jobs[2].client, nodeJob().client);
    }

    void aJobThatChangedMeanwhileIsSaidSo()
    {
        open(nodeJob());
        engine::ConfigSnapshot changed = world();
        changed.config.scrapeConfigs.front().sampleLimit = 9;
        m_world->engine.publish(changed);
        QTRY_VERIFY(shownText("job.dialog.refused").contains(u"meanwhile"_s));
    }

    void aRefusedJobKeepsTheDialog()
    {
        m_world->engine.onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "prometheus.yml: the file system is read-only");
        };
        open(nodeJob());
        type(m_dialog, "job.dialog.interval", u"30s"_s);
        click(m_dialog, "job.dialog.save");
        QTRY_VERIFY(shownText("job.dialog.refused").contains(u"read-only"_s));
        QVERIFY(m_dialog->isVisible());
        QCOMPARE(m_world->edits->stack().count(), 0);
    }

    void everyControlHasNames()
    {
        open(nodeJob());
        for (int i = 0; i < tabs()->count(); ++i) {
            tabs()->setCurrentIndex(i);
            const QStringList unnamed = unnamedControls(m_dialog);
            QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
        }
        for (int kind = int(SourceKind::file); kind <= int(SourceKind::kubernetes); ++kind) {
            click(m_dialog, "job.dialog.source.add");
            click(m_dialog, u"job.dialog.source.%1"_s.arg(kind).toLatin1().constData());
            const QStringList unnamed = unnamedControls(m_dialog);
            QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
        }
    }

    void tabGoesFromTopToBottom()
    {
        open(nodeJob());
        auto* const name = find<QLineEdit>(m_dialog, "job.dialog.name");
        name->setFocus();
        QStringList order;
        QWidget* at = name;
        do {
            order << at->objectName();
            QTest::keyClick(at, Qt::Key_Tab);
            at = QApplication::focusWidget();
            QVERIFY(at != nullptr);
        } while (at != name && order.size() < 60);
        const QStringList wanted{
            u"job.dialog.name"_s,     u"job.dialog.targets"_s,    u"job.dialog.targets.2"_s,
            u"job.dialog.interval"_s, u"job.dialog.timeout"_s,    u"job.dialog.scheme"_s,
            u"job.dialog.path"_s,     u"job.dialog.parameters"_s, u"job.dialog.test"_s,
            u"job.dialog.cancel"_s,   u"job.dialog.save"_s};
        QList<qsizetype> places;
        for (const QString& each : wanted) {
            QVERIFY2(order.contains(each), qPrintable(each + u" in "_s + order.join(u' ')));
            places << order.indexOf(each);
        }
        QVERIFY2(std::ranges::is_sorted(places), qPrintable(order.join(u' ')));
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save every tab as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            const QString suffix = mode == theme::Mode::dark ? u"-dark.png"_s : u"-light.png"_s;
            const auto shoot = [&](const QString& name, QWidget* what = nullptr) {
                QTest::qWait(120);
                QVERIFY((what != nullptr ? what : m_dialog.data())
                            ->grab()
                            .save(into + u'/' + name + suffix));
            };
            shootJob(shoot);
            shootSources(shoot);
        }
    }

private:
    template <class Shoot> void shootJob(const Shoot& shoot)
    {
        engine::TargetsSnapshot targets;
        targets.targets.resize(1);
        targets.targets[0].job = "node";
        targets.targets[0].health = engine::Health::up;
        m_world->engine.publish(targets);
        config::ScrapeConfig job = nodeJob();
        job.client.headers = {{"X-Tenant", {"ops"}, {Secret("s")}, {"/etc/h"}}};
        open(job);
        const char* const names[]{"basics", "security", "labels", "relabel", "limits", "yaml"};
        for (const QSize size : {QSize(1100, 740), QSize(800, 560)}) {
            m_dialog->resize(size);
            for (int i = 0; i < tabs()->count(); ++i) {
                tabs()->setCurrentIndex(i);
                if (i == relabelling) {
                    auto* const tree = find<QTreeView>(m_dialog, "job.dialog.preview");
                    QTRY_COMPARE(tree->model()->rowCount(), 3);
                    tree->setCurrentIndex(tree->model()->index(0, 0));
                }
                shoot(u"job-%1-%2"_s.arg(QString::fromLatin1(names[i])).arg(m_dialog->width()));
            }
        }
        tabs()->setCurrentIndex(relabelling);
        m_dialog->resize(760, 740);
        shoot(u"job-relabel-narrow"_s);
        m_dialog->resize(1100, 740);
        tabs()->setCurrentIndex(relabelling);
        auto* const rules = find<QTableView>(m_dialog, "job.dialog.relabel");
        typeCell(rules, 0, 3, u"(.+"_s);
        finishCell(rules);
        shoot(u"job-relabel-fault"_s);
        typeCell(rules, 0, 3, u"(.+)"_s);
        finishCell(rules);
        tabs()->setCurrentIndex(yaml);
        replaceText(find<QPlainTextEdit>(m_dialog, "job.dialog.yaml"), u"scheme: https"_s,
                    u"schema: https"_s);
        QTRY_VERIFY(!shownText("job.dialog.yaml.note").isEmpty());
        shoot(u"job-yaml-fault"_s);
        click(m_dialog, "job.dialog.yaml.restore");
        tabs()->setCurrentIndex(security);
        find<QComboBox>(m_dialog, "job.dialog.auth")->setCurrentIndex(3);
        click(m_dialog, "job.dialog.skipVerify");
        type(m_dialog, "job.dialog.tokenUrl", u"nowhere"_s);
        shoot(u"job-security-oauth"_s);
        click(m_dialog, "job.dialog.skipVerify");
        find<QComboBox>(m_dialog, "job.dialog.auth")->setCurrentIndex(1);
        auto* const area
            = qobject_cast<QScrollArea*>(tabs()->currentWidget()->findChild<QScrollArea*>());
        area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
        shoot(u"job-security-end"_s);
        tabs()->setCurrentIndex(basics);
        m_world->engine.onTestScrape = [](const config::ScrapeConfig&) {
            engine::ScrapeTest test;
            test.url = "https://db1:9100/metrics";
            test.status = 200;
            test.timings = {400us, 1200us, 5ms, 3ms, 11ms};
            test.error = "line 812: duplicate node_foo{cpu=\"0\"}";
            test.errorLine = 812;
            test.badLine = "node_foo{cpu=\"0\"} 1";
            for (int i = 1; i < 900; ++i) {
                test.bodyStart += "node_foo{cpu=\"" + std::to_string(i) + "\"} 1\n";
            }
            return Result<engine::ScrapeTest>(test);
        };
        click(m_dialog, "job.dialog.test");
        QTRY_VERIFY(find<QWidget>(m_dialog, "job.dialog.answer")->isVisible());
        shoot(u"job-test"_s);
        click(m_dialog, "job.dialog.answer");
        shoot(u"job-answer"_s, find<QWidget>(m_dialog, "job.answer"));
        type(m_dialog, "job.dialog.interval", u"30s"_s);
        click(m_dialog, "job.dialog.changes");
        shoot(u"job-changes"_s, find<QWidget>(m_dialog, "job.changes"));
        delete m_dialog;
    }
    template <class Shoot> void shootSources(const Shoot& shoot)
    {
        open(std::nullopt);
        click(m_dialog, "job.dialog.save");
        shoot(u"job-new-faults"_s);
        for (int kind = int(SourceKind::file); kind <= int(SourceKind::kubernetes); ++kind) {
            click(m_dialog, u"job.dialog.source.%1"_s.arg(kind).toLatin1().constData());
            shoot(u"job-source-%1"_s.arg(kind));
        }
        click(m_dialog, "job.dialog.kubernetes.more");
        m_dialog->resize(800, 560);
        shoot(u"job-small"_s);
        click(m_dialog, "job.dialog.source.client");
        shoot(u"job-source-client"_s, find<QWidget>(m_dialog, "source.client"));
        delete m_dialog;
    }
};

QTEST_MAIN(TestJobDialog)
#include "tst_job_dialog.moc"
