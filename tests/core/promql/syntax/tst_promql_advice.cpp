// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/advice.h"
#include "core/promql/syntax/fixes.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/value_range.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;

namespace {

/// x_total is a counter, temp a gauge; everything is scraped every 15 s, job slow every minute.
MetricFacts facts()
{
    MetricFacts known;
    known.typeOf = [](std::string_view metric) -> std::optional<MetricType> {
        if (metric == "temp") {
            return MetricType::gauge;
        }
        return metric == "x_total" ? std::optional(MetricType::counter) : std::nullopt;
    };
    known.intervalOf = [](const Matchers& matchers) {
        const bool isSlow = std::ranges::contains(matchers, Matcher::equal("job", "slow"));
        return std::optional(std::chrono::milliseconds(isSlow ? 60'000 : 15'000));
    };
    return known;
}

std::vector<Advice> adviceOn(const QByteArray& query, const MetricFacts& known = facts())
{
    const auto ast = parse(query.toStdString(), Features::all());
    if (!ast) {
        qWarning("%s", ast.error().message.c_str());
        return {{"does not parse", {}, {}}};
    }
    return advise(*ast, known);
}

} // namespace

class TestPromqlAdvice : public QObject {
    Q_OBJECT

private slots:
    void queriesGetAdvice_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("place"); // the text it is about
        QTest::addColumn<QByteArray>("message"); // a part of it
        QTest::addColumn<QByteArray>("mended"); // the query then; empty: no fix

        const auto row
            = [](const char* query, const char* place, const char* message, const char* mended) {
                  QTest::newRow(query) << QByteArray(query) << QByteArray(place)
                                       << QByteArray(message) << QByteArray(mended);
              };
        row("rate(temp[5m])", "rate", "temp is a gauge", "deriv(temp[5m])");
        row("sum(increase(temp{a=\"b\"}[5m]))", "increase", "temp is a gauge",
            "sum(delta(temp{a=\"b\"}[5m]))");
        row("delta(x_total[5m])", "delta", "x_total is a counter", "increase(x_total[5m])");
        row("deriv(x_total[5m])", "deriv", "x_total is a counter", "rate(x_total[5m])");

        row("rate(x_total[20s])", "20s", "20s is too short for what is scraped every 15s",
            "rate(x_total[1m])");
        row("rate(x_total{job=\"slow\", a=\"[1m]\"}[ 1m ] offset 5m)", " 1m ", "scraped every 1m",
            "rate(x_total{job=\"slow\", a=\"[1m]\"}[4m] offset 5m)");

        row("rate(sum(x_total)[5m:])", "rate(sum(x_total)[5m:])", "take sum() of rate()",
            "sum(rate(x_total[5m]))");
        row("1 + rate((sum by (a, b) (x_total{c=\"d\"}))[5m:30s])",
            "rate((sum by (a, b) (x_total{c=\"d\"}))[5m:30s])", "take sum() of rate()",
            "1 + sum by (a, b) (rate(x_total{c=\"d\"}[5m]))");
        row("increase(avg(x_total) without (a)[1h:])", "increase(avg(x_total) without (a)[1h:])",
            "take avg() of increase()", "avg without (a) (increase(x_total[1h]))");
        row("rate(sum(x_total offset 1h)[5m:])", "rate(sum(x_total offset 1h)[5m:])",
            "take sum() of rate()", "");

        row("histogram_quantile(0.9, sum(rate(h_bucket[5m])))", "sum(rate(h_bucket[5m]))",
            "label le", "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))");
        row("histogram_quantile(0.9, sum by (job) (rate(h_bucket[5m])))",
            "sum by (job) (rate(h_bucket[5m]))", "label le",
            "histogram_quantile(0.9, sum by (le, job) (rate(h_bucket[5m])))");
        row("histogram_quantile(0.9, sum(rate(h_bucket[5m])) by (job))",
            "sum(rate(h_bucket[5m])) by (job)", "label le",
            "histogram_quantile(0.9, sum(rate(h_bucket[5m])) by (le, job))");
        row("histogram_quantile(0.9, sum(max by (le) (h_bucket)))", "sum(max by (le) (h_bucket))",
            "label le", "histogram_quantile(0.9, sum by (le) (max by (le) (h_bucket)))");
        row("histogram_quantile(0.9, sum without (le) (h_bucket))", "sum without (le) (h_bucket)",
            "label le", "");

        row("a{job=\"x\"} / b{job=\"y\"}", "a{job=\"x\"} / b{job=\"y\"}",
            "job is \"x\" on the left and \"y\" on the right",
            "a{job=\"x\"} / ignoring (job) b{job=\"y\"}");
        row("a{job=\"x\"} and on(job) rate(b{job=\"y\"}[5m])",
            "a{job=\"x\"} and on(job) rate(b{job=\"y\"}[5m])", "the sides never match", "");
        row("sum by (job) (a{job=\"x\"}) > b{job=\"y\"} * 2",
            "sum by (job) (a{job=\"x\"}) > b{job=\"y\"} * 2", "the sides never match",
            "sum by (job) (a{job=\"x\"}) > ignoring (job) b{job=\"y\"} * 2");

        row("count(up) == 0", "count(up) == 0", "count() is never 0", "absent(up)");
        row("count by (job) (up{a=\"b\"}) < 1", "count by (job) (up{a=\"b\"}) < 1",
            "count() is never 0", "absent(up{a=\"b\"})");
        row("(temp > 5) < 3", "(temp > 5) < 3", "this never holds", "");
        row("hour() > 23", "hour() > 23", "this never holds", "");
        row("abs(temp) < -1", "abs(temp) < -1", "this never holds", "");
        row("max(temp >= 5) < 5", "max(temp >= 5) < 5", "this never holds", "");
    }
    void queriesGetAdvice()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, mended);
        const auto advice = adviceOn(query);
        QCOMPARE(advice.size(), std::size_t(1));
        const auto& [told, where, fix] = advice.front();
        QCOMPARE(query.mid(where.begin, where.end - where.begin), place);
        QVERIFY2(QByteArray::fromStdString(told).contains(message), told.c_str());
        QCOMPARE(fix.has_value(), !mended.isEmpty());
        if (fix) {
            QByteArray done = query;
            done.replace(fix->span.begin, fix->span.end - fix->span.begin,
                         QByteArray::fromStdString(fix->text));
            QCOMPARE(done.replace("  ", " ").replace(" (", "("),
                     mended.replace("  ", " ").replace(" (", "("));
            QVERIFY(adviceOn(done).empty());
        }
    }

    void otherQueriesGetNone_data()
    {
        QTest::addColumn<QByteArray>("query");
        for (const char* query :
             {"rate(x_total[30s])",
              "rate(unknown[5m])",
              "deriv(temp[5m])",
              "temp[10s]",
              "max_over_time(temp[10s])",
              "rate(x_total[min_of(20s, 1m)])",
              "rate(max(x_total)[5m:])",
              "sum(rate(x_total[5m]))",
              "histogram_quantile(0.9, sum by (le, job) (rate(h_bucket[5m])))",
              "histogram_quantile(0.9, sum without (job) (rate(h_bucket[5m])))",
              "histogram_quantile(0.9, sum(rate(native[5m])))",
              "a{job=\"x\"} or b{job=\"y\"}",
              "a{job=\"x\"} unless b{job=\"y\"}",
              "a{job=\"x\"} / ignoring(job) b{job=\"y\"}",
              "a{job=\"x\"} / on(instance) b{job=\"y\"}",
              "sum(a{job=\"x\"}) / sum(b{job=\"y\"})",
              "a{job=\"x\"} / label_replace(b{job=\"y\"}, \"job\", \"x\", \"\", \"\")",
              "a{job=\"x\"} + fill(0) b{job=\"y\"}",
              "count(up) == bool 0",
              "count(up) < 2",
              "temp > 5 < 7",
              "month() == 12",
              "1 > bool 2",
              "a{x=~\"b\"} / c{x=\"d\"}"}) {
            QTest::newRow(query) << QByteArray(query);
        }
    }
    void otherQueriesGetNone()
    {
        QFETCH(QByteArray, query);
        const auto advice = adviceOn(query);
        QVERIFY2(advice.empty(), advice.empty() ? "" : advice.front().message.c_str());
    }

    void withoutFactsNothingIsSaidOfThem()
    {
        QVERIFY(adviceOn("rate(temp[1s])", {}).empty());
        QCOMPARE(adviceOn("count(up) == 0", {}).size(), std::size_t(1));
    }

    void adviceComesInOrderOfPlace()
    {
        const auto advice = adviceOn("count(up) == 0 or rate(temp[10s])");
        QCOMPARE(advice.size(), std::size_t(3));
        QVERIFY(
            std::ranges::is_sorted(advice, {}, [](const Advice& one) { return one.where.begin; }));
    }

    void faultsTellWhatMayBeMeant_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("mended"); // empty: no fix
        QTest::newRow("a function")
            << QByteArray("sum(rat(a[5m]))")
            << QByteArray("unknown function with name \"rat\"; did you mean rate?")
            << QByteArray("sum(rate(a[5m]))");
        QTest::newRow("a range")
            << QByteArray("rate(a)")
            << QByteArray("expected type range vector in call to function \"rate\", got instant "
                          "vector; a range such as [5m] is missing")
            << QByteArray("rate(a[5m])");
        QTest::newRow("nothing near")
            << QByteArray("frobnicate(a)")
            << QByteArray("unknown function with name \"frobnicate\"") << QByteArray();
    }
    void faultsTellWhatMayBeMeant()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, mended);
        const std::string text = query.toStdString();
        const auto faults = diagnose(text);
        QVERIFY(!faults.empty());
        QCOMPARE(QByteArray::fromStdString(withSuggestion(faults.front(), text)), message);
        const auto fix = fixFor(faults.front(), text);
        QCOMPARE(fix.has_value(), !mended.isEmpty());
        if (fix) {
            query.replace(fix->span.begin, fix->span.end - fix->span.begin,
                          QByteArray::fromStdString(fix->text));
            QCOMPARE(query, mended);
        }
    }

    void aTallTreeIsRead()
    {
        QByteArray query = "x";
        for (int i = 0; i < 900; ++i) {
            query += " + x";
        }
        QVERIFY(adviceOn(query).empty());
    }
};

QTEST_GUILESS_MAIN(TestPromqlAdvice)
#include "tst_promql_advice.moc"
