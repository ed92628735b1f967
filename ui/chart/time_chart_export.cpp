// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a TimeChart leaves the window: clipboard and files.
#include "ui/chart/chart_view.h"
#include "ui/chart/export.h"
#include "ui/chart/time_chart.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QImageWriter>
#include <QMenu>
#include <QPainter>
#include <QPromise>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

QByteArray pngOf(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "png");
    return bytes;
}

} // namespace

ExportFormat exportFormatOf(const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    return ending == u"svg"_s ? ExportFormat::svg
        : ending == u"pdf"_s  ? ExportFormat::pdf
        : ending == u"csv"_s  ? ExportFormat::csv
                              : ExportFormat::png;
}

QImage TimeChart::image(double devicePixelRatio) const
{
    QImage image(size() * devicePixelRatio, QImage::Format_RGB32);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(palette().color(QPalette::Base));
    const_cast<TimeChart*>(this)->render(&image); // QWidget::render paints and changes nothing
    return image;
}

void TimeChart::copyImage() const
{
    QGuiApplication::clipboard()->setImage(image());
}

void TimeChart::exportTo(const QString& path, ExportFormat format)
{
    if (m_matrix == nullptr) {
        emit exported(path, tr("There is nothing to save yet."));
        return;
    }
    // What the worker needs is taken now; it then touches no widget.
    std::function<QByteArray()> make;
    if (format == ExportFormat::csv) {
        make = [matrix = m_matrix] { return QByteArray::fromStdString(toCsv(*matrix)); };
    } else if (format == ExportFormat::png) {
        make = [picture = image()] { return pngOf(picture); };
    } else {
        VectorChart chart;
        PictureRequest request = makeRequest();
        chart.window = request.window;
        chart.timeTicks = m_view->timeMarks();
        chart.title = m_titleText;
        chart.paper = palette().color(QPalette::Base);
        chart.ink = palette().color(QPalette::Text);
        chart.muted = theme::mutedText(palette());
        chart.grid = theme::gridColor(palette());
        constexpr int titleHeight = 24;
        chart.size = request.size + QSize(0, titleHeight);
        const bool svg = format == ExportFormat::svg;
        make = [chart, request = std::move(request), svg]() mutable {
            chart.picture = makePicture(request, {});
            if (chart.picture == nullptr) {
                return QByteArray();
            }
            chart.plot = QRectF(QPointF(0, titleHeight), request.size)
                             .marginsRemoved(chart.picture->margins.toMarginsF());
            return svg ? toSvg(chart) : toPdf(chart);
        };
    }
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    promise->future().then(this,
                           [this, path](const QString& error) { emit exported(path, error); });
    QThreadPool::globalInstance()->start([promise, path, make = std::move(make)]() mutable {
        const QByteArray bytes = make();
        QString error;
        if (bytes.isEmpty()) {
            error = tr("The chart is too small to be saved.");
        } else if (const auto written = writeFile(path, bytes); !written) {
            error = QString::fromStdString(written.error().message);
        }
        promise->addResult(error);
        promise->finish();
    });
}

void TimeChart::saveAs()
{
    auto* const dialog = new QFileDialog(this, tr("Save graph"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("PNG image (*.png)"), tr("SVG drawing (*.svg)"),
                            tr("PDF document (*.pdf)"), tr("CSV table (*.csv)")});
    dialog->setDefaultSuffix(u"png"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        const qsizetype star = filter.indexOf(u"*."_s);
        dialog->setDefaultSuffix(filter.mid(star + 2, 3));
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { exportTo(path, exportFormatOf(path)); });
    dialog->open();
}

void TimeChart::contextMenuEvent(QContextMenuEvent* event)
{
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(theme::icon("zoom-reset"), tr("Whole range"), this, &TimeChart::goHome)
        ->setEnabled(m_matrix != nullptr);
    menu->addSeparator();
    menu->addAction(theme::icon("copy"), tr("Copy image"), this, &TimeChart::copyImage);
    menu->addAction(theme::icon("save"), tr("Save as…"), this, &TimeChart::saveAs)
        ->setEnabled(m_matrix != nullptr);
    menu->popup(event->globalPos());
}

} // namespace watchfire::ui::chart
