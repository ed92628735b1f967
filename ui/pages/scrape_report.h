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

class PhaseStrip;

/// Runs a Test scrape and says how it went: the outcome in one line, then the phases, then what
/// is wrong with which line, in the server's own words where it had some. Cancel ends it at once.
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
    void showProgress(const engine::ScrapeTest& soFar);
    void showResult(const Result<engine::ScrapeTest>& result);
    void showTest(const engine::ScrapeTest& test);
    void say(theme::State state, const QString& outcome, const QString& detail = {});
    void sayRunning();
    void showAnswer();

    EngineBridge& m_bridge;
    Pending m_pending;
    QElapsedTimer m_since;
    QTimer m_tick;
    engine::ScrapeTest m_test; ///< the newest there is
    StateShape* m_shape;
    QLabel* m_outcome;
    QLabel* m_url;
    PhaseStrip* m_phases;
    QLabel* m_detail;
    QPushButton* m_answer;
    QPushButton* m_cancel;
};

} // namespace watchfire::ui
