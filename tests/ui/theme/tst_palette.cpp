// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recomputes every figure that the design of the palettes rests on: contrast by WCAG, and how
// far colours lie apart for eyes of all four kinds.
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::ui::theme;

namespace {

using Triple = std::array<double, 3>;
using Matrix3 = std::array<Triple, 3>;

/// Linear RGB as each kind of eye receives it.
/// Source: Machado, Oliveira, Fernandes 2009, severity 1.0.
constexpr Matrix3 normalSight{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix3 protan{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix3 deutan{{{0.367322, 0.860646, -0.227968},
                          {0.280085, 0.672501, 0.047413},
                          {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix3 tritan{{{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}}};

double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Triple seenBy(const Matrix3& eye, const QColor& color)
{
    const Triple rgb{linear(color.red() / 255.0), linear(color.green() / 255.0),
                     linear(color.blue() / 255.0)};
    Triple out{};
    for (std::size_t i = 0; i < 3; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            sum += eye.at(i).at(j) * rgb.at(j);
        }
        out.at(i) = std::clamp(sum, 0.0, 1.0);
    }
    return out;
}

/// Source: Ottosson 2020, "A perceptual color space for image processing".
Triple oklab(const Triple& c)
{
    const auto root
        = [](double r, double g, double b) { return std::cbrt(std::max(0.0, r + g + b)); };
    const double l = root(0.4122214708 * c[0], 0.5363325363 * c[1], 0.0514459929 * c[2]);
    const double m = root(0.2119034982 * c[0], 0.6806995451 * c[1], 0.1073969566 * c[2]);
    const double s = root(0.0883024619 * c[0], 0.2818188376 * c[1], 0.6299787005 * c[2]);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

/// The least distance (×100) among the first `count` colours, for the eye that fares worst.
double leastDistance(Scheme scheme, std::size_t count)
{
    const auto& colors = seriesColors(scheme);
    double least = std::numeric_limits<double>::infinity();
    for (const Matrix3* const eye : {&normalSight, &protan, &deutan, &tritan}) {
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const Triple a = oklab(seenBy(*eye, colors.at(i)));
                const Triple b = oklab(seenBy(*eye, colors.at(j)));
                least = std::min(least, 100 * std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
            }
        }
    }
    return least;
}

double rounded(double value)
{
    return std::round(value * 10) / 10;
}

QColor baseOf(Scheme scheme)
{
    return makePalette(scheme).color(QPalette::Base);
}

} // namespace

class TestPalette : public QObject {
    Q_OBJECT
private slots:
    void seriesContrast_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("color");
        QTest::addColumn<double>("ratio");
        struct Row {
            const char* light;
            double lightRatio;
            const char* dark;
            double darkRatio;
        };
        const std::array<Row, 12> rows{{{"#406afa", 4.5, "#719ad6", 5.3},
                                        {"#ac5d13", 4.9, "#f1a716", 7.4},
                                        {"#047b62", 5.2, "#3ad693", 8.1},
                                        {"#f74ca4", 3.2, "#f24394", 4.4},
                                        {"#4019b8", 10.3, "#9953ec", 3.5},
                                        {"#9f912a", 3.2, "#d9f36f", 12.3},
                                        {"#971d0d", 8.4, "#b85c37", 3.4},
                                        {"#2f9ecf", 3.0, "#9eedfb", 11.6},
                                        {"#a941d1", 4.8, "#d8aae9", 7.9},
                                        {"#235430", 8.8, "#8a9c40", 5.0},
                                        {"#841387", 8.7, "#fcd4c4", 11.1},
                                        {"#728b90", 3.6, "#6c8688", 3.9}}};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QTest::addRow("light %zu", i + 1)
                << false << int(i) << QString::fromLatin1(rows[i].light) << rows[i].lightRatio;
            QTest::addRow("dark %zu", i + 1)
                << true << int(i) << QString::fromLatin1(rows[i].dark) << rows[i].darkRatio;
        }
    }

    void seriesContrast()
    {
        QFETCH(bool, dark);
        QFETCH(int, index);
        QFETCH(QString, color);
        QFETCH(double, ratio);
        const Scheme scheme = dark ? Scheme::dark : Scheme::light;
        const QColor have = seriesColors(scheme).at(std::size_t(index));
        QCOMPARE(have.name(), color);
        // The figures of the design are rounded to a tenth, some of them twice.
        const double now = contrastRatio(have, baseOf(scheme));
        QVERIFY2(std::abs(now - ratio) <= 0.06, qPrintable(QString::number(now)));
        QVERIFY(now >= 3);
    }

    void seriesDistance_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("least");
        QTest::newRow("first eight, light") << false << 8 << 8.5;
        QTest::newRow("first eight, dark") << true << 8 << 10.5;
        QTest::newRow("all twelve, light") << false << 12 << 6.5;
        QTest::newRow("all twelve, dark") << true << 12 << 7.0;
    }

    void seriesDistance()
    {
        QFETCH(bool, dark);
        QFETCH(int, count);
        QFETCH(double, least);
        QCOMPARE(rounded(leastDistance(dark ? Scheme::dark : Scheme::light, std::size_t(count))),
                 least);
    }

    void textContrast_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QPalette::ColorRole>("ink");
        QTest::addColumn<double>("ratio");
        QTest::newRow("text, light") << false << QPalette::Text << 16.8;
        QTest::newRow("text, dark") << true << QPalette::Text << 14.8;
        QTest::newRow("muted, light") << false << QPalette::PlaceholderText << 6.3;
        QTest::newRow("muted, dark") << true << QPalette::PlaceholderText << 6.4;
    }

    void textContrast()
    {
        QFETCH(bool, dark);
        QFETCH(QPalette::ColorRole, ink);
        QFETCH(double, ratio);
        const QPalette palette = makePalette(dark ? Scheme::dark : Scheme::light);
        QCOMPARE(rounded(contrastRatio(palette.color(ink), palette.color(QPalette::Base))), ratio);
    }

    void bases()
    {
        const QPalette light = makePalette(Scheme::light);
        QCOMPARE(light.color(QPalette::Base).name(), u"#ffffff"_s);
        QCOMPARE(light.color(QPalette::Window).name(), u"#f5f6f7"_s);
        QCOMPARE(light.color(QPalette::Text).name(), u"#1b1e20"_s);
        QCOMPARE(mutedText(light).name(), u"#5c6166"_s);
        const QPalette dark = makePalette(Scheme::dark);
        QCOMPARE(dark.color(QPalette::Base).name(), u"#232629"_s);
        QCOMPARE(dark.color(QPalette::Window).name(), u"#1b1e20"_s);
        QCOMPARE(dark.color(QPalette::Text).name(), u"#fcfcfc"_s);
        QCOMPARE(mutedText(dark).name(), u"#a1a9b1"_s);
    }

    void everyPairIsReadable_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("high");
        QTest::newRow("light") << false << false;
        QTest::newRow("dark") << true << false;
        QTest::newRow("light, high contrast") << false << true;
        QTest::newRow("dark, high contrast") << true << true;
    }

    void everyPairIsReadable()
    {
        QFETCH(bool, dark);
        QFETCH(bool, high);
        const QPalette palette = makePalette(dark ? Scheme::dark : Scheme::light,
                                             high ? Contrast::high : Contrast::normal);
        const std::array<std::pair<QPalette::ColorRole, QPalette::ColorRole>, 10> pairs{
            {{QPalette::WindowText, QPalette::Window},
             {QPalette::Text, QPalette::Base},
             {QPalette::Text, QPalette::AlternateBase},
             {QPalette::ButtonText, QPalette::Button},
             {QPalette::HighlightedText, QPalette::Highlight},
             {QPalette::ToolTipText, QPalette::ToolTipBase},
             {QPalette::PlaceholderText, QPalette::Base},
             {QPalette::PlaceholderText, QPalette::Window},
             {QPalette::Link, QPalette::Base},
             {QPalette::LinkVisited, QPalette::Base}}};
        for (const auto& [ink, paper] : pairs) {
            const double ratio = contrastRatio(palette.color(ink), palette.color(paper));
            QVERIFY2(ratio >= (high ? 7.0 : 4.5),
                     qPrintable(u"role %1 on %2: %3"_s.arg(ink).arg(paper).arg(ratio)));
        }
        QCOMPARE(schemeOf(palette), dark ? Scheme::dark : Scheme::light);
        QCOMPARE(isHighContrast(palette), high);
    }

    void states_data()
    {
        QTest::addColumn<State>("state");
        QTest::addColumn<Shape>("shape");
        QTest::addColumn<QString>("light");
        QTest::addColumn<QString>("dark");
        QTest::newRow("up") << State::up << Shape::disc << u"#18794e"_s << u"#4cc38a"_s;
        QTest::newRow("warning") << State::warning << Shape::triangle << u"#8a5a00"_s
                                 << u"#f5b83d"_s;
        QTest::newRow("critical") << State::critical << Shape::diamond << u"#c4251c"_s
                                  << u"#ff7b72"_s;
        QTest::newRow("pending") << State::pending << Shape::ring << u"#7a4fb5"_s << u"#c4a7ff"_s;
        QTest::newRow("silenced") << State::silenced << Shape::bar << u"#5f6770"_s << u"#a1a9b1"_s;
        QTest::newRow("unknown") << State::unknown << Shape::dottedRing << u"#5f6770"_s
                                 << u"#a1a9b1"_s;
    }

    void states()
    {
        QFETCH(State, state);
        QFETCH(Shape, shape);
        QFETCH(QString, light);
        QFETCH(QString, dark);
        QCOMPARE(stateShape(state), shape);
        QVERIFY(!stateWord(state).isEmpty());
        for (const Scheme scheme : {Scheme::light, Scheme::dark}) {
            const QColor color = stateColor(state, scheme);
            QCOMPARE(color.name(), scheme == Scheme::light ? light : dark);
            const QPalette palette = makePalette(scheme);
            QVERIFY(rounded(contrastRatio(color, palette.color(QPalette::Base))) >= 5);
            QVERIFY(rounded(contrastRatio(color, palette.color(QPalette::Window))) >= 5);
        }
    }

    /// Told apart without any colour: no two shapes paint the same pixels.
    void shapesDiffer()
    {
        QList<QImage> pictures;
        for (const State state : {State::up, State::warning, State::critical, State::pending,
                                  State::silenced, State::unknown}) {
            QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintShape(painter, image.rect(), stateShape(state), Qt::black);
            painter.end();
            QVERIFY(!pictures.contains(image));
            pictures.append(image);
        }
    }
};

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
