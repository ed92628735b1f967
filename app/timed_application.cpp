// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timed_application.h"

#include <ctime>

namespace watchfire::app {

namespace {

double threadSeconds()
{
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

} // namespace

bool TimedApplication::notify(QObject* receiver, QEvent* event)
{
    if (m_depth > 0 || !onEvent) {
        return QApplication::notify(receiver, event);
    }
    ++m_depth;
    const double begin = threadSeconds();
    const bool handled = QApplication::notify(receiver, event);
    onEvent(threadSeconds() - begin);
    --m_depth;
    return handled;
}

} // namespace watchfire::app
