// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <chrono>
#include <vector>

#include <QWidget>

class QLabel;

namespace watchfire::ui {

class StateShape;

/// How far a Test scrape came.
struct ScrapePhase {
    enum class State { waiting, running, done, unneeded, failed, notReached };

    QString name;
    State state = State::notReached;
    std::chrono::microseconds took{};
};

/// resolve, connect, TLS, first byte, parse: which of them were done, and which one failed.
std::vector<ScrapePhase> phasesOf(const engine::ScrapeTest& test);
/// Of a test that is under way: which of them are over, and which one it is in.
std::vector<ScrapePhase> phasesUnderWay(const engine::ScrapeTest& soFar);

/// The phases in a row, each with a shape, its name and how it went.
class PhaseStrip final : public QWidget {
    Q_OBJECT

public:
    explicit PhaseStrip(const char* objectName, QWidget* parent = nullptr);

    void setPhases(const std::vector<ScrapePhase>& phases);
    QString text() const; ///< as it is read out

private:
    struct Cell {
        StateShape* shape;
        QLabel* text;
    };
    std::vector<Cell> m_cells;
};

} // namespace watchfire::ui
