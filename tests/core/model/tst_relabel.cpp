// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/relabel.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

RelabelRule rule(RelabelAction action, std::vector<std::string> sources, std::string regex,
                 std::string target = {}, std::string replacement = "$1")
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = std::move(regex);
    made.targetLabel = std::move(target);
    made.replacement = std::move(replacement);
    return made;
}

/// What rules make of {a="x1", b="y"}: its text, or "dropped", or the error.
QString applied(std::vector<RelabelRule> rules)
{
    for (RelabelRule& one : rules) {
        if (auto ready = one.prepare(); !ready) {
            return QString::fromStdString(ready.error().message);
        }
    }
    LabelsBuilder labels(Labels({{"a", "x1"}, {"b", "y"}}));
    return relabel(labels, rules) ? QString::fromStdString(labels.build().toString())
                                  : u"dropped"_s;
}

} // namespace

class TestRelabel : public QObject {
    Q_OBJECT
private slots:
    // Each action once; their fine points are conformance cases.
    void applies_data()
    {
        using enum RelabelAction;
        QTest::addColumn<QString>("actual");
        QTest::addColumn<QString>("expected");
        QTest::newRow("replace writes the group")
            << applied({rule(replace, {"a"}, "x(.)", "c")}) << uR"({a="x1", b="y", c="1"})"_s;
        QTest::newRow("replace without a match leaves all alone")
            << applied({rule(replace, {"a"}, "z(.)", "b")}) << uR"({a="x1", b="y"})"_s;
        QTest::newRow("an empty replacement removes")
            << applied({rule(replace, {"a"}, ".*", "b", "")}) << uR"({a="x1"})"_s;
        QTest::newRow("$1x is the group called 1x, hence empty")
            << applied({rule(replace, {"a"}, "(.+)", "c", "$1x")}) << uR"({a="x1", b="y"})"_s;
        QTest::newRow("the regex covers the whole value")
            << applied({rule(keep, {"a"}, "x")}) << u"dropped"_s;
        QTest::newRow("an absent label reads as empty")
            << applied({rule(keep, {"nope"}, "")}) << uR"({a="x1", b="y"})"_s;
        QTest::newRow("drop") << applied({rule(drop, {"a", "b"}, "x1;y")}) << u"dropped"_s;
        QTest::newRow("labelmap keeps the source")
            << applied({rule(labelMap, {}, "(a)", "", "m_$1")})
            << uR"({a="x1", b="y", m_a="x1"})"_s;
        QTest::newRow("labeldrop") << applied({rule(labelDrop, {}, "a")}) << uR"({b="y"})"_s;
        QTest::newRow("labelkeep may leave nothing, which is no drop")
            << applied({rule(labelKeep, {}, "z")}) << u"{}"_s;
        QTest::newRow("uppercase beyond ASCII") << applied(
            {rule(replace, {"a"}, ".*", "a", "straße-ü"), rule(uppercase, {"a"}, "(.*)", "a")})
                                                << uR"({a="STRAßE-Ü", b="y"})"_s;
        QTest::newRow("keepequal")
            << applied({rule(keepEqual, {"a"}, "(.*)", "b")}) << u"dropped"_s;
    }

    void applies()
    {
        QFETCH(QString, actual);
        QFETCH(QString, expected);
        QCOMPARE(actual, expected);
    }

    // Worked out with the md5sum program: the last eight bytes of the digest, big endian.
    void hashModTakesTheEndOfTheDigest()
    {
        RelabelRule hash = rule(RelabelAction::hashMod, {"a"}, "(.*)", "shard");
        hash.modulus = 8;
        QVERIFY(hash.prepare());
        LabelsBuilder labels(Labels({{"a", "host-2"}}));
        QVERIFY(relabel(labels, std::span(&hash, 1)));
        QCOMPARE(labels.get("shard"), std::string_view("4"));
    }

    void refuses_data()
    {
        using enum RelabelAction;
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("names");
        QTest::newRow("replace needs a target")
            << applied({rule(replace, {"a"}, "x")}) << u"target_label"_s;
        QTest::newRow("hashmod needs a modulus")
            << applied({rule(hashMod, {"a"}, "(.*)", "t")}) << u"modulus"_s;
        QTest::newRow("labeldrop takes a regex only")
            << applied({rule(labelDrop, {"a"}, "x")}) << u"only 'regex'"_s;
        QTest::newRow("a regex that does not parse")
            << applied({rule(keep, {"a"}, "(")}) << u"regexp"_s;
        QTest::newRow("lowercase takes no replacement")
            << applied({rule(lowercase, {"a"}, "(.*)", "t", "x")}) << u"replacement"_s;
    }

    void refuses()
    {
        QFETCH(QString, error);
        QFETCH(QString, names);
        QVERIFY2(error.contains(names), qPrintable(error));
    }

    void stepsShowWhatEachRuleDoes()
    {
        using enum RelabelAction;
        std::vector<RelabelRule> rules{rule(replace, {"a", "b"}, "x(.);(.)", "c"),
                                       rule(replace, {"a"}, "z", "d"),
                                       rule(labelDrop, {}, "a|b"),
                                       rule(labelKeep, {}, "c"),
                                       rule(drop, {"c"}, "1"),
                                       rule(replace, {"c"}, ".*", "e")};
        for (RelabelRule& one : rules) {
            QVERIFY(one.prepare());
        }
        const Labels start({{"a", "x1"}, {"b", "y"}});
        const Labels withC = start.with("c", "1");
        const Labels onlyC({{"c", "1"}});
        const std::vector<RelabelStep> expected{
            {.before = start, .after = withC, .source = "x1;y", .matched = true},
            {.before = withC, .after = withC, .source = "x1", .matched = false},
            {.before = withC, .after = onlyC, .source = "", .matched = true},
            {.before = onlyC, .after = onlyC, .source = "", .matched = true},
            {.before = onlyC, .after = onlyC, .source = "1", .matched = true, .dropped = true},
        };
        const auto steps = relabelSteps(start, rules);
        QCOMPARE(steps.size(), expected.size());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            QVERIFY2(steps[i] == expected[i],
                     qPrintable(u"step %1: %2"_s.arg(i).arg(
                         QString::fromStdString(steps[i].after.toString()))));
        }
        QVERIFY(steps[0].changed() && !steps[1].changed() && !steps[4].changed());
    }

    void classicNames()
    {
        using enum RelabelAction;
        const auto classic = [](RelabelRule one) {
            one.classicNames = true;
            return applied({std::move(one)});
        };
        QCOMPARE(applied({rule(replace, {"a"}, "(.*)", "c.d")}),
                 uR"({a="x1", b="y", "c.d"="x1"})"_s);
        QVERIFY(classic(rule(replace, {"a"}, "(.*)", "c.d")).contains(u"target_label"_s));
        QVERIFY(classic(rule(replace, {"a"}, "(.*)", "c.${1}")).contains(u"target_label"_s));
        QVERIFY(classic(rule(labelMap, {}, "(.*)", "", "m.$1")).contains(u"replacement"_s));
        QCOMPARE(classic(rule(replace, {"b"}, "(.*)", "c_${1}$1")),
                 uR"({a="x1", b="y", c_yy="y"})"_s);
        // A name that only comes about is left out.
        QCOMPARE(classic(rule(replace, {}, ".*", "${1}c", "v")), uR"({a="x1", b="y", c="v"})"_s);
        QCOMPARE(classic(rule(replace, {"a"}, "x(.)", "${1}")), uR"({a="x1", b="y"})"_s);
    }

    void actionNamesIgnoreCase()
    {
        QCOMPARE(relabelActionFrom("LabelMap"), RelabelAction::labelMap);
        QVERIFY(!relabelActionFrom("explode"));
    }
};

QTEST_GUILESS_MAIN(TestRelabel)
#include "tst_relabel.moc"
