// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/pages/widgets.h"

#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QPushButton;

namespace watchfire::ui {

/// Runs a Test scrape and says how it went: the outcome in one line, then the phases, then what
/// is wrong with which line. Cancel ends it at once.
class ScrapeReport final : public Card {
    Q_OBJECT

public:
    explicit ScrapeReport(EngineBridge& bridge, QWidget* parent = nullptr);

    void run(const config::ScrapeConfig& job);
    void cancel();
    bool isRunning() const { return m_pending.isActive(); }
    QString outcome() const;

signals:
    void runningChanged(bool running);

private:
    void showResult(const Result<engine::ScrapeTest>& result);
    void say(theme::State state, const QString& outcome, const QString& phases,
             const QString& detail);
    void sayRunning();

    EngineBridge& m_bridge;
    Pending m_pending;
    QElapsedTimer m_since;
    QTimer m_tick;
    QLabel* m_shape;
    QLabel* m_outcome;
    QLabel* m_phases;
    QLabel* m_detail;
    QPushButton* m_cancel;
};

} // namespace watchfire::ui
