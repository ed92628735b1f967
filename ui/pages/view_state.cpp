// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/view_state.h"

#include "core/text/duration.h"
#include "ui/models/format.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

QString rangeText(const ViewRange& range)
{
    if (range.last) {
        const auto whole = std::chrono::duration_cast<std::chrono::minutes>(*range.last);
        const bool isWhole = whole.count() > 0 && whole == *range.last;
        const int minutes = int(whole.count());
        const int hours = minutes / 60;
        const int days = hours / 24;
        if (isWhole && minutes == 60) {
            return QCoreApplication::translate("Range", "Last 1 hour");
        }
        if (isWhole && minutes == 24 * 60) {
            return QCoreApplication::translate("Range", "Last 24 hours");
        }
        if (isWhole && minutes == days * 24 * 60) {
            return QCoreApplication::translate("Range", "Last %n days", nullptr, days);
        }
        if (isWhole && minutes == hours * 60) {
            return QCoreApplication::translate("Range", "Last %n hours", nullptr, hours);
        }
        if (isWhole) {
            return QCoreApplication::translate("Range", "Last %n minutes", nullptr, minutes);
        }
        return QCoreApplication::translate("Range", "Last %1")
            .arg(fromUtf8(text::formatDuration(*range.last)));
    }
    return QCoreApplication::translate("Range", "%1 to %2", "two times")
        .arg(dateTimeText(range.fixed.from), dateTimeText(range.fixed.to));
}

ViewState::ViewState(QObject* parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &ViewState::tick);
    restartTimer();
}

void ViewState::setRange(const ViewRange& range)
{
    if (range != m_range) {
        m_range = range;
        if (range.isLive()) {
            m_lastLive = range;
        }
        emit rangeChanged();
    }
}

void ViewState::setRefreshInterval(std::chrono::milliseconds interval)
{
    if (interval != m_interval) {
        m_interval = interval;
        restartTimer();
        emit refreshIntervalChanged();
    }
}

void ViewState::setPaused(bool paused)
{
    if (paused != m_paused) {
        m_paused = paused;
        restartTimer();
        emit pausedChanged(paused);
        if (!paused) {
            emit tick();
        }
    }
}

void ViewState::setActive(bool active)
{
    if (active != m_active) {
        m_active = active;
        restartTimer();
        if (active && !m_paused) {
            emit tick();
        }
    }
}

void ViewState::restartTimer()
{
    if (m_active && !m_paused && m_interval.count() > 0) {
        m_timer.start(m_interval);
    } else {
        m_timer.stop();
    }
}

QString ViewState::toText() const
{
    const QString range = m_range.last
        ? u"last %1"_s.arg(m_range.last->count())
        : u"fixed %1 %2"_s.arg(unixMs(m_range.fixed.from)).arg(unixMs(m_range.fixed.to));
    return u"%1 every %2"_s.arg(range).arg(m_interval.count());
}

void ViewState::restore(const QString& text)
{
    const QStringList words = text.split(u' ');
    const auto number = [&](qsizetype at) { return words.value(at).toLongLong(); };
    if (words.value(0) == "last"_L1 && number(1) > 0) {
        setRange(ViewRange::ofLast(std::chrono::milliseconds(number(1))));
    } else if (words.value(0) == "fixed"_L1 && number(1) < number(2)) {
        setRange(ViewRange::between(fromUnixMs(number(1)), fromUnixMs(number(2))));
    }
    const qsizetype every = words.indexOf(u"every"_s);
    if (every >= 0 && number(every + 1) >= 0) {
        setRefreshInterval(std::chrono::milliseconds(number(every + 1)));
    }
}

} // namespace watchfire::ui
