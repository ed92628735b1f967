// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pages/job_dialog_fixture.h"

#include <QComboBox>
#include <QDir>
#include <QFile>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Where a job's targets come from, in the Job dialog.
class TestJobSource : public QObject, private JobDialogFixture {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }
    void init() { start(); }
    void cleanup() { stop(); }

    void eachKindOfSourceIsAForm_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("bad");
        QTest::addColumn<QString>("good");
        QTest::newRow("file") << int(SourceKind::file) << "job.dialog.file.files"_ba << u"a.json"_s
                              << u"/a/*.json"_s;
        QTest::newRow("HTTP") << int(SourceKind::http) << "job.dialog.http.url"_ba << u"inventory"_s
                              << u"https://inventory/"_s;
        QTest::newRow("DNS") << int(SourceKind::dns) << "job.dialog.dns.names"_ba << u" "_s
                             << u"_m._tcp.example.org"_s;
        QTest::newRow("Docker") << int(SourceKind::docker) << "job.dialog.docker.host"_ba
                                << u"here"_s << u"unix:///var/run/docker.sock"_s;
        QTest::newRow("Consul") << int(SourceKind::consul) << "job.dialog.consul.refresh"_ba
                                << u"often"_s << u"10s"_s;
        QTest::newRow("Kubernetes")
            << int(SourceKind::kubernetes) << "job.dialog.kubernetes.apiServer"_ba << u"k8s"_s
            << u"https://k8s:6443"_s;
    }
    void eachKindOfSourceIsAForm()
    {
        QFETCH(int, kind);
        QFETCH(QByteArray, field);
        QFETCH(QString, bad);
        QFETCH(QString, good);
        open(std::nullopt);
        type(m_dialog, "job.dialog.name", u"found"_s);
        type(m_dialog, "job.dialog.targets", u"left:1"_s);
        click(m_dialog, u"job.dialog.source.%1"_s.arg(kind).toLatin1().constData());
        QVERIFY(!find<QLineEdit>(m_dialog, "job.dialog.targets")->isVisible());
        type(m_dialog, field.constData(), bad);
        QVERIFY(find<QWidget>(m_dialog, (field + ".note").constData())->isVisible());
        type(m_dialog, field.constData(), good);
        QVERIFY(!find<QWidget>(m_dialog, (field + ".note").constData())->isVisible());
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& job = m_world->engine.configs.back().scrapeConfigs.back();
        QVERIFY2(job.staticConfigs.empty(), "the source is another now");
        QCOMPARE(job.discoveries.size(), std::size_t(1));
        QCOMPARE(int(kindOf(job.discoveries.front())), kind);
    }

    void aChangeOfMindBringsTheTargetsBack()
    {
        open(std::nullopt);
        type(m_dialog, "job.dialog.targets", u"left:1"_s);
        click(m_dialog, "job.dialog.source.2");
        click(m_dialog, "job.dialog.source.0");
        QCOMPARE(find<QLineEdit>(m_dialog, "job.dialog.targets")->text(), u"left:1"_s);
    }

    void sourcesThatAreNotShownStay()
    {
        open(nodeJob());
        auto* const others = find<QLabel>(m_dialog, "job.dialog.source.others");
        QVERIFY(others->isVisible());
        QVERIFY2(others->text().contains(u"2 more"_s), qPrintable(others->text()));
        type(m_dialog, "job.dialog.targets", u"db1:9100"_s);
        // Those that Watchfire does not do can be looked at, not changed.
        auto* const list = find<QComboBox>(m_dialog, "job.dialog.source.list");
        list->setCurrentIndex(2);
        emit list->activated(2);
        QVERIFY(find<QLabel>(m_dialog, "job.dialog.source.foreign")
                    ->text()
                    .contains(u"ec2_sd_configs"_s));
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.source.remove")->isEnabled());
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        config::ScrapeConfig wanted = nodeJob();
        wanted.staticConfigs[0].targets = {"db1:9100"};
        QCOMPARE(m_world->engine.configs.back().scrapeConfigs.front(), wanted);
    }

    void aSourceIsAddedAndRemoved()
    {
        open(nodeJob());
        click(m_dialog, "job.dialog.source.add");
        type(m_dialog, "job.dialog.file.files", u"/a.yml"_s);
        click(m_dialog, "job.dialog.source.remove");
        click(m_dialog, "job.dialog.source.add");
        click(m_dialog, "job.dialog.save");
        QVERIFY2(m_world->engine.configs.empty(), "a new source is not filled in");
        QVERIFY(find<QLineEdit>(m_dialog, "job.dialog.file.files")->hasFocus());
        type(m_dialog, "job.dialog.file.files", u"/b.yml"_s);
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& job = m_world->engine.configs.back().scrapeConfigs.front();
        QCOMPARE(job.discoveries.size(), std::size_t(3));
        QCOMPARE(std::get<config::FileDiscovery>(job.discoveries.front()).files.front(),
                 std::string("/b.yml"));
    }

    void aSourceIsAsked()
    {
        open(std::nullopt);
        click(m_dialog, "job.dialog.source.2");
        type(m_dialog, "job.dialog.http.url", u"https://inventory/"_s);
        m_world->engine.onPreviewJob = [](const config::ScrapeConfig& job) {
            engine::JobPreview preview;
            preview.total = std::get<config::HttpDiscovery>(job.discoveries.at(0)).url.size();
            preview.outcomes = {{Labels{{"__address__", "a:1"}}, {}, "http://a:1/", {}, {}}};
            return Result<engine::JobPreview>(preview);
        };
        click(m_dialog, "job.dialog.source.ask");
        auto* const found = find<QLabel>(m_dialog, "job.dialog.source.found");
        QTRY_VERIFY2(found->text().contains(u"18 target"_s), qPrintable(found->text()));
        QVERIFY(found->text().contains(u"a:1"_s));
        m_world->engine.onPreviewJob = [](const config::ScrapeConfig&) {
            return Result<engine::JobPreview>(fail(ErrorKind::unavailable, "401 Unauthorized"));
        };
        click(m_dialog, "job.dialog.source.ask");
        QTRY_VERIFY(found->text().contains(u"401 Unauthorized"_s));
    }

    void filesAreCounted()
    {
        QDir folder(m_world->directory.path());
        for (const char* const name : {"a.json", "b.json", "c.txt"}) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        open(std::nullopt);
        click(m_dialog, "job.dialog.source.1");
        type(m_dialog, "job.dialog.file.files", folder.filePath(u"*.json"_s));
        QTRY_VERIFY(find<QLabel>(m_dialog, "job.dialog.source.found")->text().startsWith(u"2 "_s));
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
        QVERIFY(!find<QWidget>(m_dialog, "job.dialog.source.client.note")->isVisible());
        click(m_dialog, "job.dialog.save");
        QTRY_COMPARE(m_world->engine.configs.size(), std::size_t(1));
        const auto& job = m_world->engine.configs.back().scrapeConfigs.back();
        QVERIFY(std::holds_alternative<std::monostate>(job.client.auth));
        const auto& http = std::get<config::HttpDiscovery>(job.discoveries.front());
        QCOMPARE(std::get<BearerAuth>(http.client.auth).token.reveal(), std::string("t"));
    }
};

QTEST_MAIN(TestJobSource)
#include "tst_job_source.moc"
