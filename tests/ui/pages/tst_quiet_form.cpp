// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/interval_times.h"
#include "tests/support/english.h"
#include "ui/pages/quiet_form.h"
#include "ui/pages/quiet_routes.h"
#include "ui/pages/routing.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

using What = QuietScope::What;

config::RouteConfig route(const std::string& receiver, Matchers matchers,
                          std::vector<config::RouteConfig> routes = {}, bool continues = false)
{
    config::RouteConfig made;
    made.receiver = receiver;
    made.matchers = std::move(matchers);
    made.routes = std::move(routes);
    made.continues = continues;
    return made;
}

Matchers team(const std::string& name)
{
    return {Matcher::equal("team", name)};
}

config::AlertmanagerConfig with(config::RouteConfig root)
{
    config::AlertmanagerConfig config;
    config.receivers.resize(4);
    config.receivers[0].name = "desktop";
    config.receivers[0].desktop = true;
    config.receivers[1].name = "ops";
    config.receivers[2].name = "db";
    config.receivers[3].name = "log";
    config.route = std::move(root);
    return config;
}

/// Trees of several shapes, among them ones whose routes go on.
std::vector<config::RouteConfig> trees()
{
    config::RouteConfig db = route("db", team("db"), {route("ops", {Matcher::equal("x", "1")})});
    db.activeTimeIntervals = {"office"};
    return {
        route("desktop", {}),
        route("ops", {}, {route("db", team("db")), route("desktop", team("web"))}),
        route("desktop", {}, {route("log", {Matcher::equal("x", "1")}, {}, true), db}),
        route("ops", {}, {route("", {}, {route("log", team("db"), {}, true)})}),
        route("desktop", {},
              {route("ops", {Matcher::equal("severity", "critical")}),
               route("db", team("db"),
                     {route("log", {Matcher::equal("x", "1")}, {}, true),
                      route("desktop", {Matcher::equal("y", "1")})})}),
    };
}

std::vector<Labels> alerts()
{
    std::vector<Labels> out;
    for (const char* const severity : {"critical", "warning", ""}) {
        for (const char* const owner : {"db", "web", ""}) {
            for (const char* const x : {"1", ""}) {
                for (const char* const y : {"1", ""}) {
                    LabelsBuilder labels;
                    labels.set("alertname", "A");
                    labels.set("severity", severity);
                    labels.set("team", owner);
                    labels.set("x", x);
                    labels.set("y", y);
                    out.push_back(labels.build());
                }
            }
        }
    }
    return out;
}

/// Who is told at what settings, and whether it is mute at night: of each route in order.
struct Told {
    std::string receiver;
    std::vector<std::string> active;
    bool isMute = false;
    friend bool operator==(const Told&, const Told&) = default;
};
std::vector<Told> told(const config::RouteConfig& root, const Labels& labels)
{
    const std::vector<RouteNode> nodes = routeNodes(root);
    std::vector<Told> out;
    for (const std::size_t end : pathOf(nodes, labels).ends) {
        out.push_back({nodes[end].receiver, nodes[end].activeTimeIntervals,
                       std::ranges::contains(nodes[end].muteTimeIntervals, "night")});
    }
    return out;
}

} // namespace

class TestQuietForm : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { speakEnglish(); }

    void hoursAreWrittenAndReadAgain_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QList<int>>("days"); // 0: Sunday; none: every day
        QTest::addColumn<int>("intervals");
        QTest::addColumn<QString>("says");
        QTest::newRow("every night") << u"22:00"_s << u"07:00"_s << QList<int>{} << 1
                                     << u"Every day 22:00–07:00, Europe/Berlin"_s;
        QTest::newRow("nights of some days") << u"22:00"_s << u"07:00"_s << QList<int>{0, 5, 6} << 2
                                             << u"Fri–Sun 22:00–07:00, Europe/Berlin"_s;
        QTest::newRow("within a day") << u"12:00"_s << u"13:30"_s << QList<int>{1, 2, 3, 4, 5} << 1
                                      << u"Mon–Fri 12:00–13:30, Europe/Berlin"_s;
        QTest::newRow("whole days") << u"00:00"_s << u"24:00"_s << QList<int>{0, 6} << 1
                                    << u"Sat, Sun 00:00–24:00, Europe/Berlin"_s;
        QTest::newRow("days apart") << u"08:00"_s << u"09:00"_s << QList<int>{1, 3} << 1
                                    << u"Mon, Wed 08:00–09:00, Europe/Berlin"_s;
    }
    void hoursAreWrittenAndReadAgain()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QList<int>, days);
        QFETCH(int, intervals);
        QFETCH(QString, says);
        QuietForm form;
        form.name = u"night"_s;
        form.from = from;
        form.to = to;
        form.zone = u"Europe/Berlin"_s;
        if (!days.isEmpty()) {
            form.days.fill(false);
            for (const int day : days) {
                form.days[std::size_t(day)] = true;
            }
        }
        QVERIFY(checkQuiet(form, {}).empty());
        const config::NamedIntervalsConfig named = toIntervals(form);
        QCOMPARE(int(named.intervals.size()), intervals);
        const auto again = quietFormOf(named);
        QVERIFY(again && *again == form);
        QCOMPARE(whenText(named), says);
    }

    void overMidnightHoursBelongToTheDayTheyBeginOn()
    {
        QuietForm form;
        form.name = u"n"_s;
        form.days.fill(false);
        form.days[5] = true; // Friday
        const auto named = toIntervals(form);
        const auto at = [](int day, int hour) { // of December 2026; the 4th is a Friday
            return Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 12 / day)
                             + std::chrono::hours(hour));
        };
        QVERIFY(!config::holdsAt(named, at(4, 6)));
        QVERIFY(config::holdsAt(named, at(4, 23)));
        QVERIFY(config::holdsAt(named, at(5, 6)));
        QVERIFY(!config::holdsAt(named, at(5, 23)));
    }

    void faultsAreNamed_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::newRow("no name") << u"name"_s << QString();
        QTest::newRow("a taken name") << u"name"_s << u"lunch"_s;
        QTest::newRow("no time") << u"from"_s << u"10 pm"_s;
        QTest::newRow("begins at the day's end") << u"from"_s << u"24:00"_s;
        QTest::newRow("behind the day's end") << u"to"_s << u"24:30"_s;
        QTest::newRow("nothing lies between") << u"to"_s << u"22:00"_s;
        QTest::newRow("no zone") << u"zone"_s << u"Mars/Olympus"_s;
        QTest::newRow("no day") << u"days"_s << QString();
    }
    void faultsAreNamed()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QuietForm form;
        form.name = u"night"_s;
        if (field == "name"_L1) {
            form.name = value;
        } else if (field == "from"_L1) {
            form.from = value;
        } else if (field == "to"_L1) {
            form.to = value;
        } else if (field == "zone"_L1) {
            form.zone = value;
        } else {
            form.days.fill(false);
        }
        const FieldFaults faults = checkQuiet(form, {u"lunch"_s});
        QCOMPARE(faults.size(), std::size_t(1));
        QVERIFY(faults.contains(field));
    }

    void whatTheFieldsCannotSayIsShownAndNotEdited()
    {
        config::NamedIntervalsConfig named{"h", {{}}};
        named.intervals[0].months = std::vector{config::IntervalRange{12, 12}};
        QVERIFY(!quietFormOf(named));
        QCOMPARE(whenText(named), u"Every day, months 12, UTC"_s);
        QVERIFY(!quietFormOf({"none", {}}));
        QCOMPARE(whenText(config::NamedIntervalsConfig{"none", {}}), u"never"_s);
    }

    /// Whatever is muted: each alert goes where it went before, and just what is meant is mute.
    void nothingGoesElsewhere_data()
    {
        QTest::addColumn<int>("tree");
        QTest::addColumn<int>("what");
        QTest::addColumn<bool>("letsCritical");
        for (int tree = 0; tree < int(trees().size()); ++tree) {
            for (const int what : {int(What::everything), int(What::desktop)}) {
                for (const bool lets : {true, false}) {
                    QTest::addRow("tree %d, %s, critical %s", tree,
                                  what == int(What::desktop) ? "desktop" : "everything",
                                  lets ? "comes through" : "does not")
                        << tree << what << lets;
                }
            }
        }
    }
    void nothingGoesElsewhere()
    {
        QFETCH(int, tree);
        QFETCH(int, what);
        QFETCH(bool, letsCritical);
        const config::AlertmanagerConfig before = with(trees()[std::size_t(tree)]);
        config::AlertmanagerConfig after = before;
        const QuietScope scope{What(what), {}, letsCritical};
        muteRoutes(after, "night", scope);
        QVERIFY2(after.route.muteTimeIntervals.empty(), "Alertmanager refuses that of the root");
        for (const Labels& labels : alerts()) {
            std::vector<Told> wanted = told(before.route, labels);
            const bool isCritical = labels.get("severity") == "critical";
            for (Told& each : wanted) {
                each.isMute = !(isCritical && letsCritical)
                    && (scope.what == What::everything || each.receiver == "desktop");
            }
            QVERIFY2(told(after.route, labels) == wanted, labels.toString().c_str());
        }
        const auto found = scopeOf(after, "night");
        QVERIFY(mutedIn(after.route, "night").isEmpty() ? !found : found.has_value());
        if (found) {
            config::AlertmanagerConfig again = before;
            muteRoutes(again, "night", *found);
            QVERIFY(again == after);
        }
        unmuteRoutes(after, "night");
        for (const Labels& labels : alerts()) {
            QVERIFY(told(after.route, labels) == told(before.route, labels));
        }
    }

    void theRoutesThatWereMadeGoAgain()
    {
        for (const config::RouteConfig& tree : {trees()[0], trees()[1], trees()[2]}) {
            for (const bool lets : {true, false}) {
                config::AlertmanagerConfig config = with(tree);
                muteRoutes(config, "night", {What::everything, {}, lets});
                QVERIFY(!(config.route == tree));
                unmuteRoutes(config, "night");
                QVERIFY(config.route == tree);
            }
        }
    }

    void oneRouteIsMutedWithWhatIsUnderIt()
    {
        config::AlertmanagerConfig config = with(trees()[2]);
        muteRoutes(config, "night", {What::route, {1}, true});
        QVERIFY(told(config.route, Labels{{"team", "db"}}).front().isMute);
        QVERIFY(!told(config.route, Labels{{"team", "web"}}).front().isMute);
        QVERIFY(
            !told(config.route, Labels{{"severity", "critical"}, {"team", "db"}}).front().isMute);
        const auto found = scopeOf(config, "night");
        QVERIFY(found && found->what == What::route && found->route == RoutePathTo{1});
        QVERIFY(found->letsCritical);
    }

    void twoSharesTheRoutesThatWereMade()
    {
        config::AlertmanagerConfig config = with(trees()[0]);
        muteRoutes(config, "night", {What::everything, {}, true});
        const config::RouteConfig once = config.route;
        muteRoutes(config, "lunch", {What::everything, {}, true});
        QCOMPARE(config.route.routes.size(), std::size_t(1));
        QCOMPARE(config.route.routes[0].routes.size(), std::size_t(1));
        unmuteRoutes(config, "lunch");
        QVERIFY(config.route == once);
    }

    void whatSomebodyElseWroteIsNotRecognised()
    {
        config::AlertmanagerConfig config = with(trees()[1]);
        config.route.routes[0].muteTimeIntervals = {"night"};
        config.route.routes[1].muteTimeIntervals = {"night"};
        config.route.routes[1].routes = {route("ops", {Matcher::equal("x", "1")})};
        QVERIFY(!scopeOf(config, "night"));
        QCOMPARE(mutedIn(config.route, "night"),
                 (QStringList{u"team=\"db\""_s, u"team=\"web\""_s}));
    }
};

QTEST_MAIN(TestQuietForm)
#include "tst_quiet_form.moc"
