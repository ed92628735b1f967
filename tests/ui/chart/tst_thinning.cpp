// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart/made.h"
#include "ui/chart/thinning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui::chart;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

struct Row {
    std::vector<double> low;
    std::vector<double> high;
    std::vector<double> last;
    Undrawable undrawable;
};

Row thinned(const std::vector<std::int64_t>& at, const std::vector<double>& values,
            const Thinning& how)
{
    Row row{std::vector<double>(how.columns),
            std::vector<double>(how.columns),
            std::vector<double>(how.columns),
            {}};
    row.undrawable = thinSeries(at, values, how, row.low, row.high, row.last);
    return row;
}

/// The same by definition, one column at a time: where the line through the samples runs
/// between the column's edges.
Row byDefinition(const std::vector<std::int64_t>& at, const std::vector<double>& values,
                 const Thinning& how)
{
    Row row{std::vector<double>(how.columns, infinite),
            std::vector<double>(how.columns, -infinite),
            std::vector<double>(how.columns, notANumber),
            {}};
    const double scale = double(how.columns) / (how.toMs - how.fromMs);
    const auto x = [&](std::size_t i) { return (double(at[i]) - how.fromMs) * scale; };
    const auto value = [&](std::size_t i) {
        return how.logarithmic ? (values[i] > 0 ? std::log10(values[i]) : notANumber) : values[i];
    };
    for (std::size_t column = 0; column < how.columns; ++column) {
        const double left = double(column);
        const double right = double(column + 1);
        double lastX = -infinite;
        const auto reach = [&](double atX, double v) {
            row.low[column] = std::min(row.low[column], v);
            row.high[column] = std::max(row.high[column], v);
            if (atX >= lastX) {
                lastX = atX;
                row.last[column] = v;
            }
        };
        for (std::size_t i = 0; i < at.size(); ++i) {
            if (!std::isfinite(value(i))) {
                continue;
            }
            if (i > 0 && std::isfinite(value(i - 1)) && double(at[i] - at[i - 1]) <= how.gapMs) {
                const double from = std::max(x(i - 1), left);
                const double to = std::min(x(i), right);
                if (from < to) {
                    const double slope = (value(i) - value(i - 1)) / (x(i) - x(i - 1));
                    reach(from, value(i - 1) + slope * (from - x(i - 1)));
                    reach(to, value(i - 1) + slope * (to - x(i - 1)));
                }
            }
            const bool isLast = column + 1 == how.columns;
            if (x(i) >= left && (x(i) < right || (isLast && x(i) <= right))) {
                reach(x(i), value(i));
            }
        }
    }
    return row;
}

bool isNear(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || a == b
        || std::abs(a - b) <= 1e-7 * std::max({1.0, std::abs(a), std::abs(b)});
}

} // namespace

class TestThinning : public QObject {
    Q_OBJECT
private slots:
    void equalsDefinition_data()
    {
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("columns");
        QTest::addColumn<double>("missing");
        QTest::addColumn<bool>("logarithmic");
        QTest::newRow("many samples a column") << 5000 << 37 << 0.0 << false;
        QTest::newRow("many columns a sample") << 19 << 400 << 0.0 << false;
        QTest::newRow("one each") << 100 << 100 << 0.0 << false;
        QTest::newRow("with holes") << 300 << 120 << 0.2 << false;
        QTest::newRow("mostly holes") << 200 << 150 << 0.7 << false;
        QTest::newRow("logarithmic, with values below zero") << 300 << 120 << 0.1 << true;
        QTest::newRow("a single sample") << 1 << 50 << 0.0 << false;
        QTest::newRow("a single column") << 50 << 1 << 0.1 << false;
    }

    void equalsDefinition()
    {
        QFETCH(int, points);
        QFETCH(int, columns);
        QFETCH(double, missing);
        QFETCH(bool, logarithmic);
        for (unsigned seed = 1; seed <= 12; ++seed) {
            std::mt19937 random(seed);
            std::uniform_real_distribution<double> share(0, 1);
            std::normal_distribution<double> noise(2, 3);
            std::vector<std::int64_t> at;
            std::vector<double> values;
            for (int i = 0; i < points; ++i) {
                if (share(random) >= missing || i == 0) {
                    at.push_back(made::start + i * 1000);
                    values.push_back(share(random) < 0.03 ? notANumber : noise(random));
                }
            }
            // Windows that cut the data on either side, or leave room around it.
            const double width = points * 1000.0;
            const double from = double(made::start) + (share(random) - 0.4) * width * 0.4;
            const Thinning how{.fromMs = from,
                               .toMs = from + width * (0.4 + share(random)),
                               .columns = std::size_t(columns),
                               .gapMs = 1500,
                               .logarithmic = logarithmic};
            const Row have = thinned(at, values, how);
            const Row want = byDefinition(at, values, how);
            for (std::size_t c = 0; c < how.columns; ++c) {
                QVERIFY2(isNear(have.low[c], want.low[c]) && isNear(have.high[c], want.high[c])
                             && isNear(have.last[c], want.last[c]),
                         qPrintable(QStringLiteral("seed %1 column %2: %3…%4 last %5, want "
                                                   "%6…%7 last %8")
                                        .arg(seed)
                                        .arg(c)
                                        .arg(have.low[c])
                                        .arg(have.high[c])
                                        .arg(have.last[c])
                                        .arg(want.low[c])
                                        .arg(want.high[c])
                                        .arg(want.last[c])));
            }
        }
    }

    void oneSampleSpikeSurvives()
    {
        std::vector<std::int64_t> at;
        std::vector<double> values;
        for (int i = 0; i < 1'000'000; ++i) {
            at.push_back(made::start + i * 10);
            values.push_back(i == 617'283 ? 1000 : 1);
        }
        const Thinning how{.fromMs = double(at.front()),
                           .toMs = double(at.back()),
                           .columns = 1000,
                           .gapMs = 15,
                           .logarithmic = false};
        const Row row = thinned(at, values, how);
        QCOMPARE(*std::ranges::max_element(row.high), 1000.0);
        QCOMPARE(std::ranges::count_if(row.high, [](double v) { return v > 1; }), 1);
        QCOMPARE(row.high[617], 1000.0);
        QCOMPARE(*std::ranges::min_element(row.low), 1.0);
    }

    void gapRule_data()
    {
        QTest::addColumn<int>("distance");
        QTest::addColumn<bool>("joined");
        QTest::newRow("next step") << 1000 << true;
        QTest::newRow("as far as the gap") << 1500 << true;
        QTest::newRow("beyond it") << 1501 << false;
        QTest::newRow("two steps: one is absent") << 2000 << false;
    }

    void gapRule()
    {
        QFETCH(int, distance);
        QFETCH(bool, joined);
        const Thinning how{
            .fromMs = 0, .toMs = 4000, .columns = 400, .gapMs = 1500, .logarithmic = false};
        const Row row = thinned({1000, 1000 + distance}, {1, 1}, how);
        const bool middleDrawn = row.low[150] <= row.high[150];
        QCOMPARE(middleDrawn, joined);
        QVERIFY(row.low[100] <= row.high[100]); // the samples themselves are always there
        QVERIFY(row.low[std::size_t(100 + distance / 10)]
                <= row.high[std::size_t(100 + distance / 10)]);
    }

    void countsWhatItCannotDraw()
    {
        const Thinning how{
            .fromMs = 0, .toMs = 5000, .columns = 50, .gapMs = 1500, .logarithmic = true};
        const Row row
            = thinned({0, 1000, 2000, 3000, 4000, 9000}, {1, notANumber, 0, -2, infinite, -1}, how);
        QCOMPARE(row.undrawable.notFinite, std::size_t(2));
        QCOMPARE(row.undrawable.notPositive, std::size_t(2)); // the one outside is not counted
    }

    void linesEnterAndLeaveThePicture()
    {
        const Thinning how{
            .fromMs = 500, .toMs = 1500, .columns = 10, .gapMs = 5000, .logarithmic = false};
        const Row row = thinned({0, 2000}, {0, 20}, how);
        QVERIFY(isNear(row.low.front(), 5));
        QVERIFY(isNear(row.high.back(), 15));
    }

    void emptyInputs()
    {
        const Thinning how{
            .fromMs = 0, .toMs = 1000, .columns = 4, .gapMs = 100, .logarithmic = false};
        const Row row = thinned({}, {}, how);
        QVERIFY(row.low.front() > row.high.front());
        Thinning backwards = how;
        backwards.toMs = -5;
        QVERIFY(thinned({1}, {1}, backwards).low.front() == infinite);
    }

    void stopsBetweenSeries()
    {
        const auto matrix = made::matrix(3, 10, 1000, [](std::size_t, std::size_t) { return 1.0; });
        const Thinning how{
            .fromMs = 0, .toMs = 1000, .columns = 4, .gapMs = 100, .logarithmic = false};
        std::stop_source stop;
        const std::vector<std::uint32_t> all{0, 1, 2};
        QVERIFY(thin(*matrix, all, how, stop.get_token()).has_value());
        stop.request_stop();
        QVERIFY(!thin(*matrix, all, how, stop.get_token()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestThinning)
#include "tst_thinning.moc"
