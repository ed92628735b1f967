// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/state.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

namespace watchfire::ui::theme {

namespace {

struct Look {
    Shape shape;
    QRgb light;
    QRgb dark;
    const char* word;
};

const Look& lookOf(State state)
{
    static constexpr std::array looks{
        Look{Shape::disc, 0xff18794e, 0xff4cc38a, QT_TRANSLATE_NOOP("State", "Up")},
        Look{Shape::triangle, 0xff8a5a00, 0xfff5b83d, QT_TRANSLATE_NOOP("State", "Warning")},
        Look{Shape::diamond, 0xffc4251c, 0xffff7b72, QT_TRANSLATE_NOOP("State", "Critical")},
        Look{Shape::ring, 0xff7a4fb5, 0xffc4a7ff, QT_TRANSLATE_NOOP("State", "Pending")},
        Look{Shape::bar, 0xff5f6770, 0xffa1a9b1, QT_TRANSLATE_NOOP("State", "Silenced")},
        Look{Shape::dottedRing, 0xff5f6770, 0xffa1a9b1, QT_TRANSLATE_NOOP("State", "Unknown")},
    };
    return looks.at(std::size_t(state));
}

/// Paints when asked, so that the colour is always that of the palette of the moment.
class StateIconEngine final : public QIconEngine {
public:
    explicit StateIconEngine(State state)
        : m_state(state)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        QColor color = stateColor(m_state, schemeOf(palette));
        if (mode == QIcon::Selected) {
            color = palette.color(QPalette::HighlightedText);
        } else if (mode == QIcon::Disabled) {
            color = palette.color(QPalette::Disabled, QPalette::WindowText);
        }
        paintShape(*painter, rect, stateShape(m_state), color);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new StateIconEngine(m_state); }

private:
    State m_state;
};

} // namespace

Shape stateShape(State state)
{
    return lookOf(state).shape;
}

QColor stateColor(State state, Scheme scheme)
{
    const Look& look = lookOf(state);
    return QColor(scheme == Scheme::dark ? look.dark : look.light);
}

QString stateWord(State state)
{
    return QCoreApplication::translate("State", lookOf(state).word);
}

void paintState(QPainter& painter, const QRectF& rect, State state, Scheme scheme)
{
    paintShape(painter, rect, stateShape(state), stateColor(state, scheme));
}

void paintShape(QPainter& painter, const QRectF& rect, Shape shape, const QColor& color)
{
    const double side = std::min(rect.width(), rect.height());
    const QPointF c = rect.center();
    const double r = side * 0.38;
    const double stroke = std::max(1.5, side * 0.13);

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (shape) {
    case Shape::disc:
        painter.drawEllipse(c, r, r);
        break;
    case Shape::triangle: {
        const std::array points{QPointF(c.x(), c.y() - r * 1.05),
                                QPointF(c.x() + r * 1.12, c.y() + r * 0.85),
                                QPointF(c.x() - r * 1.12, c.y() + r * 0.85)};
        painter.drawPolygon(points.data(), int(points.size()));
        break;
    }
    case Shape::diamond: {
        const double d = r * 1.2;
        const std::array points{QPointF(c.x(), c.y() - d), QPointF(c.x() + d, c.y()),
                                QPointF(c.x(), c.y() + d), QPointF(c.x() - d, c.y())};
        painter.drawPolygon(points.data(), int(points.size()));
        break;
    }
    case Shape::bar:
        painter.drawRoundedRect(QRectF(c.x() - r, c.y() - stroke * 0.9, 2 * r, stroke * 1.8),
                                stroke / 2, stroke / 2);
        break;
    case Shape::ring:
    case Shape::dottedRing: {
        QPen pen(color, stroke);
        if (shape == Shape::dottedRing) {
            // The circle holds exactly six dashes and gaps, so none is cut at the seam.
            const double dash = 2 * 3.14159265 * (r - stroke / 2) / stroke / 12;
            pen.setDashPattern({dash, dash});
            pen.setCapStyle(Qt::FlatCap);
        }
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(c, r - stroke / 2, r - stroke / 2);
        break;
    }
    }
    painter.restore();
}

QIcon stateIcon(State state)
{
    return QIcon(new StateIconEngine(state));
}

} // namespace watchfire::ui::theme
