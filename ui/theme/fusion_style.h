// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace watchfire::ui::theme {

/// Fusion, mended where it does not suit a dark window: it derives outlines from the window's
/// colour, so that on a dark one unchecked boxes and the edges of fields are all but invisible,
/// and it lightens what lies behind tabs until muted text there is faint. Push buttons get some
/// air beside their text.
class FusionStyle final : public QProxyStyle {
    Q_OBJECT

public:
    FusionStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
};

} // namespace watchfire::ui::theme
