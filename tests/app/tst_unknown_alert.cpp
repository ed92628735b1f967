// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A firing alert whose target goes away, with and without `unknown_state`.
#include "core/config/import.h"
#include "core/rules/checkers.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"
#include "tests/support/served_engine.h"

#include <format>
#include <future>

#include <QJsonArray>
#include <QJsonDocument>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 40'000;

constexpr const char* ruleText = R"(groups:
- name: g
  interval: 1s
  rules:
  - {alert: High, expr: level > 5}
)";

} // namespace

class TestUnknownAlert : public QObject {
    Q_OBJECT

    ServedEngine m_served;

    /// The states of ALERTS now, in one text.
    QString states() const
    {
        const QUrlQuery query{{u"query"_s, u"ALERTS"_s}};
        QStringList out;
        for (const auto& series : getJson(QString::fromStdString(m_served.url()),
                                          u"/api/v1/query"_s, query)[u"data"_s][u"result"_s]
                                      .toArray()) {
            out << series[u"metric"_s][u"alertstate"_s].toString();
        }
        return out.join(u' ');
    }
    QJsonArray routed()
    {
        const auto answer = m_served.ask("GET", "/api/v2/alerts");
        return answer ? QJsonDocument::fromJson(QByteArray::fromStdString(answer->body)).array()
                      : QJsonArray();
    }
    std::string causeOf(const Labels& labels)
    {
        std::promise<std::string> told;
        const Ticket ticket
            = m_served.engine().traceAlert(labels, [&told](Result<engine::AlertTrace> trace) {
                  told.set_value(trace->rule.cause);
              });
        return told.get_future().get();
    }

    std::string start(const QString& address, bool unknownAlerts)
    {
        config::Findings findings;
        config::Config config;
        config::readPrometheus(
            std::format("global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: "
                        "1s}}\nscrape_configs:\n- job_name: j\n  static_configs: [{{targets: "
                        "['{}']}}]\n",
                        address.toStdString()),
            "prometheus.yml", config, findings);
        config.ruleGroups = config::readRules(ruleText, "rules.yml", rules::checkers(), findings);
        config.own.unknownAlerts = unknownAlerts;
        return findings.faults.empty() ? m_served.start(std::move(config))
                                       : findings.faults.front().toString();
    }

private slots:
    void cleanup() { m_served.stop(); }

    void isUnknownUntilItsTargetAnswers()
    {
        auto target = std::make_unique<ServedMetrics>("level 7\n");
        const QString address = target->address();
        QCOMPARE(start(address, true), std::string());
        QVERIFY(QTest::qWaitFor([&] { return states() == u"firing"_s; }, patienceMs));
        target->stop();
        QVERIFY(QTest::qWaitFor([&] { return states() == u"unknown"_s; }, patienceMs));
        const Labels labels{
            {"alertname", "High"}, {"instance", address.toStdString()}, {"job", "j"}};
        QCOMPARE(causeOf(labels),
                 std::string("its target cannot be scraped; it fired when that was last seen"));
        QCOMPARE(routed().size(), 1);

        target = std::make_unique<ServedMetrics>("level 1\n", address.toStdString());
        QVERIFY(!target->address().isEmpty());
        QVERIFY(QTest::qWaitFor([&] { return states().isEmpty(); }, patienceMs));
        QVERIFY(QTest::qWaitFor([&] { return routed().isEmpty(); }, patienceMs));
    }

    void isOverWhereNothingIsSaid()
    {
        ServedMetrics target("level 7\n");
        QCOMPARE(start(target.address(), false), std::string());
        QVERIFY(QTest::qWaitFor([&] { return states() == u"firing"_s; }, patienceMs));
        target.stop();
        QString seen;
        QVERIFY(QTest::qWaitFor(
            [&] {
                seen = states();
                return seen != u"firing"_s;
            },
            patienceMs));
        QCOMPARE(seen, QString());
    }
};

QTEST_GUILESS_MAIN(TestUnknownAlert)
#include "tst_unknown_alert.moc"
