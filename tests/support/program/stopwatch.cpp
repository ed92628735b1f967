// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/stopwatch.h"

#include <ctime>
#include <unistd.h>

#include <QByteArray>
#include <QFile>
#include <QList>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

/// What all processors did since the machine started, in ms; 0 where that is not told.
qint64 busyMs()
{
    QFile file(u"/proc/stat"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    // "cpu", then user, nice, system, idle, iowait, irq, softirq, steal.
    const QList<QByteArray> fields = file.readLine().simplified().split(' ');
    qint64 ticks = 0;
    for (const int field : {1, 2, 3, 6, 7, 8}) {
        ticks += fields.value(field).toLongLong();
    }
    return ticks * 1'000 / ::sysconf(_SC_CLK_TCK);
}

qint64 processMs()
{
    ::timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return qint64(now.tv_sec) * 1'000 + now.tv_nsec / 1'000'000;
}

} // namespace

void Stopwatch::start()
{
    m_busyMs = busyMs();
    m_processMs = processMs();
    m_timer.start();
}

bool Stopwatch::isCrowded(qint64 ownCpuMs) const
{
    const qint64 others = busyMs() - m_busyMs - ownCpuMs;
    return 2 * others > ::sysconf(_SC_NPROCESSORS_ONLN) * clockMs();
}

qint64 Stopwatch::thisProcessCpuMs() const
{
    return processMs() - m_processMs;
}

} // namespace watchfire::tests
