// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/model/result.h"
#include "ui/chart/color_book.h"
#include "ui/chart/format.h"
#include "ui/chart/marks.h"
#include "ui/chart/picture.h"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include <QPointer>
#include <QTimeZone>
#include <QWidget>

class QLabel;
class QSplitter;
class QTimer;
class QToolButton;

namespace watchfire::ui::chart {

class ChartView;
class Legend;
class PictureMaker;
class ProgressLine;

enum class ExportFormat { png, svg, pdf, csv };
/// From the ending of a file's name; png where it says nothing.
ExportFormat exportFormatOf(const QString& path);

/// A graph of series over time, with axes, crosshair, zoom and legend. Give it the matrix of a
/// range query; it thins and paints on a worker and shows the old picture until the new one is
/// ready. All members are for the GUI thread and return at once.
///
/// Zooming and panning change the shown range at once by stretching the picture, sharpen it from
/// the data at hand, and emit `rangeWanted` so that the owner queries that range with a step of
/// range ÷ `plotColumns()` and answers with `setData`. An owner that does not answer gets a
/// zoom into what is there.
///
/// Keys: ←/→ move the crosshair, Ctrl+←/→ pan, + and − zoom, Home or double click returns,
/// Enter or a click pins the tooltip, Esc lets go. Drag zooms time, Shift+drag both axes,
/// Ctrl+wheel zooms at the pointer, middle drag pans.
class TimeChart final : public QWidget {
    Q_OBJECT
public:
    explicit TimeChart(QWidget* parent = nullptr);
    ~TimeChart() override;

    // --- data -----------------------------------------------------------------------------
    /// Shows that result of a range query over `range`. `step` is the query's, or zero for raw
    /// samples. Unless somebody has zoomed elsewhere meanwhile, the time axis becomes `range`.
    void setData(std::shared_ptr<const Matrix> matrix, TimeRange range,
                 std::chrono::milliseconds step);
    /// Back to nothing shown, with the text of `setEmptyText`.
    void clear();
    /// Shows `range` and makes it the home range, giving up any zoom; except that the range
    /// `rangeWanted` asked for stays a zoom, from which Home returns to where it began.
    void setRange(TimeRange range);
    /// What the time axis shows now.
    TimeRange range() const;
    bool isZoomed() const { return m_zoomed; }
    /// Columns of device pixels in the plot: the number of steps worth asking for.
    int plotColumns() const;
    /// The value in as few digits as tell one pixel's height from the next: a line that is dragged
    /// has no more.
    double rounded(double value) const;
    /// Samples further apart are not joined. Zero: one and a half steps, or five minutes for raw
    /// samples.
    void setGap(std::chrono::milliseconds gap);

    // --- look -----------------------------------------------------------------------------
    void setTitle(const QString& title);
    QString title() const;
    /// Large figure beside the title; empty: the last value, when there is one series.
    void setHeadline(const QString& headline);
    void setUnit(const Unit& unit);
    void setMode(DrawMode mode);
    void setLogarithmic(bool logarithmic);
    /// Fixes the lower or upper end of the value axis.
    void setValueRange(std::optional<double> low, std::optional<double> high);
    void setTimeZone(const QTimeZone& zone);
    void setThresholds(std::vector<Threshold> thresholds);
    void setBands(std::vector<Band> bands);
    /// Small frame for tiles: no legend, small axes.
    void setCompact(bool compact);
    void setLegendVisible(bool visible);
    void setLegendBelow(bool below);
    /// What the plot says without data: one sentence.
    void setEmptyText(const QString& text);
    /// A thin moving line on top while a query runs.
    void setBusy(bool busy);
    /// Whether new data keep arriving at the right edge. While live is false on a chart that
    /// once was live, a button "Live" is offered.
    void setLive(bool live);
    bool isLive() const { return m_live; }

    // --- series ---------------------------------------------------------------------------
    void setVisibility(const Visibility& visibility);
    const Visibility& visibility() const { return m_visibility; }
    /// Series drawn at most unless somebody asks for all; 500 at first.
    void setSeriesLimit(std::size_t limit);
    /// Shared by the charts of a window for colours that stay; its own book otherwise.
    void setColorBook(std::shared_ptr<ColorBook> book);

    // --- machinery ------------------------------------------------------------------------
    /// Where pictures are made; null, the default, is Qt's global pool. Must outlive the chart.
    void setExecutor(Executor* executor);
    /// Jobs begun so far; a hidden chart begins none.
    std::size_t jobsStarted() const;
    bool isDrawing() const;

    // --- export ---------------------------------------------------------------------------
    /// As shown, at that many device pixels per logical one.
    QImage image(double devicePixelRatio = 2) const;
    void copyImage() const;
    /// Writes on a worker; `exported` tells how it went.
    void exportTo(const QString& path, ExportFormat format);

    ChartView* view() const { return m_view; } ///< for tests
    Legend* legend() const { return m_legend; }

public slots:
    /// Another chart's crosshair, in ms since the epoch.
    void setCrosshair(qint64 atMs);
    void clearCrosshair();
    void goHome();
    void drawAll();

signals:
    /// Somebody zoomed or panned to that range, ms since the epoch.
    void rangeWanted(qint64 fromMs, qint64 toMs);
    /// Somebody wants the home range back: whichever range the owner showed before it took up a
    /// `rangeWanted`. The chart shows its own from the data at hand meanwhile.
    void homeWanted();
    void crosshairMoved(qint64 atMs);
    void crosshairLeft();
    void titleClicked();
    void liveChanged(bool live);
    void visibilityChanged();
    void thresholdMoved(int index, double value, bool finished);
    /// A picture of the newest data and range is on the screen.
    void drawn();
    /// `error` is empty when it worked.
    void exported(const QString& path, const QString& error);

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Home {
        Window window;
        bool known = false;
    };

    void build();
    void connectView();
    PictureRequest makeRequest() const;
    PictureStyle lineStyle() const;
    /// Asks for a new picture, now or as soon as the chart is shown.
    void redraw(bool supersedes);
    void take(const std::shared_ptr<const Picture>& picture);
    void chooseWindow(const Window& window, bool settle);
    void settle();
    void sayHeadline();
    void sayNotice(const Picture& picture);
    void leaveLive();
    void saveAs();
    double gapMs() const;

    ChartView* m_view = nullptr;
    Legend* m_legend = nullptr;
    QSplitter* m_splitter = nullptr;
    QToolButton* m_title = nullptr;
    QLabel* m_headline = nullptr;
    QToolButton* m_liveButton = nullptr;
    QWidget* m_header = nullptr;
    QWidget* m_noticeRow = nullptr;
    QLabel* m_notice = nullptr;
    QToolButton* m_drawAll = nullptr;
    ProgressLine* m_progress = nullptr;
    PictureMaker* m_maker = nullptr;
    QTimer* m_settle = nullptr;

    std::shared_ptr<const Matrix> m_matrix;
    std::shared_ptr<const Prepared> m_prepared;
    std::shared_ptr<ColorBook> m_book;
    Window m_dataWindow;
    double m_stepMs = 0;
    double m_gapMs = 0;
    Home m_home;
    bool m_zoomed = false;
    std::optional<std::pair<double, double>> m_zoomedValues;
    Window m_wanted; ///< the range last asked for

    QString m_titleText;
    QString m_headlineText;
    QString m_emptyText;
    Unit m_unit;
    DrawMode m_mode = DrawMode::lines;
    bool m_logarithmic = false;
    std::optional<double> m_fixedLow;
    std::optional<double> m_fixedHigh;
    QTimeZone m_zone = QTimeZone(QTimeZone::LocalTime);
    std::vector<Threshold> m_thresholds;
    std::vector<Band> m_bands;
    Visibility m_visibility;
    std::size_t m_limit = 500;
    bool m_compact = false;
    bool m_legendVisible = false;
    bool m_live = false;
    bool m_wasLive = false;
    bool m_stale = false; ///< what is shown is not what was asked for
};

/// Makes charts share one crosshair. Charts leave by themselves when destroyed.
class CrosshairGroup final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    void add(TimeChart* chart);

private:
    std::vector<QPointer<TimeChart>> m_charts;
};

} // namespace watchfire::ui::chart
