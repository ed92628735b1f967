// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTimer;

namespace watchfire::ui::chart {

/// Two pixels that move while something is awaited. It appears only when the wait lasts, so that
/// quick answers do not flicker.
class ProgressLine final : public QWidget {
    Q_OBJECT
public:
    explicit ProgressLine(QWidget* parent);

    void setBusy(bool busy);
    bool isBusy() const { return m_busy; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void advance();

    QTimer* m_timer;
    bool m_busy = false;
    int m_ticks = 0;
};

} // namespace watchfire::ui::chart
