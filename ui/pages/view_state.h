// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <optional>

#include <QObject>
#include <QString>
#include <QTimer>

namespace watchfire::ui {

/// A span of time to look at: the last so much, which follows the clock, or from here to there.
struct ViewRange {
    std::optional<std::chrono::milliseconds> last;
    TimeRange fixed{}; ///< counts when `last` is not set

    static ViewRange ofLast(std::chrono::milliseconds span) { return {span, {}}; }
    static ViewRange between(Timestamp from, Timestamp to) { return {std::nullopt, {from, to}}; }

    bool isLive() const { return last.has_value(); }
    TimeRange resolve(Timestamp now) const { return last ? TimeRange{now - *last, now} : fixed; }
    friend bool operator==(const ViewRange&, const ViewRange&) = default;
};

/// "Last 1 hour", or both ends.
QString rangeText(const ViewRange& range);

/// What all pages share: the range they show, how often they ask again, and whether at all.
class ViewState final : public QObject {
    Q_OBJECT

public:
    explicit ViewState(QObject* parent = nullptr);

    const ViewRange& range() const { return m_range; }
    void setRange(const ViewRange& range);

    /// Back to the last range that followed the clock.
    void goLive() { setRange(m_lastLive); }

    /// Zero: only when asked.
    std::chrono::milliseconds refreshInterval() const { return m_interval; }
    void setRefreshInterval(std::chrono::milliseconds interval);

    bool isPaused() const { return m_paused; }
    void setPaused(bool paused);
    /// A hidden window asks for nothing.
    void setActive(bool active);

    /// As one line for the state file, and back.
    QString toText() const;
    void restore(const QString& text);

signals:
    void rangeChanged();
    void refreshIntervalChanged();
    void pausedChanged(bool paused);
    /// Time to ask again.
    void tick();

private:
    void restartTimer();

    ViewRange m_range = ViewRange::ofLast(std::chrono::minutes(15));
    ViewRange m_lastLive = m_range;
    std::chrono::milliseconds m_interval = std::chrono::seconds(5);
    bool m_paused = false;
    bool m_active = true;
    QTimer m_timer;
};

} // namespace watchfire::ui
