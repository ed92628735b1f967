// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/export.h"
#include "core/config/import.h"
#include "core/config/matcher_text.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

QByteArray shown(const Matchers& matchers)
{
    QByteArray out;
    for (const Matcher& matcher : matchers) {
        out += (out.isEmpty() ? "" : "; ")
            + QByteArray::fromStdString(matcher.name() + std::string(toText(matcher.type()))
                                        + matcher.value());
    }
    return out;
}

} // namespace

class TestConfigAlertmanager : public QObject {
    Q_OBJECT
private slots:
    void matchers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("list"); // "-": refused
        QTest::addColumn<QByteArray>("single");
        QTest::newRow("plain") << "a=b"_ba << "a=b"_ba << "a=b"_ba;
        QTest::newRow("spaces around") << " a !~ \"b c\" "_ba << "a!~b c"_ba << "a!~b c"_ba;
        QTest::newRow("several") << "a=b,c=d"_ba << "a=b; c=d"_ba << "a=b,c=d"_ba;
        QTest::newRow("in braces") << "{a=b,}"_ba << "a=b"_ba << "-"_ba;
        QTest::newRow("comma in quotes") << "a=\"b,c\""_ba << "a=b,c"_ba << "a=b,c"_ba;
        QTest::newRow("any name") << "ü=x"_ba << "ü=x"_ba << "ü=x"_ba;
        QTest::newRow("quoted name") << "\"a b\"=c"_ba << "a b=c"_ba << "a b=c"_ba;
        QTest::newRow("classic keeps what it does not know")
            << "a=\"\\u00fc\""_ba << "a=\\u00fc"_ba << "a=\\u00fc"_ba;
        QTest::newRow("value in single quotes") << "a='b'"_ba << "a='b'"_ba << "a='b'"_ba;
        QTest::newRow("no value") << "a="_ba << "a="_ba << "a="_ba;
        QTest::newRow("no operator") << "a"_ba << "-"_ba << "-"_ba;
        QTest::newRow("no name") << "=b"_ba << "-"_ba << "-"_ba;
        QTest::newRow("bad expression") << "a=~("_ba << "-"_ba << "-"_ba;
        QTest::newRow("quote not closed") << "a=\"b"_ba << "-"_ba << "-"_ba;
        QTest::newRow("nothing") << ""_ba << ""_ba << "-"_ba;
    }

    void matchers()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, single);
        const auto several = parseMatchers(view(text));
        QCOMPARE(several ? shown(*several) : "-"_ba, list);
        const auto one = parseMatcher(view(text));
        QCOMPARE(one ? shown({*one}) : "-"_ba, single);
    }

    void reads()
    {
        Findings findings;
        const AlertmanagerConfig config
            = readAlertmanager("global: {resolve_timeout: 1m}\n"
                               "route:\n"
                               "  receiver: desktop\n"
                               "  group_by: [alertname, job]\n"
                               "  group_wait: 10s\n"
                               "  routes:\n"
                               "  - matchers: [severity=\"page\", 'team=~\"a|b\"']\n"
                               "    receiver: hook\n"
                               "    continue: true\n"
                               "    repeat_interval: 1h\n"
                               "  - match: {a: b}\n"
                               "    match_re: {c: \"d.*\"}\n"
                               "    group_by: ['...']\n"
                               "receivers:\n"
                               "- name: desktop\n"
                               "- name: hook\n"
                               "  webhook_configs: [{url: \"http://h/x\", send_resolved: false}]\n"
                               "- name: mail\n"
                               "  slack_configs: [{api_url: \"https://s\", channel: \"#x\"}]\n"
                               "inhibit_rules:\n"
                               "- {source_matchers: [a=b], target_match: {c: d}, equal: [x]}\n",
                               "a.yml", findings);
        for (const Fault& fault : findings.faults) {
            qWarning("%s", fault.toString().c_str());
        }
        QVERIFY(findings.faults.empty());
        QVERIFY(findings.warnings.empty());
        QVERIFY(config.resolveTimeout == 1min);
        QCOMPARE(config.route.routes.size(), 2U);
        QCOMPARE(shown(config.route.routes[0].matchers), "severity=page; team=~a|b");
        QVERIFY(config.route.routes[0].continues);
        QVERIFY(config.route.routes[0].repeatInterval == 1h);
        QCOMPARE(shown(config.route.routes[1].matchers), "a=b; c=~d.*");
        QVERIFY(config.receivers.at(0).desktop && !config.receivers.at(1).desktop);
        QVERIFY(!config.receivers[2].desktop);
        QCOMPARE(config.receivers[1].webhooks.at(0).url.text.reveal(), "http://h/x");
        QVERIFY(!config.receivers[1].webhooks[0].sendResolved);
        QCOMPARE(shown(config.inhibitRules.at(0).target), "c=d");

        Findings none;
        const AlertmanagerConfig again
            = readAlertmanager(encoding::emitYaml(alertmanagerValue(config)), "b.yml", none);
        QVERIFY(none.faults.empty());
        QVERIFY(again == config);
    }

    void defaultReadsBack()
    {
        Findings findings;
        const AlertmanagerConfig config = defaultAlertmanager();
        QVERIFY(readAlertmanager(encoding::emitYaml(alertmanagerValue(config)), "b.yml", findings)
                == config);
        QVERIFY(findings.faults.empty());
    }

    void takesWhatAlertmanagerTakes_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("all labels, twice") << "route: {receiver: d, group_by: ['...', '...']}\n"_ba;
        QTest::newRow("root with no matchers in match")
            << "route: {receiver: d, match: {}, match_re: {}, matchers: []}\n"_ba;
        QTest::newRow("numbers with a sign")
            << "route: {receiver: d}\ntime_intervals: [{name: x, time_intervals: [{months: ['+5'], "
               "days_of_month: ['+1:+5'], years: ['+2030']}]}]\n"_ba;
    }

    void takesWhatAlertmanagerTakes()
    {
        QFETCH(QByteArray, yaml);
        Findings findings;
        const AlertmanagerConfig config
            = readAlertmanager("receivers: [{name: d}]\n" + yaml.toStdString(), "a.yml", findings);
        QVERIFY2(findings.faults.empty(),
                 findings.faults.empty() ? "" : findings.faults[0].toString().c_str());
        QVERIFY(config.route.groupBy.size() <= 1);
    }

    void faults_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("fault");
        const auto add = [](const char* name, const QByteArray& yaml, const QByteArray& fault) {
            QTest::newRow(name) << yaml << fault;
        };
        add("empty", "", "a.yml: no route provided in config");
        add("unknown receiver", "receivers: [{name: d}]\nroute: {receiver: x}\n",
            "a.yml:2:19: undefined receiver \"x\" used in route");
        add("root with matchers", "receivers: [{name: d}]\nroute: {receiver: d, match: {a: b}}\n",
            "a.yml:2:8: root route must not have any matchers");
        add("receiver twice", "receivers: [{name: d}, {name: d}]\nroute: {receiver: d}\n",
            "a.yml:1:31: notification config name \"d\" is not unique");
        add("webhook of another scheme",
            "receivers:\n- name: d\n  webhook_configs: [{url: 'ftp://h'}]\nroute: {receiver: d}\n",
            "a.yml:3:27: invalid URL");
        add("bad matcher",
            "receivers: [{name: d}]\nroute: {receiver: d, routes: [{matchers: ['a']}]}\n",
            "a.yml:2:43: bad matcher format: a");
        add("interval of zero",
            "receivers: [{name: d}]\nroute: {receiver: d, group_interval: 0s}\n",
            "a.yml:2:38: group_interval cannot be zero");
        add("days backwards",
            "receivers: [{name: d}]\nroute: {receiver: d}\ntime_intervals: [{name: x, "
            "time_intervals: [{weekdays: ['friday:monday']}]}]\n",
            "a.yml:3:57: start day cannot be before end day");
        add("name of another alphabet in match",
            "receivers: [{name: d}]\nroute: {receiver: d, routes: [{match: {ü: x}}]}\n",
            "a.yml:2:40: invalid label name \"ü\"");
        add("name with a dot in match_re",
            "receivers: [{name: d}]\nroute: {receiver: d, routes: [{match_re: {a.b: x}}]}\n",
            "a.yml:2:43: invalid label name \"a.b\"");
        add("all labels and one of them",
            "receivers: [{name: d}]\nroute: {receiver: d, group_by: ['...', a]}\n",
            "a.yml:2:33: cannot have wildcard group_by");
        add("two signs before a day",
            "receivers: [{name: d}]\nroute: {receiver: d}\ntime_intervals: [{name: x, "
            "time_intervals: [{days_of_month: ['+-5']}]}]\n",
            "a.yml:3:62: +-5 is not valid in days_of_month");
        add("zone that is none",
            "receivers: [{name: d}]\nroute: {receiver: d}\ntime_intervals: [{name: x, "
            "time_intervals: [{location: Mars/Base}]}]\n",
            "a.yml:3:56: unknown time zone Mars/Base");
    }

    void faults()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, fault);
        Findings findings;
        readAlertmanager(yaml.toStdString(), "a.yml", findings);
        QCOMPARE(findings.faults.size(), 1U);
        const QByteArray seen = QByteArray::fromStdString(findings.faults[0].toString());
        QVERIFY2(seen.startsWith(fault), seen.constData());
    }
};

QTEST_GUILESS_MAIN(TestConfigAlertmanager)
#include "tst_config_alertmanager.moc"
