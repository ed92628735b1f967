// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/bits.h"
#include "core/promql/functions/range_function.h"
#include "core/promql/kernels/accumulate.h"
#include "core/promql/kernels/compensated.h"
#include "core/promql/syntax/functions.h"

#include <cmath>
#include <limits>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

using Random = std::mt19937_64;

double uniform(Random& random, double from, double to)
{
    return std::uniform_real_distribution<double>(from, to)(random);
}
std::size_t upTo(Random& random, std::size_t most)
{
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
}

/// Times of a scrape: regular, with jitter, or with holes.
std::vector<std::int64_t> timeline(Random& random, std::size_t count)
{
    std::vector<std::int64_t> times;
    const std::size_t kind = upTo(random, 2);
    std::int64_t at = 1'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        times.push_back(at);
        at += 15'000;
        if (kind == 1) {
            at += static_cast<std::int64_t>(upTo(random, 2'000));
        } else if (kind == 2 && upTo(random, 9) == 0) {
            at += 200'000;
        }
    }
    return times;
}

/// Values of a counter, a gauge, or a series that holds what calculations may yield.
std::vector<double> values(Random& random, std::size_t count)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::size_t kind = upTo(random, 4);
    std::vector<double> out;
    double counter = uniform(random, 0, 100);
    for (std::size_t i = 0; i < count; ++i) {
        switch (kind) {
        case 0:
            counter += std::floor(uniform(random, 0, 20));
            out.push_back(counter);
            break;
        case 1:
            counter = upTo(random, 19) == 0 ? 0 : counter + uniform(random, 0, 5);
            out.push_back(counter);
            break;
        case 2:
            out.push_back(uniform(random, -1e6, 1e6));
            break;
        case 3:
            out.push_back(7.25);
            break;
        default: {
            constexpr std::array odd{0.0, -0.0, 1e-300, 1e300, -1e300, infinity, -infinity};
            out.push_back(upTo(random, 4) == 0       ? std::numeric_limits<double>::quiet_NaN()
                              : upTo(random, 3) == 0 ? odd[upTo(random, odd.size() - 1)]
                                                     : uniform(random, -10, 10));
            break;
        }
        }
    }
    return out;
}

/// What the tolerance is taken of: a difference small against the numbers that went in is the
/// order of additions, not a fault.
double scaleOf(std::span<const double> values)
{
    double scale = 0;
    for (const double value : values) {
        if (std::isfinite(value)) {
            scale = std::max(scale, std::abs(value));
        }
    }
    return scale;
}

bool same(double a, double b, double tolerance)
{
    if (std::isnan(a) || std::isnan(b)) {
        return std::isnan(a) && std::isnan(b);
    }
    return a == b || std::abs(a - b) <= tolerance;
}

} // namespace

/// Every kernel against the function that says what it means, on made series.
class TestRangeKernels : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheMeaning_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("tolerance"); // relative; 0: the same bits
        for (const promql::Function& function : allFunctions()) {
            const RangeFunction* const range = findRangeFunction(function.name);
            if (range == nullptr || range->kernel == nullptr) {
                continue;
            }
            const bool folds = function.name.starts_with("sum") || function.name.starts_with("avg")
                || function.name.starts_with("std");
            QTest::newRow(std::string(function.name).c_str())
                << QString::fromUtf8(function.name.data(), qsizetype(function.name.size()))
                << (folds ? 1e-12 : 0.0);
        }
    }

    void agreesWithTheMeaning()
    {
        QFETCH(QString, name);
        QFETCH(double, tolerance);
        const RangeFunction& function = *findRangeFunction(name.toStdString());
        Random random(20'260'101);
        for (int round = 0; round < 400; ++round) {
            const std::size_t count = upTo(random, 300);
            const std::vector<std::int64_t> times = timeline(random, count);
            const std::vector<double> series = values(random, count);
            RangeCall call{.function = function};
            call.rangeMs = static_cast<std::int64_t>(1 + upTo(random, 80)) * 13'000;
            const std::int64_t step
                = std::array<std::int64_t, 3>{15'000, 60'000, 7'000}[upTo(random, 2)];
            std::int64_t at = 900'000 + static_cast<std::int64_t>(upTo(random, 50'000));
            for (std::size_t i = upTo(random, 150); i > 0; --i, at += step) {
                call.ends.push_back(at);
                call.evaluatedAt.push_back(at);
            }
            call.parameters.emplace_back(call.ends.size(), uniform(random, 0, 1));
            const double scale = std::max(1.0, scaleOf(series));
            compare(call, times, series,
                    tolerance * (name == u"stdvar_over_time"_s ? scale * scale : scale));
            if (QTest::currentTestFailed()) {
                return;
            }
        }
    }

    void aRowAddsTheSameWholeAndInParts_data()
    {
        QTest::addColumn<int>("kernel");
        QTest::newRow("sum") << 0;
        QTest::newRow("min") << 1;
        QTest::newRow("max") << 2;
        QTest::newRow("variance") << 3;
    }

    /// The vector code of full rows and the code for rows with gaps must give the same bits.
    void aRowAddsTheSameWholeAndInParts()
    {
        QFETCH(int, kernel);
        Random random(4711);
        for (int round = 0; round < 100; ++round) {
            const std::size_t steps = 1 + upTo(random, 200);
            const double start
                = kernel == 0 || kernel == 3 ? 0 : std::numeric_limits<double>::quiet_NaN();
            std::array<std::vector<double>, 4> whole;
            whole.fill(std::vector<double>(steps, 0));
            whole[0].assign(steps, start);
            auto parts = whole;
            std::vector<std::uint64_t> all(wordsFor(steps));
            setFirst(all, steps);
            for (int series = 0; series < 20; ++series) {
                const std::vector<double> row = values(random, steps);
                add(kernel, row, nullptr, whole);
                add(kernel, row, &all, parts);
            }
            for (std::size_t i = 0; i < whole.size(); ++i) {
                for (std::size_t step = 0; step < steps; ++step) {
                    QVERIFY(same(whole[i][step], parts[i][step], 0));
                }
            }
        }
    }

private:
    static void compare(const RangeCall& call, const std::vector<std::int64_t>& times,
                        const std::vector<double>& series, double tolerance)
    {
        const Windows windows = makeWindows(times, call.ends, call.rangeMs);
        const Extrapolation extrapolation
            = makeExtrapolation(times, windows, call.ends, call.rangeMs,
                                call.function.rate == RangeFunction::Rate::perSecond);
        std::vector<double> out(call.ends.size());
        Findings findings;
        const SeriesCall one{call, findings};
        call.function.kernel(
            {times, series, windows, &extrapolation, call.evaluatedAt, call.parameters[0]}, out);
        for (std::size_t step = 0; step < out.size(); ++step) {
            Window window;
            window.times = std::span(times).subspan(windows.first[step], windows.count(step));
            window.values = std::span(series).subspan(windows.first[step], windows.count(step));
            window.end = call.ends[step];
            window.evaluatedAt = call.evaluatedAt[step];
            window.step = step;
            const Cell meaning = window.values.empty() ? Cell{} : call.function.window(window, one);
            const bool present
                = testBit(call.function.needs == 2 ? windows.two : windows.some, step);
            QCOMPARE(present, meaning.kind == Cell::Kind::number);
            if (present && !same(out[step], meaning.number, tolerance)) {
                QFAIL(qPrintable(u"step %1 of %2, %3 samples: %4 instead of %5"_s.arg(step)
                                     .arg(out.size())
                                     .arg(window.values.size())
                                     .arg(out[step], 0, 'g', 17)
                                     .arg(meaning.number, 0, 'g', 17)));
            }
        }
    }

    static void add(int kernel, const std::vector<double>& row,
                    const std::vector<std::uint64_t>* present,
                    std::array<std::vector<double>, 4>& into)
    {
        const kernels::Accumulators to{into[0], into[1], into[2], into[3]};
        switch (kernel) {
        case 0:
            present == nullptr ? kernels::addToSum(row, to) : kernels::addToSum(row, *present, to);
            break;
        case 1:
            present == nullptr ? kernels::addToMin(row, to) : kernels::addToMin(row, *present, to);
            break;
        case 2:
            present == nullptr ? kernels::addToMax(row, to) : kernels::addToMax(row, *present, to);
            break;
        default:
            present == nullptr ? kernels::addToVariance(row, to)
                               : kernels::addToVariance(row, *present, to);
            break;
        }
    }
};

QTEST_GUILESS_MAIN(TestRangeKernels)
#include "tst_range_kernels.moc"
