// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

JobForm goodForm()
{
    JobForm form;
    form.name = u"node"_s;
    form.targets = u"localhost:9100"_s;
    return form;
}

config::GlobalConfig global()
{
    config::GlobalConfig settings;
    settings.scrapeInterval = 1min;
    settings.scrapeTimeout = 10s;
    return settings;
}

} // namespace

class TestJobForm : public QObject {
    Q_OBJECT

private slots:
    void addresses_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("good");
        QTest::newRow("host and port") << u"web1:9100"_s << true;
        QTest::newRow("host alone: the scheme's port") << u"web1.example.org"_s << true;
        QTest::newRow("IPv4") << u"10.0.0.7:80"_s << true;
        QTest::newRow("IPv6 in brackets") << u"[::1]:9100"_s << true;
        QTest::newRow("IPv6 without brackets is ambiguous") << u"::1:9100"_s << false;
        QTest::newRow("a scheme is chosen elsewhere") << u"http://web1:9100"_s << false;
        QTest::newRow("a path is written elsewhere") << u"web1:9100/metrics"_s << false;
        QTest::newRow("port zero") << u"web1:0"_s << false;
        QTest::newRow("port too large") << u"web1:65536"_s << false;
        QTest::newRow("port is no number") << u"web1:http"_s << false;
        QTest::newRow("colon without port") << u"web1:"_s << false;
    }
    void addresses()
    {
        QFETCH(QString, address);
        QFETCH(bool, good);
        QCOMPARE(targetFault(address).isEmpty(), good);
    }

    void splitsAtCommasSpacesAndLines()
    {
        QCOMPARE(splitTargets(u" a:1, b:2;c:3\n d:4  a:1 "_s),
                 (std::vector<std::string>{"a:1", "b:2", "c:3", "d:4"}));
        QVERIFY(splitTargets(u" , "_s).empty());
    }

    void faults_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("wrong"); // the field with the fault; empty: none
        QTest::newRow("all well") << u"name"_s << u"node"_s << QString();
        QTest::newRow("no name") << u"name"_s << u"  "_s << u"name"_s;
        QTest::newRow("name taken") << u"name"_s << u"haproxy"_s << u"name"_s;
        QTest::newRow("no target") << u"targets"_s << QString() << u"targets"_s;
        QTest::newRow("second target broken") << u"targets"_s << u"a:1, b/c"_s << u"targets"_s;
        QTest::newRow("interval in words") << u"interval"_s << u"fast"_s << u"interval"_s;
        QTest::newRow("interval of zero") << u"interval"_s << u"0s"_s << u"interval"_s;
        QTest::newRow("timeout over the interval") << u"timeout"_s << u"2m"_s << u"timeout"_s;
        QTest::newRow("short interval brings its own timeout")
            << u"interval"_s << u"5s"_s << QString();
        QTest::newRow("path without slash") << u"path"_s << u"metrics"_s << u"path"_s;
        QTest::newRow("basic without user") << u"auth"_s << u"basic"_s << u"auth"_s;
        QTest::newRow("bearer without token") << u"auth"_s << u"bearer"_s << u"auth"_s;
    }
    void faults()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, wrong);
        JobForm form = goodForm();
        if (field == "name"_L1) {
            form.name = value;
        } else if (field == "targets"_L1) {
            form.targets = value;
        } else if (field == "interval"_L1) {
            form.interval = value;
        } else if (field == "timeout"_L1) {
            form.timeout = value;
        } else if (field == "path"_L1) {
            form.path = value;
        } else {
            form.auth = value == "basic"_L1 ? JobForm::Auth::basic : JobForm::Auth::bearer;
        }
        const JobFaults got = check(form, {}, global(), {u"haproxy"_s});
        QCOMPARE(!got.name.isEmpty(), wrong == "name"_L1);
        QCOMPARE(!got.targets.isEmpty(), wrong == "targets"_L1);
        QCOMPARE(!got.interval.isEmpty(), wrong == "interval"_L1);
        QCOMPARE(!got.timeout.isEmpty(), wrong == "timeout"_L1);
        QCOMPARE(!got.path.isEmpty(), wrong == "path"_L1);
        QCOMPARE(!got.auth.isEmpty(), wrong == "auth"_L1);
    }

    void emptyTimesAreTheGlobalOnes()
    {
        const auto job = toJob(goodForm(), {}, global());
        QCOMPARE(job.scrapeInterval, std::chrono::milliseconds(1min));
        QCOMPARE(job.scrapeTimeout, std::chrono::milliseconds(10s));
        JobForm quick = goodForm();
        quick.interval = u"5s"_s;
        QCOMPARE(toJob(quick, {}, global()).scrapeTimeout, std::chrono::milliseconds(5s));
    }

    void roundTripKeepsWhatTheFormDoesNotKnow()
    {
        config::ScrapeConfig job;
        job.jobName = "node";
        job.scrapeInterval = 15s;
        job.scrapeTimeout = 7s;
        job.honorLabels = true;
        job.sampleLimit = 1000;
        job.scheme = "https";
        job.staticConfigs = {{{"a:1"}, Labels{{"env", "prod"}}, "node/0"},
                             {{"b:2"}, Labels{{"env", "test"}}, "node/1"}};
        job.client.auth = BasicAuth{"kim", Secret("hush"), {}, {}};
        job.client.tls.skipVerify = true;
        QCOMPARE(toJob(JobForm::of(job), job, global()), job);
    }

    void secretsStayUnlessTyped()
    {
        config::ScrapeConfig job;
        job.client.auth = BearerAuth{"Bearer", Secret("old"), {}};
        JobForm form = goodForm();
        form.auth = JobForm::Auth::bearer;
        QVERIFY(check(form, job, global(), {}).none());
        QCOMPARE(std::get<BearerAuth>(toJob(form, job, global()).client.auth).token.reveal(),
                 std::string("old"));
        form.token = u"new"_s;
        QCOMPARE(std::get<BearerAuth>(toJob(form, job, global()).client.auth).token.reveal(),
                 std::string("new"));
        form.auth = JobForm::Auth::none;
        QVERIFY(std::holds_alternative<std::monostate>(toJob(form, job, global()).client.auth));
    }
};

QTEST_GUILESS_MAIN(TestJobForm)
#include "tst_job_form.moc"
