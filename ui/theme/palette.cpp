// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>

namespace watchfire::ui::theme {

namespace {

/// What the roles of a palette are made of.
struct Ink {
    QRgb window;
    QRgb base;
    QRgb alternate;
    QRgb button;
    QRgb text;
    QRgb muted;
    QRgb disabled;
    QRgb accent;
    QRgb onAccent;
    QRgb link;
    QRgb visited;
    QRgb tip;
    QRgb light; ///< bevels, from bright to dark
    QRgb midlight;
    QRgb mid;
    QRgb dark;
    QRgb shadow;
};

constexpr Ink lightInk{0xfff5f6f7, 0xffffffff, 0xfff3f5f7, 0xffeceef1, 0xff1b1e20, 0xff5c6166,
                       0xff8f959b, 0xff1a66b8, 0xffffffff, 0xff0b5fb8, 0xff7a4fb5, 0xffffffff,
                       0xffffffff, 0xffe6e8eb, 0xffc9cdd2, 0xffa3a8ae, 0xff6f757b};
constexpr Ink darkInk{0xff1b1e20, 0xff232629, 0xff282c30, 0xff2d3135, 0xfffcfcfc, 0xffa1a9b1,
                      0xff6e757c, 0xff2a6fbd, 0xffffffff, 0xff79b8ff, 0xffc4a7ff, 0xff2d3135,
                      0xff4a5056, 0xff3b4045, 0xff33383d, 0xff141618, 0xff0b0c0d};
constexpr Ink lightHighInk{0xffffffff, 0xffffffff, 0xfff2f2f2, 0xffffffff, 0xff000000, 0xff2b2b2b,
                           0xff5c5c5c, 0xff003d82, 0xffffffff, 0xff003d82, 0xff4b1f86, 0xffffffff,
                           0xffffffff, 0xffd0d0d0, 0xff707070, 0xff303030, 0xff000000};
constexpr Ink darkHighInk{0xff000000, 0xff000000, 0xff121212, 0xff000000, 0xffffffff, 0xffdadada,
                          0xffa0a0a0, 0xffffd84d, 0xff000000, 0xff9ed0ff, 0xffdcc8ff, 0xff000000,
                          0xffffffff, 0xffb0b0b0, 0xff8a8a8a, 0xff6a6a6a, 0xff000000};

const Ink& inkOf(Scheme scheme, Contrast contrast)
{
    if (scheme == Scheme::dark) {
        return contrast == Contrast::high ? darkHighInk : darkInk;
    }
    return contrast == Contrast::high ? lightHighInk : lightInk;
}

double linear(float channel)
{
    const double c = double(channel);
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

std::array<QColor, seriesColorCount> colorsFrom(const std::array<QRgb, seriesColorCount>& values)
{
    std::array<QColor, seriesColorCount> colors;
    std::ranges::transform(values, colors.begin(), [](QRgb value) { return QColor(value); });
    return colors;
}

} // namespace

QPalette makePalette(Scheme scheme, Contrast contrast)
{
    const Ink& ink = inkOf(scheme, contrast);
    QPalette palette;
    const auto all = [&](QPalette::ColorRole role, QRgb value) {
        palette.setColor(QPalette::All, role, QColor(value));
    };
    all(QPalette::Window, ink.window);
    all(QPalette::WindowText, ink.text);
    all(QPalette::Base, ink.base);
    all(QPalette::AlternateBase, ink.alternate);
    all(QPalette::Text, ink.text);
    all(QPalette::Button, ink.button);
    all(QPalette::ButtonText, ink.text);
    all(QPalette::BrightText, 0xffffffff);
    all(QPalette::ToolTipBase, ink.tip);
    all(QPalette::ToolTipText, ink.text);
    all(QPalette::PlaceholderText, ink.muted);
    all(QPalette::Highlight, ink.accent);
    all(QPalette::HighlightedText, ink.onAccent);
    all(QPalette::Accent, ink.accent);
    all(QPalette::Link, ink.link);
    all(QPalette::LinkVisited, ink.visited);
    all(QPalette::Light, ink.light);
    all(QPalette::Midlight, ink.midlight);
    all(QPalette::Mid, ink.mid);
    all(QPalette::Dark, ink.dark);
    all(QPalette::Shadow, ink.shadow);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::ToolTipText, QPalette::PlaceholderText}) {
        palette.setColor(QPalette::Disabled, role, QColor(ink.disabled));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(ink.mid));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, QColor(ink.disabled));
    return palette;
}

Scheme schemeOf(const QPalette& palette)
{
    return luminance(palette.color(QPalette::Base)) < luminance(palette.color(QPalette::Text))
        ? Scheme::dark
        : Scheme::light;
}

bool isHighContrast(const QPalette& palette)
{
    return contrastRatio(palette.color(QPalette::Active, QPalette::Text),
                         palette.color(QPalette::Active, QPalette::Base))
        > 19;
}

const std::array<QColor, seriesColorCount>& seriesColors(Scheme scheme)
{
    static const auto light
        = colorsFrom({0xff406afa, 0xffac5d13, 0xff047b62, 0xfff74ca4, 0xff4019b8, 0xff9f912a,
                      0xff971d0d, 0xff2f9ecf, 0xffa941d1, 0xff235430, 0xff841387, 0xff728b90});
    static const auto dark
        = colorsFrom({0xff719ad6, 0xfff1a716, 0xff3ad693, 0xfff24394, 0xff9953ec, 0xffd9f36f,
                      0xffb85c37, 0xff9eedfb, 0xffd8aae9, 0xff8a9c40, 0xfffcd4c4, 0xff6c8688});
    return scheme == Scheme::dark ? dark : light;
}

QColor gridColor(const QPalette& palette)
{
    const double strength = isHighContrast(palette) ? 0.35 : 0.13;
    return mix(palette.color(QPalette::Base), palette.color(QPalette::Text), strength);
}

QColor mutedText(const QPalette& palette)
{
    return palette.color(QPalette::PlaceholderText);
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

QColor mix(const QColor& under, const QColor& over, double opacity)
{
    const auto channel = [opacity](float below, float above) {
        return float(double(below) * (1 - opacity) + double(above) * opacity);
    };
    return QColor::fromRgbF(channel(under.redF(), over.redF()),
                            channel(under.greenF(), over.greenF()),
                            channel(under.blueF(), over.blueF()));
}

} // namespace watchfire::ui::theme
