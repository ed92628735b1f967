// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart/made.h"
#include "ui/chart/hover.h"
#include "ui/chart/picture.h"
#include "ui/chart/series_info.h"

#include <limits>
#include <set>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace watchfire::ui::chart;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<Matrix> labelled(std::vector<Labels> sets)
{
    auto matrix = std::make_shared<Matrix>();
    for (Labels& set : sets) {
        MatrixSeries series;
        series.labels = std::move(set);
        series.atMs = {0, 1000};
        series.values = {1, 2};
        matrix->push_back(std::move(series));
    }
    return matrix;
}

QStringList namesOf(std::vector<Labels> sets)
{
    QStringList names;
    const auto prepared = prepare(labelled(std::move(sets)), nullptr, {});
    for (const SeriesInfo& info : prepared->series) {
        names.append(info.name);
    }
    return names;
}

PictureRequest requestFor(std::shared_ptr<const Matrix> matrix)
{
    PictureRequest request;
    request.matrix = std::move(matrix);
    request.window = {double(made::start), double(made::start) + 100'000};
    request.gapMs = 1500;
    request.size = QSize(300, 200);
    request.margins = QMargins(40, 5, 10, 20);
    return request;
}

} // namespace

class TestSeriesInfo : public QObject {
    Q_OBJECT
private slots:
    void onlyDifferingLabels()
    {
        QCOMPARE(namesOf({{{"__name__", "cpu"}, {"cpu", "0"}, {"job", "host"}},
                          {{"__name__", "cpu"}, {"cpu", "1"}, {"job", "host"}}}),
                 QStringList({u"cpu=0"_s, u"cpu=1"_s}));
        QCOMPARE(
            namesOf({{{"__name__", "rx"}, {"dev", "eth0"}}, {{"__name__", "tx"}, {"dev", "eth0"}}}),
            QStringList({u"rx"_s, u"tx"_s}));
        QCOMPARE(
            namesOf({{{"__name__", "rx"}, {"dev", "eth0"}}, {{"__name__", "tx"}, {"dev", "eth1"}}}),
            QStringList({u"rx dev=eth0"_s, u"tx dev=eth1"_s}));
        // A label that only one of them has makes a difference too.
        QCOMPARE(namesOf({{{"a", "1"}, {"b", "x"}}, {{"a", "1"}}}),
                 QStringList({u"b=x"_s, u"{}"_s}));
    }

    void aloneItIsNamedInFull()
    {
        QCOMPARE(namesOf({{{"__name__", "up"}, {"job", "node"}}}), QStringList{u"up"_s});
        QCOMPARE(namesOf({{{"instance", "db1"}, {"job", "node"}}}),
                 QStringList{u"instance=db1 job=node"_s});
        QCOMPARE(namesOf({Labels()}), QStringList{u"{}"_s});
    }

    void measures()
    {
        auto matrix = std::make_shared<Matrix>(2);
        (*matrix)[0].atMs = {0, 1, 2, 3};
        (*matrix)[0].values = {4, notANumber, -2, 7};
        const auto prepared = prepare(matrix, nullptr, {});
        const SeriesInfo& info = prepared->series[0];
        QCOMPARE(info.last, 7.0);
        QCOMPARE(info.min, -2.0);
        QCOMPARE(info.max, 7.0);
        QCOMPARE(info.average, 3.0);
        QVERIFY(std::isnan(prepared->series[1].last));
    }

    void choosesByMaximum()
    {
        const auto matrix = made::matrix(
            10, 5, 1000, [](std::size_t s, std::size_t) { return double((s * 7) % 10); });
        const auto prepared = prepare(matrix, nullptr, {});
        const Choice choice = choose(*prepared, {}, 3);
        QCOMPARE(choice.wanted, std::size_t(10));
        QCOMPARE(choice.drawn, (std::vector<std::uint32_t>{1, 4, 7})); // 7, 8 and 9

        Visibility hidden;
        hidden.marked.insert(prepared->series[7].hash);
        QCOMPARE(choose(*prepared, hidden, 3).wanted, std::size_t(9));
        Visibility alone{.only = true, .marked = {prepared->series[0].hash}};
        QCOMPARE(choose(*prepared, alone, 3).drawn, (std::vector<std::uint32_t>{0}));
    }

    void valueNearIsExact_data()
    {
        QTest::addColumn<double>("ms");
        QTest::addColumn<double>("value"); // NaN: none
        QTest::newRow("on a sample") << 2000.0 << 20.0;
        QTest::newRow("nearer the one before") << 2400.0 << 20.0;
        QTest::newRow("nearer the one after") << 2600.0 << 30.0;
        QTest::newRow("before the first, in reach") << 600.0 << 10.0;
        QTest::newRow("after the last, in reach") << 3499.0 << 30.0;
        QTest::newRow("out of reach") << 3600.0 << notANumber;
    }

    void valueNearIsExact()
    {
        QFETCH(double, ms);
        QFETCH(double, value);
        MatrixSeries series;
        series.atMs = {1000, 2000, 3000};
        series.values = {10, 20, 30};
        const auto have = valueNear(series, ms, 500);
        QCOMPARE(have.has_value(), !std::isnan(value));
        if (have) {
            QCOMPARE(*have, value);
        }
    }

    void coloursStay()
    {
        ColorBook book;
        const std::vector<std::uint64_t> first{10, 22, 37, 41};
        const auto before = book.assign(first);
        QCOMPARE(std::set(before.begin(), before.end()).size(), first.size());
        // Others come and go, in another order: those that stay keep theirs.
        const std::vector<std::uint64_t> second{41, 99, 10, 100, 37};
        const auto after = book.assign(second);
        QCOMPARE(after[0], before[3]);
        QCOMPARE(after[2], before[0]);
        QCOMPARE(after[4], before[2]);
        QCOMPARE(std::set(after.begin(), after.end()).size(), second.size());
    }

    void coloursDoNotDependOnOrder()
    {
        ColorBook a;
        ColorBook b;
        const auto one = a.assign(std::vector<std::uint64_t>{8, 16, 24, 32});
        const auto two = b.assign(std::vector<std::uint64_t>{32, 24, 16, 8});
        QCOMPARE(one, std::vector<std::uint32_t>(two.rbegin(), two.rend()));
    }

    void twelveAreDifferentColoursThenDashes()
    {
        ColorBook book;
        std::vector<std::uint64_t> hashes(30);
        for (std::size_t i = 0; i < hashes.size(); ++i) {
            hashes[i] = 12 * i; // all prefer the same colour
        }
        const auto given = book.assign(hashes);
        QCOMPARE(std::set(given.begin(), given.end()).size(), hashes.size());
        std::set<std::uint32_t> solid;
        for (const std::uint32_t slot : given) {
            if (slot < 12) {
                solid.insert(slot);
            }
        }
        QCOMPARE(solid.size(), std::size_t(12));
        const PictureStyle style;
        QCOMPARE(slotDash(style, 11, 0), 0);
        QVERIFY(slotDash(style, 12, 0) > 0);
        QVERIFY(slotDash(style, 12, 0) != slotDash(style, 24, 0));
        PictureStyle highContrast;
        highContrast.dashFromSecond = true;
        QCOMPARE(slotDash(highContrast, 5, 0), 0);
        QVERIFY(slotDash(highContrast, 5, 1) > 0);
    }

    void hoverFindsTheNearest()
    {
        const auto matrix
            = made::matrix(30, 101, 1000, [](std::size_t s, std::size_t) { return double(s); });
        const auto picture = makePicture(requestFor(matrix), {});
        QVERIFY(picture != nullptr);
        const double ms = double(made::start) + 50'000;
        const auto rows = hoverRows(*picture, ms, 17.2, 500, 5);
        QCOMPARE(rows.size(), std::size_t(5));
        QCOMPARE(rows.front().value, 19.0); // from high to low
        QCOMPARE(rows.back().value, 15.0);
        for (const HoverRow& row : rows) {
            QCOMPARE(row.nearest, row.value == 17.0);
        }
        QCOMPARE(presentRows(*picture, ms), std::size_t(30));
        // Without a pointer: the highest, and none is nearest.
        const auto highest = hoverRows(*picture, ms, std::nullopt, 500, 3);
        QCOMPARE(highest.front().value, 29.0);
        QVERIFY(!highest.front().nearest);
        QVERIFY(hoverRows(*picture, ms - 1e9, 17.2, 500, 5).empty());
    }

    void stacksAddUp()
    {
        const auto matrix = made::matrix(3, 101, 1000, [](std::size_t s, std::size_t p) {
            return s == 1 && p > 40 && p < 60 ? notANumber : double(s + 1);
        });
        PictureRequest request = requestFor(matrix);
        request.mode = DrawMode::stack;
        const auto picture = makePicture(request, {});
        QVERIFY(picture != nullptr);
        QCOMPARE(picture->topOf(2)[10], 6.0);
        QCOMPARE(picture->bottomOf(2)[10], 3.0);
        const std::size_t middle = picture->table.columns / 2;
        QVERIFY(std::isnan(picture->topOf(1)[middle]));
        QCOMPARE(picture->topOf(2)[middle], 4.0); // an absent one adds nothing
        QCOMPARE(picture->scale.low, 0.0);
    }

    void stopped()
    {
        const auto matrix = made::matrix(3, 10, 1000, [](std::size_t, std::size_t) { return 1.0; });
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(makePicture(requestFor(matrix), stop.get_token()) == nullptr);
    }

    void tooSmallAView()
    {
        PictureRequest request
            = requestFor(made::matrix(1, 10, 1000, [](std::size_t, std::size_t) { return 1.0; }));
        request.size = QSize(40, 20);
        QVERIFY(makePicture(request, {}) == nullptr);
    }
};

QTEST_MAIN(TestSeriesInfo)
#include "tst_series_info.moc"
