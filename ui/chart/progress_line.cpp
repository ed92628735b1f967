// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/progress_line.h"

#include <QPainter>
#include <QTimer>

namespace watchfire::ui::chart {

namespace {

constexpr int tickMs = 50;
constexpr int ticksBeforeShown = 4;
constexpr int ticksAcross = 24;

} // namespace

ProgressLine::ProgressLine(QWidget* parent)
    : QWidget(parent)
    , m_timer(new QTimer(this))
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFixedHeight(2);
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &ProgressLine::advance);
}

void ProgressLine::setBusy(bool busy)
{
    if (busy == m_busy) {
        return;
    }
    m_busy = busy;
    m_ticks = 0;
    if (busy) {
        m_timer->start();
    } else {
        m_timer->stop();
    }
    update();
}

void ProgressLine::advance()
{
    ++m_ticks;
    if (isVisible() && m_ticks >= ticksBeforeShown) {
        update();
    }
}

void ProgressLine::paintEvent(QPaintEvent*)
{
    if (!m_busy || m_ticks < ticksBeforeShown) {
        return;
    }
    QPainter painter(this);
    const int part = width() / 4;
    const int left = (m_ticks % ticksAcross) * (width() + part) / ticksAcross - part;
    painter.fillRect(QRect(left, 0, part, height()), palette().color(QPalette::Accent));
}

} // namespace watchfire::ui::chart
