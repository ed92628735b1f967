// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QtTypes>

namespace watchfire::tests {

/// Takes the time of something that a user waits for, so by the clock. Only where other programs
/// had more than half of the processors meanwhile is a clock no judge of it.
class Stopwatch {
public:
    Stopwatch() { start(); }
    void start();
    qint64 clockMs() const { return m_timer.elapsed(); }
    /// `ownCpuMs`: processor time since the start of what is measured.
    bool isCrowded(qint64 ownCpuMs) const;

    /// Processor time of this process since the start.
    qint64 thisProcessCpuMs() const;

private:
    QElapsedTimer m_timer;
    qint64 m_busyMs = 0; ///< of all processors, since the machine started
    qint64 m_processMs = 0;
};

} // namespace watchfire::tests
