// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/export.h"

#include <algorithm>
#include <cmath>

#include <QBuffer>
#include <QFontMetricsF>
#include <QPageSize>
#include <QPainter>
#include <QPainterPath>
#include <QPdfWriter>
#include <QPolygonF>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr std::size_t mostLegendLines = 60;
constexpr double legendLine = 16;
constexpr double fontPixels = 11;

struct Stroke {
    QColor color;
    double width = 1;
    int dash = 0;
};

/// What a vector format must be able to take.
struct Sink {
    virtual ~Sink() = default;
    virtual void fill(const QRectF& rect, const QColor& color) = 0;
    virtual void line(QPointF from, QPointF to, const Stroke& stroke) = 0;
    virtual void polyline(const QPolygonF& points, const Stroke& stroke) = 0;
    virtual void polygon(const QPolygonF& points, const QColor& fill) = 0;
    virtual void text(const QRectF& box, Qt::Alignment alignment, const QString& text,
                      const QColor& color, bool bold)
        = 0;
    virtual void clip(const QRectF& rect) = 0;
    virtual void unclip() = 0;
};

class SvgSink final : public Sink {
public:
    explicit SvgSink(QSizeF size)
    {
        m_out = u"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1\" height=\"%2\" "
                "viewBox=\"0 0 %1 %2\" font-family=\"Noto Sans, sans-serif\" "
                "font-size=\"%3\">\n"_s.arg(size.width())
                    .arg(size.height())
                    .arg(fontPixels);
    }
    QByteArray finish() { return (m_out + u"</svg>\n"_s).toUtf8(); }

    void fill(const QRectF& rect, const QColor& color) override
    {
        m_out += u"<rect %1 fill=\"%2\"%3/>\n"_s.arg(geometry(rect), color.name(), opacity(color));
    }
    void line(QPointF from, QPointF to, const Stroke& stroke) override
    {
        polyline(QPolygonF({from, to}), stroke);
    }
    void polyline(const QPolygonF& points, const Stroke& stroke) override
    {
        m_out += u"<path d=\"%1\" fill=\"none\" stroke=\"%2\" stroke-width=\"%3\""_s.arg(
            path(points), stroke.color.name(), number(stroke.width));
        if (stroke.dash > 0) {
            m_out += u" stroke-dasharray=\"%1\""_s.arg(stroke.dash);
        }
        m_out += u" stroke-linejoin=\"round\"/>\n"_s;
    }
    void polygon(const QPolygonF& points, const QColor& fill) override
    {
        m_out
            += u"<path d=\"%1Z\" fill=\"%2\"%3/>\n"_s.arg(path(points), fill.name(), opacity(fill));
    }
    void text(const QRectF& box, Qt::Alignment alignment, const QString& text, const QColor& color,
              bool bold) override
    {
        const bool right = alignment.testFlag(Qt::AlignRight);
        const bool middle = alignment.testFlag(Qt::AlignHCenter);
        const double x = right ? box.right() : middle ? box.center().x() : box.left();
        m_out += u"<text x=\"%1\" y=\"%2\" fill=\"%3\" text-anchor=\"%4\"%5>%6</text>\n"_s.arg(
            number(x), number(box.center().y() + fontPixels * 0.36), color.name(),
            right        ? u"end"_s
                : middle ? u"middle"_s
                         : u"start"_s,
            bold ? u" font-weight=\"bold\""_s : QString(), text.toHtmlEscaped());
    }
    void clip(const QRectF& rect) override
    {
        m_out
            += u"<clipPath id=\"plot\"><rect %1/></clipPath>\n<g clip-path=\"url(#plot)\">\n"_s.arg(
                geometry(rect));
    }
    void unclip() override { m_out += u"</g>\n"_s; }

private:
    static QString number(double value) { return QString::number(value, 'g', 6); }
    static QString geometry(const QRectF& rect)
    {
        return u"x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\""_s.arg(
            number(rect.x()), number(rect.y()), number(rect.width()), number(rect.height()));
    }
    static QString opacity(const QColor& color)
    {
        return color.alpha() == 255 ? QString()
                                    : u" fill-opacity=\"%1\""_s.arg(number(color.alphaF()));
    }
    static QString path(const QPolygonF& points)
    {
        QString text;
        for (const QPointF& point : points) {
            text += (text.isEmpty() ? u"M"_s : u"L"_s) + QString::number(point.x(), 'f', 1) + u' '
                + QString::number(point.y(), 'f', 1);
        }
        return text;
    }

    QString m_out;
};

class PainterSink final : public Sink {
public:
    explicit PainterSink(QPainter& painter)
        : m_painter(painter)
    {
        m_painter.setRenderHint(QPainter::Antialiasing);
    }
    void fill(const QRectF& rect, const QColor& color) override { m_painter.fillRect(rect, color); }
    void line(QPointF from, QPointF to, const Stroke& stroke) override
    {
        polyline(QPolygonF({from, to}), stroke);
    }
    void polyline(const QPolygonF& points, const Stroke& stroke) override
    {
        QPen pen(stroke.color, stroke.width);
        if (stroke.dash > 0) {
            pen.setDashPattern({stroke.dash / stroke.width, stroke.dash / stroke.width});
        }
        m_painter.setPen(pen);
        m_painter.drawPolyline(points);
    }
    void polygon(const QPolygonF& points, const QColor& fill) override
    {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        m_painter.drawPolygon(points);
    }
    void text(const QRectF& box, Qt::Alignment alignment, const QString& text, const QColor& color,
              bool bold) override
    {
        QFont font = m_painter.font();
        font.setPixelSize(int(fontPixels));
        font.setBold(bold);
        m_painter.setFont(font);
        m_painter.setPen(color);
        m_painter.drawText(box, int(alignment | Qt::AlignVCenter) | Qt::TextDontClip, text);
    }
    void clip(const QRectF& rect) override
    {
        m_painter.save();
        m_painter.setClipRect(rect);
    }
    void unclip() override { m_painter.restore(); }

private:
    QPainter& m_painter;
};

/// Where columns and values lie on the page.
struct Page {
    const VectorChart& chart;

    double x(double column) const
    {
        const ColumnTable& table = chart.picture->table;
        const double ms
            = table.fromMs + (table.toMs - table.fromMs) * column / double(table.columns);
        return timeX(ms);
    }
    double timeX(double ms) const
    {
        return chart.plot.left()
            + (ms - chart.window.fromMs) / chart.window.width() * chart.plot.width();
    }
    double y(double at) const
    {
        const ValueScale& scale = chart.picture->scale;
        return chart.plot.bottom()
            - (at - scale.low) / (scale.high - scale.low) * chart.plot.height();
    }
};

/// The curve of a row as polylines, one for each run of columns without a gap.
template <class Take> void curves(const Page& page, std::size_t row, Take take)
{
    std::vector<double> low;
    std::vector<double> high;
    page.chart.picture->curve(row, low, high);
    QPolygonF points;
    for (std::size_t column = 0; column <= low.size(); ++column) {
        if (column == low.size() || low[column] > high[column]) {
            if (points.size() == 1) {
                points.append(points.front() + QPointF(1, 0)); // a lone sample: a dot
            }
            if (!points.isEmpty()) {
                take(points);
            }
            points.clear();
            continue;
        }
        const double x = page.x(double(column) + 0.5);
        double first = page.y(low[column]);
        double second = page.y(high[column]);
        // From the near end of the span to the far one.
        if (!points.isEmpty()
            && std::abs(points.back().y() - second) < std::abs(points.back().y() - first)) {
            std::swap(first, second);
        }
        points.append(QPointF(x, first));
        if (std::abs(first - second) > 0.05) {
            points.append(QPointF(x, second));
        }
    }
}

void replayLines(const Page& page, Sink& sink)
{
    const Picture& picture = *page.chart.picture;
    const ColumnTable& table = picture.table;
    const double base = page.y(std::clamp(0.0, picture.scale.low, picture.scale.high));
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::uint32_t slot = picture.prepared->series[table.series[row]].slot;
        const Stroke stroke{.color = QColor(slotColor(picture.style, slot)),
                            .width = 1.4,
                            .dash = slotDash(picture.style, slot, row)};
        if (picture.mode == DrawMode::stack) {
            QColor fill = stroke.color;
            fill.setAlphaF(0.4F);
            QPolygonF outline;
            const auto bottom = picture.bottomOf(row);
            const auto top = picture.topOf(row);
            for (std::size_t column = 0; column <= table.columns; ++column) {
                if (column < table.columns && !std::isnan(top[column])) {
                    const double x = page.x(double(column) + 0.5);
                    outline.prepend(QPointF(x, page.y(bottom[column])));
                    outline.append(QPointF(x, page.y(top[column])));
                } else if (!outline.isEmpty()) {
                    sink.polygon(outline, fill);
                    outline.clear();
                }
            }
        }
        curves(page, row, [&](const QPolygonF& points) {
            if (picture.mode == DrawMode::areas) {
                QPolygonF outline = points;
                outline.prepend(QPointF(points.front().x(), base));
                outline.append(QPointF(points.back().x(), base));
                QColor fill = stroke.color;
                fill.setAlphaF(0.15F);
                sink.polygon(outline, fill);
            }
            sink.polyline(points, stroke);
        });
    }
}

double legendHeight(const VectorChart& chart)
{
    const std::size_t rows = chart.picture->table.rows();
    return 8 + double(std::min(rows, mostLegendLines + 1)) * legendLine;
}

void replayLegend(const Page& page, Sink& sink)
{
    const VectorChart& chart = page.chart;
    const Picture& picture = *chart.picture;
    const std::size_t rows = picture.table.rows();
    double y = chart.size.height() + 4;
    for (std::size_t row = 0; row < std::min(rows, mostLegendLines); ++row, y += legendLine) {
        const SeriesInfo& info = picture.prepared->series[picture.table.series[row]];
        sink.line({chart.plot.left(), y + legendLine / 2},
                  {chart.plot.left() + 16, y + legendLine / 2},
                  {.color = QColor(slotColor(picture.style, info.slot)),
                   .width = 3,
                   .dash = slotDash(picture.style, info.slot, row)});
        sink.text(QRectF(chart.plot.left() + 22, y, chart.plot.width() - 22, legendLine),
                  Qt::AlignLeft, info.name, chart.ink, false);
    }
    if (rows > mostLegendLines) {
        sink.text(QRectF(chart.plot.left() + 22, y, chart.plot.width() - 22, legendLine),
                  Qt::AlignLeft, u"… %1"_s.arg(rows - mostLegendLines), chart.muted, false);
    }
}

void replay(const VectorChart& chart, Sink& sink)
{
    const Page page{chart};
    const QRectF& plot = chart.plot;
    sink.fill(QRectF(0, 0, chart.size.width(), chart.size.height() + legendHeight(chart)),
              chart.paper);
    if (!chart.title.isEmpty()) {
        sink.text(QRectF(plot.left(), 2, plot.width(), 20), Qt::AlignLeft, chart.title, chart.ink,
                  true);
    }
    const Stroke grid{.color = chart.grid, .width = 1, .dash = 0};
    for (const Tick& tick : chart.picture->scale.ticks) {
        const double y = page.y(tick.at);
        sink.line({plot.left(), y}, {plot.right(), y}, grid);
        sink.text(QRectF(0, y - 8, plot.left() - 6, 16), Qt::AlignRight, tick.label, chart.muted,
                  false);
    }
    for (const Tick& tick : chart.timeTicks) {
        const double x = page.timeX(tick.at);
        sink.line({x, plot.top()}, {x, plot.bottom()}, grid);
        sink.text(QRectF(x - 50, plot.bottom() + 4, 100, 16), Qt::AlignHCenter, tick.label,
                  chart.muted, false);
    }
    sink.clip(plot);
    replayLines(page, sink);
    sink.unclip();
    replayLegend(page, sink);
}

} // namespace

QByteArray toSvg(const VectorChart& chart)
{
    SvgSink sink(chart.size + QSizeF(0, legendHeight(chart)));
    replay(chart, sink);
    return sink.finish();
}

QByteArray toPdf(const VectorChart& chart)
{
    const QSizeF size = chart.size + QSizeF(0, legendHeight(chart));
    constexpr double a4WidthMm = 297;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QSizeF(a4WidthMm, a4WidthMm * size.height() / size.width()),
                                     QPageSize::Millimeter));
        writer.setPageMargins(QMarginsF());
        writer.setTitle(chart.title);
        QPainter painter(&writer);
        const double scale = double(writer.width()) / size.width();
        painter.scale(scale, scale);
        PainterSink sink(painter);
        replay(chart, sink);
    }
    return bytes;
}

} // namespace watchfire::ui::chart
