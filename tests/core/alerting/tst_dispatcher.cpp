// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/dispatcher.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace std::chrono_literals;

namespace {

Timestamp at(std::chrono::milliseconds sinceStart)
{
    return Timestamp(1'700'000'000s + sinceStart);
}

Alert firing(std::initializer_list<std::pair<std::string_view, std::string_view>> labels,
             Timestamp start)
{
    Alert alert;
    alert.labels = Labels(labels);
    alert.startsAt = start;
    alert.endsAt = start + 1h;
    return alert;
}

Alert resolved(Alert alert, Timestamp end)
{
    alert.endsAt = end;
    return alert;
}

/// Keeps what it is sent; fails as long as `failures` lasts.
class Recorder final : public alerting::Receiver {
public:
    std::vector<Notification> sent;
    int failures = 0;
    ErrorKind failure = ErrorKind::unavailable;
    bool isScreen = false; ///< what was told can be taken back
    std::vector<std::string> withdrawn;

    bool canWithdraw() const override { return isScreen; }
    void withdraw(std::string_view groupKey) override { withdrawn.emplace_back(groupKey); }
    Ticket send(Notification notification, Reply<void> reply) override
    {
        if (failures > 0) {
            --failures;
            reply(fail(failure, "no"));
            return {};
        }
        sent.push_back(std::move(notification));
        reply({});
        return {};
    }
};

} // namespace

class TestDispatcher : public QObject {
    Q_OBJECT

    InlineExecutor m_owner;
    std::shared_ptr<Recorder> m_recorder;
    std::unique_ptr<alerting::Silences> m_silences;
    std::unique_ptr<alerting::NotificationLog> m_log;
    std::unique_ptr<alerting::Dispatcher> m_dispatcher;
    config::AlertmanagerConfig m_config;

    void make()
    {
        m_dispatcher = std::make_unique<alerting::Dispatcher>(
            *m_silences, *m_log,
            [this](const config::ReceiverConfig&) {
                return std::vector<alerting::Integration>{{"test", m_recorder, true}};
            },
            m_owner, [](Timestamp, const Labels&, const std::string&) {});
        m_dispatcher->apply(m_config, "", at(0s));
    }

    /// Turns the clock to `until`, stopping at every due moment.
    void run(std::chrono::milliseconds until)
    {
        while (m_dispatcher->nextDue() && *m_dispatcher->nextDue() <= at(until)) {
            m_dispatcher->advance(*m_dispatcher->nextDue());
        }
        m_dispatcher->advance(at(until));
    }

private slots:
    void init()
    {
        m_recorder = std::make_shared<Recorder>();
        m_silences = std::make_unique<alerting::Silences>(nullptr, alerting::makeUuid);
        m_log = std::make_unique<alerting::NotificationLog>(nullptr);
        m_config = {};
        m_config.route.receiver = "r";
        m_config.route.groupBy = {"alertname"};
        m_config.route.groupWait = 5s;
        m_config.route.groupInterval = 10s;
        m_config.route.repeatInterval = 60s;
        m_config.receivers.emplace_back().name = "r";
        m_config.receivers.front().desktop = true;
        make();
    }

    void waitsThenTellsTheWholeGroup()
    {
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "1"}}, at(0s))}, at(0s));
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "2"}}, at(1s))}, at(1s));
        run(4s);
        QCOMPARE(m_recorder->sent.size(), size_t(0));
        run(5s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        QCOMPARE(m_recorder->sent[0].firing, size_t(2));
        QCOMPARE(m_recorder->sent[0].commonLabels, (Labels{{"alertname", "A"}}));
    }

    void doesNotWaitForAnOldAlert()
    {
        m_dispatcher->put({firing({{"alertname", "A"}}, at(-60s))}, at(0s));
        run(0s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
    }

    void tellsAgainOnlyWhenSomethingChanged()
    {
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "1"}}, at(0s))}, at(0s));
        run(34s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "2"}}, at(34s))}, at(34s));
        run(35s);
        QCOMPARE(m_recorder->sent.size(), size_t(2));
        QCOMPARE(m_recorder->sent[1].firing, size_t(2));
    }

    void whatIsMutedIsTakenBack_data()
    {
        QTest::addColumn<bool>("isScreen");
        QTest::addColumn<QByteArray>("silenced"); // value of the label i, a regular expression
        QTest::addColumn<bool>("taken");
        QTest::newRow("the whole group") << true << "1|2"_ba << true;
        QTest::newRow("a part of it") << true << "1"_ba << false;
        QTest::newRow("by mail nothing can be taken back") << false << "1|2"_ba << false;
    }
    void whatIsMutedIsTakenBack()
    {
        QFETCH(bool, isScreen);
        QFETCH(QByteArray, silenced);
        QFETCH(bool, taken);
        m_recorder->isScreen = isScreen;
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "1"}}, at(0s)),
                           firing({{"alertname", "A"}, {"i", "2"}}, at(0s))},
                          at(0s));
        run(5s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        m_dispatcher->withdrawMuted(at(6s));
        QVERIFY(m_recorder->withdrawn.empty());
        alerting::Silence silence;
        silence.matchers = {Matcher::equal("alertname", "A"),
                            *Matcher::make(MatchType::regex, "i", silenced.toStdString())};
        silence.startsAt = at(7s);
        silence.endsAt = at(30s);
        QVERIFY(m_silences->set(silence, at(7s)));
        m_dispatcher->withdrawMuted(at(8s));
        m_dispatcher->withdrawMuted(at(9s));
        QCOMPARE(m_recorder->withdrawn,
                 taken ? std::vector{m_recorder->sent[0].groupKey} : std::vector<std::string>{});
        run(29s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        run(35s); // the flush after the silence
        QCOMPARE(m_recorder->sent.size(), size_t(taken ? 2 : 1));
    }

    void repeatsOnTheFlushGrid()
    {
        m_dispatcher->put({firing({{"alertname", "A"}}, at(0s))}, at(0s));
        run(74s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        run(75s); // first at 5 s; 65 s is exactly the interval, so the flush after it repeats
        QCOMPARE(m_recorder->sent.size(), size_t(2));
    }

    void tellsOfTheEndOnce()
    {
        const Alert alert = firing({{"alertname", "A"}}, at(0s));
        m_dispatcher->put({alert}, at(0s));
        run(5s);
        m_dispatcher->put({resolved(alert, at(8s))}, at(8s));
        run(120s);
        QCOMPARE(m_recorder->sent.size(), size_t(2));
        QVERIFY(m_recorder->sent[1].isResolved());
        QCOMPARE(m_recorder->sent[1].resolved, size_t(1));
    }

    void neverTellsOfWhatEndedBeforeItsFirstFlush()
    {
        const Alert alert = firing({{"alertname", "A"}}, at(0s));
        m_dispatcher->put({alert}, at(0s));
        m_dispatcher->put({resolved(alert, at(3s))}, at(3s));
        run(60s);
        QCOMPARE(m_recorder->sent.size(), size_t(0));
    }

    void anAlertNobodyRepeatsEndsByItself()
    {
        Alert alert = firing({{"alertname", "A"}}, at(0s));
        alert.endsAt = {};
        m_dispatcher->put({alert}, at(0s));
        run(5min + 20s);
        QVERIFY(m_recorder->sent.back().isResolved());
    }

    void aSilenceMutesUntilItEnds()
    {
        alerting::Silence silence;
        silence.matchers = {Matcher::equal("alertname", "A")};
        silence.startsAt = at(0s);
        silence.endsAt = at(20s);
        QVERIFY(m_silences->set(silence, at(0s)).has_value());
        m_dispatcher->put({firing({{"alertname", "A"}}, at(0s))}, at(0s));
        m_dispatcher->put({firing({{"alertname", "B"}}, at(0s))}, at(0s));
        run(19s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        QCOMPARE(m_recorder->sent[0].groupLabels, (Labels{{"alertname", "B"}}));
        QCOMPARE(m_dispatcher->fateOf(Labels{{"alertname", "A"}}, at(19s)).silencedBy.size(),
                 size_t(1));
        run(26s);
        QCOMPARE(m_recorder->sent.size(), size_t(2));
    }

    void aFiringSourceInhibits()
    {
        m_config.inhibitRules
            = {{{Matcher::equal("alertname", "Host")}, {Matcher::equal("kind", "app")}, {"host"}}};
        make();
        m_dispatcher->put({firing({{"alertname", "Host"}, {"host", "a"}}, at(0s)),
                           firing({{"alertname", "App"}, {"host", "a"}, {"kind", "app"}}, at(0s)),
                           firing({{"alertname", "App"}, {"host", "b"}, {"kind", "app"}}, at(0s))},
                          at(0s));
        run(5s);
        QCOMPARE(m_recorder->sent.size(), size_t(2));
        QCOMPARE(m_recorder->sent[0].alerts[0].labels.get("host"), std::string_view("b"));
    }

    void routesByTheFirstMatchUnlessItContinues_data()
    {
        QTest::addColumn<bool>("continues");
        QTest::addColumn<QByteArray>("receivers");
        QTest::newRow("stops at the first") << false << "a"_ba;
        QTest::newRow("goes on among siblings") << true << "a b"_ba;
    }

    void routesByTheFirstMatchUnlessItContinues()
    {
        QFETCH(bool, continues);
        QFETCH(QByteArray, receivers);
        config::RouteConfig a;
        a.receiver = "a";
        a.matchers = {Matcher::equal("team", "x")};
        a.continues = continues;
        config::RouteConfig b = a;
        b.receiver = "b";
        b.continues = false;
        m_config.route.routes = {a, b};
        const auto root = alerting::buildRoute(m_config.route);
        QByteArrayList names;
        for (const auto* route : root->match(Labels{{"team", "x"}})) {
            names << QByteArray::fromStdString(route->receiver);
        }
        QCOMPARE(names.join(' '), receivers);
        QCOMPARE(root->match(Labels{{"team", "other"}}).front()->receiver, std::string("r"));
    }

    void triesAgainWhenTheReceiverIsAway()
    {
        m_recorder->failures = 3;
        m_dispatcher->put({firing({{"alertname", "A"}}, at(0s))}, at(0s));
        run(14s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
    }

    void aRefusalIsFinalUntilTheNextFlush()
    {
        m_recorder->failures = 1;
        m_recorder->failure = ErrorKind::invalid;
        m_dispatcher->put({firing({{"alertname", "A"}}, at(0s))}, at(0s));
        run(14s);
        QCOMPARE(m_recorder->sent.size(), size_t(0));
        run(15s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
    }

    /// Down from the first try on, for ten minutes: one notification then, with all that fires, and
    /// what came and went meanwhile.
    void aReceiverThatWasAwayMissesNothingAndIsNotFlooded()
    {
        m_recorder->failures = 1'000'000;
        const Alert gone = firing({{"alertname", "A"}, {"i", "1"}}, at(0s));
        m_dispatcher->put({gone}, at(0s));
        m_dispatcher->put({firing({{"alertname", "A"}, {"i", "2"}}, at(0s))}, at(0s));
        run(4min);
        m_dispatcher->put({resolved(gone, at(4min))}, at(4min));
        run(10min);
        QCOMPARE(m_recorder->sent.size(), size_t(0));
        const int tries = 1'000'000 - m_recorder->failures;
        QVERIFY2(tries < 500, qPrintable(QString::number(tries)));
        m_recorder->failures = 0;
        run(11min);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        QCOMPARE(m_recorder->sent[0].firing, size_t(1));
        QCOMPARE(m_recorder->sent[0].resolved, size_t(1));
    }

    void anAlertThatCouldNotBeToldIsToldOfWhenItIsOver()
    {
        m_recorder->failures = 1'000'000;
        const Alert alert = firing({{"alertname", "A"}}, at(0s));
        m_dispatcher->put({alert}, at(0s));
        run(1min);
        m_dispatcher->put({resolved(alert, at(1min))}, at(1min));
        run(2min);
        m_recorder->failures = 0;
        run(10min);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        QVERIFY(m_recorder->sent[0].isResolved());
    }

    void aRestartTellsNothingTwice()
    {
        const Alert alert = firing({{"alertname", "A"}}, at(0s));
        m_dispatcher->put({alert}, at(0s));
        run(5s);
        make(); // with the log of the one before
        m_dispatcher->put({alert}, at(20s));
        run(50s);
        QCOMPARE(m_recorder->sent.size(), size_t(1));
        m_dispatcher->put({resolved(alert, at(50s))}, at(50s));
        make(); // what is over meanwhile is told of
        m_dispatcher->put({resolved(alert, at(50s))}, at(55s));
        run(2min);
        QCOMPARE(m_recorder->sent.size(), size_t(2));
        QVERIFY(m_recorder->sent[1].isResolved());
    }

    void aTimeIntervalMutes_data()
    {
        QTest::addColumn<bool>("active"); // the other way round: told only within
        QTest::addColumn<int>("told");
        QTest::newRow("muted within") << false << 0;
        QTest::newRow("active within") << true << 1;
    }

    void aTimeIntervalMutes()
    {
        QFETCH(bool, active);
        QFETCH(int, told);
        config::RouteConfig child;
        child.matchers = {Matcher::equal("team", "x")};
        (active ? child.activeTimeIntervals : child.muteTimeIntervals) = {"always"};
        m_config.route.routes = {child};
        m_config.timeIntervals = {{"always", {{}}}};
        make();
        m_dispatcher->put({firing({{"alertname", "A"}, {"team", "x"}}, at(0s))}, at(0s));
        run(1min);
        QCOMPARE(int(m_recorder->sent.size()), told);
        QCOMPARE(m_dispatcher->fateOf(Labels{{"team", "x"}}, at(0s)).mutedByIntervals.size(),
                 size_t(active ? 0 : 1));
    }

    void alertsAreInTheFieldsOrder()
    {
        m_dispatcher->put({firing({{"alertname", "A"}, {"a", "0"}}, at(0s)),
                           firing({{"alertname", "A"}, {"a", "1"}, {"job", "b"}}, at(0s)),
                           firing({{"alertname", "A"}, {"a", "2"}, {"job", "a"}}, at(0s))},
                          at(0s));
        run(5s);
        std::string order;
        for (const Alert& alert : m_recorder->sent.at(0).alerts) {
            order += alert.labels.get("a");
        }
        QCOMPARE(order, std::string("210"));
        QCOMPARE(m_recorder->sent[0].reason, std::string("first notification"));
    }
};

QTEST_GUILESS_MAIN(TestDispatcher)
#include "tst_dispatcher.moc"
