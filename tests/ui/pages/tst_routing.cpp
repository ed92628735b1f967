// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/pages/routing.h"
#include "ui/pages/routing_tab.h"

#include <QLabel>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

config::RouteConfig route(const std::string& receiver, Matchers matchers, bool continues = false)
{
    config::RouteConfig made;
    made.receiver = receiver;
    made.matchers = std::move(matchers);
    made.continues = continues;
    return made;
}

/// all → (team=db → (severity=critical → pager), goes on: log), (team=web → web)
config::RouteConfig tree()
{
    config::RouteConfig root = route("desktop", {});
    root.groupBy = {"alertname"};
    root.groupByGiven = true;
    root.repeatInterval = 2h;
    config::RouteConfig log = route("log", {Matcher::equal("team", "db")}, true);
    config::RouteConfig db = route("db", {Matcher::equal("team", "db")});
    db.groupWait = 5s;
    db.routes = {route("pager", {Matcher::equal("severity", "critical")})};
    root.routes = {log, db, route("", {Matcher::equal("team", "web")})};
    return root;
}

} // namespace

class TestRouting : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }

    void nodesHaveWhatTheyInherit()
    {
        const auto nodes = routeNodes(tree());
        QCOMPARE(nodes.size(), std::size_t(5));
        const RouteNode& pager = nodes[3];
        QCOMPARE(pager.receiver, std::string("pager"));
        QCOMPARE(pager.parent, std::size_t(2));
        QCOMPARE(pager.depth, std::size_t(2));
        QCOMPARE(pager.groupWait, config::Duration(5s));
        QCOMPARE(pager.repeatInterval, config::Duration(2h));
        QCOMPARE(pager.groupBy, std::vector<std::string>{"alertname"});
        QCOMPARE(nodes[4].receiver, std::string("desktop"));
        QCOMPARE(nodes[4].groupWait, config::Duration(30s));
    }

    void alertsGoTheirWay_data()
    {
        QTest::addColumn<QByteArray>("team");
        QTest::addColumn<QByteArray>("severity");
        QTest::addColumn<QList<int>>("ends");
        QTest::newRow("nobody's") << "net"_ba << "critical"_ba << QList<int>{0};
        QTest::newRow("goes on after the first") << "db"_ba << "info"_ba << QList<int>{1, 2};
        QTest::newRow("as deep as it matches") << "db"_ba << "critical"_ba << QList<int>{1, 3};
        QTest::newRow("the parent's receiver") << "web"_ba << "info"_ba << QList<int>{4};
    }
    void alertsGoTheirWay()
    {
        QFETCH(QByteArray, team);
        QFETCH(QByteArray, severity);
        QFETCH(QList<int>, ends);
        const auto nodes = routeNodes(tree());
        const RoutePath path = pathOf(
            nodes, Labels{{"severity", severity.toStdString()}, {"team", team.toStdString()}});
        QList<int> got;
        for (const std::size_t end : path.ends) {
            got << int(end);
            for (std::size_t at = end; at != 0; at = nodes[at].parent) {
                QVERIFY2(path.passed[at], "the way there is lit");
            }
        }
        QCOMPARE(got, ends);
        QVERIFY(path.passed[0]);
    }

    void inhibitionCountsWhatItMutes()
    {
        config::InhibitRuleConfig rule;
        rule.source = {Matcher::equal("severity", "critical")};
        rule.target = {Matcher::equal("severity", "warning")};
        rule.equal = {"instance"};
        const auto alert = [](const char* severity, const char* instance, AlertState state) {
            engine::AlertStatus made;
            made.labels = Labels{{"instance", instance}, {"severity", severity}};
            made.state = state;
            return made;
        };
        const std::vector<engine::AlertStatus> alerts{
            alert("critical", "a", AlertState::firing), alert("warning", "a", AlertState::firing),
            alert("warning", "b", AlertState::firing), alert("warning", "a", AlertState::pending),
            alert("critical", "b", AlertState::pending)};
        const InhibitionNow now = inhibitionNow(rule, alerts);
        QCOMPARE(now.sources, std::size_t(1));
        QCOMPARE(now.targets, std::vector{&alerts[1]});
        rule.equal = {};
        QCOMPARE(inhibitionNow(rule, alerts).targets, (std::vector{&alerts[1], &alerts[2]}));
        rule.equal = {"instance"};
        // What is both is muted by a mere source, and not by its like.
        config::InhibitRuleConfig overlapping = rule;
        overlapping.source = {};
        QCOMPARE(inhibitionNow(overlapping, alerts).targets, std::vector{&alerts[1]});
        overlapping.target = {};
        QVERIFY(inhibitionNow(overlapping, alerts).targets.empty());
        rule.target = rule.source;
        QVERIFY2(inhibitionNow(rule, alerts).targets.empty(), "nothing mutes itself");
    }

    void theWayOfTypedLabelsIsLit()
    {
        engine::ConfigSnapshot snapshot;
        snapshot.config.alertmanager.route = tree();
        DialogWorld world(snapshot);
        QTRY_VERIFY(world.bridge->hasConfig());
        RoutingTab tab(*world.context);
        tab.resize(900, 400);
        tab.show();
        QVERIFY(QTest::qWaitForWindowExposed(&tab));
        QCOMPARE(unnamedControls(&tab), QStringList());
        auto* const routes = find<QTreeWidget>(&tab, "alerts.routing.tree");
        const QTreeWidgetItem* const root = routes->topLevelItem(0);
        QCOMPARE(root->childCount(), 3);
        const QTreeWidgetItem* const pager = root->child(1)->child(0);
        QVERIFY(!root->font(0).bold());
        type(&tab, "alerts.routing.labels", u"team=db, severity=critical"_s);
        QCOMPARE(find<QLabel>(&tab, "alerts.routing.outcome")->text(), u"Goes to: log, pager"_s);
        QVERIFY(root->font(0).bold() && pager->font(0).bold());
        QVERIFY(root->icon(0).isNull() && !pager->icon(0).isNull());
        QVERIFY(!root->child(2)->font(0).bold());
        type(&tab, "alerts.routing.labels", QString());
        QVERIFY(!pager->font(0).bold());
        QVERIFY(pager->icon(0).isNull());
    }
};

QTEST_MAIN(TestRouting)
#include "tst_routing.moc"
