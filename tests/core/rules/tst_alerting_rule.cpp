// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/alerting_rule.h"
#include "core/rules/unseen.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

namespace {

Timestamp at(std::chrono::milliseconds sinceEpoch)
{
    return Timestamp(1'000'000s + sinceEpoch);
}

Vector down(std::initializer_list<const char*> instances)
{
    Vector out;
    for (const char* instance : instances) {
        out.push_back({Labels{{"__name__", "up"}, {"instance", instance}}, 0, 0, nullptr});
    }
    return out;
}

std::string keepText(std::string_view text, std::string_view, const VectorSample&, Timestamp)
{
    return std::string(text);
}

config::RuleConfig rule()
{
    config::RuleConfig rule;
    rule.alert = "Down";
    rule.expr = "up == 0";
    rule.forDuration = 10s;
    rule.labels = {{"severity", "critical"}};
    return rule;
}

} // namespace

class TestAlertingRule : public QObject {
    Q_OBJECT

    static AlertState stateOf(const rules::AlertingRule& rule)
    {
        return rule.active().empty() ? AlertState::inactive : rule.active().begin()->second.state;
    }

private slots:
    void followsItsFor_data()
    {
        // One letter a round of 5 s: what the expression yields, then the state after it.
        QTest::addColumn<QByteArray>("yields"); // d: down, -: nothing
        QTest::addColumn<QByteArray>("states"); // p: pending, f: firing, i: inactive
        QTest::newRow("fires at exactly for") << "ddd"_ba << "ppf"_ba;
        QTest::newRow("a gap starts over") << "dd-ddd"_ba << "ppippf"_ba;
        QTest::newRow("resolves at once") << "ddd-"_ba << "ppfi"_ba;
        QTest::newRow("fires anew after resolving") << "ddd-ddd"_ba << "ppfippf"_ba;
    }

    void followsItsFor()
    {
        QFETCH(QByteArray, yields);
        QFETCH(QByteArray, states);
        rules::AlertingRule alerting(rule());
        QByteArray seen;
        for (int i = 0; i < yields.size(); ++i) {
            const Vector result = yields[i] == 'd' ? down({"a"}) : Vector{};
            QVERIFY(alerting.evaluate(result, at(i * 5s), keepText, 0).has_value());
            const AlertState state = stateOf(alerting);
            seen += state == AlertState::firing ? 'f' : state == AlertState::pending ? 'p' : 'i';
        }
        QCOMPARE(seen, states);
    }

    void keepsFiring()
    {
        config::RuleConfig config = rule();
        config.forDuration = 0s;
        config.keepFiringFor = 10s;
        rules::AlertingRule alerting(config);
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), keepText, 0).has_value());
        QVERIFY(alerting.evaluate({}, at(5s), keepText, 0).has_value());
        QVERIFY(stateOf(alerting) == AlertState::firing);
        QVERIFY(alerting.evaluate({}, at(14s), keepText, 0).has_value());
        QVERIFY(stateOf(alerting) == AlertState::firing);
        QVERIFY(alerting.evaluate({}, at(15s), keepText, 0).has_value());
        QVERIFY(stateOf(alerting) == AlertState::inactive);
    }

    void writesItsState()
    {
        rules::AlertingRule alerting(rule());
        QVERIFY(alerting.evaluate(down({"a"}), at(500ms), keepText, 0).has_value());
        Vector samples = alerting.samples();
        QCOMPARE(samples.size(), size_t(2));
        QCOMPARE(samples[0].labels,
                 (Labels{{"__name__", "ALERTS"},
                         {"alertname", "Down"},
                         {"alertstate", "pending"},
                         {"instance", "a"},
                         {"severity", "critical"}}));
        QCOMPARE(samples[1].labels.metricName(), std::string_view("ALERTS_FOR_STATE"));
        QVERIFY(!samples[1].labels.has("alertstate"));
        QCOMPARE(samples[1].value, 1'000'000.0);
    }

    void tellsOfChangesAndRepeats()
    {
        config::RuleConfig config = rule();
        config.forDuration = 0s;
        rules::AlertingRule alerting(config);
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), keepText, 0).has_value());
        QCOMPARE(alerting.takeDue(at(0s), 60s, 5s).size(), size_t(1));
        QCOMPARE(alerting.takeDue(at(5s), 60s, 5s).size(), size_t(0));
        QCOMPARE(alerting.takeDue(at(61s), 60s, 5s).size(), size_t(1));
        QVERIFY(alerting.evaluate({}, at(65s), keepText, 0).has_value());
        const auto resolved = alerting.takeDue(at(65s), 60s, 5s);
        QCOMPARE(resolved.size(), size_t(1));
        QVERIFY(resolved[0].isResolvedAt(at(65s)));
        QVERIFY(resolved[0].startsAt == at(0s));
    }

    void doesNotTellOfPending()
    {
        rules::AlertingRule alerting(rule());
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), keepText, 0).has_value());
        QVERIFY(alerting.takeDue(at(0s), 60s, 5s).empty());
    }

    void forgetsResolvedOnesAfterAWhile()
    {
        config::RuleConfig config = rule();
        config.forDuration = 0s;
        rules::AlertingRule alerting(config);
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), keepText, 0).has_value());
        QVERIFY(alerting.evaluate({}, at(5s), keepText, 0).has_value());
        QCOMPARE(alerting.active().size(), size_t(1));
        QVERIFY(alerting.evaluate({}, at(5s + 15min), keepText, 0).has_value());
        QCOMPARE(alerting.active().size(), size_t(1));
        QVERIFY(alerting.evaluate({}, at(6s + 15min), keepText, 0).has_value());
        QCOMPARE(alerting.active().size(), size_t(0));
    }

    void aChangingLabelMakesANewAlert()
    {
        config::RuleConfig config = rule();
        config.labels = {{"value", "template"}};
        rules::AlertingRule alerting(config);
        int round = 0;
        const auto expand = [&round](std::string_view, std::string_view, const VectorSample&,
                                     Timestamp) { return std::to_string(round); };
        for (; round < 3; ++round) {
            QVERIFY(alerting.evaluate(down({"a"}), at(round * 5s), expand, 0).has_value());
            QCOMPARE(alerting.active().size(), size_t(1));
            QVERIFY(stateOf(alerting) == AlertState::pending);
        }
    }

    void aLongerForMakesItPendingAgain()
    {
        config::RuleConfig config = rule();
        rules::AlertingRule before(config);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(before.evaluate(down({"a"}), at(i * 5s), keepText, 0).has_value());
        }
        QVERIFY(stateOf(before) == AlertState::firing);
        config.forDuration = 1min;
        rules::AlertingRule after(config);
        after.adopt(before);
        QVERIFY(after.evaluate(down({"a"}), at(15s), keepText, 0).has_value());
        QVERIFY(stateOf(after) == AlertState::pending);
        QVERIFY(after.evaluate(down({"a"}), at(60s), keepText, 0).has_value());
        QVERIFY(stateOf(after) == AlertState::firing);
    }

    void anEmptyLabelOfATemplateStaysInItsSeries()
    {
        config::RuleConfig config = rule();
        config.labels = {{"zone", "{{ $labels.zone }}"}};
        rules::AlertingRule alerting(config);
        const auto expand = [](std::string_view, std::string_view, const VectorSample&, Timestamp) {
            return std::string();
        };
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), expand, 0).has_value());
        QVERIFY(!alerting.active().begin()->first.has("zone"));
        QCOMPARE(alerting.samples()[0].labels.get("zone"), std::string_view("{{ $labels.zone }}"));
    }

    void staysUnknownWhileUnseen_data()
    {
        // One letter a round of 5 s: what the expression yields and whether the target is seen.
        QTest::addColumn<QByteArray>("rounds"); // d: down, -: not, u: not, and unseen
        QTest::addColumn<QByteArray>("states"); // p, f, i as above, u: firing, but unknown
        QTest::newRow("resolved, since it is seen") << "ddd-"_ba << "ppfi"_ba;
        QTest::newRow("unknown until it is seen") << "ddduu-"_ba << "ppfuui"_ba;
        QTest::newRow("fires when it is seen") << "ddduud"_ba << "ppfuuf"_ba;
        QTest::newRow("a pending one is over") << "dduu"_ba << "ppii"_ba;
        QTest::newRow("one that was over stays so") << "ddd-u"_ba << "ppfii"_ba;
    }

    void staysUnknownWhileUnseen()
    {
        QFETCH(QByteArray, rounds);
        QFETCH(QByteArray, states);
        rules::AlertingRule alerting(rule());
        bool unseen = false;
        alerting.setIsUnseen([&unseen](const Labels& labels, Timestamp) {
            return unseen && labels.get("instance") == "a";
        });
        QByteArray seen;
        for (int i = 0; i < rounds.size(); ++i) {
            unseen = rounds[i] == 'u';
            const Vector result = rounds[i] == 'd' ? down({"a"}) : Vector{};
            QVERIFY(alerting.evaluate(result, at(i * 5s), keepText, 0).has_value());
            const AlertState state = stateOf(alerting);
            const Vector samples = alerting.samples();
            const std::string_view written
                = samples.empty() ? "" : samples[0].labels.get("alertstate");
            seen += written == "unknown"       ? 'u'
                : state == AlertState::firing  ? 'f'
                : state == AlertState::pending ? 'p'
                                               : 'i';
        }
        QCOMPARE(seen, states);
    }

    void doesNotTellThatAnUnknownOneIsOver()
    {
        config::RuleConfig config = rule();
        config.forDuration = 0s;
        rules::AlertingRule alerting(config);
        alerting.setIsUnseen([](const Labels&, Timestamp) { return true; });
        QVERIFY(alerting.evaluate(down({"a"}), at(0s), keepText, 0).has_value());
        QCOMPARE(alerting.takeDue(at(0s), 60s, 5s).size(), size_t(1));
        QVERIFY(alerting.evaluate({}, at(5s), keepText, 0).has_value());
        QCOMPARE(alerting.takeDue(at(5s), 60s, 5s).size(), size_t(0));
        QVERIFY(alerting.evaluate({}, at(65s), keepText, 0).has_value());
        const auto repeated = alerting.takeDue(at(65s), 60s, 5s);
        QCOMPARE(repeated.size(), size_t(1));
        QVERIFY(!repeated[0].isResolvedAt(at(65s)));
    }

    void knowsWhatIsUnseen_data()
    {
        QTest::addColumn<QByteArray>("labels"); // of the alert
        QTest::addColumn<QByteArray>("asked"); // empty: nothing is
        QTest::addColumn<QByteArray>("up"); // of the targets: 0, 1; !: the query fails
        QTest::addColumn<bool>("unseen");
        const QByteArray one = R"(up{job="j",instance="a"})";
        QTest::newRow("down") << "ja"_ba << one << "0"_ba << true;
        QTest::newRow("up") << "ja"_ba << one << "1"_ba << false;
        QTest::newRow("gone") << "ja"_ba << one << ""_ba << false;
        QTest::newRow("cannot be asked") << "ja"_ba << one << "!"_ba << false;
        QTest::newRow("one of a job is up") << "j"_ba << R"(up{job="j"})"_ba << "01"_ba << false;
        QTest::newRow("all of a job are down") << "j"_ba << R"(up{job="j"})"_ba << "00"_ba << true;
        QTest::newRow("of no target") << ""_ba << ""_ba << "0"_ba << false;
    }

    void knowsWhatIsUnseen()
    {
        QFETCH(QByteArray, labels);
        QFETCH(QByteArray, asked);
        QFETCH(QByteArray, up);
        QFETCH(bool, unseen);
        LabelsBuilder builder(Labels{{"alertname", "A"}});
        if (labels.contains('j')) {
            builder.set("job", "j");
        }
        if (labels.contains('a')) {
            builder.set("instance", "a");
        }
        QByteArray query;
        const bool is = rules::isUnseen(
            builder.build(), at(0s), [&](const std::string& expr, Timestamp) -> Result<Vector> {
                query = QByteArray::fromStdString(expr);
                if (up == "!") {
                    return fail(ErrorKind::timeout, "too slow");
                }
                Vector out;
                for (const char value : up) {
                    out.push_back({Labels{}, 0, double(value - '0'), nullptr});
                }
                return out;
            });
        QCOMPARE(query, asked);
        QCOMPARE(is, unseen);
    }

    void refusesEqualLabels()
    {
        config::RuleConfig config = rule();
        config.labels = {{"instance", "same"}};
        rules::AlertingRule alerting(config);
        const auto done = alerting.evaluate(down({"a", "b"}), at(0s), keepText, 0);
        QVERIFY(!done && done.error().message.contains("same labelset"));
    }

    void refusesMoreThanItsLimit()
    {
        rules::AlertingRule alerting(rule());
        const auto done = alerting.evaluate(down({"a", "b"}), at(0s), keepText, 1);
        QVERIFY(!done && done.error().kind == ErrorKind::limit);
        QVERIFY(alerting.active().empty());
    }
};

QTEST_GUILESS_MAIN(TestAlertingRule)
#include "tst_alerting_rule.moc"
