// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/fusion_style.h"

#include "ui/theme/palette.h"

#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace watchfire::ui::theme {

namespace {

bool isDark(const QStyleOption& option)
{
    return schemeOf(option.palette) == Scheme::dark;
}

bool hasFocusShown(const QStyleOption& option)
{
    return option.state.testFlag(QStyle::State_HasFocus)
        && option.state.testFlag(QStyle::State_KeyboardFocusChange);
}

QColor boxOutline(const QStyleOption& option)
{
    if (!option.state.testFlag(QStyle::State_Enabled)) {
        return option.palette.color(QPalette::Disabled, QPalette::WindowText);
    }
    return option.palette.color(hasFocusShown(option) ? QPalette::Accent
                                                      : QPalette::PlaceholderText);
}

/// ≥ 3:1 on Base, so that one sees where a field ends; less of it where nothing can be typed.
QColor fieldOutline(const QStyleOption& option)
{
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    return mix(option.palette.color(QPalette::Base),
               option.palette.color(QPalette::Active, QPalette::PlaceholderText),
               isEnabled ? 0.65 : 0.3);
}

/// The same with a button's colour that makes tabs and what lies behind them as dark as Base.
template <class Option> Option withDarkTabs(const Option& option)
{
    Option dark = option;
    dark.palette.setColor(QPalette::Button, option.palette.color(QPalette::Window));
    return dark;
}

} // namespace

FusionStyle::FusionStyle()
    : QProxyStyle(u"fusion"_s)
{
}

void FusionStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                QPainter* painter, const QWidget* widget) const
{
    if (const auto* const tabs = qstyleoption_cast<const QStyleOptionTabWidgetFrame*>(option);
        tabs != nullptr && element == PE_FrameTabWidget && isDark(*option)) {
        const auto dark = withDarkTabs(*tabs);
        QProxyStyle::drawPrimitive(element, &dark, painter, widget);
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton
        && element != PE_FrameLineEdit) {
        return;
    }
    const QRect rect = option->rect;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    if (element == PE_IndicatorCheckBox) {
        painter->setPen(boxOutline(*option));
        painter->drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5));
    } else if (element == PE_IndicatorRadioButton) {
        const double radius = (rect.width() + (rect.width() + 1) % 2) / 2.0 - 1;
        painter->setPen(boxOutline(*option));
        painter->drawEllipse(QPointF(rect.center()) + QPointF(1, 1), radius, radius);
    } else if (isDark(*option) && !option->state.testFlag(State_HasFocus)) {
        painter->setPen(fieldOutline(*option));
        painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    }
    painter->restore();
}

void FusionStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    if (const auto* const tab = qstyleoption_cast<const QStyleOptionTab*>(option);
        tab != nullptr && element == CE_TabBarTabShape && isDark(*option)) {
        const auto dark = withDarkTabs(*tab);
        QProxyStyle::drawControl(element, &dark, painter, widget);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

QSize FusionStyle::sizeFromContents(ContentsType type, const QStyleOption* option,
                                    const QSize& size, const QWidget* widget) const
{
    constexpr int air = 8;
    const QSize whole = QProxyStyle::sizeFromContents(type, option, size, widget);
    return type == CT_PushButton ? whole + QSize(air, 0) : whole;
}

} // namespace watchfire::ui::theme
