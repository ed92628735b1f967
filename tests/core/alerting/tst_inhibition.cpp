// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/inhibition.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp now(1'700'000'000s);

Alert alertOf(Labels labels, Timestamp end = now + 1h)
{
    Alert alert;
    alert.labels = std::move(labels);
    alert.startsAt = now - 1min;
    alert.endsAt = end;
    return alert;
}

config::InhibitRuleConfig rule(std::vector<std::string> equal)
{
    return {{Matcher::equal("severity", "page")},
            {Matcher::equal("severity", "warn")},
            std::move(equal)};
}

} // namespace

class TestInhibition : public QObject {
    Q_OBJECT
private slots:
    void aSourceThatIsOverInhibitsNoMore()
    {
        alerting::Inhibition inhibition;
        inhibition.setRules({rule({"dc"})});
        const Labels target{{"severity", "warn"}, {"dc", "1"}};
        const Labels source{{"severity", "page"}, {"dc", "1"}};
        inhibition.put(alertOf(source, now + 10s));
        QVERIFY(inhibition.isInhibited(target, now));
        QVERIFY(!inhibition.isInhibited(target, now + 10s)); // it ended by itself
        inhibition.put(alertOf(source, now + 1h)); // a newer report
        QVERIFY(inhibition.isInhibited(target, now + 10s));
        inhibition.remove(source);
        QVERIFY(!inhibition.isInhibited(target, now));
    }

    void theSourceThatLastsIsFoundAmongThoseThatAreOver()
    {
        alerting::Inhibition inhibition;
        inhibition.setRules({rule({"dc"})});
        inhibition.put(alertOf({{"severity", "page"}, {"dc", "1"}, {"i", "1"}}, now + 1h));
        inhibition.put(alertOf({{"severity", "page"}, {"dc", "1"}, {"i", "2"}}, now - 1s));
        const auto by = inhibition.inhibitedBy({{"severity", "warn"}, {"dc", "1"}}, now);
        QCOMPARE(by.size(), std::size_t(1));
        QCOMPARE(by[0].get("i"), std::string_view("1"));
    }

    void whatMatchesBothSidesIsInhibitedByOneSidedSourcesOnly()
    {
        const Matcher any = *Matcher::make(MatchType::regex, "severity", "page|warn");
        alerting::Inhibition inhibition;
        inhibition.setRules({{{any}, {Matcher::equal("kind", "app")}, {}}});
        const Labels both{{"severity", "warn"}, {"kind", "app"}};
        inhibition.put(alertOf(both));
        QVERIFY(!inhibition.isInhibited(both, now)); // not by itself
        inhibition.put(alertOf({{"severity", "page"}, {"kind", "app"}}));
        QVERIFY(!inhibition.isInhibited(both, now)); // nor by its like
        // A target that is no source is inhibited by them.
        QVERIFY(inhibition.isInhibited({{"kind", "app"}}, now));
        inhibition.put(alertOf({{"severity", "page"}, {"kind", "host"}}));
        QVERIFY(inhibition.isInhibited(both, now));
    }

    void eachRuleNamesASource()
    {
        alerting::Inhibition inhibition;
        inhibition.setRules({rule({}), {{Matcher::equal("root", "1")}, {}, {}}});
        inhibition.put(alertOf({{"severity", "page"}}));
        inhibition.put(alertOf({{"root", "1"}}));
        QCOMPARE(inhibition.inhibitedBy({{"severity", "warn"}}, now).size(), std::size_t(2));
    }

    /// 10,000 sources and as many targets: looking at every pair would take minutes.
    void tenThousandAlertsStayCheap()
    {
        alerting::Inhibition inhibition;
        inhibition.setRules({rule({"i"}), rule({"dc"}), rule({"i", "dc"})});
        std::vector<Labels> targets;
        const std::clock_t begin = std::clock();
        for (int i = 0; i < 10'000; ++i) {
            const std::string id = std::to_string(i);
            inhibition.put(alertOf({{"severity", "page"}, {"dc", "1"}, {"i", id}}));
            targets.push_back({{"severity", "warn"}, {"dc", "2"}, {"i", id}});
        }
        const auto muted = std::ranges::count_if(
            targets, [&](const Labels& target) { return inhibition.isInhibited(target, now); });
        QCOMPARE(muted, std::ptrdiff_t(10'000));
        QVERIFY((std::clock() - begin) / CLOCKS_PER_SEC < 10);
    }
};

QTEST_GUILESS_MAIN(TestInhibition)
#include "tst_inhibition.moc"
