// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include "core/base/log.h"
#include "ui/theme/tray_icon.h"

#include <algorithm>
#include <cmath>

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QImageReader>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmapCache>

using namespace Qt::StringLiterals;

namespace watchfire::ui::theme {

namespace {

QString pathOf(const QString& name)
{
    return u":/watchfire/icons/%1.svg"_s.arg(name);
}

/// The drawing with its colour written in, rendered at that many pixels.
QImage render(const QString& name, const QColor& color, int pixels)
{
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray drawing = file.readAll();
    drawing.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QBuffer buffer(&drawing);
    QImageReader reader(&buffer, "svg");
    reader.setScaledSize(QSize(pixels, pixels));
    return reader.read().convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

/// Shown where a drawing is missing or cannot be read: visible, and plainly not an icon.
QImage placeholder(const QColor& color, int pixels)
{
    QImage image(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    const double margin = pixels / 6.0;
    painter.setPen(QPen(color, std::max(1.0, pixels / 12.0)));
    painter.drawRect(QRectF(margin, margin, pixels - 2 * margin, pixels - 2 * margin));
    return image;
}

QPixmap tinted(const QString& name, const QColor& color, int pixels)
{
    const QString key = u"watchfire-icon/%1/%2/%3"_s.arg(name, color.name()).arg(pixels);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    QImage image = render(name, color, pixels);
    if (image.isNull()) {
        log(LogLevel::warning, "ui", "icon \"{}\" cannot be drawn", name.toStdString());
        image = placeholder(color, pixels);
    }
    pixmap = QPixmap::fromImage(std::move(image));
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QColor colorFor(QIcon::Mode mode)
{
    const QPalette palette = QGuiApplication::palette();
    switch (mode) {
    case QIcon::Disabled:
        return palette.color(QPalette::Disabled, QPalette::WindowText);
    case QIcon::Selected:
        return palette.color(QPalette::Active, QPalette::HighlightedText);
    case QIcon::Normal:
    case QIcon::Active:
        break;
    }
    return palette.color(QPalette::Active, QPalette::WindowText);
}

class TintedIconEngine final : public QIconEngine {
public:
    explicit TintedIconEngine(QString name)
        : m_name(std::move(name))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const double ratio = painter->device()->devicePixelRatio();
        const int side = std::min(rect.width(), rect.height());
        const QPixmap drawing = tinted(m_name, colorFor(mode), int(std::lround(side * ratio)));
        const QRect target(rect.x() + (rect.width() - side) / 2,
                           rect.y() + (rect.height() - side) / 2, side, side);
        painter->drawPixmap(target, drawing);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        return tinted(m_name, colorFor(mode), std::min(size.width(), size.height()));
    }

    QString iconName() override { return m_name; }
    QIconEngine* clone() const override { return new TintedIconEngine(m_name); }

private:
    QString m_name;
};

struct BadgeLook {
    QColor ground;
    QColor number; ///< 4.5:1 at least on it
};

BadgeLook badgeLook(State worst)
{
    switch (worst) {
    case State::critical:
        return {QColor(0xc4, 0x25, 0x1c), Qt::white};
    case State::warning:
        return {QColor(0xf5, 0xb8, 0x3d), QColor(0x1b, 0x1e, 0x20)};
    case State::up:
    case State::pending:
    case State::silenced:
    case State::unknown:
        break;
    }
    return {QColor(0x5f, 0x67, 0x70), Qt::white};
}

QPainterPath badgeShape(State worst, const QRectF& rect)
{
    QPainterPath path;
    if (worst == State::critical) {
        const double point = rect.height() * 0.3;
        const double middle = rect.center().y();
        path.addPolygon(QPolygonF({{rect.left(), middle},
                                   {rect.left() + point, rect.top()},
                                   {rect.right() - point, rect.top()},
                                   {rect.right(), middle},
                                   {rect.right() - point, rect.bottom()},
                                   {rect.left() + point, rect.bottom()}}));
        path.closeSubpath();
    } else if (worst == State::warning) {
        path.addRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    } else {
        path.addRect(rect);
    }
    return path;
}

void paintBadge(QPainter& painter, int firing, State worst, int pixels)
{
    const QString number = firing > 99 ? u"99+"_s : QString::number(firing);
    const BadgeLook look = badgeLook(worst);
    const double height = pixels * 0.56;
    const double width = std::min(double(pixels), height * (0.72 + 0.38 * double(number.size())));
    const QRectF badge(pixels - width, pixels - height, width, height);
    painter.setPen(QPen(Qt::white, std::max(1.0, pixels / 24.0)));
    painter.setBrush(look.ground);
    painter.drawPath(badgeShape(worst, badge.adjusted(0.5, 0.5, -0.5, -0.5)));
    QFont font = QGuiApplication::font();
    font.setBold(true);
    font.setPixelSize(std::max(6, int(height * (number.size() > 2 ? 0.55 : 0.74))));
    painter.setFont(font);
    painter.setPen(look.number);
    painter.drawText(badge, Qt::AlignCenter, number);
}

/// One size of the tray icon. Panels may be light or dark and do not say which, so the flame
/// is an orange that reaches 3:1 on both, and the number stands on a ground of its own.
QPixmap trayPixmap(TrayState state, int firing, State worst, int pixels)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor flame(0xe0, 0x68, 0x1c);
    const QColor alarm(0xd6, 0x2f, 0x26);
    switch (state) {
    case TrayState::calm:
        painter.drawImage(0, 0, render(u"tray-calm"_s, flame, pixels));
        break;
    case TrayState::paused:
        painter.drawImage(0, 0, render(u"tray-paused"_s, QColor(0x80, 0x88, 0x90), pixels));
        break;
    case TrayState::firing:
        painter.drawImage(0, 0, render(u"tray-firing"_s, alarm, pixels));
        if (firing > 0) {
            paintBadge(painter, firing, worst, pixels);
        }
        break;
    }
    return pixmap;
}

} // namespace

QIcon icon(const QString& name)
{
    return QIcon(new TintedIconEngine(name));
}

QIcon icon(const char* name)
{
    return icon(QString::fromLatin1(name));
}

QPixmap iconPixmap(const QString& name, const QColor& color, int size, double devicePixelRatio)
{
    QPixmap pixmap = tinted(name, color, int(std::lround(size * devicePixelRatio)));
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QIcon actionIcon(const QString& freedesktopName, const QString& ours)
{
    return QIcon::hasThemeIcon(freedesktopName) ? QIcon::fromTheme(freedesktopName) : icon(ours);
}

QIcon appIcon()
{
    QIcon icon;
    for (const int pixels : {16, 22, 24, 32, 48, 64, 128, 256}) {
        icon.addPixmap(tinted(u"watchfire"_s, Qt::black, pixels));
    }
    return icon;
}

QIcon trayIcon(TrayState state, int firing)
{
    return trayIcon(state, firing, State::critical);
}

QIcon trayIcon(TrayState state, int firing, State worst)
{
    QIcon icon;
    for (const int pixels : {16, 22, 24, 32, 48, 64}) {
        icon.addPixmap(trayPixmap(state, firing, worst, pixels));
    }
    return icon;
}

QStringList iconNames()
{
    QStringList names = QDir(u":/watchfire/icons"_s).entryList({u"*.svg"_s}, QDir::Files);
    for (QString& name : names) {
        name.chop(4);
    }
    names.removeOne(u"watchfire"_s);
    names.sort();
    return names;
}

} // namespace watchfire::ui::theme
