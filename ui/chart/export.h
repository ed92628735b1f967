// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/result.h"
#include "ui/chart/axes.h"
#include "ui/chart/picture.h"

#include <memory>
#include <string>

#include <QByteArray>
#include <QColor>
#include <QSizeF>
#include <QString>

namespace watchfire::ui::chart {

/// The samples themselves, every one, as RFC 4180 text with a header line.
///
/// Series that share their moments make one table: "time", then a column a series, named by its
/// labels; absent samples are empty fields. Where that table would be mostly empty, it is three
/// columns: time, series, value. Times are ISO 8601 in UTC with milliseconds; values are the
/// shortest text that reads back as the same number, or NaN, +Inf, -Inf. Histograms are left out.
std::string toCsv(const Matrix& matrix);

/// A chart as vectors: what an SVG or a PDF needs.
struct VectorChart {
    std::shared_ptr<const Picture> picture;
    Window window;
    Ticks timeTicks;
    QRectF plot; ///< within a page of that size
    QSizeF size;
    QString title;
    QColor paper;
    QColor ink;
    QColor muted;
    QColor grid;
};

QByteArray toSvg(const VectorChart& chart);
/// One page of the chart's proportions, A4 wide.
QByteArray toPdf(const VectorChart& chart);

/// All or nothing: a file is replaced only once its successor is whole.
Result<void> writeFile(const QString& path, const QByteArray& bytes);

} // namespace watchfire::ui::chart
