// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/time_chart.h"

#include "ui/chart/chart_view.h"
#include "ui/chart/legend.h"
#include "ui/chart/picture_maker.h"
#include "ui/chart/progress_line.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QByteArray>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QSplitter>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr int settleMs = 60; ///< quiet after wheel or drag before a query is worth it
constexpr double defaultRawGapMs = 5 * 60'000.0;
constexpr double gapSteps = 1.5; // a step without a sample is a gap, not a straight line

Window windowOf(TimeRange range)
{
    return {double(unixMs(range.from)), double(unixMs(range.to))};
}

bool isAbout(const Window& a, const Window& b, double slackMs)
{
    return std::abs(a.fromMs - b.fromMs) <= slackMs && std::abs(a.toMs - b.toMs) <= slackMs;
}

QToolButton* flatButton(const QString& objectName, QWidget* parent)
{
    auto* const button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setMinimumHeight(24);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

TimeChart::TimeChart(QWidget* parent)
    : QWidget(parent)
    , m_book(std::make_shared<ColorBook>())
    , m_emptyText(tr("No data in this range"))
{
    build();
    connectView();
}

TimeChart::~TimeChart() = default;

void TimeChart::build()
{
    m_view = new ChartView(this);
    m_view->setObjectName(u"chart.plot"_s);
    m_view->setAccessibleName(tr("Graph"));
    m_legend = new Legend(this);
    m_legend->setObjectName(u"chart.legend"_s);
    m_legend->hide();
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(u"chart.splitter"_s);
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_legend);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setChildrenCollapsible(false);

    m_title = flatButton(u"chart.title"_s, this);
    m_title->setToolButtonStyle(Qt::ToolButtonTextOnly);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_headline = new QLabel(this);
    m_headline->setObjectName(u"chart.headline"_s);
    m_headline->setTextFormat(Qt::PlainText);
    QFont large = m_headline->font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    large.setFeature("tnum", 1);
    m_headline->setFont(large);
    m_liveButton = flatButton(u"chart.live"_s, this);
    m_liveButton->setText(tr("Live"));
    m_liveButton->setIcon(theme::icon("live"));
    m_liveButton->setToolTip(tr("Follow new data again"));
    m_liveButton->hide();
    m_header = new QWidget(this);
    auto* const header = new QHBoxLayout(m_header);
    header->setContentsMargins(4, 2, 10, 0);
    header->setSpacing(4);
    header->addWidget(m_title);
    header->addStretch(1);
    header->addWidget(m_liveButton);
    header->addWidget(m_headline);
    m_header->hide();

    m_notice = new QLabel(this);
    m_notice->setObjectName(u"chart.notice"_s);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_drawAll = flatButton(u"chart.drawAll"_s, this);
    m_drawAll->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_drawAll->setText(tr("Draw all"));
    m_noticeRow = new QWidget(this);
    auto* const notices = new QHBoxLayout(m_noticeRow);
    notices->setContentsMargins(10, 0, 10, 2);
    notices->addWidget(m_notice);
    notices->addWidget(m_drawAll);
    notices->addStretch(1);
    m_noticeRow->hide();

    m_progress = new ProgressLine(this);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(m_progress);
    layout->addWidget(m_header);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_noticeRow);

    m_maker = new PictureMaker(this);
    m_settle = new QTimer(this);
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMs);
    m_view->setMessage(m_emptyText);
    setFocusProxy(m_view);
}

void TimeChart::connectView()
{
    connect(m_maker, &PictureMaker::made, this, &TimeChart::take);
    connect(m_settle, &QTimer::timeout, this, &TimeChart::settle);
    connect(m_title, &QToolButton::clicked, this, &TimeChart::titleClicked);
    connect(m_drawAll, &QToolButton::clicked, this, &TimeChart::drawAll);
    connect(m_liveButton, &QToolButton::clicked, this, [this] {
        goHome();
        setLive(true);
        emit liveChanged(true);
    });
    connect(m_view, &ChartView::windowMoving, this,
            [this](const Window& window) { chooseWindow(window, false); });
    connect(m_view, &ChartView::windowChosen, this,
            [this](const Window& window, const std::optional<std::pair<double, double>>& values) {
                if (values) {
                    m_zoomedValues = values;
                }
                chooseWindow(window, true);
            });
    connect(m_view, &ChartView::homeChosen, this, &TimeChart::goHome);
    connect(m_view, &ChartView::crosshairMoved, this,
            [this](double ms) { emit crosshairMoved(std::llround(ms)); });
    connect(m_view, &ChartView::crosshairLeft, this, &TimeChart::crosshairLeft);
    connect(m_view, &ChartView::thresholdDragged, this,
            [this](int index, double value, bool finished) {
                m_thresholds[std::size_t(index)].value = value;
                m_view->setMarks(m_thresholds, m_bands);
                emit thresholdMoved(index, value, finished);
            });
    connect(m_view, &ChartView::resized, this, [this] { redraw(true); });
    connect(m_legend, &Legend::visibilityChanged, this, [this](const Visibility& visibility) {
        m_visibility = visibility;
        redraw(true);
        emit visibilityChanged();
    });
    connect(m_legend, &Legend::hovered, this, [this](qint64 series) {
        std::optional<std::size_t> row;
        if (const Picture* const picture = m_view->picture(); picture != nullptr && series >= 0) {
            const auto& drawn = picture->table.series;
            const auto found = std::ranges::lower_bound(drawn, std::uint32_t(series));
            if (found != drawn.end() && *found == std::uint32_t(series)) {
                row = std::size_t(found - drawn.begin());
            }
        }
        m_view->setHighlight(row);
    });
}

// --- data ------------------------------------------------------------------------------------

void TimeChart::setData(std::shared_ptr<const Matrix> matrix, TimeRange range,
                        std::chrono::milliseconds step)
{
    m_matrix = std::move(matrix);
    m_prepared.reset();
    m_dataWindow = windowOf(range);
    m_stepMs = double(step.count());
    m_view->setStep(m_stepMs, m_dataWindow.fromMs);
    m_view->setReach(m_stepMs > 0 ? m_stepMs / 2 : gapMs());
    const bool asked = m_zoomed && isAbout(m_dataWindow, m_wanted, std::max(m_stepMs, 1.0));
    const Window before = m_view->window();
    if (!m_zoomed) {
        m_home = {m_dataWindow, true};
    }
    if (!m_zoomed || asked) {
        m_view->setWindow(m_dataWindow);
    }
    // A refresh may wait its turn; an answer to a zoom may not.
    redraw(asked || before.width() != m_view->window().width());
}

void TimeChart::clear()
{
    m_matrix.reset();
    m_prepared.reset();
    m_maker->cancel();
    m_view->setPicture(nullptr);
    m_view->setMessage(m_emptyText);
    m_legend->setPrepared(nullptr);
    m_noticeRow->hide();
    sayHeadline();
}

void TimeChart::setRange(TimeRange range)
{
    const Window window = windowOf(range);
    // The owner took up what was asked for: that is no new home.
    const double pixelMs = window.width() / plotColumns();
    if (!m_zoomed || !isAbout(window, m_wanted, std::max({m_stepMs, pixelMs, 1.0}))) {
        m_home = {window, true};
        m_zoomed = false;
        m_zoomedValues.reset();
    }
    m_view->setWindow(window);
    redraw(true);
}

TimeRange TimeChart::range() const
{
    const Window& window = m_view->window();
    return {fromUnixMs(std::llround(window.fromMs)), fromUnixMs(std::llround(window.toMs))};
}

int TimeChart::plotColumns() const
{
    return std::max(1, int(std::lround(m_view->plotArea().width() * devicePixelRatioF())));
}

double TimeChart::rounded(double value) const
{
    const ValueScale& scale = m_view->values();
    const double pixels = std::max(1.0, m_view->plotArea().height());
    // On a logarithmic axis a pixel is worth more the higher it lies.
    const double here = scale.toAxis(value);
    const double pixel = (scale.high - scale.low) / pixels;
    const double worth = std::abs(scale.fromAxis(here + pixel) - scale.fromAxis(here));
    if (!std::isfinite(worth) || worth <= 0) {
        return value;
    }
    const double grain = std::pow(10.0, std::ceil(std::log10(worth)));
    // By way of digits, so that three tenths are 0.3 and not a little more.
    return QByteArray::number(std::round(value / grain) * grain, 'g', 10).toDouble();
}

void TimeChart::setGap(std::chrono::milliseconds gap)
{
    m_gapMs = double(gap.count());
    redraw(false);
}

double TimeChart::gapMs() const
{
    if (m_gapMs > 0) {
        return m_gapMs;
    }
    return m_stepMs > 0 ? m_stepMs * gapSteps : defaultRawGapMs;
}

// --- series ----------------------------------------------------------------------------------

void TimeChart::setVisibility(const Visibility& visibility)
{
    if (visibility == m_visibility) {
        return;
    }
    m_visibility = visibility;
    m_legend->setVisibility(visibility);
    redraw(true);
}

void TimeChart::setSeriesLimit(std::size_t limit)
{
    m_limit = limit;
    redraw(true);
}

void TimeChart::drawAll()
{
    setSeriesLimit(std::numeric_limits<std::size_t>::max());
}

void TimeChart::setColorBook(std::shared_ptr<ColorBook> book)
{
    m_book = std::move(book);
    m_prepared.reset();
    redraw(true);
}

// --- pictures --------------------------------------------------------------------------------

void TimeChart::setExecutor(Executor* executor)
{
    m_maker->setExecutor(executor);
}

std::size_t TimeChart::jobsStarted() const
{
    return m_maker->started();
}

bool TimeChart::isDrawing() const
{
    return m_maker->isBusy();
}

PictureStyle TimeChart::lineStyle() const
{
    PictureStyle style;
    const auto& colors = theme::seriesColors(theme::schemeOf(palette()));
    std::ranges::transform(colors, style.colors.begin(), &QColor::rgb);
    style.dashFromSecond = theme::isHighContrast(palette());
    style.devicePixelRatio = devicePixelRatioF();
    style.axisFont = m_view->axisFont();
    return style;
}

PictureRequest TimeChart::makeRequest() const
{
    PictureRequest request;
    request.matrix = m_matrix;
    request.prepared = m_prepared;
    request.book = m_book;
    request.window = m_view->window();
    request.gapMs = gapMs();
    request.mode = m_mode;
    request.logarithmic = m_logarithmic;
    request.unit = m_unit;
    request.fixedLow = m_fixedLow;
    request.fixedHigh = m_fixedHigh;
    request.zoomedValues = m_zoomedValues;
    for (const Threshold& threshold : m_thresholds) {
        request.include.push_back(threshold.value);
    }
    request.visibility = m_visibility;
    request.limit = m_limit;
    request.strip = !m_bands.empty();
    request.size = m_view->viewport()->size();
    request.margins = m_view->plotMargins();
    request.margins.setLeft(m_compact ? 32 : 40);
    request.compact = m_compact;
    request.style = lineStyle();
    return request;
}

void TimeChart::redraw(bool supersedes)
{
    m_stale = true;
    if (m_matrix == nullptr || !isVisible()) {
        return;
    }
    m_stale = false;
    m_maker->request(makeRequest(), supersedes);
}

void TimeChart::take(const std::shared_ptr<const Picture>& picture)
{
    if (m_matrix == nullptr || !isVisible()) {
        m_stale = true;
        return;
    }
    if (picture->prepared->matrix == m_matrix) {
        m_prepared = picture->prepared;
    }
    m_view->setPicture(picture);
    m_view->setMessage(picture->prepared->series.empty() ? m_emptyText
                           : picture->prepared->histogramsOnly == picture->prepared->series.size()
                           ? tr("Only native histograms here, which lines cannot show")
                           : QString());
    if (m_legend->isVisible()) {
        m_legend->setStyleOfLines(picture->style);
        m_legend->setPrepared(picture->prepared);
    }
    sayHeadline();
    sayNotice(*picture);
    if (!m_maker->isBusy()) {
        emit drawn();
    }
}

/// One line under the plot for whatever the plot does not show.
void TimeChart::sayNotice(const Picture& picture)
{
    QStringList parts;
    const std::size_t drawnRows = picture.table.rows();
    const bool cut = picture.wanted > drawnRows;
    if (cut) {
        parts.append(tr("%L1 of %L2 series").arg(drawnRows).arg(picture.wanted));
    }
    if (picture.undrawable.notPositive > 0) {
        parts.append(tr("%Ln value(s) of zero or less not shown on a logarithmic axis", nullptr,
                        int(picture.undrawable.notPositive)));
    }
    if (picture.undrawable.notFinite > 0) {
        parts.append(
            tr("%Ln value(s) not finite, not shown", nullptr, int(picture.undrawable.notFinite)));
    }
    const std::size_t histograms = picture.prepared->histogramsOnly;
    if (histograms > 0 && histograms < picture.prepared->series.size()) {
        parts.append(tr("%Ln series of native histograms not shown", nullptr, int(histograms)));
    }
    m_notice->setText(parts.join(u" · "_s));
    m_drawAll->setVisible(cut);
    m_noticeRow->setVisible(!parts.isEmpty());
}

// --- zoom ------------------------------------------------------------------------------------

void TimeChart::chooseWindow(const Window& window, bool settled)
{
    m_zoomed = true;
    leaveLive();
    m_view->setWindow(window);
    if (settled) {
        settle();
    } else {
        m_settle->start();
    }
}

/// The gesture has come to rest: sharpen from the data at hand, and ask for better.
void TimeChart::settle()
{
    m_settle->stop();
    m_wanted = m_view->window();
    redraw(true);
    emit rangeWanted(std::llround(m_wanted.fromMs), std::llround(m_wanted.toMs));
}

void TimeChart::goHome()
{
    m_settle->stop();
    m_zoomed = false;
    m_zoomedValues.reset();
    if (m_home.known) {
        m_view->setWindow(m_home.window);
    }
    redraw(true);
    emit homeWanted();
}

void TimeChart::setCrosshair(qint64 atMs)
{
    m_view->setCrosshair(double(atMs), true);
}

void TimeChart::clearCrosshair()
{
    m_view->setCrosshair(std::nullopt, true);
}

// --- events ----------------------------------------------------------------------------------

void TimeChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::Mid));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void TimeChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale || m_view->picture() == nullptr) {
        redraw(true);
    }
}

void TimeChart::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_stale = m_stale || m_maker->isBusy();
    m_maker->cancel();
    m_settle->stop();
}

void TimeChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const bool looks = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::DevicePixelRatioChange;
    if (looks && m_maker != nullptr) {
        redraw(true);
        update();
    }
}

void TimeChart::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)
        || event->keyCombination()
            == QKeyCombination(Qt::ControlModifier | Qt::ShiftModifier, Qt::Key_C)) {
        copyImage();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace watchfire::ui::chart
