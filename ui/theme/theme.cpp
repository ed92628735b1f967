// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/appearance.h"
#include "ui/theme/fusion_style.h"

#include <QApplication>
#include <QEvent>
#include <QPixmapCache>
#include <QScopedValueRollback>
#include <QStyle>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace watchfire::ui::theme {

Mode modeFrom(const QString& text)
{
    if (text == u"light"_s) {
        return Mode::light;
    }
    return text == u"dark"_s ? Mode::dark : Mode::system;
}

namespace {

/// Ours has no name of its own.
QString nameOf(const QStyle* style)
{
    const auto* const ours = qobject_cast<const FusionStyle*>(style);
    return ours != nullptr ? u"fusion"_s : style->name();
}

} // namespace

Theme::Theme(QObject* parent)
    : QObject(parent)
    , m_platformStyle(nameOf(QApplication::style()))
    , m_platformPalette(QApplication::palette())
    , m_portal(new PortalAppearance(this))
{
    connect(m_portal, &PortalAppearance::changed, this, &Theme::apply);
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theme::apply);
    qApp->installEventFilter(this);
    apply();
}

Theme::~Theme() = default;

void Theme::setMode(Mode mode)
{
    m_mode = mode;
    apply();
}

void Theme::setHighContrast(bool on)
{
    m_highContrast = on;
    apply();
}

Scheme Theme::scheme() const
{
    return schemeOf(QApplication::palette());
}

Contrast Theme::contrast() const
{
    return isHighContrast(QApplication::palette()) ? Contrast::high : Contrast::normal;
}

void Theme::followDesktop()
{
    m_portal->start();
}

bool Theme::hasPlatformTheme() const
{
    // Without a platform theme Qt starts with Fusion and does not know the colour scheme.
    return m_platformStyle.compare(u"fusion"_s, Qt::CaseInsensitive) != 0
        || QGuiApplication::styleHints()->colorScheme() != Qt::ColorScheme::Unknown;
}

void Theme::apply()
{
    if (m_applying) {
        return;
    }
    {
        const QScopedValueRollback applying(m_applying, true);
        const bool high = m_highContrast || m_portal->contrast() == Contrast::high;
        const bool platform = m_mode == Mode::system && hasPlatformTheme() && !high;
        const QString style = platform ? m_platformStyle : u"fusion"_s;
        const bool isFusion = style.compare(u"fusion"_s, Qt::CaseInsensitive) == 0;
        const bool isOurs = qobject_cast<FusionStyle*>(QApplication::style()) != nullptr;
        if (isFusion && !isOurs) {
            QApplication::setStyle(new FusionStyle);
        } else if (!isFusion
                   && nameOf(QApplication::style()).compare(style, Qt::CaseInsensitive) != 0) {
            QApplication::setStyle(style);
        }
        if (platform) {
            QApplication::setPalette(QPalette());
        } else {
            Scheme wanted = m_mode == Mode::dark ? Scheme::dark : Scheme::light;
            if (m_mode == Mode::system) {
                wanted = m_portal->scheme().value_or(
                    hasPlatformTheme() ? schemeOf(m_platformPalette) : Scheme::light);
            }
            QApplication::setPalette(makePalette(wanted, high ? Contrast::high : Contrast::normal));
        }
    }
    emit changed();
}

bool Theme::eventFilter(QObject* object, QEvent* event)
{
    // The platform theme changed its palette while we follow it.
    if (event->type() == QEvent::ApplicationPaletteChange && object == qApp && !m_applying) {
        emit changed();
    }
    return QObject::eventFilter(object, event);
}

} // namespace watchfire::ui::theme
